"""Lines and cash to a Plan: what to trade, by one of three closed forms, and what it does to the drift."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Generic

from riskalloc.engine.amounts import check_cents, dollars, half_up
from riskalloc.engine.bands import FIVE_25, Band, parts_of
from riskalloc.engine.closed_forms import Class, NoPlan, Sheet, flow, full, into_band
from riskalloc.engine.drift import Drift
from riskalloc.engine.exact import (
    ceiling_of,
    cents,
    check_number,
    decimal_of,
    quotient,
    round_to_sum,
    units,
    whole_numbers,
)
from riskalloc.engine.holding_classes import HoldingClass
from riskalloc.engine.levels import Line, Name, check_parts, printed_weights
from riskalloc.engine.plans import NO_LIMITS, Kind, Limits, Plan, Reason, Skipped, Trade
from riskalloc.engine.triggers import Policy

NOTHING = Decimal(0)


FORMS: Mapping[Kind, Callable[[Sheet], list[int]]] = {
    Kind.FULL: full,
    Kind.CASH_FLOW: flow,
    Kind.INTO_BAND: into_band,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Start(Generic[Name]):
    """What every kind of plan starts from, worked out once: whole numbers, weights, and the drift."""

    lines: tuple[Line[Name], ...]
    limits: Limits
    sheet: Sheet
    weights: tuple[Decimal, ...]
    distances: tuple[int, ...]

    @property
    def spread(self) -> int:
        return spread(self.distances, self.sheet.cash_flow, self.sheet)


def start(
    lines: Sequence[Line[Name]],
    *,
    cash_flow: Decimal = NOTHING,
    band: Band = FIVE_25,
    limits: Limits = NO_LIMITS,
) -> Start[Name]:
    """Lines whose targets add up to 100, and a deposit (+) or withdrawal (-) in whole cents.

    Values are rounded half up to the cent.
    """
    for amount in (cash_flow, limits.minimum_trade, limits.cash_to_keep):
        check_number(amount)
        check_cents(amount)
    sheet = sheet_of(lines, band, cash_flow, limits)
    values = [line.value for line in sheet.lines]
    return Start(
        lines=tuple(lines),
        limits=limits,
        sheet=sheet,
        weights=tuple(printed_weights(values, sheet.total)),
        distances=tuple(distances_of(sheet, values)),
    )


def start_of(
    drift: Drift,
    policy: Policy,
    *,
    cash_flow: Decimal | None = None,
    locked: Collection[HoldingClass] = (),
) -> Start[HoldingClass]:
    """What a portfolio's plans start from: its asset classes, its policy, the pending cash unless given."""
    limits = Limits(
        minimum_trade=policy.minimum_trade,
        locked=locked,
        cash=HoldingClass.CASH,
        cash_to_keep=policy.cash_to_keep,
    )
    return start(
        lines_in_cents(drift.classes.lines),
        cash_flow=drift.classes.cash_flow if cash_flow is None else cash_flow,
        band=policy.band,
        limits=limits,
    )


def plan_from(begun: Start[Name], kind: Kind) -> Plan[Name]:
    """The plan of a kind. NoPlan, with the reason, where there is none.

    There is none where more is taken out than may be sold, or nothing that may be bought has a target.
    """
    check_possible(begun.sheet, kind)
    amounts, dropped = solve(begun, kind)
    return _plan(begun, kind, amounts, dropped)


def rebalance(
    lines: Sequence[Line[Name]],
    kind: Kind,
    *,
    cash_flow: Decimal = NOTHING,
    band: Band = FIVE_25,
    limits: Limits = NO_LIMITS,
) -> Plan[Name]:
    """One plan: `start` and `plan_from` in one."""
    return plan_from(start(lines, cash_flow=cash_flow, band=band, limits=limits), kind)


def lines_in_cents(lines: Sequence[Line[Name]]) -> tuple[Line[Name], ...]:
    """The same lines in whole cents that add up to the whole, rounded half up, by largest remainder.

    For values that come from look-through weights. What is fixed is rounded up, so that what may be sold
    is never more than there is.
    """
    values, places = whole_numbers([line.value for line in lines])
    if places <= 2:
        return tuple(lines)
    scale = units(Decimal(1), places - 2)
    total = (2 * sum(values) + scale) // (2 * scale)
    return tuple(
        replace(
            line,
            value=(value := decimal_of(number, 2)),
            fixed=min(value, decimal_of(cents_up(line.fixed), 2)),
        )
        for line, number in zip(lines, round_to_sum(values, scale, total), strict=True)
    )


def cents_up(value: Decimal) -> int:
    (number,), places = whole_numbers([value])
    if places <= 2:
        return units(value, 2)
    return ceiling_of(number, units(Decimal(1), places - 2))


