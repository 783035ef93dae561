"""Which words an answer may tell to whom; some are hidden here though the person may read them elsewhere."""

from collections.abc import Iterator

from tests.access.cast import AMOUNT_OF_NOBODY, World
from tests.access.cells import Answer, Cell, routes, without_names
from tests.access.extras import TRIED_AGAIN
from tests.access.holdings import RATE_BESIDE
from tests.access.policy import STAFF_PAGES

# What an address shows to whoever has it, by the labels of the words.
SHOWN: dict[str, tuple[str, ...]] = {
    "join": ("own firm",),  # who invites
    "open_link": ("own firm", "own client"),  # who asks, and about whom
}
# To whoever answered by a link, what came of it; nothing of the profile.
ANSWERED = ("own amount", "own firm", "own filled in by")
# To staff: a practice's name; and on the page of one row what it says, which is entered in the trail.
LISTS_FIRMS = "staff:firms_firm_changelist"
ROW_PAGES = tuple(name for name in STAFF_PAGES if name.endswith(("_change", "_delete")))

# Labels, or other text, that these people may not find there. Without people: nobody may.
NOT_SHOWN: dict[str, list[tuple[str, tuple[str, ...]]]] = {
    # At work, one's own profile is not one of the clients.
    "desk_clients": [("second client", ("advisor",)), ("other client e-mail", ())],
    "desk": [("second client", ("advisor",))],
    "today": [
        ("second client", ("advisor",)),
        ("sibling", ("owner",)),  # whose review is a long time off
        ("Your profile", ("owner", "reader", "colleague", "stranger")),  # they have none
    ],
    # Clients do not sit at the desk, and their letters are not the desk's.
    "client_advisors": [("other client e-mail", ())],
    "firm": [
        ("other client e-mail", ()),
        ("own letter", ()),
        ("You own this firm", ("advisor", "reader", "colleague")),
    ],
    # What others answered is not compared with.
    "desk_packet": [(f"{int(AMOUNT_OF_NOBODY):,}", ())],
    "firm_method": [(">Switch</h2>", ("advisor", "reader", "colleague"))],
    # Work on many is told of to whoever started it, and to owners.
    "desk_price_import": [("See how far it is", ("colleague",))],
    "job": [(TRIED_AGAIN, ("advisor",))],
    "job_again": [(TRIED_AGAIN, ("advisor",))],
    "models": [
        (label, ("advisor", "reader", "colleague"))
        for label in ("Go on with the draft", "Start a new version")
    ],
    "models_version": [("Retire this version", ("advisor", "reader", "colleague"))],
    "portfolio_accounts": [(RATE_BESIDE, ())],
    # How many others hold a security is for the desk.
    "security_edit": [("3 of your portfolios", ("client",))],
    # Nobody else's second step is theirs.
    "mfa_index": [("Turn off", ("other_client",)), ("See<", ("other_client",))],
}
_NAMED = {name for name, route in routes().items() if route.objects}


def told(cell: Cell, answer: Answer, world: World) -> Iterator[str]:
    """Words in what somebody gets that should not be there."""
    text = without_names(answer.text, answer.address)
    labels = {label: readers for word, (label, readers) in world.words.items() if word in text}
    for label, readers in labels.items():
        may_read = cell.actor in readers and not is_elsewhere(cell, label)
        if not may_read and not is_shown(cell, label):
            yield f"{cell}: tells {label!r}"
    for label, people in NOT_SHOWN.get(cell.route, ()):
        if cell.actor in (people or (cell.actor,)) and (label in labels or label in text):
            yield f"{cell}: shows {label!r}"


def is_elsewhere(cell: Cell, label: str) -> bool:
    """An address of this firm tells nothing of the owner's other firm."""
    return cell.route in _NAMED and label.startswith("second ")


def is_shown(cell: Cell, label: str) -> bool:
    if cell.thing == "answered":
        return label in ANSWERED
    if cell.thing == "that others hold":
        return cell.actor in ("owner", "advisor", "reader") and label.startswith("sibling symbol")
    if cell.actor == "staff" and cell.route in ROW_PAGES:
        return True
    if cell.route == LISTS_FIRMS:
        return cell.actor == "staff" and label.endswith(" firm") and "trail" not in label
    return label in SHOWN.get(cell.route, ())
