"""What a plan is: trades that add up, what was left out and why, and their sentences."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Generic

from riskalloc.engine.amounts import dollars, plain
from riskalloc.engine.levels import Line, Name

NOTHING = Decimal(0)


class Kind(StrEnum):
    """Every class to its target; new cash first, without an opposite trade; the smallest sale into band."""

    FULL = "full"
    CASH_FLOW = "cash_flow"
    INTO_BAND = "into_band"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade(Generic[Name]):
    """What a plan does with one class: dollars bought (+) or sold (-), 0 where nothing.

    `before` and `after` are weights in percent of the total as they are printed. `effect` is the points
    that the trade takes off the drift (negative where it adds some), as printed: together with the plan's
    `cash_effect` they add up to the printed drift before less the printed drift after.
    """

    line: Line[Name]
    amount: Decimal
    before: Decimal
    after: Decimal
    effect: Decimal
    is_cash: bool = False

    @property
    def name(self) -> Name:
        return self.line.name

    @property
    def label(self) -> str:
        return self.line.label

    @property
    def sentence(self) -> str:
        amount = dollars(abs(self.amount))
        if self.is_cash:
            what = f"Keep {amount} more in" if self.amount > 0 else f"Use {amount} of"
        else:
            what = f"Buy {amount} of" if self.amount > 0 else f"Sell {amount} of"
        if not (self.before or self.after):  # of a total of 0 there are no weights
            return f"{what} {self.label}."
        moved = f"{what} {self.label}: {plain(self.before)}% → {plain(self.after)}%"
        return f"{moved}{effect_said(self.effect)}."


class Reason(StrEnum):
    """Why a class does not trade, or not as far as its target."""

    MINIMUM = "minimum"
    LOCKED = "locked"
    FIXED = "fixed"
    CASH_TO_KEEP = "cash_to_keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped(Generic[Name]):
    """A class that something bound; `amount` is the trade left out, or what the target still lacks."""

    name: Name
    label: str
    reason: Reason
    amount: Decimal
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Generic[Name]):
    """Trades of every line, in order, that add up to `cash_flow` - `cash_left` to the cent.

    Dollars; drift in points, cut off after 12 decimals, and None before where the total is 0. `turnover` is
    all sells, or all buys where new money comes in.
    """

    kind: Kind
    cash_flow: Decimal
    total: Decimal
    trades: tuple[Trade[Name], ...]
    skipped: tuple[Skipped[Name], ...]
    cash_left: Decimal
    drift_before: Decimal | None
    drift_after: Decimal
    cash_effect: Decimal
    turnover: Decimal

    @property
    def made(self) -> tuple[Trade[Name], ...]:
        """The trades that are not 0."""
        return tuple(trade for trade in self.trades if trade.amount)

    @property
    def dropped(self) -> tuple[Skipped[Name], ...]:
        """The trades under the minimum, in the order of the lines."""
        return tuple(skip for skip in self.skipped if skip.reason is Reason.MINIMUM)

    @property
    def sells(self) -> Decimal:
        return sum((-trade.amount for trade in self.trades if trade.amount < 0), NOTHING)

    @property
    def buys(self) -> Decimal:
        return sum((trade.amount for trade in self.trades if trade.amount > 0), NOTHING)

    @property
    def sentences(self) -> tuple[str, ...]:
        made = [trade.sentence for trade in self.made]
        why = [skip.sentence for skip in self.skipped]
        return (*cash_sentence(self), *made, *why, *left_sentence(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a plan keeps to. Dollars in whole cents; `locked` and `cash` are names of lines.

    `minimum_trade` does not hold for the line `cash`, which is what is left where the others trade;
    `cash_to_keep` is never spent, and filled up from new money only.
    """

    minimum_trade: Decimal = NOTHING
    locked: Collection[str] = ()
    cash: str | None = None
    cash_to_keep: Decimal = NOTHING


NO_LIMITS = Limits()


def effect_said(effect: Decimal) -> str:
    if not effect:
        return ""
    return f", which {'takes off' if effect > 0 else 'adds'} {points(effect)} of drift"


def cash_sentence(plan: Plan[Name]) -> tuple[str, ...]:
    """What the cash flow alone does to the drift, where it was pending before."""
    moved = abs(plan.cash_flow) - abs(plan.cash_left)
    if not plan.cash_effect or moved <= 0:
        return ()
    what = "of new money finds its place" if plan.cash_flow > 0 else "is raised"
    return (f"{dollars(moved)} {what}{effect_said(plan.cash_effect)}.",)


def left_sentence(plan: Plan[Name]) -> tuple[str, ...]:
    if not plan.cash_left:
        return ()
    amount = dollars(abs(plan.cash_left))
    if plan.cash_left > 0:
        return (f"{amount} stays in cash.",)
    return (f"{amount} of what is to be taken out is not raised.",)


def points(number: Decimal) -> str:
    size = abs(number)
    return "1 point" if size == 1 else f"{plain(size)} points"