# -- In whole numbers ---------------------------------------------------------------------------------------


def sheet_of(lines: Sequence[Line[Name]], band: Band, cash_flow: Decimal, limits: Limits) -> Sheet:
    parts = parts_of([line.target for line in lines], band)
    check_parts(parts)
    flow_cents = cents(cash_flow)
    values = [cents(line.value) for line in lines]
    classes = tuple(
        Class(
            value=value,
            target=parts.targets[i],
            floor=floor_of(line, value, flow_cents, limits),
            low=parts.low(i),
            high=parts.high(i),
            is_locked=line.name in limits.locked,
        )
        for i, (line, value) in enumerate(zip(lines, values, strict=True))
    )
    return Sheet(lines=classes, held=sum(values), cash_flow=flow_cents, whole=parts.whole)


def floor_of(line: Line[Name], value: int, cash_flow: int, limits: Limits) -> int:
    floor = min(value, cents(line.fixed)) if line.fixed else 0
    if line.name == limits.cash and limits.cash_to_keep:
        return max(floor, min(cents(limits.cash_to_keep), value + max(0, cash_flow)))
    return floor


def check_possible(sheet: Sheet, kind: Kind) -> None:
    """NoPlan where no plan of this kind can be."""
    flow_cents, sellable = sheet.cash_flow, sheet.sellable
    if sheet.total < 0:
        taken, held = dollars(decimal_of(-flow_cents, 2)), dollars(decimal_of(sheet.held, 2))
        raise NoPlan(f"There is {held}, and {taken} is to be taken out. Take out at most {held}.")
    if -flow_cents > sellable:
        taken, most = dollars(decimal_of(-flow_cents, 2)), dollars(decimal_of(sellable, 2))
        raise NoPlan(f"Only {most} may be sold, and {taken} is to be taken out. Unlock something.")
    if not sheet.has_buyer and (flow_cents >= 0 or is_left_over(sheet, kind)):
        raise NoPlan("Nothing that may be bought has a target. Unlock a class that has one.")


def is_left_over(sheet: Sheet, kind: Kind) -> bool:
    """Whether a plan would sell more than is taken out, with nothing to buy for the rest."""
    to_sell = 0
    if kind is Kind.FULL:
        to_sell = sum(line.sellable for line in sheet.lines if not line.target)
    elif kind is Kind.INTO_BAND:
        to_sell = sum(over_edge(line, sheet) for line in sheet.lines)
    return to_sell > -sheet.cash_flow


def over_edge(line: Class, sheet: Sheet) -> int:
    """Cents, rounded up, that stand over the upper edge of a band and may be sold."""
    if line.high is None:
        return 0
    over = ceiling_of(line.value * sheet.whole - line.high * sheet.total, sheet.whole)
    return min(max(0, over), line.sellable)


def solve(begun: Start[Name], kind: Kind) -> tuple[list[int], dict[int, int]]:
    """Cents of each trade, and of those that were dropped: the smallest under the minimum, one at a time."""
    sheet, lines, limits = begun.sheet, begun.lines, begun.limits
    minimum = cents(limits.minimum_trade)
    dropped: dict[int, int] = {}
    while True:
        amounts = FORMS[kind](sheet)
        small = [
            (abs(amount), -i)
            for i, amount in enumerate(amounts)
            if 0 < abs(amount) < minimum and lines[i].name != limits.cash
        ]
        if not small:
            return amounts, dropped
        index = -min(small)[1]
        dropped[index] = amounts[index]
        sheet = without(sheet, index)


def without(sheet: Sheet, index: int) -> Sheet:
    locked = replace(sheet.lines[index], is_locked=True)
    return replace(sheet, lines=(*sheet.lines[:index], locked, *sheet.lines[index + 1 :]))


# -- As a plan ----------------------------------------------------------------------------------------------


