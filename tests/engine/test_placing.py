"""From classes to securities and accounts: by hand, and what is always true."""

from decimal import Decimal

from hypothesis import assume, given, strategies as st

from riskalloc.engine.closed_forms import NoPlan
from riskalloc.engine.drift import measure
from riskalloc.engine.holding_classes import HoldingClass
from riskalloc.engine.levels import NothingToMeasure
from riskalloc.engine.placing import place
from riskalloc.engine.plans import Kind
from riskalloc.engine.positions import Account, Portfolio, Role, Switches, Treatment
from riskalloc.engine.rebalancing import plan_from, start_of
from riskalloc.engine.triggers import Policy
from tests.engine.holdings import CORE, NAMES, portfolio, position, target

TWO = target(us_large_cap=60, us_aggregate=40)


def orders_for(held, to=TWO, kind=Kind.FULL, policy=None, **changes):
    policy = policy or Policy()
    switches = changes.pop("switches", Switches())
    flow = Decimal(changes.pop("cash_flow", 0))
    drift = measure(held, to, policy, NAMES, cash_flow=flow, switches=switches)
    plan = plan_from(start_of(drift, policy, **changes), kind)
    return plan, place(plan, held, to, policy, switches=switches)


def said(orders) -> list[tuple[str, str]]:
    return [
        (order.position.name if order.position else "choose", str(order.amount))
        for order in orders.orders
    ]


def test_sells_the_largest_first_and_buys_the_largest():
    held = portfolio(
        position("us_large_cap1", 30),
        position("us_large_cap2", 50),
        position("us_aggregate1", 5),
        position("us_aggregate2", 15),
    )
    _, orders = orders_for(held)
    assert said(orders) == [("US_LARGE_CAP2", "-20.00"), ("US_AGGREGATE2", "20.00")]
    held = portfolio(position("us_large_cap1", 30), position("us_large_cap2", 70))
    _, orders = orders_for(held, target(us_aggregate=100))
    assert said(orders) == [
        *(("US_LARGE_CAP2", "-70.00"), ("US_LARGE_CAP1", "-30.00"), ("choose", "100.00"))
    ]
    assert orders.orders[-1].sentence == "Buy $100 of US bonds in a: choose a fund."


def test_a_stand_in_is_sold_and_bought_like_its_class():
    held = portfolio(position("us_small_cap", 100))
    _, orders = orders_for(held)
    assert said(orders) == [("US_SMALL_CAP", "-40.00"), ("choose", "40.00")]


def test_what_spans_classes_is_not_traded():
    world = position("world", 80, classes={"us_large_cap": 75, "us_aggregate": 25})
    held = portfolio(world, position("us_large_cap", 20))
    plan, orders = orders_for(held)
    # 80 of US stocks, 60 of them in the mixed fund: only 20 can be sold
    assert said(orders) == [("US_LARGE_CAP", "-20.00"), ("choose", "20.00")]
    assert [each.id for each in orders.mixed] == ["world"]
    assert plan.skipped == ()


def test_nobody_sells_what_nobody_has_classed():
    held = portfolio(position("mystery", 50, classes={}, name="M"), position("us_large_cap", 50))
    plan, orders = orders_for(held)
    assert [skip.reason.value for skip in plan.skipped] == ["fixed"]
    assert said(orders) == [("US_LARGE_CAP", "-20.00"), ("choose", "20.00")]


def test_what_an_accounts_cash_cannot_cover_is_said():
    held = portfolio(
        position("us_large_cap", 80, "taxable"), position("us_aggregate", 10, "ira"), ira=10
    )
    _, orders = orders_for(held)
    assert said(orders) == [("US_LARGE_CAP", "-20.00"), ("US_AGGREGATE", "30.00")]
    by_name = {each.account.name: each for each in orders.accounts if each.account}
    assert (by_name["ira"].left, by_name["ira"].needed) == (0, 20)
    assert (by_name["taxable"].left, by_name["taxable"].needed) == (20, 0)


def test_new_money_goes_where_it_is_lacking():
    held = portfolio(position("us_large_cap", 60, "a"), position("us_aggregate", 30, "b"))
    _, orders = orders_for(held, kind=Kind.CASH_FLOW, cash_flow=10)
    assert said(orders) == [("US_AGGREGATE", "10.00")]
    assert [(each.cash_flow, each.needed) for each in orders.accounts] == [(0, 0), (10, 0)]


def test_a_withdrawal_is_taken_where_the_cash_is():
    held = portfolio(position("us_large_cap", 60, "a"), position("us_aggregate", 50, "b"))
    _, orders = orders_for(held, kind=Kind.CASH_FLOW, cash_flow=-10)
    assert [each.cash_flow for each in orders.accounts] == [0, -10]
    assert orders.cash_left == 0


def test_cash_is_used_before_a_money_market_fund_is_sold():
    held = portfolio(position("us_large_cap", 60), position("cash", 30), a=10)
    _, orders = orders_for(held)
    assert said(orders) == [("CASH", "-30.00"), ("choose", "40.00")]
    _, orders = orders_for(held, target(us_large_cap=60, us_aggregate=5, cash=35))
    assert said(orders) == [("choose", "5.00")]


