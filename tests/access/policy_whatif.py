"""Who may ask what would happen to a whole book: whoever sits at a desk, about their own clients."""

from tests.access.rows import DESK, Row, to_read

# The stranger has a practice of their own.
WHAT_IF: dict[str, Row] = {"desk_whatif": to_read((*DESK, "stranger"))}
