"""Where a portfolio stands: one row for lists, one a day for its history; kept with every change."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import ROUND_DOWN, Decimal
from typing import Any
from uuid import UUID

from django.db import DataError, connection, transaction
from django.utils import timezone

from portfolios import snapshots
from portfolios.models import UNITS_PER_DOLLAR, DayValue, HoldingRole, Portfolio, Standing
from portfolios.models.standings import DRIFT_PLACES
from portfolios.services.drift_sql import rule
from portfolios.services.refreshing import array_of, refresh
from portfolios.valuing import MOST_VALUE, TooLarge
from riskalloc.engine.drift import Drift
from riskalloc.engine.holding_classes import HoldingClass
from riskalloc.engine.triggers import TriggerId

LAST_PLACE = Decimal(1).scaleb(-DRIFT_PLACES)
STORED = {
    TriggerId.BAND: "fires_band",
    TriggerId.GUARD_RAIL: "fires_guard_rail",
    TriggerId.PORTFOLIO_DRIFT: "fires_portfolio_drift",
}
DAY_COLUMNS = ("firm_id", "client_id", "value", "drift")
COLUMNS = [
    field.name for field in Standing._meta.concrete_fields if field.name not in ("id", "portfolio")
]
BATCH = 500  # computed one by one, and written together
AT_ONCE = 10_000  # of one statement; it takes some 50 MB of the server for them


def keep(portfolio: Portfolio) -> snapshots.Snapshot:
    """Write where a locked portfolio, with its policy, stands now. TooLarge beyond reckoning."""
    now = snapshots.snapshot(portfolio, timezone.localdate())
    write([standing_of(portfolio, now)])
    return now


LOCK_SQL = """
SELECT count(*) FROM (
    SELECT FROM portfolios_portfolio WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE
) locked
"""


@transaction.atomic
def keep_many(portfolio_ids: Iterable[UUID]) -> int:
    """The same for many, locked in the order of their keys; how many there were. TooLarge as above."""
    keys = list(dict.fromkeys(portfolio_ids))
    if connection.vendor == "postgresql":
        return _refresh(keys)
    rows = Portfolio.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    count = 0
    for start in range(0, len(keys), BATCH):
        batch = rows.filter(pk__in=keys[start : start + BATCH]).select_related("policy")
        standings = [computed(portfolio) for portfolio in batch]
        write(standings)
        count += len(standings)
    return count


def _refresh(keys: list[UUID]) -> int:
    """All are locked first, in the order of their keys. Then by parts as they came: what was made together
    lies together.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK_SQL, [array_of(keys)])
        (count,) = cursor.fetchone()
    for start in range(0, len(keys), AT_ONCE):
        batch = keys[start : start + AT_ONCE]
        try:
            largest = refresh(batch, timezone.localdate())
        except DataError as error:
            raise TooLarge from error
        check_size(largest > MOST_VALUE)
    return int(count)


# -- By the engine ----------------------------------------------------------------------------------------


def computed(portfolio: Portfolio) -> Standing:
    """Not saved yet."""
    return standing_of(portfolio, snapshots.snapshot(portfolio, timezone.localdate()))


def standing_of(portfolio: Portfolio, now: snapshots.Snapshot) -> Standing:
    check_size(now.value > MOST_VALUE)
    units = in_classes(now)
    return Standing(
        portfolio=portfolio,
        firm_id=portfolio.firm_id,
        client_id=portfolio.client_id,
        value=now.value,
        largest=largest_security(now.held),
        behaves_like=rule().label(units),
        oldest_price_on=snapshots.oldest_price(now.held),
        refreshed_at=timezone.now(),
        **{held.value: units.get(held, 0) for held in HoldingClass},
        **what_fires(now.drift),
    )


def check_size(is_too_large: bool) -> None:
    if is_too_large:
        raise TooLarge


def in_classes(now: snapshots.Snapshot) -> dict[HoldingClass, int]:
    """Millionths of a unit of currency; exact, as weights have two decimals and values two."""
    return {held: int(part * UNITS_PER_DOLLAR) for held, part in now.counted.by_class.items()}


def largest_security(held: Iterable[snapshots.HeldRow]) -> Decimal:
    """What the largest of them comes to over all accounts that are counted; a symbol is one security."""
    by_symbol: dict[str, Decimal] = defaultdict(Decimal)
    for row in held:
        if row.is_counted and row.role != HoldingRole.EXCLUDED:
            by_symbol[row.symbol] += row.value
    return max(by_symbol.values(), default=Decimal(0))


def what_fires(drift: Drift | None) -> dict[str, Any]:
    if drift is None:
        return {"drift": None, **dict.fromkeys(STORED.values())}
    fired = {trigger.id for trigger in drift.fired}
    points = drift.classes.drift.quantize(LAST_PLACE, rounding=ROUND_DOWN)
    return {"drift": points, **{column: id in fired for id, column in STORED.items()}}


def write(standings: list[Standing]) -> None:
    """Two statements, however many there are."""
    Standing.objects.bulk_create(
        standings, update_conflicts=True, unique_fields=["portfolio"], update_fields=COLUMNS
    )
    today = timezone.localdate()
    days = [
        DayValue(
            portfolio_id=standing.pk,
            day=today,
            **{column: getattr(standing, column) for column in DAY_COLUMNS},
        )
        for standing in standings
    ]
    DayValue.objects.bulk_create(
        days,
        update_conflicts=True,
        unique_fields=["portfolio", "day"],
        update_fields=["firm", "client", "value", "drift"],
    )
