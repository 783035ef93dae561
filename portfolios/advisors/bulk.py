"""What can be done for many clients at once: each kind does it for one of them, in a job that one can watch.

Whose client it is, and what somebody may do, is asked again for each when its turn comes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portfolios.models import Portfolio
from portfolios.services.plan_records import digest_of
from portfolios.services.planning import NoTarget, Wanted, in_currency, plan_for
from portfolios.services.plans import save_plan
from portfolios.snapshots import snapshot
from questionnaire.models import ClientProfile
from questionnaire.services.assigning import assign_advisor
from questionnaire.services.linking import send_link
from questionnaire.services.reminding import address_of
from questionnaire.services.reviewing import NothingToReview, mark_reviewed
from riskalloc.engine.amounts import EngineError
from riskalloc.engine.plans import Kind
from riskalloc.firms.audit import By
from riskalloc.firms.jobs import KINDS, Doing, Names, NotDone, job_kind
from riskalloc.firms.letters import may_write
from riskalloc.firms.models import AT_THE_DESK, CHANGES_CLIENTS, Membership, Role, Viewer

IS_ADRIFT = (
    Q(standing__fires_band=True)
    | Q(standing__fires_guard_rail=True)
    | Q(standing__fires_portfolio_drift=True)
)


def client_names(keys: Sequence[UUID], user: Viewer) -> Names:
    found = ClientProfile.objects.visible_to(user).filter(pk__in=keys).values_list("pk", "name")
    return {pk: (name, reverse("client", args=[pk])) for pk, name in found}


def managed(doing: Doing) -> ClientProfile:
    """The client, if whoever asked may still change them."""
    assert doing.by.user is not None
    found = ClientProfile.objects.managed_by(doing.by.user).active().select_related("firm")
    return found_or_not_done(found.filter(firm=doing.firm_id, pk=doing.key).first())


def owned(doing: Doing) -> ClientProfile:
    assert doing.by.user is not None
    found = ClientProfile.objects.owned_by(doing.by.user).active().select_related("firm")
    return found_or_not_done(found.filter(firm=doing.firm_id, pk=doing.key).first())


def found_or_not_done(client: ClientProfile | None) -> ClientProfile:
    if client is None:
        raise NotDone("This client is no longer yours to change, or is archived.")
    return client


def by_for(doing: Doing, client: ClientProfile) -> By:
    return By(
        user=doing.by.user,
        name=doing.by.name,
        on_behalf_of=client.name,
        request_id=doing.by.request_id,
    )


# -- The kinds --------------------------------------------------------------------------------------------


@job_kind(
    "invite_to_review",
    title="Send review invitations",
    names_of=client_names,
    started_by=CHANGES_CLIENTS,
    writes_letters=True,
)
def invite_to_review(doing: Doing) -> str | None:
    """A link under which the client answers the questions again."""
    client = managed(doing)
    if not client.wants_reminders:
        raise NotDone("This client wants no such letters. Switch them on in the profile, or call.")
    email = client.membership.user.email if client.membership else client.email
    if not email:
        raise NotDone("There is no e-mail address. Add one to the profile.")
    may_write(doing)
    send_link(
        client=client,
        email=email,
        sent_id=uuid5(doing.job_id, client.pk.hex),
        by=by_for(doing, client),
        link_of=lambda token: address_of("open_link", token=token),
    )
    return None


@job_kind("assign_clients", title="Assign clients", names_of=client_names, started_by=(Role.OWNER,))
def assign(doing: Doing) -> str | None:
    client = owned(doing)
    desks = Membership.objects.filter(firm=doing.firm_id, role__in=AT_THE_DESK)
    membership = desks.filter(pk=doing.arguments["membership"]).select_related("user").first()
    if membership is None:
        raise NotDone("Whoever was chosen has left the firm. Choose somebody else.")
    if client.assignments.filter(membership=membership).exists():
        return str(_("Was assigned before."))
    assign_advisor(client=client, membership=membership, by=by_for(doing, client))
    return None


@job_kind("mark_reviewed", title="Mark reviewed", names_of=client_names, started_by=CHANGES_CLIENTS)
def review(doing: Doing) -> str | None:
    client = managed(doing)
    try:
        mark_reviewed(
            client=client,
            review_id=uuid5(doing.job_id, client.pk.hex),
            held_on=timezone.localdate(),
            by=by_for(doing, client),
        )
    except NothingToReview:
        raise NotDone("Not assessed yet. Fill in the questions first.") from None
    return None


@job_kind("prepare_plans", title="Prepare plans", names_of=client_names, started_by=CHANGES_CLIENTS)
def prepare_plans(doing: Doing) -> str | None:
    """A calculated plan for each portfolio that is out of band, saved; nobody has approved anything."""
    client = managed(doing)
    adrift = client.portfolios.filter(IS_ADRIFT, archived_at__isnull=True).order_by("pk")
    portfolios = list(adrift.select_related("firm", "client", "policy"))
    if not portfolios:
        raise NotDone("No portfolio is out of band, so there is nothing to plan.")
    for portfolio in portfolios:
        save_calculated(portfolio, uuid5(doing.job_id, portfolio.pk.hex), by_for(doing, client))
    count = len(portfolios)
    return "1 plan saved." if count == 1 else f"{count} plans saved."


def save_calculated(portfolio: Portfolio, plan_id: UUID, by: By) -> None:
    wanted = Wanted(kind=Kind.FULL)
    now = snapshot(portfolio, timezone.localdate())
    try:
        result = plan_for(portfolio, now, wanted)
    except NoTarget:
        raise NotDone("There is no target. Set one first.") from None
    except EngineError as error:
        raise NotDone(in_currency(str(error), portfolio.currency)) from None
    save_plan(
        portfolio=portfolio,
        plan_id=plan_id,
        wanted=wanted,
        switches=now.switches,
        seen=digest_of(result),
        by=by,
    )


# -- As a page offers them --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """`asks` is the question of the page that confirms, `says` what will happen."""

    key: str
    kind: str
    text: Any
    asks: Any
    says: Any

    @property
    def is_owners(self) -> bool:
        return KINDS[self.kind].started_by == (Role.OWNER,)

    @property
    def writes_letters(self) -> bool:
        return KINDS[self.kind].writes_letters


DEEDS: Mapping[str, Deed] = {
    deed.key: deed
    for deed in (
        Deed(
            key="invite",
            kind="invite_to_review",
            text=_("Send a review invitation"),
            asks=_("Send a review invitation?"),
            says=_("Each client gets a letter with a link to answer the questions again."),
        ),
        Deed(
            key="review",
            kind="mark_reviewed",
            text=_("Mark as reviewed today"),
            asks=_("Mark as reviewed today?"),
            says=_("A review of today is written down for each; the next is due in a year."),
        ),
        Deed(
            key="plan",
            kind="prepare_plans",
            text=_("Prepare plans"),
            asks=_("Prepare plans?"),
            says=_(
                "A plan is calculated and saved for each portfolio that is out of band. Nothing is"
                " approved, and nothing is traded."
            ),
        ),
        Deed(
            key="assign",
            kind="assign_clients",
            text=_("Assign an advisor"),
            asks=_("Assign an advisor?"),
            says=_("Whoever you choose looks after these clients as well; nobody is taken away."),
        ),
    )
}
EXPORT = "csv"


def deeds_for(*, changes: bool, owns: bool) -> list[tuple[str, Any]]:
    """Key and text of what somebody may do."""
    offered = [deed for deed in DEEDS.values() if owns or (changes and not deed.is_owners)]
    return [*((deed.key, deed.text) for deed in offered), (EXPORT, _("Export as CSV"))]
