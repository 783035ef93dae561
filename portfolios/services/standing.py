"""Where a portfolio stands: one row for lists, one a day for its history; kept with every change."""

from collections.abc import Iterable
from decimal import ROUND_DOWN, Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from portfolios import snapshots
from portfolios.models import CLASSES, UNITS_PER_DOLLAR, DayValue, Portfolio, Standing
from portfolios.models.standings import DRIFT_PLACES
from portfolios.services.refreshing import refresh
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
BATCH = 500


def keep(portfolio: Portfolio) -> Standing:
    """Write where a locked portfolio, with its policy, stands now. TooLarge beyond reckoning."""
    standing = computed(portfolio)
    write([standing])
    return standing


@transaction.atomic
def keep_many(portfolio_ids: Iterable[UUID]) -> int:
    """The same for many, locked in the order of their keys; how many there were."""
    keys, count = sorted(set(portfolio_ids)), 0
    for start in range(0, len(keys), BATCH):
        count += _keep_batch(keys[start : start + BATCH])
    return count


def _keep_batch(keys: list[UUID]) -> int:
    rows = Portfolio.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    if connection.vendor == "postgresql":
        found = list(rows.values_list("pk", flat=True))
        refresh(found, timezone.localdate())
        check_size(Standing.objects.filter(pk__in=found, value__gt=MOST_VALUE).exists())
        return len(found)
    standings = [computed(portfolio) for portfolio in rows.select_related("policy")]
    write(standings)
    return len(standings)


# -- By the engine ----------------------------------------------------------------------------------------


def computed(portfolio: Portfolio) -> Standing:
    """Not saved yet."""
    now = snapshots.snapshot(portfolio, timezone.localdate())
    check_size(now.value > MOST_VALUE)
    return Standing(
        portfolio=portfolio,
        firm_id=portfolio.firm_id,
        client_id=portfolio.client_id,
        value=now.value,
        oldest_price_on=snapshots.oldest_price(now.held),
        refreshed_at=timezone.now(),
        **in_classes(now),
        **what_fires(now.drift),
    )


def check_size(is_too_large: bool) -> None:
    if is_too_large:
        raise TooLarge


def in_classes(now: snapshots.Snapshot) -> dict[str, int]:
    """Millionths of a unit of currency; exact, as weights have two decimals and values two."""
    found = {held: int(part * UNITS_PER_DOLLAR) for held, part in now.counted.by_class.items()}
    units = {name: found.get(HoldingClass(name), 0) for name in CLASSES}
    return units | {"unclassified": found.get(HoldingClass.UNCLASSIFIED, 0)}


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
