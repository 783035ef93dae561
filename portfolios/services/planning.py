"""From where a portfolio stands to a plan: the engine's plan and its orders, as a record."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from portfolios.models import Portfolio
from portfolios.services.plan_records import (
    AccountInput,
    AccountLine,
    ClassLine,
    Inputs,
    Instead,
    LeftOut,
    OrderLine,
    PositionInput,
    RateInput,
    Result,
    TargetInput,
    Untraded,
)
from portfolios.services.targets import POLICY_VALUES
from portfolios.snapshots import Snapshot, names_of_classes
from riskalloc import methodology
from riskalloc.engine import plans
from riskalloc.engine.bands import Band
from riskalloc.engine.deposits import deposits, months_of
from riskalloc.engine.drift import Drift, measure
from riskalloc.engine.holding_classes import HoldingClass
from riskalloc.engine.levels import measure_level
from riskalloc.engine.orders import Order, Orders
from riskalloc.engine.placing import place
from riskalloc.engine.plans import Kind
from riskalloc.engine.rebalancing import Start, plan_from, start_of
from riskalloc.firms.audit import plain_values
from riskalloc.web.numbers import money_text

NOTHING = Decimal(0)
DOLLARS = re.compile(r"\$([0-9]{1,3}(?:,[0-9]{3})*(?:\.[0-9]{2})?)")
ClassPlan = plans.Plan[HoldingClass]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wants a plan of: a kind, with money put in (+) or taken out (-)."""

    kind: Kind
    cash_flow: Decimal = Decimal(
        "0.00"
    )  # written as a form gives it: what is kept is compared as text


class NoTarget(Exception):
    """Nobody has said what the portfolio is meant to be."""


# -- What comes out ---------------------------------------------------------------------------------------


def plan_for(portfolio: Portfolio, now: Snapshot, wanted: Wanted) -> Result:
    """Raises NoTarget, or an EngineError whose text is a sentence in dollars (`in_currency` rewrites it)."""
    if now.target is None:
        raise NoTarget
    measured = measured_for(now, wanted)
    begun = start_of(measured, now.policy, cash_flow=wanted.cash_flow)
    plan = plan_from(begun, wanted.kind)
    orders = place(plan, now.owned, now.target, now.policy, switches=now.switches)
    return Result(
        kind=wanted.kind.value,
        currency=portfolio.currency,
        cash_flow=wanted.cash_flow,
        total=plan.total,
        drift_before=plan.drift_before,
        drift_after=plan.drift_after,
        drift_in_shares=drift_of(plan, orders, now.policy.band)
        if now.policy.whole_shares
        else None,
        cash_effect=plan.cash_effect,
        unplaced=plan.cash_left,
        classes=tuple(class_line(trade) for trade in plan.trades),
        orders=tuple(order_line(n, order) for n, order in enumerate(orders.orders, start=1)),
        left_out=tuple(left_out(skip, portfolio.currency) for skip in plan.skipped),
        accounts=account_lines(orders),
        untraded=tuple(Untraded(symbol=p.name, value=p.value) for p in orders.mixed),
        instead=instead_of_selling(begun, now, portfolio),
    )


def measured_for(now: Snapshot, wanted: Wanted) -> Drift:
    """Where nothing is owned yet, new cash alone can be planned with."""
    if now.drift is not None:
        return now.drift
    assert now.target is not None
    names, flow = names_of_classes(), wanted.cash_flow
    return measure(now.owned, now.target, now.policy, names, cash_flow=flow, switches=now.switches)


def class_line(trade: plans.Trade[HoldingClass]) -> ClassLine:
    return ClassLine(
        name=trade.name.value,
        label=trade.label,
        value=trade.line.value,
        target=trade.line.target,
        amount=trade.amount,
        before=trade.before,
        after=trade.after,
        effect=trade.effect,
        is_cash=trade.is_cash,
    )


def order_line(number: int, order: Order) -> OrderLine:
    account, position = order.account, order.position
    return OrderLine(
        number=number,
        name=order.name.value,
        label=order.label,
        account_id=account.id if account else "",
        account=account.name if account else "",
        position_id=position.id if position else "",
        symbol=position.name if position else "",
        amount=order.amount,
        shares=order.shares,
        gain=order.gain,
    )


def left_out(skip: plans.Skipped[HoldingClass], currency: str) -> LeftOut:
    return LeftOut(
        name=skip.name.value,
        label=skip.label,
        reason=skip.reason.value,
        amount=skip.amount,
        sentence=in_currency(skip.sentence, currency),
    )


