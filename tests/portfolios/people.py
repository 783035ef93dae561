"""Portfolios of people who are signed in, for tests of pages."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from portfolios.models import Account, Holding, Portfolio, Security, Target
from portfolios.services.holdings import add_holding
from portfolios.services.portfolios import add_account, create_portfolio
from portfolios.services.securities import security_for, set_price
from portfolios.services.targets import set_target
from questionnaire.models import ClientProfile
from riskalloc.firms.audit import By
from tests.factories import ClientFactory, assign, make_own_client
from tests.firms.people import browser_of

BY = By()
ARTICLE = {"us_large_cap": 60, "intl_developed": 15, "us_aggregate": 10, "reit": 15}


def own_browser(**fields: Any) -> Client:
    """A person who looks at their own money; `browser.profile` is their client."""
    profile = make_own_client(**fields)
    browser = browser_of(profile.membership.user)
    browser.profile = profile
    return browser


def desk_browser(**fields: Any) -> Client:
    """An advisor who looks after one client, `browser.profile`."""
    profile = ClientFactory(**fields)
    browser = browser_of(assign(profile))
    browser.profile = profile
    return browser


def portfolio_for(client: ClientProfile, name: str = "Retirement", **values: Any) -> Portfolio:
    values = {"name": name, "currency": "USD"} | values
    return create_portfolio(client=client, portfolio_id=uuid4(), values=values, by=BY)


def account_for(portfolio: Portfolio, **values: Any) -> Account:
    values = {"name": "Brokerage", "currency": portfolio.currency} | values
    return add_account(portfolio=portfolio, account_id=uuid4(), values=values, by=BY)


def security_of(portfolio: Portfolio, symbol: str = "VTI", price: str = "100") -> Security:
    security = security_for(firm=portfolio.firm, symbol=symbol, by=BY)
    return set_price(
        security=security,
        price=Decimal(price),
        priced_on=timezone.localdate(),
        source="test",
        version=security.version,
        by=BY,
    )


def held(account: Account, security: Security, quantity: str = "10") -> Holding:
    saved = add_holding(
        account=account,
        security=security,
        holding_id=uuid4(),
        values={"quantity": Decimal(quantity)},
        by=BY,
    )
    return saved.holding


def aimed(portfolio: Portfolio, percents: dict[str, int] | None = None, **values: Any) -> Target:
    percents = {name: Decimal(part) for name, part in (percents or ARTICLE).items()}
    return set_target(portfolio=portfolio, target_id=uuid4(), percents=percents, by=BY, **values)
