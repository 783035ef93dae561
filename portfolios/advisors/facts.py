"""What the desk has to know of single portfolios, for the few clients that a page shows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef

from portfolios.advisors.book import Row
from portfolios.models import DayValue, Plan, Portfolio
from questionnaire.models import LifeEvent
from riskalloc import methodology

LOOKED_BACK = timedelta(days=366)
USUAL_LIMIT = Decimal(3)  # points, where a policy has no limit of its own


class Facts(NamedTuple):
    """Of one portfolio."""

    id: UUID
    client_id: UUID
    name: str
    currency: str
    value: Decimal
    drift: Decimal | None
    largest: Decimal
    behaves_like: str | None
    oldest_price_on: date | None
    stocks_ceiling: Decimal | None
    drift_points: Decimal | None
    cash: int
    has_plan: bool

    @property
    def share(self) -> Decimal:
        """Of the largest holding, in percent."""
        return 100 * self.largest / self.value if self.value else Decimal(0)

    @property
    def cash_share(self) -> Decimal:
        return Decimal(self.cash) / self.value if self.value else Decimal(0)


COLUMNS = (
    "id", "client_id", "name", "currency", "standing__value", "standing__drift", "standing__largest",
    "standing__behaves_like", "standing__oldest_price_on", "policy__stocks_ceiling",
    "policy__drift_points", "standing__cash",
)  # fmt: skip


def facts_of(rows: Sequence[Row]) -> dict[UUID, list[Facts]]:
    """By client, the oldest portfolio first; one query. The rows are those that somebody was shown."""
    found: dict[UUID, list[Facts]] = {row.id: [] for row in rows}
    owning = [row.id for row in rows if row.portfolios]
    if owning:
        portfolios = Portfolio.objects.filter(client__in=owning, archived_at__isnull=True)
        has_plan = Exists(Plan.objects.filter(portfolio=OuterRef("pk")))
        of_rows = portfolios.annotate(has_plan=has_plan).order_by("created_at", "pk")
        for one in of_rows.values_list(*COLUMNS, "has_plan"):
            found[one[1]].append(Facts(*one))
    return found


def titles_of_events(rows: Iterable[Row]) -> dict[UUID, str]:
    """What the last thing was that happened to each client; one query, or none."""
    clients = [row.id for row in rows if "event" in row.holds]
    if not clients:
        return {}
    events = LifeEvent.objects.filter(client__in=clients).order_by("recorded_at", "pk")
    found = events.values_list("client_id", "kind", "events_version")
    return {
        client: methodology.load_events(version).event(kind).title
        for client, kind, version in found
    }


def days_beyond(facts: Mapping[UUID, list[Facts]], today: date) -> dict[UUID, int]:
    """For how many days each client's worst portfolio has been further from its target than it may be.

    Each day with a change has a row, and what is known on it holds until the next. One query; as far
    back as a year.
    """
    worst = {one.id: one for one in map(worst_of, facts.values()) if one is not None}
    if not worst:
        return {}
    days = DayValue.objects.filter(portfolio__in=worst, day__range=(today - LOOKED_BACK, today))
    since: dict[UUID, date | None] = {}
    for portfolio, day, drift in days.order_by("day").values_list("portfolio_id", "day", "drift"):
        is_beyond = drift is not None and drift >= limit_of(worst[portfolio])
        since[portfolio] = (since.get(portfolio) or day) if is_beyond else None
    return {worst[key].client_id: (today - day).days for key, day in since.items() if day}


def limit_of(one: Facts) -> Decimal:
    return USUAL_LIMIT if one.drift_points is None else one.drift_points


def worst_of(owned: Sequence[Facts]) -> Facts | None:
    """The one that is furthest from its target."""
    return max(owned, key=lambda one: one.drift or Decimal(-1), default=None)
