"""What more an address, or a cookie, may name; and what has to be true before."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import uuid5

from django.utils import timezone

from portfolios.models import Holding, Portfolio
from portfolios.services.holdings import change_holding
from questionnaire.models import ClientProfile
from riskalloc.firms.models import Job, JobItem, Membership, Role
from tests.access.cast import ACTORS, NEVER_MADE, World, token_of
from tests.access.modelling import without_draft
from tests.access.policy import NOBODY, STAFF, of_others
from tests.access.policy_jobs import WATCH
from tests.access.policy_portfolios import DONE, FILLED_IN, SEEN_AND_CHANGED
from tests.access.rows import (
    CHANGE,
    OWN,
    SEE,
    Row,
    but,
    open_to_all,
    row,
    to_do,
    to_fill_in,
    to_read,
)
from tests.factories import FirmFactory, MembershipFactory

State = Callable[[SimpleNamespace], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """Like the route's own thing, but for what is said here."""

    row: Row
    value: Callable[[World], Any] | None = None
    before: State | None = None
    cookie: str = ""
    part: str = ""  # of the address, where `value` is not for all of them
    target: Callable[[World], str] | None = None  # what htmx fills; without htmx it is not asked
    actors: tuple[str, ...] = ACTORS


def archived(firm: SimpleNamespace) -> None:
    ClientProfile.objects.filter(pk=firm.client.pk).update(archived_at=timezone.now())


def without_sign_in(firm: SimpleNamespace) -> None:
    ClientProfile.objects.filter(pk=firm.client.pk).update(membership=None)


def archived_portfolio(firm: SimpleNamespace) -> None:
    everything = Portfolio.objects.filter(client=firm.client.pk)
    everything.update(archived_at=timezone.now())


def as_it_is(firm: SimpleNamespace) -> None:
    pass


