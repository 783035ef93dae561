"""What is answered about a portfolio: drift, plan and whole shares as JSON. Decimals are text, half up."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from riskalloc.api.answers import Answered, Dollars, Percent, figure
from riskalloc.api.portfolio_requests import DriftRequest, PlanRequest, SharesRequest
from riskalloc.engine.deposits import deposits
from riskalloc.engine.levels import Row, Status, measure_level
from riskalloc.engine.plans import Kind, Limits
from riskalloc.engine.rebalancing import rebalance
from riskalloc.engine.shares import ShareLine, whole_shares
from riskalloc.engine.triggers import Policy, TriggerId, triggers

WholeOrText = Annotated[
    int | str,
    Field(description="Shares; text with decimals only where a part of a share is sold."),
]


class TriggerAnswer(Answered):
    id: TriggerId
    sentence: str


class RowAnswer(Answered):
    """One class: weight, target, points and edges in percent of the total, `relative` of the target."""

    name: str
    value: Dollars
    weight: Percent
    target: Percent
    points: Percent
    amount: Dollars
    relative: Percent | None
    low: Percent | None
    high: Percent | None
    status: Status


class DriftAnswer(Answered):
    """`total` has the cash flow in it; `triggers` are those that have fired."""

    total: Dollars
    drift: Percent
    largest: Percent
    due: bool
    triggers: list[TriggerAnswer]
    rows: list[RowAnswer]


class PlanAnswer(Answered):
    """Trades add up to cash_flow − cash_left. Deposits are None where no deposit will do."""

    trades: dict[str, Dollars]
    after: dict[str, Percent]
    drift_before: Percent | None
    drift_after: Percent
    turnover: Dollars
    deposit_to_target: Dollars | None
    deposit_into_band: Dollars | None
    dropped: list[str]
    cash_left: Dollars
    sentences: list[str]


class SharesAnswer(Answered):
    """Whole shares held afterwards, what that buys or sells, and the cash that is left."""

    shares: dict[str, int]
    trades: dict[str, WholeOrText]
    left: Dollars
    drift_after: Percent


def drift_of(asked: DriftRequest) -> DriftAnswer:
    band = asked.band.for_engine()
    level = measure_level(asked.lines(), band, asked.cash_flow)
    policy = Policy(band=band, ceilings=asked.ceilings)
    fired = [trigger for trigger in triggers((level,), policy) if trigger.has_fired]
    return DriftAnswer(
        total=figure(level.total, 2),
        drift=figure(level.drift, 2),
        largest=figure(level.largest, 2),
        due=bool(fired),
        triggers=[TriggerAnswer(id=trigger.id, sentence=trigger.sentence) for trigger in fired],
        rows=[_row(row) for row in level.rows],
    )


def _row(row: Row[Any]) -> RowAnswer:
    return RowAnswer(
        name=row.name,
        value=figure(row.value, 2),
        weight=figure(row.weight, 2),
        target=figure(row.target, 2),
        points=figure(row.points, 2),
        amount=figure(row.amount, 2),
        relative=_or_none(row.relative),
        low=_or_none(row.low),
        high=_or_none(row.high),
        status=row.status,
    )


def plan_of(asked: PlanRequest) -> PlanAnswer:
    lines, band = asked.lines(), asked.band.for_engine()
    limits = Limits(minimum_trade=asked.minimum_trade, locked=frozenset(asked.locked))
    plan = rebalance(lines, Kind(asked.kind), cash_flow=asked.cash_flow, band=band, limits=limits)
    instead = deposits(lines, band, locked=limits.locked)
    return PlanAnswer(
        trades={trade.name: figure(trade.amount, 2) for trade in plan.trades},
        after={trade.name: figure(trade.after, 2) for trade in plan.trades},
        drift_before=_or_none(plan.drift_before),
        drift_after=figure(plan.drift_after, 2),
        turnover=figure(plan.turnover, 2),
        deposit_to_target=_or_none(instead.to_target),
        deposit_into_band=_or_none(instead.into_band),
        dropped=[skip.name for skip in plan.dropped],
        cash_left=figure(plan.cash_left, 2),
        sentences=list(plan.sentences),
    )


def shares_of(asked: SharesRequest) -> SharesAnswer:
    nothing = Decimal(0)
    lines = [
        ShareLine(
            name=name,
            price=price,
            target=asked.target.get(name, nothing),
            held=asked.held.get(name, nothing),
        )
        for name, price in asked.prices.items()
    ]
    found = whole_shares(lines, asked.cash)
    return SharesAnswer(
        shares=dict(found.shares),
        trades={name: _whole_or_text(number) for name, number in found.trades.items()},
        left=figure(found.left, 2),
        drift_after=figure(found.drift_after, 2),
    )


def _whole_or_text(number: Decimal) -> int | str:
    return int(number) if number == number.to_integral_value() else f"{number.normalize():f}"


def _or_none(value: Decimal | None) -> str | None:
    return None if value is None else figure(value, 2)
