"""What an invented portfolio is made of. Numbers are text; days count back from today."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from portfolios.models import HoldingRole, Kind, Tax


class Fund(NamedTuple):
    """A security with its price. Without a name and classes it is one of the built-in list."""

    symbol: str
    price: str = ""
    name: str = ""
    classes: Mapping[str, int] = {}  # percent
    priced_days_ago: int = 1


class Held(NamedTuple):
    """So many units, or a `value` that was typed."""

    symbol: str
    quantity: str = ""
    value: str = ""
    cost: str = ""
    bought_days_ago: int = 0  # nought: nobody knows any more, or at different times
    role: HoldingRole = HoldingRole.TRADABLE
    frozen_for_days: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    name: str
    kind: Kind = Kind.BROKERAGE
    tax: Tax = Tax.TAXABLE
    cash: str = "0"
    currency: str = "USD"
    left_out_because: str = ""  # of the portfolio's base
    holdings: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPortfolio:
    """`owner` is the client's address. The target follows their answers, unless it was typed."""

    owner: str
    accounts: tuple[DemoAccount, ...]
    name: str = "Retirement"
    rates: Mapping[str, str] = field(default_factory=dict)
    typed_target: Mapping[str, str] = field(default_factory=dict)
    ignores_latest_answers: bool = False
    usual_deposit: str = ""
    has_saved_plan: bool = False
    put_in: str = "0.12"  # how much of it came in during the two years, as a part of all
