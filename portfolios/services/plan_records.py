"""A plan as it is shown, kept and downloaded: one typed value, so that they cannot differ; and its JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from hashlib import sha256
from typing import Any

from cattrs import Converter

from portfolios.models import Plan

# What the JSON columns look like. A changed shape is a new number, and the old ones stay readable.
PLAN_FORMAT = 1
NOTHING = Decimal(0)


# -- What came out ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassLine:
    """What is done with a class: bought (+) or sold (-); weights, target and effect in percent and points."""

    name: str
    label: str
    value: Decimal
    target: Decimal
    amount: Decimal
    before: Decimal
    after: Decimal
    effect: Decimal
    is_cash: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """What to do in an account. Without a position a fund is still to be chosen; marks name it by number."""

    number: int
    name: str
    label: str
    account_id: str
    account: str
    position_id: str
    symbol: str
    amount: Decimal
    shares: Decimal | None
    gain: Decimal | None

    @property
    def key(self) -> tuple[str, str, str]:
        """The same line of another plan."""
        return self.name, self.account_id, self.position_id


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What bound a class, with the trade left out or what the target still lacks."""

    name: str
    label: str
    reason: str
    amount: Decimal
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """The cash of an account: before + cash_flow + sells - buys = balance."""

    id: str
    name: str
    before: Decimal
    cash_flow: Decimal
    sells: Decimal
    buys: Decimal

    @property
    def balance(self) -> Decimal:
        return self.before + self.cash_flow + self.sells - self.buys

    @property
    def needed(self) -> Decimal:
        """What has to come from another account."""
        return max(NOTHING, -self.balance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Untraded:
    """A holding that spans classes: it is counted, and stays."""

    symbol: str
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead:
    """Deposits with which nothing need be sold; None where none will do. Months are of the usual deposit."""

    to_target: Decimal | None
    into_band: Decimal | None
    usual: Decimal | None
    months_to_target: int | None
    months_into_band: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Everything that a page says about a plan. `drift_in_shares` is None where shares are divided."""

    kind: str
    currency: str
    cash_flow: Decimal
    total: Decimal
    drift_before: Decimal | None
    drift_after: Decimal
    drift_in_shares: Decimal | None
    cash_effect: Decimal
    unplaced: Decimal
    classes: tuple[ClassLine, ...]
    orders: tuple[OrderLine, ...]
    left_out: tuple[LeftOut, ...]
    accounts: tuple[AccountLine, ...]
    untraded: tuple[Untraded, ...]
    instead: Instead

    @property
    def made(self) -> tuple[ClassLine, ...]:
        return tuple(line for line in self.classes if line.amount)

    @property
    def sells(self) -> Decimal:
        return sum((-order.amount for order in self.orders if order.amount < 0), NOTHING)

    @property
    def buys(self) -> Decimal:
        return sum((order.amount for order in self.orders if order.amount > 0), NOTHING)

    @property
    def put_in(self) -> Decimal:
        return max(NOTHING, self.cash_flow)

    @property
    def taken_out(self) -> Decimal:
        return max(NOTHING, -self.cash_flow)

    @property
    def cash_change(self) -> Decimal:
        """What is in all accounts afterwards, less what was: sells + cash flow - buys."""
        return self.sells + self.cash_flow - self.buys

    @property
    def cash_used(self) -> Decimal:
        return max(NOTHING, -self.cash_change)

    @property
    def cash_left(self) -> Decimal:
        return max(NOTHING, self.cash_change)


# -- What went in -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountInput:
    id: str
    name: str
    tax: str
    cash: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionInput:
    """A holding with its price. `value` and `cost_basis` are in the portfolio's currency."""

    id: str
    account_id: str
    security_id: str
    symbol: str
    name: str
    role: str
    reason: str
    quantity: Decimal | None
    price: Decimal | None
    currency: str
    priced_on: date | None
    price_source: str
    value: Decimal
    cost_basis: Decimal | None
    classes: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateInput:
    currency: str
    rate: Decimal
    typed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetInput:
    """`result` is the address of the assessment that it comes from; empty where it was typed."""

    id: str
    percents: Mapping[str, Decimal]
    result: str
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """All that a plan was calculated from. `value` is what was counted, before any new cash."""

    as_of: date
    value: Decimal
    method: str
    counts_cash: bool
    counts_excluded: bool
    accounts: tuple[AccountInput, ...]
    positions: tuple[PositionInput, ...]
    rates: tuple[RateInput, ...]
    target: TargetInput
    policy: Mapping[str, Any]


# -- As JSON ----------------------------------------------------------------------------------------------


def as_json(record: Result | Inputs) -> dict[str, Any]:
    found: dict[str, Any] = _converter().unstructure(record)
    return found


def result_of(plan: Plan) -> Result:
    """What was calculated then, read back bit for bit."""
    return _converter().structure(plan.result, Result)


def inputs_of(plan: Plan) -> Inputs:
    return _converter().structure(plan.inputs, Inputs)


def digest_of(result: Result) -> str:
    """The same for two plans that say the same."""
    text = json.dumps(as_json(result), sort_keys=True)
    return sha256(text.encode()).hexdigest()


@cache
def _converter() -> Converter:
    """Decimals travel as text, so that no digit is lost; unknown keys are refused."""
    converter = Converter(forbid_extra_keys=True)
    converter.register_unstructure_hook(Decimal, str)
    converter.register_structure_hook(Decimal, lambda text, _: Decimal(text))
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    converter.register_unstructure_hook(datetime, datetime.isoformat)
    converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
    return converter