def _plan(
    begun: Start[Name], kind: Kind, amounts: Sequence[int], dropped: Mapping[int, int]
) -> Plan[Name]:
    sheet = begun.sheet
    after = [line.value + amount for line, amount in zip(sheet.lines, amounts, strict=True)]
    left = sheet.cash_flow - sum(amounts)
    distances = distances_of(sheet, after)
    scale = 2 * sheet.total * sheet.whole
    effects = effects_of(begun, distances, amounts, left)
    is_deposit = sheet.cash_flow > 0
    turned_over = sum(abs(amount) for amount in amounts if amount and (amount > 0) is is_deposit)
    rows = zip(
        begun.lines,
        amounts,
        begun.weights,
        printed_weights(after, sheet.total),
        effects[1:],
        strict=True,
    )
    return Plan(
        kind=kind,
        cash_flow=decimal_of(sheet.cash_flow, 2),
        total=decimal_of(sheet.total, 2),
        trades=tuple(
            Trade(
                line=line,
                amount=decimal_of(amount, 2),
                before=was,
                after=now,
                effect=effect,
                is_cash=line.name == begun.limits.cash,
            )
            for line, amount, was, now, effect in rows
        ),
        skipped=skipped(begun, amounts, dropped),
        cash_left=decimal_of(left, 2),
        drift_before=quotient(100 * begun.spread, scale) if scale else None,
        drift_after=quotient(100 * spread(distances, left, sheet), scale) if scale else NOTHING,
        cash_effect=effects[0],
        turnover=decimal_of(turned_over, 2),
    )


def distances_of(sheet: Sheet, values: Sequence[int]) -> list[int]:
    """Distance of each class from its target without sign, in cents x whole."""
    whole, total = sheet.whole, sheet.total
    return [
        abs(value * whole - line.target * total)
        for value, line in zip(values, sheet.lines, strict=True)
    ]


def spread(distances: Sequence[int], cash: int, sheet: Sheet) -> int:
    """Twice the drift: what has no place yet, or is still to be raised, counts as a row without a target."""
    return sum(distances) + abs(cash) * sheet.whole


def effects_of(
    begun: Start[Name], distances: Sequence[int], amounts: Sequence[int], left: int
) -> list[Decimal]:
    """Points off the drift, of the cash flow first and then of each line, with two decimals."""
    sheet = begun.sheet
    scale = 2 * sheet.total * sheet.whole
    if not scale:
        return [NOTHING] * (len(distances) + 1)
    falls = [(abs(sheet.cash_flow) - abs(left)) * sheet.whole]
    falls += [was - now for was, now in zip(begun.distances, distances, strict=True)]
    was = half_up(quotient(100 * begun.spread, scale), 2)
    now = half_up(quotient(100 * spread(distances, left, sheet), scale), 2)
    moved = [n for n, fall in enumerate(falls) if fall or (n and amounts[n - 1])]
    shares = round_to_sum([10_000 * falls[n] for n in moved], scale, int((was - now) * 100))
    effects = [NOTHING] * len(falls)
    for n, hundredths in zip(moved, shares, strict=True):
        effects[n] = decimal_of(hundredths, 2)
    return effects


# -- What was left out, and why ---------------------------------------------------------------------------


def skipped(
    begun: Start[Name], amounts: Sequence[int], dropped: Mapping[int, int]
) -> tuple[Skipped[Name], ...]:
    """Every minimum, lock and floor that bound, in the order of the lines."""
    limits = begun.limits
    found = []
    for i, line in enumerate(begun.lines):
        bound = bound_by(i, begun, amounts[i], dropped)
        if bound is not None:
            reason, amount = bound
            sentence = WHY[reason].format(
                label=line.label,
                amount=dollars(abs(amount)),
                minimum=dollars(limits.minimum_trade),
                keep=dollars(limits.cash_to_keep),
                side="buy" if amount > 0 else "sale",
            )
            found.append(
                Skipped(
                    name=line.name,
                    label=line.label,
                    reason=reason,
                    amount=amount,
                    sentence=sentence,
                )
            )
    return tuple(found)


WHY = {
    Reason.MINIMUM: "{label}: a {side} of {amount} is left out; your smallest trade is {minimum}.",
    Reason.LOCKED: "{label}: locked, so it stays {amount} away from its target.",
    Reason.FIXED: "{label}: {amount} over its target stays, because it cannot be sold.",
    Reason.CASH_TO_KEEP: "{label}: {amount} over its target stays; you keep {keep} in cash.",
}


def bound_by(
    index: int, begun: Start[Name], amount: int, dropped: Mapping[int, int]
) -> tuple[Reason, Decimal] | None:
    """What held a line back, and the dollars of it."""
    if index in dropped:
        return Reason.MINIMUM, decimal_of(dropped[index], 2)
    row, sheet = begun.sheet.lines[index], begun.sheet
    after = row.value + amount
    goal = (2 * row.target * sheet.total + sheet.whole) // (2 * sheet.whole)
    if row.is_locked and goal != after:
        return Reason.LOCKED, decimal_of(goal - after, 2)
    if row.floor and after <= row.floor and after > goal:
        line = begun.lines[index]
        is_kept = line.name == begun.limits.cash and after > cents(line.fixed)
        return (
            Reason.CASH_TO_KEEP if is_kept else Reason.FIXED,
            decimal_of(goal - after, 2),
        )
    return None
