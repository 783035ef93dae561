"""Orders in whole shares: rounded so that nothing is overspent, then one at a time to where it helps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from riskalloc.engine.exact import EXACT, ceiling_of, cents, whole_numbers
from riskalloc.engine.holding_classes import HoldingClass
from riskalloc.engine.orders import Order, balances, order
from riskalloc.engine.plans import Plan
from riskalloc.engine.triggers import Policy


def in_whole_shares(raw: Order) -> Order:
    """Sales rounded up (at most what is held), purchases down; as it is where no price is known."""
    position = raw.position
    if raw.shares is None or position is None or position.quantity is None:
        return raw
    assert position.price is not None
    (money, each), _ = whole_numbers([abs(raw.amount), position.price])
    if raw.amount > 0:
        return with_shares(raw, Decimal(money // each))
    return with_shares(raw, -min(position.quantity, Decimal(ceiling_of(money, each))))


def with_shares(raw: Order, shares: Decimal) -> Order:
    """The same order for another number of shares; all of them are worth the whole position."""
    position = raw.position
    assert position is not None
    assert position.price is not None
    is_all = shares < 0 and -shares == position.quantity
    worth = cents(EXACT.multiply(shares, position.price))
    amount = max(worth, -cents(position.value)) if not is_all else -cents(position.value)
    return order(raw.name, raw.label, raw.account, position, amount, shares)


def improved(
    orders: Sequence[Order], plan: Plan[HoldingClass], policy: Policy, cash: Mapping[str, int]
) -> list[Order]:
    """One share more bought, or one less sold, where it brings the deviations down most for each dollar.

    At most one share for each order, which is what rounding took; only with cash that is in the account,
    and that no other account lacks.
    Ties: the larger fall, the lower price, the name.
    """
    found, rounded = list(orders), set(range(len(orders)))
    while True:
        balance, gaps = balances(cash, found), Gaps.after(found, plan)
        choices = [
            (choice.merit, i, choice.order)
            for i in rounded
            if (choice := better(found[i], balance, gaps))
            and sum(balance.values()) - choice.cost >= cents(policy.cash_to_keep)
        ]
        if not choices:
            return found
        _, i, found[i] = min(choices, key=lambda choice: choice[:2])
        rounded.remove(i)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """How far each class and cash stand from their targets, in cents x whole."""

    rows: Mapping[HoldingClass, int]
    whole: int

    @classmethod
    def after(cls, orders: Iterable[Order], plan: Plan[HoldingClass]) -> "Gaps":
        (whole, *targets), _ = whole_numbers(
            [Decimal(100), *(trade.line.target for trade in plan.trades)]
        )
        values = {trade.name: cents(trade.line.value) for trade in plan.trades}
        cash = values.get(HoldingClass.CASH, 0) + cents(plan.cash_flow)
        for each in orders:
            if each.name is not HoldingClass.CASH:
                values[each.name] += cents(each.amount)
                cash -= cents(each.amount)
        values[HoldingClass.CASH] = cash
        goals = {
            trade.name: target * cents(plan.total)
            for trade, target in zip(plan.trades, targets, strict=True)
        }
        rows = {name: value * whole - goals.get(name, 0) for name, value in values.items()}
        return cls(rows=rows, whole=whole)

    def fall(self, name: HoldingClass, cost: int) -> int:
        """How far the sum of deviations comes down where so many cents go from cash into a class."""
        if name is HoldingClass.CASH:
            return 0
        own, cash, moved = self.rows[name], self.rows[HoldingClass.CASH], cost * self.whole
        return abs(own) - abs(own + moved) + abs(cash) - abs(cash - moved)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    order: Order
    cost: int
    merit: tuple[Fraction, int, int, str]


def better(each: Order, balance: Mapping[str, int], gaps: Gaps) -> Choice | None:
    """The order with one share more, where that helps and its account can pay for it."""
    position = each.position
    if each.shares is None or each.account is None or position is None or not position.price:
        return None
    more = with_shares(each, each.shares + 1)
    cost = cents(more.amount) - cents(each.amount)
    fall = gaps.fall(each.name, cost)
    if fall <= 0 or not 0 < cost <= balance[each.account.id]:
        return None
    merit = (-Fraction(fall, cost), -fall, cost, position.name)
    return Choice(order=more, cost=cost, merit=merit)
