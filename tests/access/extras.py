"""What more an address, or a cookie, may name; and what has to be true before."""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from questionnaire.models import ClientProfile
from tests.access.cast import World, token_of
from tests.access.policy import (
    NOBODY,
    STAFF,
    Row,
    of_others,
    open_to_all,
    to_fill_in,
)

State = Callable[[SimpleNamespace], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """Like the route's own thing, but for what is said here."""

    row: Row
    value: Callable[[World], Any] | None = None
    before: State | None = None
    cookie: str = ""


def archived(firm: SimpleNamespace) -> None:
    ClientProfile.objects.filter(pk=firm.client.pk).update(archived_at=timezone.now())


def without_sign_in(firm: SimpleNamespace) -> None:
    ClientProfile.objects.filter(pk=firm.client.pk).update(membership=None)


def as_it_is(firm: SimpleNamespace) -> None:
    pass


BEFORE: dict[str, State] = {
    "client_restore": archived,
    "client_invite": without_sign_in,
}

# -- The extras --------------------------------------------------------------------------------------------

EXTRAS: dict[str, dict[str, Extra]] = {}


def add(thing: str, routes: tuple[str, ...], row: Row | None = None, **others: Any) -> None:
    """Without a row it is refused to everybody, like what is not there."""
    for route in routes:
        refused = of_others(route, is_there=False)
        EXTRAS.setdefault(route, {})[thing] = Extra(row=row or refused, **others)


# Who is archived is asked nothing more, and a client who signs in already is not invited to.
ASKED = ("client_start", "client_link", "client_override", "events", "event", "open_link")
add("archived", (*ASKED, "client_invite"), before=archived)
add("with a sign-in", ("client_invite",), before=as_it_is)

# A draft for a client goes on only in the hands of who began it and may still change the client.
DRAFT = ("start_again", "question", "check", "keep")
add("begun by colleague", DRAFT, cookie=token_of("own desk of colleague"))
add("begun by reader", DRAFT, cookie=token_of("own desk of reader"))

# Whoever answered by a link sees what came of it, in the same browser.
for _route, _get in (("result", "page"), ("download", "file"), ("whatif", "page"), ("why", "page")):
    add("answered", (_route,), open_to_all(_get), cookie=token_of("own answered"))

# Staff lock out everybody but themselves, know no role of clients, and open results of clients only.
READ_ONLY = to_fill_in(STAFF, "page", "missing")
add(
    "themselves",
    ("staff:firms_user_change",),
    READ_ONLY,
    value=lambda world: world.users["staff"].pk,
)
OF_CLIENT = {"value": lambda world: world.own.client.membership_id}
add("of a client", ("staff:firms_membership_change",), READ_ONLY, **OF_CLIENT)
add("of a client", ("staff:firms_membership_delete",), to_fill_in(NOBODY), **OF_CLIENT)
add(
    "nobodys",
    ("staff:questionnaire_assessment_change",),
    to_fill_in(NOBODY),
    value=lambda world: world.own.nobodys.pk,
)
