"""One step of a derivation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

Figures = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A rule, what went into it, what it changed, and the sentence that says so.

    `before` and `after` name the same kind of figures (scores, percent or dollars); `before` is empty
    where the step starts from nothing.
    """

    rule: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    before: Figures = field(default_factory=dict)
    after: Figures = field(default_factory=dict)
    sentence: str = ""

    @property
    def change(self) -> dict[str, Decimal]:
        """What the step added to each figure, where it changed one."""
        changes = {name: value - self.before.get(name, 0) for name, value in self.after.items()}
        return {name: change for name, change in changes.items() if change}