def account_lines(orders: Orders) -> tuple[AccountLine, ...]:
    return tuple(
        AccountLine(
            id=cash.account.id if cash.account else "",
            name=cash.account.name if cash.account else "",
            before=cash.before,
            cash_flow=cash.cash_flow,
            sells=cash.sells,
            buys=cash.buys,
        )
        for cash in orders.accounts
    )


def drift_of(plan: ClassPlan, orders: Orders, band: Band) -> Decimal:
    """The drift that orders in whole shares end at; what they leave over counts as cash."""
    bought: dict[HoldingClass, Decimal] = {}
    for order in orders.orders:
        if order.name is not HoldingClass.CASH:
            bought[order.name] = bought.get(order.name, NOTHING) + order.amount
    rest = plan.cash_flow - sum(bought.values(), NOTHING)
    lines = []
    for trade in plan.trades:
        value = trade.line.value + bought.get(trade.name, NOTHING)
        if trade.is_cash:
            value, rest = max(NOTHING, value + rest), min(NOTHING, value + rest)
        lines.append(replace(trade.line, value=value, fixed=NOTHING))
    return measure_level(lines, band, rest).drift if plan.total else NOTHING


def instead_of_selling(begun: Start[HoldingClass], now: Snapshot, portfolio: Portfolio) -> Instead:
    found = deposits(begun.lines, now.policy.band)
    usual = portfolio.policy.usual_deposit or NOTHING
    to_target, into_band = found.to_target, found.into_band
    return Instead(
        to_target=to_target,
        into_band=into_band,
        usual=usual or None,
        months_to_target=None if to_target is None else months_of(to_target, usual),
        months_into_band=None if into_band is None else months_of(into_band, usual),
    )


def in_currency(sentence: str, currency: str) -> str:
    """A sentence of the engine, which says dollars, for a portfolio in another currency."""
    if currency == "USD":
        return sentence

    def rewritten(found: re.Match[str]) -> str:
        return money_text(Decimal(found.group(1).replace(",", "")), currency=currency)

    return DOLLARS.sub(rewritten, sentence)


# -- What went in -----------------------------------------------------------------------------------------


def inputs_for(portfolio: Portfolio, now: Snapshot) -> Inputs:
    """Two queries, for what the engine does not need to know."""
    assert now.target_row is not None  # there is no plan without
    return Inputs(
        as_of=now.today,
        value=now.value,
        method=methodology.DEFAULT_VERSION,
        counts_cash=now.switches.counts_cash,
        counts_excluded=now.switches.counts_excluded,
        accounts=tuple(
            AccountInput(id=a.id, name=a.name, tax=a.treatment.value, cash=a.cash)
            for a in now.owned.accounts
        ),
        positions=tuple(positions_for(portfolio, now)),
        rates=tuple(rates_for(portfolio)),
        target=target_input(now),
        policy=plain_values(portfolio.policy, POLICY_VALUES),
    )


def positions_for(portfolio: Portfolio, now: Snapshot) -> Iterable[PositionInput]:
    columns = ("security_id", "security__name", "security__currency", "security__price_source")
    rows = portfolio.holdings.kept().values_list("pk", *columns)
    more = {key: rest for key, *rest in rows}
    owned = {position.id: position for position in now.owned.positions}
    for row in now.held:
        position = owned[str(row.id)]
        security_id, name, currency, source = more[row.id]
        yield PositionInput(
            id=position.id,
            account_id=position.account,
            security_id=str(security_id),
            symbol=row.symbol,
            name=name,
            role=position.role.value,
            reason=position.reason,
            quantity=row.quantity,
            price=row.price,
            currency=currency,
            priced_on=row.priced_on,
            price_source=source,
            value=row.value,
            cost_basis=position.cost_basis,
            classes={held.value: percent for held, percent in position.classes.items()},
        )


def rates_for(portfolio: Portfolio) -> Iterable[RateInput]:
    rows = portfolio.rates.order_by("currency").values_list("currency", "rate", "typed_on")
    for currency, rate, typed_on in rows:
        yield RateInput(currency=currency, rate=rate, typed_on=typed_on)


def target_input(now: Snapshot) -> TargetInput:
    row, target = now.target_row, now.target
    assert row is not None
    assert target is not None
    return TargetInput(
        id=str(row.pk),
        percents={asset.value: percent for asset, percent in target.percents.items()},
        result=row.assessment.public_id if row.assessment else "",
        made_by=row.made_by,
        made_at=row.made_at,
    )
