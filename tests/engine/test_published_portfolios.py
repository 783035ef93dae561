"""The engine gives what others have printed."""

from decimal import Decimal

import pytest

from riskalloc.engine.bands import FIVE_25
from riskalloc.engine.deposits import deposits
from riskalloc.engine.levels import measure_level
from riskalloc.engine.rebalancing import rebalance
from riskalloc.engine.shares import ShareLine, whole_shares
from tests.engine import published_portfolios as published
from tests.engine.holdings import lines, numbered


@pytest.mark.parametrize("printed", published.PLANS, ids=lambda printed: printed.source[:60])
def test_a_published_plan(printed):
    given = numbered(printed.values, printed.targets)
    plan = rebalance(given, printed.kind, cash_flow=Decimal(printed.cash_flow))
    assert [trade.amount for trade in plan.trades] == [*map(Decimal, printed.trades)]


@pytest.mark.parametrize("printed", published.DEPOSITS, ids=lambda printed: str(printed.deposit))
def test_a_published_deposit(printed):
    given = numbered(printed.values, printed.targets)
    assert deposits(given, FIVE_25).to_target == printed.deposit


@pytest.mark.parametrize("printed", published.BANDS, ids=lambda printed: printed.target)
def test_a_published_band(printed):
    edges = FIVE_25.edges(Decimal(printed.target))
    assert edges == (Decimal(printed.low), Decimal(printed.high))


def test_betterments_drift():
    figures = published.BETTERMENT
    level = measure_level(numbered(figures["values"], figures["targets"]), FIVE_25)
    assert level.drift == figures["drift"]


def test_wealthsimples_whole_shares():
    figures = published.WEALTHSIMPLE
    worth = {name: figures["held"][name] * price for name, price in figures["price"].items()}
    level = measure_level(lines(worth, figures["target"]), FIVE_25)
    assert {row.name: str(row.weight) for row in level.rows} == figures["weight"]
    found = whole_shares(
        [
            ShareLine(
                name=name,
                price=Decimal(price),
                target=Decimal(figures["target"][name]),
                held=Decimal(figures["held"][name]),
            )
            for name, price in figures["price"].items()
        ],
        Decimal(0),
    )
    assert found.trades == figures["trades"] | {"AAPL": 1}
    assert found.left == 8
