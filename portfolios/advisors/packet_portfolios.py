"""What a packet has to know of a client's portfolios: read for all of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import OuterRef, Subquery

from portfolios.display.saved_plans import Marks, last_plans
from portfolios.models import DayValue, Plan, Portfolio
from portfolios.snapshots import Snapshot, snapshots_of
from questionnaire.models import ClientProfile

MOST_PORTFOLIOS, MOST_LISTED = 10, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A portfolio today, the last day before the time that is looked at, and the plan that was saved last."""

    portfolio: Portfolio
    now: Snapshot
    then: DayValue | None
    plan: Plan | None
    marks: Marks


def current(client: ClientProfile) -> list[Portfolio]:
    mine = client.portfolios.filter(archived_at__isnull=True).order_by("created_at", "pk")
    found = list(mine.select_related("policy", "standing", "firm")[:MOST_LISTED])
    for portfolio in found:
        portfolio.client = client
    return found


def seen(
    client: ClientProfile, portfolios: Sequence[Portfolio], since: date, today: date
) -> list[Seen]:
    """As many queries for ten as for one."""
    days = days_before(portfolios, since)
    plans = {plan.portfolio_id: (plan, marks) for plan, marks in last_plans(client)}
    nothing: tuple[None, Marks] = None, {}
    found = []
    for portfolio, now in zip(portfolios, snapshots_of(portfolios, today), strict=True):
        plan, marks = plans.get(portfolio.pk, nothing)
        then = days.get(portfolio.pk)
        found.append(Seen(portfolio=portfolio, now=now, then=then, plan=plan, marks=marks))
    return found


def days_before(portfolios: Sequence[Portfolio], day: date) -> dict[UUID, DayValue]:
    """The last of each portfolio that has any; one query."""
    before = DayValue.objects.filter(portfolio=OuterRef("pk"), day__lt=day).order_by("-day")
    keys = Portfolio.objects.filter(pk__in=[one.pk for one in portfolios])
    last = keys.values(last=Subquery(before.values("pk")[:1]))
    return {one.portfolio_id: one for one in DayValue.objects.filter(pk__in=last)}
