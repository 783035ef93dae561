"""The top of a portfolio's page: where it stands, in words, and what is said after each change."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from portfolios.display.drift import MOST_NAMED, listed, rounded
from portfolios.display.holdings import DAY
from portfolios.display.looking import Look
from portfolios.display.portfolios import STALE_DAYS
from portfolios.models import Portfolio
from portfolios.snapshots import Snapshot, oldest_price
from riskalloc.engine.amounts import half_up, plain
from riskalloc.engine.drift import Drift
from riskalloc.engine.holding_classes import TOPS, HoldingClass
from riskalloc.engine.levels import Row
from riskalloc.engine.positions import Base, base_of
from riskalloc.engine.triggers import TriggerId
from riskalloc.web.numbers import money_text, number_text

REASONS = {
    TriggerId.GUARD_RAIL: _("stocks are above their ceiling"),
    TriggerId.BAND: _("a class is outside its band"),
    TriggerId.PORTFOLIO_DRIFT: _("the portfolio drifts by {limit} points or more"),
    TriggerId.CALENDAR: _("a year has passed since the last review"),
    TriggerId.LIFE_EVENT: _("something in life has changed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BasePart:
    """What is counted or not, and the switch that looks at it the other way."""

    said: str
    switch: str
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The top of the page. Without drift there is no headline of points."""

    total: str
    points: str
    most: str  # the class that is furthest off
    most_amount: str
    is_most_over: bool
    reasons: str  # why a rebalance is due; empty where nothing is
    base: tuple[BasePart, ...]
    is_usual: bool
    stale: str
    has_holdings: bool
    has_target: bool


def summary(portfolio: Portfolio, now: Snapshot, look: Look) -> Summary:
    most = furthest_off(now.drift) if now.drift else None
    is_off = most is not None and bool(most.amount)
    return Summary(
        total=money_text(now.value, 2, portfolio.currency),
        points=points_off(now.drift),
        most=most.label if most and is_off else "",
        most_amount=rounded(most.amount, portfolio) if most else "",
        is_most_over=most is not None and most.amount > 0,
        reasons=reasons_of(now),
        base=base_parts(portfolio, now, look),
        is_usual=look.cash is None and look.left_out is None,
        stale=stale_sentence(now),
        has_holdings=bool(now.held or now.value),
        has_target=now.target is not None,
    )


def furthest_off(drift: Drift) -> Row[HoldingClass]:
    """Of what has been classed; the rest is said by itself."""
    rows = [row for row in drift.classes.rows if row.name is not HoldingClass.UNCLASSIFIED]
    return max(rows or drift.classes.rows, key=lambda row: abs(row.amount))


def points_off(drift: Drift | None) -> str:
    if drift is None:
        return ""
    off = half_up(drift.classes.drift, 1)
    return ngettext("{n} point", "{n} points", 1 if off == 1 else 2).format(n=plain(off))


def reasons_of(now: Snapshot) -> str:
    if now.drift is None:
        return ""
    limit = plain(now.policy.portfolio_drift or Decimal(0))
    return listed([REASONS[trigger.id].format(limit=limit) for trigger in now.drift.fired])


def stale_sentence(now: Snapshot) -> str:
    oldest = oldest_price(now.held)
    days = (now.today - oldest).days if oldest else 0
    if oldest is None or days <= STALE_DAYS:
        return ""
    return _(
        "The oldest price is {days} days old, of {day}. Edit its row to put in a new one."
    ).format(days=days, day=date_format(oldest, DAY))


def base_parts(portfolio: Portfolio, now: Snapshot, look: Look) -> tuple[BasePart, ...]:
    """What the figures are counted on, in words: cash, and what is usually left out."""
    base = now.drift.base if now.drift else base_of(now.owned, now.counted, (), now.switches)
    parts = []
    if base.cash:
        said = _("cash counted") if base.counts_cash else _("cash not counted")
        switch = _("leave it out") if base.counts_cash else _("count it")
        parts.append(part(said, switch, look, "cash", is_on=base.counts_cash))
    if base.excluded_ids:
        said = _("{what} counted") if base.counts_excluded else _("{what} not counted")
        switch = _("leave it out") if base.counts_excluded else _("count it")
        what = left_out(now, base)
        parts.append(
            part(said.format(what=what), switch, look, "left_out", is_on=base.counts_excluded)
        )
    return tuple(parts)


def part(said: str, switch: str, look: Look, name: str, *, is_on: bool) -> BasePart:
    query = look.query(**{name: "no" if is_on else "yes"})
    return BasePart(said=said, switch=switch, query=query)


def left_out(now: Snapshot, base: Base) -> str:
    """By their reasons, else by their names."""
    ids = set(base.excluded_ids)
    found = [p.reason or p.name for p in now.owned.positions if p.id in ids]
    names = list(dict.fromkeys(found))
    more = len(names) - MOST_NAMED
    if more > 0:
        return _("{some} and {n} more").format(some=", ".join(names[:MOST_NAMED]), n=more)
    return listed(names)


# -- What is said after a change --------------------------------------------------------------------------


def said_after(portfolio: Portfolio, now: Snapshot, held: HoldingClass | None) -> str:
    """`Stocks are now 63.6%, 3.6 points over target.`"""
    row = now.drift.tops.row(TOPS[held]) if now.drift and held else None
    if row is None:
        total = money_text(now.value, currency=portfolio.currency)
        return _("The portfolio is now worth {total}.").format(total=total)
    off = half_up(row.points, 1)
    where = _("on target")
    if off:
        word = ngettext(
            "{n} point {side} target", "{n} points {side} target", 1 if abs(off) == 1 else 2
        )
        where = word.format(n=plain(abs(off)), side=_("over") if off > 0 else _("under"))
    share = f"{number_text(half_up(row.weight, 1), 1)}%"
    return _("{name}: now {share}, {where}.").format(name=row.label, share=share, where=where)