BEFORE: dict[str, State] = {
    "client_restore": archived,
    "client_invite": without_sign_in,
    "portfolio_restore": archived_portfolio,
    "models_new": without_draft,
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

# What somebody started before they left the desk is no longer theirs.
STARTED = {"value": lambda world: world.own.job_of_stranger.pk}
add("started by who left", ("job",), to_read(OWN), **STARTED)
add("started by who left", ("job_cancel", "job_resume"), to_do(OWN), **STARTED)


def not_done(firm: SimpleNamespace) -> None:
    """Work that a person may start has ended, and nothing of it was done."""
    now = timezone.now()
    jobs = Job.objects.filter(firm=firm.firm)
    jobs.update(kind="mark_reviewed", ended_at=now)
    JobItem.objects.filter(job__in=jobs).update(state=JobItem.State.FAILED, done_at=now)


add("ended and not done", ("job_again",), to_do(WATCH), before=not_done)
add(
    "not done, by who left",
    ("job_again",),
    to_do(OWN),
    before=not_done,
    **STARTED,
)

# What somebody else has tried again is not for whoever started it first to watch.
TRIED_AGAIN = str(uuid5(NEVER_MADE, "own again"))


def tried_again(firm: SimpleNamespace) -> None:
    """By the owner; among the clients is one whom the advisor does not look after."""
    not_done(firm)
    JobItem.objects.create(
        firm=firm.firm,
        job=firm.job,
        position=2,
        key=firm.unsigned.pk,
        state=JobItem.State.FAILED,
        done_at=timezone.now(),
    )
    Job.objects.create(
        id=uuid5(NEVER_MADE, f"{firm.name} again"),
        firm=firm.firm,
        kind=firm.job.kind,
        made_by=firm.owner,
        again_of=firm.job,
    )


add("tried again by the owner", ("job",), to_read(WATCH), before=tried_again)
add("tried again by the owner", ("job_again",), to_do(WATCH, "moved"), before=tried_again)


def started_by_who_reads_now(firm: SimpleNamespace) -> None:
    """And is an advisor elsewhere."""
    not_done(firm)
    Membership.objects.filter(pk=firm.advisor.pk).update(role=Role.READER)
    MembershipFactory(firm=FirmFactory(), user=firm.advisor.user, role=Role.ADVISOR)


add("started by who reads now", ("job_again",), to_do(OWN), before=started_by_who_reads_now)


# Who was never met has answered once: there is nothing before to compare it with.
NEVER_MET = {"value": lambda world: world.own.sibling.pk}
add("never met", ("desk_packet",), to_read(OWN), **NEVER_MET)

# -- Portfolios ---------------------------------------------------------------------------------------------


def add_held(thing: str, routes: tuple[str, ...], row: Row | None = None, **others: Any) -> None:
    """For those who see the client; what the others get is the same whatever they ask for."""
    add(thing, routes, row, actors=SEE, **others)


# What is archived, alone or with its client, is still looked at, and not changed.
PUT_ASIDE = (("archived", archived_portfolio), ("of an archived client", archived))
for _thing, _before in PUT_ASIDE:
    add_held(_thing, tuple(SEEN_AND_CHANGED), to_fill_in(SEE, "page", "missing"), before=_before)
    add_held(_thing, ("portfolio", "plan"), to_read(SEE), before=_before)
    add_held(_thing, (*FILLED_IN, *DONE), before=_before)
add_held("of an archived client", ("portfolio_new", "portfolio_archive"), before=archived)
add_held("of an archived client", ("portfolio_restore",), before=archived)


# In its row, or its form, on the page of the portfolio.
def target(of: str) -> dict[str, Any]:
    return {"target": lambda world: f"h-{getattr(world.own, of).pk}"}


add_held("in its row", ("holding",), to_read(SEE), **target("holding"))
add_held("in its row", ("holding_edit",), to_fill_in(CHANGE, "page", "page"), **target("holding"))
add_held("in its row", ("holding_delete",), to_do(CHANGE, "page"), **target("holding"))
add_held("in its row", ("holding_restore",), to_do(CHANGE, "page"), **target("deleted"))
add_held("in its form", ("holding_add",), to_do(CHANGE, "page"), target=lambda world: "add")
add_held("in its lines", ("plan_mark",), to_do(CHANGE, "page"), target=lambda world: "plan-lines")


# Somebody has changed it since the form was made: what they saved is told.
def changed_meanwhile(firm: SimpleNamespace) -> None:
    holding = Holding.objects.select_related("account", "security").get(pk=firm.holding.pk)
    change_holding(
        holding=holding,
        version=holding.version,
        account=holding.account,
        security=holding.security,
        values={"quantity": Decimal(9)},
        by=firm.owning.by,
    )


CONFLICT = to_fill_in(CHANGE, "page", "conflict")
add_held("changed meanwhile", ("holding_edit",), CONFLICT, before=changed_meanwhile)


# Another portfolio of the same client has it.
def beside(part: str, of: str) -> dict[str, Any]:
    return {"part": part, "value": lambda world: getattr(world.own, of).pk}


HOLDINGS = ("holding", "holding_edit", "holding_preview", "holding_delete", "holding_restore")
add_held("of another portfolio", HOLDINGS, **beside("holding_id", "holding_beside"))
add_held("of another portfolio", ("portfolio_why",), **beside("what", "holding_beside"))
add_held("of another portfolio", ("portfolio_account",), **beside("account_id", "account_beside"))
NESTED = ("plan", "plan_csv", "plan_mark", "portfolio_pasted", "portfolio_paste_undo")
add_held("under another portfolio", NESTED, **beside("portfolio_id", "beside"))
add_held(
    "a class", ("portfolio_why",), to_read(SEE), part="what", value=lambda world: "us_large_cap"
)

# Securities are the firm's: its desk sees all of them, and a client those that they hold.
add_held(
    "that others hold",
    ("security_edit",),
    but(row(SEE, "page", "done"), client="missing missing", reader="page missing"),
    part="security_id",
    value=lambda world: world.own.of_sibling.security.pk,
)
add_held(
    "that others hold as well",
    ("security_edit",),
    but(row(SEE, "page", "done"), client="page missing", reader="page missing"),
    part="security_id",
    value=lambda world: world.own.shared.pk,
)
