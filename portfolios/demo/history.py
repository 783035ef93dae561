"""Two invented years of values and drift, ending where a portfolio stands today."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from portfolios.models import DayValue, Portfolio, Standing
from portfolios.models.standings import DRIFT_PLACES
from riskalloc.engine.amounts import half_up

WEEKS, WEEKS_A_YEAR, WEEKS_A_MONTH = 104, 52, 4
# Invented, month by month, as parts of a thousand of today's level; the last is today.
STOCKS = (
    790, 798, 812, 824, 801, 838, 846, 861, 852, 879, 893, 871, 846, 818, 832,
    859, 884, 902, 915, 909, 931, 948, 940, 962, 981, 973, 986, 1000,
)  # fmt: skip
CALM = tuple(range(919, 1001, 3))  # bonds and cash, three thousandths a month
UNREST = 4  # thousandths up or down, from one week to the next
THOUSAND = 1000


class Week(NamedTuple):
    weeks_ago: int
    stocks: Decimal  # as a part of today's level
    calm: Decimal


def weeks() -> Iterator[Week]:
    for weeks_ago in range(WEEKS, 0, -1):
        unrest = weeks_ago * 7 % (2 * UNREST + 1) - UNREST
        yield Week(
            weeks_ago,
            (level(STOCKS, weeks_ago) + unrest) / THOUSAND,
            level(CALM, weeks_ago) / THOUSAND,
        )


def level(months: tuple[int, ...], weeks_ago: int) -> Decimal:
    """On the way from one month to the next."""
    back, part = divmod(weeks_ago, WEEKS_A_MONTH)
    later, earlier = months[-1 - back], months[-2 - back]
    return later + Decimal((earlier - later) * part) / WEEKS_A_MONTH


def add_past(portfolio: Portfolio, now: Standing, put_in: Decimal) -> None:
    """Once a week; `put_in` is the part of today's value that came in since. Drift begins with the target."""
    today = portfolio.days.latest("day").day
    first = portfolio.targets.order_by("made_at").first()
    rows = []
    for week in weeks():
        day = today - timedelta(weeks=week.weeks_ago)
        has_target = first is not None and first.made_at.date() <= day
        rows.append(
            DayValue(
                firm_id=portfolio.firm_id,
                client_id=portfolio.client_id,
                portfolio=portfolio,
                day=day,
                value=value_then(now, week, put_in),
                drift=drift_then(now.drift, week) if has_target else None,
            )
        )
    DayValue.objects.bulk_create(rows)


def value_then(now: Standing, week: Week, put_in: Decimal) -> Decimal:
    share = stock_share(now)
    moved = share * week.stocks + (1 - share) * week.calm
    there = 1 - put_in * week.weeks_ago / WEEKS
    return half_up(now.value * moved * there, 2)


def stock_share(now: Standing) -> Decimal:
    """Property and what is not classified move like stocks here."""
    calm = ("us_aggregate", "government", "ig_corporate", "tips", "municipal", "intl_bonds", "cash")
    units = sum(now.per_class().values()) + now.unclassified
    return 1 - Decimal(sum(getattr(now, name) for name in calm)) / units if units else Decimal(0)


def drift_then(drift: Decimal | None, week: Week) -> Decimal | None:
    """As if it was brought back once a year and grew to what it is today."""
    if drift is None:
        return None
    grown = WEEKS_A_YEAR - week.weeks_ago % WEEKS_A_YEAR
    return half_up(drift * (5 + 95 * Decimal(grown) / WEEKS_A_YEAR) / 100, DRIFT_PLACES)
