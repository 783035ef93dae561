"""What makes a rebalance due: five rules, which of them have fired, and how far the others are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from riskalloc.engine.amounts import EngineError, half_up, plain
from riskalloc.engine.bands import FIVE_25, Band, BandKind
from riskalloc.engine.dates import anniversary
from riskalloc.engine.exact import check_number
from riskalloc.engine.levels import Level, Row

# The article's ceiling: stocks over 80 %; it equals the 75 % target of its example plus 5 points.
STOCKS_CEILING = Decimal(80)
# Betterment rebalances from a portfolio drift of 3 % on.
PORTFOLIO_DRIFT = Decimal(3)
NAMED = 3  # classes in one sentence; the table has them all


class TriggerId(StrEnum):
    GUARD_RAIL = "guard_rail"
    BAND = "band"
    PORTFOLIO_DRIFT = "portfolio_drift"
    CALENDAR = "calendar"
    LIFE_EVENT = "life_event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a portfolio is watched by, and what its plans keep to.

    `ceilings` are percent by class or top class; `portfolio_drift` is None where it is off.
    `minimum_trade` and `cash_to_keep` are dollars.
    """

    band: Band = FIVE_25
    ceilings: Mapping[str, Decimal] = field(default_factory=lambda: {"stocks": STOCKS_CEILING})
    portfolio_drift: Decimal | None = PORTFOLIO_DRIFT
    has_calendar: bool = True
    has_life_events: bool = True
    minimum_trade: Decimal = Decimal(0)
    whole_shares: bool = False
    cash_to_keep: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        limits = [*self.ceilings.values(), self.minimum_trade, self.cash_to_keep]
        for number in [*limits, self.portfolio_drift or Decimal(0)]:
            check_number(number)
            if number < 0:
                raise EngineError("A limit is not negative.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasions:
    """The days that the clock's triggers look at; None where there is none."""

    today: date
    reviewed_on: date | None = None
    assessed_on: date | None = None
    life_event_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """One rule. `names` are the classes that fired it; `distance` points and `days` are what is left to it.

    Both are negative or 0 once it has fired, and None where they say nothing.
    """

    id: TriggerId
    has_fired: bool
    sentence: str
    names: tuple[str, ...] = ()
    distance: Decimal | None = None
    days: int | None = None


def triggers(
    levels: Sequence[Level[Any]], policy: Policy, occasions: Occasions | None = None
) -> tuple[Trigger, ...]:
    """Every rule that is on, in order. The last level is the finest: portfolio drift is taken over it."""
    found = [
        guard_rail(levels, policy.ceilings) if policy.ceilings else None,
        outside_bands(levels) if policy.band.kind is not BandKind.NONE else None,
        far_in_all(levels[-1], policy.portfolio_drift),
        calendar(occasions) if policy.has_calendar else None,
        life_event(occasions) if policy.has_life_events else None,
    ]
    return tuple(trigger for trigger in found if trigger is not None)


def guard_rail(levels: Sequence[Level[Any]], ceilings: Mapping[str, Decimal]) -> Trigger:
    """Fires strictly above a ceiling."""
    watched = [
        (row, most, level.is_above(name, most))
        for name, most in ceilings.items()
        for level in levels
        if (row := level.row(name)) is not None
    ]
    above = [(row, most) for row, most, is_above in watched if is_above]
    room = [most - row.points - row.target for row, most, _ in watched]
    said = [f"{row.label} {percent(row)} (ceiling {plain(most)}%)" for row, most in above[:NAMED]]
    return Trigger(
        id=TriggerId.GUARD_RAIL,
        has_fired=bool(above),
        names=tuple(row.name for row, _ in above),
        distance=min(room, default=None),
        sentence=f"Above the ceiling: {listed(said, len(above))}."
        if above
        else "Nothing is above its ceiling.",
    )


def outside_bands(levels: Sequence[Level[Any]]) -> Trigger:
    """Fires where any class, at any level, is outside its band."""
    # Cash is both a top class and its only class, by one name.
    rows = list({row.name: row for level in levels for row in level.rows}.values())
    outside = [row for row in rows if row.is_outside]
    said = [f"{row.label} {percent(row)} ({edges(row)})" for row in outside[:NAMED]]
    return Trigger(
        id=TriggerId.BAND,
        has_fired=bool(outside),
        names=tuple(row.name for row in outside),
        distance=min((row.distance for row in rows if row.distance is not None), default=None),
        sentence=f"Outside the band: {listed(said, len(outside))}."
        if outside
        else "Every class is inside its band.",
    )


def far_in_all(level: Level[Any], limit: Decimal | None) -> Trigger | None:
    """Fires from the limit on."""
    if limit is None:
        return None
    drifted = plain(half_up(level.drift, 2))
    return Trigger(
        id=TriggerId.PORTFOLIO_DRIFT,
        has_fired=level.drift
        >= limit,  # a figure that is cut off reaches a limit where the exact one does
        distance=limit - level.drift,
        sentence=f"The portfolio has drifted {drifted} points; the limit is {plain(limit)}.",
    )


def calendar(occasions: Occasions | None) -> Trigger | None:
    """Fires from the anniversary of the last review on."""
    if occasions is None or occasions.reviewed_on is None:
        return None
    reviewed_on = occasions.reviewed_on
    due_on = anniversary(reviewed_on, min(reviewed_on.year + 1, MAXYEAR))
    has_fired = occasions.today >= due_on
    when = f"{due_on.day} {due_on:%B %Y}"
    return Trigger(
        id=TriggerId.CALENDAR,
        has_fired=has_fired,
        days=(due_on - occasions.today).days,
        sentence=f"A review was due on {when}." if has_fired else f"A review is due on {when}.",
    )


def life_event(occasions: Occasions | None) -> Trigger | None:
    """Fires on a life event that is newer than the assessment."""
    if occasions is None:
        return None
    event_on, assessed_on = occasions.life_event_on, occasions.assessed_on
    has_fired = event_on is not None and (assessed_on is None or event_on > assessed_on)
    return Trigger(
        id=TriggerId.LIFE_EVENT,
        has_fired=has_fired,
        sentence="Something changed in life after the questions were answered."
        if has_fired
        else "Nothing changed in life since the questions were answered.",
    )


def percent(row: Row[Any]) -> str:
    return f"{plain(row.weight)}%"


def edges(row: Row[Any]) -> str:
    assert row.low is not None
    assert row.high is not None
    return f"{plain(half_up(row.low, 2))}% to {plain(half_up(row.high, 2))}%"


def listed(named: Sequence[str], count: int) -> str:
    """The first few, and how many more there are."""
    more = count - len(named)
    said = ", ".join(named)
    return f"{said} and {more} more" if more > 0 else said
