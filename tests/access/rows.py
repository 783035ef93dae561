"""Rows of the policy: who gets what of a route, by what they are to the client."""

from collections.abc import Iterable

from tests.access.cast import ACTORS

Row = dict[str, str]

SIGNED_OUT = ("anonymous", "disabled")
SIGNED_IN = tuple(actor for actor in ACTORS if actor not in SIGNED_OUT)
SEE = ("client", "owner", "advisor", "reader")  # visible_to
CHANGE = ("client", "owner", "advisor")  # changeable_by
MANAGE = ("owner", "advisor")  # managed_by
DESK = ("owner", "advisor", "reader", "colleague")
ADD = ("owner", "advisor", "colleague")
OWN = ("owner",)  # owned_by


def row(
    allowed: Iterable[str],
    get: str,
    post: str,
    *,
    refused: str = "missing",
    signed_out: str = "sign_in",
    door_first: bool = False,
) -> Row:
    """`allowed` people get `get` and `post`.

    What is not for a method is so for everybody, unless the door comes first.
    """

    def outcome(actor: str, word: str) -> str:
        if actor in allowed or (word == "method" and not door_first):
            return word
        return signed_out if actor in SIGNED_OUT else refused

    return {actor: f"{outcome(actor, get)} {outcome(actor, post)}" for actor in ACTORS}


def to_read(allowed: Iterable[str], get: str = "page", **others: str) -> Row:
    return row(allowed, get, "method", **others)


def to_do(allowed: Iterable[str], post: str = "done", **others: str) -> Row:
    return row(allowed, "method", post, **others)


def to_fill_in(allowed: Iterable[str], get: str = "page", post: str = "done", **others: str) -> Row:
    return row(allowed, get, post, **others)


def open_to_all(get: str = "page", post: str = "method") -> Row:
    return row(ACTORS, get, post)


def signed_in(get: str = "page", post: str = "method") -> Row:
    return row(SIGNED_IN, get, post)


def but(base: Row, **others: str) -> Row:
    """A row with exceptions, each of which has its reason beside it."""
    return base | others