def test_a_sale_in_a_taxable_account_says_its_gain():
    sold = position("us_large_cap", 100, quantity=10, price=10, cost_basis=55)
    _, orders = orders_for(portfolio(sold))
    assert orders.orders[0].gain == 18
    assert orders.orders[0].sentence == (
        "Sell 4 US_LARGE_CAP, $40 in a. Taxable account: gain about $18."
    )
    ira = Account(id="a", name="IRA", treatment=Treatment.TAX_DEFERRED)
    _, orders = orders_for(Portfolio(accounts=(ira,), positions=(sold,)))
    assert orders.orders[0].gain is None
    dear = position("us_large_cap", 100, cost_basis=155)
    _, orders = orders_for(portfolio(dear))
    assert orders.orders[0].sentence.endswith("Taxable account: loss about $22.")


def test_whole_shares_are_sold_up_and_bought_down_and_then_mended():
    held = portfolio(
        position("us_large_cap", 700, quantity=7, price=100),
        position("us_aggregate", 300, quantity=10, price=30),
    )
    plan, orders = orders_for(held, policy=Policy(whole_shares=True))
    assert [str(trade.amount) for trade in plan.trades] == ["-100.00", "100.00"]
    assert [(order.shares, order.amount) for order in orders.orders] == [(-1, -100), (3, 90)]
    assert orders.cash_left == 10


def test_a_sale_of_less_than_half_a_share_is_taken_back():
    held = portfolio(
        position("us_large_cap", 610, quantity="6.1", price=100),
        position("us_aggregate", 400, quantity=40, price=10),
    )
    _, orders = orders_for(held, policy=Policy(whole_shares=True))
    assert orders.cash_left >= 0
    assert all(each.needed == 0 for each in orders.accounts)


def test_everything_frozen_has_no_orders():
    held = portfolio(position("us_large_cap", 100, role=Role.FROZEN))
    plan, orders = orders_for(held)
    assert (plan.made, orders.orders, orders.cash_left) == ((), (), 0)


def test_cash_that_is_not_counted_is_not_used():
    held = portfolio(position("us_large_cap", 100), a=50)
    _, orders = orders_for(held, switches=Switches(counts_cash=False))
    assert said(orders) == [("US_LARGE_CAP", "-40.00"), ("choose", "40.00")]
    assert orders.accounts[0].before == 0


def test_five_hundred_positions_are_placed():
    held = portfolio(*(position(f"us_large_cap{n}", n) for n in range(1, 501)))
    plan, orders = orders_for(held)
    assert sum(order.amount for order in orders.orders) == 0
    assert plan.drift_after == 0


# -- Always -----------------------------------------------------------------------------------------------

MIXED = {"us_large_cap": 55, "intl_developed": 30, "us_aggregate": 10}


@st.composite
def portfolios(draw):
    """Positions of all kinds in three accounts, with whole shares or without."""
    positions = []
    for n in range(draw(st.integers(1, 7))):
        held = draw(st.sampled_from([*HoldingClass, "mixed"]))
        price = Decimal(draw(st.integers(1, 50_000))) / 100
        quantity = Decimal(draw(st.integers(0, 300)))
        positions.append(
            position(
                f"p{n}",
                price * quantity,
                draw(st.sampled_from("abc")),
                classes=MIXED if held == "mixed" else {held: 100},
                quantity=quantity,
                price=price,
                role=draw(st.sampled_from([Role.TRADABLE, Role.TRADABLE, *Role])),
            )
        )
    cash = {id: Decimal(draw(st.integers(0, 10**6))) / 100 for id in "abc"}
    return portfolio(*positions, **cash)


@given(
    held=portfolios(),
    kind=st.sampled_from(Kind),
    whole_shares=st.booleans(),
    keep=st.sampled_from([0, 0, 1000]),
    flow=st.sampled_from([0, 0, 5000, -500]),
)
def test_what_is_true_of_all_orders(held, kind, whole_shares, keep, flow):
    """Invariants 1, 2, 10 and 11, for each account."""
    policy = Policy(whole_shares=whole_shares, cash_to_keep=Decimal(keep))
    try:
        plan, orders = orders_for(held, CORE, kind, policy, cash_flow=flow)
    except (NoPlan, NothingToMeasure):
        assume(False)
    sums_agree_in_every_account(held, plan, orders)
    nothing_is_oversold(orders)
    nothing_is_bought_and_sold(orders)
    if not whole_shares:
        traded = {trade.name: trade.amount for trade in plan.trades if not trade.is_cash}
        for name, amount in traded.items():
            assert sum(o.amount for o in orders.orders if o.name is name) == amount


def sums_agree_in_every_account(held, plan, orders) -> None:
    assert sum(each.cash_flow for each in orders.accounts) == plan.cash_flow
    for each in orders.accounts:
        own = [order for order in orders.orders if order.account == each.account]
        assert each.sells == sum(-order.amount for order in own if order.amount < 0)
        assert each.buys == sum(order.amount for order in own if order.amount > 0)
        assert each.before + each.cash_flow + each.sells - each.buys == each.left - each.needed
    cash = sum(account.cash for account in held.accounts)
    assert orders.cash_left == cash + plan.cash_flow + orders.sells - orders.buys
    assert orders.cash_left >= 0  # accounts lack only what others have


def nothing_is_oversold(orders) -> None:
    for order in orders.orders:
        if order.amount < 0:
            assert order.position.role is Role.TRADABLE
            assert -order.amount <= order.position.value
            assert -order.shares <= order.position.quantity


def nothing_is_bought_and_sold(orders) -> None:
    pairs = [(order.account.id, order.position.id) for order in orders.orders if order.position]
    assert len(set(pairs)) == len(pairs)
    for account in orders.accounts:
        own = [order for order in orders.orders if order.account == account.account]
        sold = {order.name for order in own if order.amount < 0}
        assert not sold & {order.name for order in own if order.amount > 0}
