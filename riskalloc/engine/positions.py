"""What a person owns: accounts with cash, positions in funds, and how much of it is of which class."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum

from riskalloc.engine.amounts import EngineError, check_cents
from riskalloc.engine.exact import EXACT, check_number, percent_of
from riskalloc.engine.holding_classes import HoldingClass

NOTHING, WHOLE = Decimal(0), Decimal(100)


class Treatment(StrEnum):
    TAXABLE = "taxable"
    TAX_DEFERRED = "tax_deferred"
    TAX_FREE = "tax_free"


class Role(StrEnum):
    """Tradable: in the base and in plans. Frozen: in the base, never traded. Excluded: in neither."""

    TRADABLE = "tradable"
    FROZEN = "frozen"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where positions are kept, and its cash in dollars of the base currency, to the cent."""

    id: str
    name: str
    treatment: Treatment = Treatment.TAXABLE
    cash: Decimal = NOTHING

    def __post_init__(self) -> None:
        check_number(self.cash)
        check_cents(self.cash)
        if self.cash < 0:
            raise EngineError(f"{self.name}: cash is not negative.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One holding. `value` in dollars and whole cents, `classes` its look-through weights in percent of it.

    What the weights lack to 100 is unclassified. `quantity` and `price` are None where only a value is
    known, `cost_basis` (dollars of all of it) where it was not typed. `reason` says why it is not
    tradable ("Locked until 3 May 2027").
    """

    id: str
    name: str
    account: str
    value: Decimal
    classes: Mapping[HoldingClass, Decimal]
    role: Role = Role.TRADABLE
    quantity: Decimal | None = None
    price: Decimal | None = None
    cost_basis: Decimal | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        optional = (self.quantity, self.price, self.cost_basis)
        for number in (self.value, *self.classes.values(), *optional):
            if number is not None:
                check_number(number)
                if number < 0:
                    raise EngineError(f"{self.name}: a number here is not negative.")
        check_cents(self.value)
        with localcontext(EXACT):
            if sum(self.classes.values()) > WHOLE:
                raise EngineError(f"{self.name}: its classes add up to more than 100%.")

    def look_through(self) -> dict[HoldingClass, Decimal]:
        """Percent of each class, exactly 100 in all: what is not known is unclassified."""
        if WHOLE in self.classes.values():
            return {held: share for held, share in self.classes.items() if share}
        with localcontext(EXACT):
            shares = {held: share for held, share in self.classes.items() if share}
            unknown = HoldingClass.UNCLASSIFIED
            rest = WHOLE - sum(shares.values())
            if rest:
                shares[unknown] = shares.get(unknown, NOTHING) + rest
        return shares


def role_on(day: date, role: Role, frozen_until: date | None) -> Role:
    """A holding that is frozen until a day is tradable from that day on."""
    is_over = role is Role.FROZEN and frozen_until is not None and day >= frozen_until
    return Role.TRADABLE if is_over else role


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """Everything that belongs together under one target."""

    accounts: tuple[Account, ...] = ()
    positions: tuple[Position, ...] = ()

    def __post_init__(self) -> None:
        accounts = [account.id for account in self.accounts]
        positions = [position.id for position in self.positions]
        for ids in (accounts, positions):
            if len(set(ids)) < len(ids):
                raise EngineError("Two things have the same id.")
        strangers = {position.account for position in self.positions} - set(accounts)
        if strangers:
            raise EngineError("A holding is in an account that is not here.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What drift is counted on. Dollars; `total` is holdings and cash that belong, before any cash flow.

    `cash` is the accounts' cash, in the total where `counts_cash`. `excluded` is what holdings with that
    role are worth, in the total where `counts_excluded` (they are never traded). `mixed` names the tradable
    positions that span rows or are not classified, and so are counted but not traded.
    """

    total: Decimal
    cash: Decimal
    counts_cash: bool
    excluded: Decimal
    counts_excluded: bool
    frozen: Decimal
    unclassified: Decimal
    excluded_ids: tuple[str, ...] = ()
    frozen_ids: tuple[str, ...] = ()
    mixed_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """What a person counts: the accounts' cash, and holdings that are usually left out."""

    counts_cash: bool = True
    counts_excluded: bool = False


USUAL = Switches()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Exact dollars of each class, and the part of them that no plan may sell, by class."""

    by_class: Mapping[HoldingClass, Decimal] = field(default_factory=dict)
    fixed: Mapping[HoldingClass, Decimal] = field(default_factory=dict)


def is_counted(position: Position, switches: Switches = USUAL) -> bool:
    return position.role is not Role.EXCLUDED or switches.counts_excluded


def tally(portfolio: Portfolio, tradable: frozenset[str], switches: Switches = USUAL) -> Tally:
    """Add up what is counted; everything that is not `tradable` (ids of positions) is fixed."""
    held: dict[HoldingClass, Decimal] = defaultdict(Decimal)
    fixed: dict[HoldingClass, Decimal] = defaultdict(Decimal)
    with localcontext(EXACT):
        if switches.counts_cash:
            for account in portfolio.accounts:
                held[HoldingClass.CASH] += account.cash
        for position in portfolio.positions:
            if is_counted(position, switches):
                for name, share in position.look_through().items():
                    part = position.value if share == WHOLE else percent_of(share, position.value)
                    held[name] += part
                    if position.id not in tradable:
                        fixed[name] += part
    return Tally(by_class=held, fixed=fixed)


def base_of(
    portfolio: Portfolio, counted: Tally, mixed_ids: tuple[str, ...], switches: Switches = USUAL
) -> Base:
    excluded = [p for p in portfolio.positions if p.role is Role.EXCLUDED]
    frozen = [p for p in portfolio.positions if p.role is Role.FROZEN]
    with localcontext(EXACT):
        return Base(
            total=sum(counted.by_class.values(), NOTHING),
            cash=sum((account.cash for account in portfolio.accounts), NOTHING),
            counts_cash=switches.counts_cash,
            excluded=sum((p.value for p in excluded), NOTHING),
            counts_excluded=switches.counts_excluded,
            frozen=sum((p.value for p in frozen), NOTHING),
            unclassified=counted.by_class.get(HoldingClass.UNCLASSIFIED, NOTHING),
            excluded_ids=tuple(p.id for p in excluded),
            frozen_ids=tuple(p.id for p in frozen),
            mixed_ids=mixed_ids,
        )
