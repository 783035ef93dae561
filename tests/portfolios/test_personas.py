"""The four personas' accounts, put in through the services, come to their published values to the cent."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from portfolios.demo.funds import FUNDS
from portfolios.demo.loading import account_values, holding_of, security_of
from portfolios.demo.personas import ALEX, DEV, MARIA, PERSONAS, ROBERT_AND_ELAINE
from portfolios.demo.shapes import DemoAccount, DemoPortfolio, Fund
from portfolios.models import Account, Holding, Portfolio, Security, Standing
from portfolios.services.holdings import HOLDING_VALUES, add_holding
from portfolios.services.portfolios import add_account, create_portfolio, set_rate
from portfolios.services.securities import security_for, set_classes, set_price
from portfolios.services.standing import keep_many
from portfolios.snapshots import held_rows, snapshot
from portfolios.valuing import rates_of
from riskalloc.engine.amounts import half_up
from riskalloc.firms.audit import By
from tests.factories import make_own_client

pytestmark = pytest.mark.django_db
BY = By()

# As published, by hand: quantity times price of each holding, with the account's cash, in US dollars.
ACCOUNTS = {
    ALEX.owner: {"Brokerage": "110000.00"},
    MARIA.owner: {
        "District 403(b)": "154007.00",
        "State 457(b)": "31360.00",
        "Roth IRA": "33616.25",
        "Brokerage": "10312.50",
        "TreasuryDirect": "16960.00",
        "Credit union savings": "25900.00",  # not counted
        "529 for Lucia": "21320.00",  # not counted
    },
    DEV.owner: {
        "Trading app": "10259.16",
        "SEP-IRA": "6121.54",
        "Multi-currency account": "2688.00",
        "Checking": "3770.00",  # not counted
    },
    ROBERT_AND_ELAINE.owner: {
        "Joint brokerage": "809575.00",
        "Robert's traditional IRA": "354380.55",
        "Robert's 401(k)": "386224.84",
        "Robert's Roth IRA": "137500.00",
        "Elaine's traditional IRA": "153420.80",
        "Elaine's Roth IRA": "81316.20",
    },
}
TOTALS = {
    ALEX.owner: "110000.00",
    MARIA.owner: "246255.75",
    DEV.owner: "19068.70",
    ROBERT_AND_ELAINE.owner: "1922417.39",
}
HOLDINGS = {
    (ALEX.owner, "VOO"): "70000.00",
    (MARIA.owner, "STABLE403"): "46200.00",
    (MARIA.owner, "VTI"): "10312.50",
    (DEV.owner, "RIVQ"): "2917.10",
    (DEV.owner, "VOO"): "2419.26",  # 4.3201 x 560 = 2419.256
    (DEV.owner, "BTC"): "4710.40",
    (DEV.owner, "VFFVX"): "5481.54",  # 88.412 x 62 = 5481.544
    (ROBERT_AND_ELAINE.owner, "PG"): "447600.00",
    (ROBERT_AND_ELAINE.owner, "VTHRX"): "386224.84",  # 9420.118 x 41 = 386224.838
    (ROBERT_AND_ELAINE.owner, "VTWAX"): "65356.20",
}
# Dollars of each class, by hand: what is held times what is in it.
ALEX_IN_CLASSES = {
    "us_large_cap": "70000.00",
    "intl_developed": "10950.00",  # 73 % of 15,000
    "emerging": "4050.00",
    "us_aggregate": "10000.00",
    "reit": "15000.00",
}
DEV_IN_CLASSES = {
    "us_large_cap": "5050.3992",  # 2419.26, and 48 % of 5481.54
    "us_small_cap": "3245.9924",  # 2917.10, and 6 %
    "intl_developed": "1425.2004",
    "emerging": "548.1540",
    "us_aggregate": "383.7078",
    "intl_bonds": "164.4462",
    "crypto": "4710.40",
    "cash": "3540.40",  # 212.40, 640.00 and 2,400 euros at 1.12
}


def put_in(story: DemoPortfolio) -> Portfolio:
    """One by one, as a person does."""
    client = make_own_client()
    values = {"name": story.name, "currency": "USD"}
    portfolio = create_portfolio(client=client, portfolio_id=uuid4(), values=values, by=BY)
    for currency, rate in story.rates.items():
        set_rate(
            portfolio=portfolio,
            currency=currency,
            rate=Decimal(rate),
            typed_on=timezone.localdate(),
            by=BY,
        )
    for account in story.accounts:
        put_in_account(portfolio, account)
    return Portfolio.objects.select_related("policy", "client").get(pk=portfolio.pk)


def put_in_account(portfolio: Portfolio, story: DemoAccount) -> None:
    account = add_account(
        portfolio=portfolio, account_id=uuid4(), values=account_values(story), by=BY
    )
    for row in story.holdings:
        security = put_in_security(portfolio, FUNDS[row.symbol])
        holding = holding_of(account, security, row)
        values = {name: getattr(holding, name) for name in HOLDING_VALUES}
        add_holding(account=account, security=security, holding_id=uuid4(), values=values, by=BY)


def put_in_security(portfolio: Portfolio, fund: Fund) -> Security:
    told = security_of(portfolio.firm, fund)
    security = security_for(firm=portfolio.firm, symbol=fund.symbol, name=fund.name, by=BY)
    if fund.name:
        security = set_classes(
            security=security,
            per_class=told.per_class(),
            name=fund.name,
            version=security.version,
            by=BY,
        )
    assert told.price is not None
    assert told.priced_on is not None
    return set_price(
        security=security,
        price=told.price,
        priced_on=told.priced_on,
        source="typed",
        version=security.version,
        by=BY,
    )


def value_of_account(account: Account) -> Decimal:
    rate = rates_of(account.portfolio)[account.currency]
    held = Holding.objects.kept().filter(account=account).values_list("value", flat=True)
    return sum(held, half_up(account.cash * rate, 2))


@pytest.mark.parametrize("story", PERSONAS, ids=lambda story: story.owner)
def test_accounts_holdings_and_totals_are_those_that_were_worked_out_by_hand(
    story: DemoPortfolio,
) -> None:
    portfolio = put_in(story)
    accounts = portfolio.accounts.select_related("portfolio").order_by("created_at")
    found = {account.name: str(value_of_account(account)) for account in accounts}
    assert found == ACCOUNTS[story.owner]
    counted = [account for account in accounts if account.is_counted]
    total = sum((Decimal(ACCOUNTS[story.owner][a.name]) for a in counted), Decimal(0))
    assert str(total) == TOTALS[story.owner]
    assert str(Standing.objects.get(portfolio=portfolio).value) == TOTALS[story.owner]
    assert snapshot(portfolio, date(2026, 9, 30)).value == Decimal(TOTALS[story.owner])
    values = {(story.owner, row.symbol): str(row.value) for row in held_rows(portfolio)}
    known = {key: value for key, value in HOLDINGS.items() if key[0] == story.owner}
    assert known.items() <= values.items()


@pytest.mark.parametrize(
    ("story", "by_hand"), [(ALEX, ALEX_IN_CLASSES), (DEV, DEV_IN_CLASSES)], ids=["alex", "dev"]
)
def test_classes_are_those_that_were_worked_out_by_hand(
    story: DemoPortfolio, by_hand: dict[str, str]
) -> None:
    portfolio = put_in(story)
    expected = {name: Decimal(dollars) for name, dollars in by_hand.items()}
    assert sum(expected.values()) == Decimal(TOTALS[story.owner])
    for _ in ("by the engine", "by the database, where it can"):
        standing = Standing.objects.get(portfolio=portfolio)
        dollars = {name: Decimal(units).scaleb(-6) for name, units in standing.per_class().items()}
        assert dollars == expected
        assert standing.unclassified == 0
        keep_many([portfolio.pk])


def test_what_is_for_something_else_is_counted_nowhere() -> None:
    portfolio = put_in(MARIA)
    left_out = portfolio.accounts.filter(is_counted=False)
    assert {account.reason for account in left_out} == {
        "emergency fund", "belongs to the child's goal",
    }  # fmt: skip
    everything = sum(map(Decimal, ACCOUNTS[MARIA.owner].values()))
    assert everything - Standing.objects.get(portfolio=portfolio).value == Decimal("47220.00")
