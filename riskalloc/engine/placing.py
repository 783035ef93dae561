"""From classes to securities and accounts, until a plan of the whole household exists.

Sales come from the tradable holdings that lie wholly in a class, largest first; purchases go into the
largest of them, else the person chooses a fund. Cash never crosses accounts by itself: what an account
lacks is said.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from riskalloc.engine.drift import Target, is_tradable, row_of
from riskalloc.engine.exact import cents, decimal_of
from riskalloc.engine.holding_classes import HoldingClass
from riskalloc.engine.order_shares import improved, in_whole_shares
from riskalloc.engine.orders import AccountCash, Order, Orders, balances, order
from riskalloc.engine.plans import Plan, Trade
from riskalloc.engine.positions import USUAL, Account, Portfolio, Position, Role, Switches
from riskalloc.engine.triggers import Policy

NOTHING = Decimal(0)


def place(
    plan: Plan[HoldingClass],
    portfolio: Portfolio,
    target: Target,
    policy: Policy,
    *,
    switches: Switches = USUAL,
) -> Orders:
    """The orders that carry out a plan of this portfolio, made for the same target and by the same policy."""
    holdings, mixed = tradable_by_row(portfolio, target)
    cash = {a.id: cents(a.cash) if switches.counts_cash else 0 for a in portfolio.accounts}
    accounts = {account.id: account for account in portfolio.accounts}
    trades = [trade for trade in plan.made if not trade.is_cash]
    orders = [
        order
        for trade in trades
        for order in orders_of(trade, holdings.get(trade.name, ()), accounts)
    ]
    lacking = sum(cents(order.amount) for order in orders) - sum(cash.values())
    lacking -= cents(plan.cash_flow)
    orders = cash_fund_sales(plan, lacking, holdings, accounts) + orders
    if policy.whole_shares:
        orders = [in_whole_shares(raw) for raw in orders]
    flows = flows_of(cents(plan.cash_flow), balances(cash, orders))
    orders = with_accounts(orders, cash, flows, accounts)
    if policy.whole_shares:
        orders = improved(orders, plan, policy, balances(cash, [], flows))
    orders = [each for each in orders if each.amount]
    return Orders(
        orders=tuple(sorted(orders, key=lambda order: order.amount > 0)),
        accounts=account_cash(orders, cash, flows, accounts),
        mixed=mixed,
    )


def tradable_by_row(
    portfolio: Portfolio, target: Target
) -> tuple[Mapping[HoldingClass, Sequence[Position]], tuple[Position, ...]]:
    """Positions that lie wholly in one row, the largest first, and those that cannot be traded for it."""
    by_row: dict[HoldingClass, list[Position]] = {}
    named, mixed = target.named, []
    for position in sorted(portfolio.positions, key=lambda position: -position.value):
        row = row_of(position, named)
        if row is not None and is_tradable(position, row):
            by_row.setdefault(row, []).append(position)
        elif position.role is Role.TRADABLE:
            mixed.append(position)
    return by_row, tuple(mixed)


def orders_of(
    trade: Trade[HoldingClass], holdings: Sequence[Position], accounts: Mapping[str, Account]
) -> list[Order]:
    if trade.amount < 0:
        return sales(trade.name, trade.label, -cents(trade.amount), holdings, accounts)
    position = holdings[0] if holdings else None
    account = accounts[position.account] if position else None
    return [order(trade.name, trade.label, account, position, cents(trade.amount))]


def sales(
    name: HoldingClass,
    label: str,
    amount: int,
    holdings: Sequence[Position],
    accounts: Mapping[str, Account],
) -> list[Order]:
    """Sales of `amount` cents over holdings, as they come."""
    found = []
    for position in holdings:
        part = min(amount, cents(position.value))
        if part > 0:
            found.append(order(name, label, accounts[position.account], position, -part))
            amount -= part
    return found


def cash_fund_sales(
    plan: Plan[HoldingClass],
    lacking: int,
    holdings: Mapping[HoldingClass, Sequence[Position]],
    accounts: Mapping[str, Account],
) -> list[Order]:
    """Where the plan uses more of the class cash than accounts hold, money-market funds are sold."""
    label = next((trade.label for trade in plan.trades if trade.is_cash), "")
    funds = holdings.get(HoldingClass.CASH, ())
    return sales(HoldingClass.CASH, label, max(0, lacking), funds, accounts)


def flows_of(cash_flow: int, balance: Mapping[str, int]) -> dict[str, int]:
    """Where new money is put: where it lacks, then into the first account. Taken from the fullest first."""
    flows = dict.fromkeys(balance, 0)
    rest = cash_flow
    if not flows:
        return flows
    if rest > 0:
        for account, amount in balance.items():
            part = min(rest, max(0, -amount))
            flows[account] += part
            rest -= part
    else:
        for account in sorted(balance, key=lambda account: -balance[account]):
            part = min(-rest, max(0, balance[account]))
            flows[account] -= part
            rest += part
    flows[next(iter(flows))] += rest
    return flows


def with_accounts(
    orders: Iterable[Order],
    cash: Mapping[str, int],
    flows: Mapping[str, int],
    accounts: Mapping[str, Account],
) -> list[Order]:
    """Funds that are still to be chosen are bought where the most cash is."""
    placed = list(orders)
    for i, each in enumerate(placed):
        if each.account is None and accounts:
            balance = balances(cash, placed, flows)
            fullest = max(balance, key=lambda account: balance[account])
            placed[i] = replace(each, account=accounts[fullest])
    return placed


def account_cash(
    orders: Sequence[Order],
    cash: Mapping[str, int],
    flows: Mapping[str, int],
    accounts: Mapping[str, Account],
) -> tuple[AccountCash, ...]:
    owners: list[Account | None] = [*accounts.values()]
    if any(each.account is None for each in orders):
        owners.append(None)
    found = []
    for owner in owners:
        own = [each.amount for each in orders if each.account == owner]
        found.append(
            AccountCash(
                account=owner,
                before=decimal_of(cash[owner.id] if owner else 0, 2),
                cash_flow=decimal_of(flows[owner.id] if owner else 0, 2),
                sells=sum((-amount for amount in own if amount < 0), NOTHING),
                buys=sum((amount for amount in own if amount > 0), NOTHING),
            )
        )
    return tuple(found)
