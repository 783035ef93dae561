"""Orders in securities, and what they leave in each account."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from riskalloc.engine.amounts import dollars, plain
from riskalloc.engine.exact import cents, decimal_of, whole_numbers
from riskalloc.engine.holding_classes import HoldingClass
from riskalloc.engine.positions import Account, Position, Treatment

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to do in one account: dollars bought (+) or sold (-), and shares where they are known.

    `position` is None where a fund is still to be chosen. `gain` is the estimated gain (+) or loss (-) of
    a sale in a taxable account with a known cost basis, at average cost.
    """

    name: HoldingClass
    label: str
    account: Account | None
    position: Position | None
    amount: Decimal
    shares: Decimal | None = None
    gain: Decimal | None = None

    @property
    def sentence(self) -> str:
        verb = "Buy" if self.amount > 0 else "Sell"
        where = f" in {self.account.name}" if self.account else ""
        if self.position is None:
            return f"{verb} {dollars(self.amount)} of {self.label}{where}: choose a fund."
        what = self.position.name
        counted = f"{plain(abs(self.shares))} {what}, " if self.shares is not None else f"{what}, "
        said = f"{verb} {counted}{dollars(abs(self.amount))}{where}."
        if self.gain is None:
            return said
        kind = "gain" if self.gain >= 0 else "loss"
        return f"{said} Taxable account: {kind} about {dollars(abs(self.gain))}."


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCash:
    """The cash of one account: before + added - taken + sells - buys = left - needed, to the cent.

    `needed` has to come from another account. `account` is None for what has no account yet.
    """

    account: Account | None
    before: Decimal
    cash_flow: Decimal
    sells: Decimal
    buys: Decimal

    @property
    def balance(self) -> Decimal:
        return self.before + self.cash_flow + self.sells - self.buys

    @property
    def left(self) -> Decimal:
        return max(NOTHING, self.balance)

    @property
    def needed(self) -> Decimal:
        return max(NOTHING, -self.balance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """All orders, sells first, and the cash of every account. `mixed` span classes and are not traded.

    The orders and the change of all cash add up: sum of balances = cash before + cash flow - orders.
    """

    orders: tuple[Order, ...]
    accounts: tuple[AccountCash, ...]
    mixed: tuple[Position, ...]

    @property
    def sells(self) -> Decimal:
        return sum((-order.amount for order in self.orders if order.amount < 0), NOTHING)

    @property
    def buys(self) -> Decimal:
        return sum((order.amount for order in self.orders if order.amount > 0), NOTHING)

    @property
    def cash_left(self) -> Decimal:
        return sum((account.balance for account in self.accounts), NOTHING)


def order(
    name: HoldingClass,
    label: str,
    account: Account | None,
    position: Position | None,
    amount: int,
    shares: Decimal | None = None,
) -> Order:
    """An order of so many cents, with its shares and its gain worked out where they are known."""
    if position is None:
        return Order(
            name=name, label=label, account=account, position=None, amount=decimal_of(amount, 2)
        )
    is_all = -amount == cents(position.value)
    if shares is None and position.quantity is not None and position.price:
        shares = -position.quantity if is_all else shares_worth(amount, position.price)
    return Order(
        name=name,
        label=label,
        account=account,
        position=position,
        amount=decimal_of(amount, 2),
        shares=shares,
        gain=gain_of(amount, position, account),
    )


def shares_worth(amount: int, price: Decimal) -> Decimal:
    """Shares for so many cents, cut off after 4 decimals."""
    (money, each), _ = whole_numbers([decimal_of(amount, 2), price])
    size = abs(money) * 10**4 // each
    return decimal_of(size if amount >= 0 else -size, 4)


def gain_of(amount: int, position: Position, account: Account | None) -> Decimal | None:
    """Gain of a sale at average cost, half up to the cent; None where it is not taxed or not known."""
    is_taxable = account is not None and account.treatment is Treatment.TAXABLE
    if amount >= 0 or not is_taxable or position.cost_basis is None or not position.value:
        return None
    value, basis = cents(position.value), cents(position.cost_basis)
    cost = (2 * -amount * basis + value) // (2 * value)
    return decimal_of(-amount - cost, 2)


def balances(
    cash: Mapping[str, int], orders: Iterable[Order], flows: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Cents of each account after its orders; those without an account are left out."""
    found = {account: amount + (flows or {}).get(account, 0) for account, amount in cash.items()}
    for each in orders:
        if each.account is not None:
            found[each.account.id] -= cents(each.amount)
    return found
