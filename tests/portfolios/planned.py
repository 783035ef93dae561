"""Portfolios to plan with, the article's example first, and what their pages say."""

import re
from decimal import Decimal
from html import unescape
from typing import Any
from uuid import uuid4

from django.test import Client

from portfolios.models import WHOLE, Account, Holding, Portfolio, Security
from portfolios.services.mixes import decision_for
from portfolios.services.standing import keep
from portfolios.services.targets import set_target
from questionnaire.models import ClientProfile
from questionnaire.services.owning import own
from riskalloc.firms.audit import By
from tests.factories import make_assessment, make_own_client
from tests.firms.people import browser_of
from tests.portfolios.factories import (
    AccountFactory,
    HoldingFactory,
    PortfolioFactory,
    SecurityFactory,
)

HTMX = {"HX-Request": "true", "HX-Target": "plan"}
BASIS_POINTS_OF_A_PERCENT = 100
# US large-cap has grown from $60,000 to $70,000: symbol, class, units, price.
ARTICLE = (
    ("VOO", "us_large_cap", "125", "560"),
    ("VXUS", "intl_developed", "200", "75"),
    ("AGG", "us_aggregate", "100", "100"),
    ("VNQ", "reit", "160", "93.75"),
)
ARTICLE_TARGET = {"us_large_cap": 60, "intl_developed": 15, "us_aggregate": 10, "reit": 15}


def fund(client: ClientProfile, symbol: str, price: str, **percents: int) -> Security:
    """Of one class, or of several by percent."""
    found = Security.objects.filter(firm=client.firm, symbol=symbol).first()
    if found:
        return found
    made = SecurityFactory(firm=client.firm, symbol=symbol, price=Decimal(price), us_large_cap=0)
    made.put_per_class({name: part * BASIS_POINTS_OF_A_PERCENT for name, part in percents.items()})
    assert sum(made.per_class().values()) <= WHOLE
    made.save()
    return made


def aim(portfolio: Portfolio, **percents: Any) -> None:
    """A typed target."""
    set_target(
        portfolio=portfolio,
        target_id=uuid4(),
        percents={name: Decimal(str(part)) for name, part in percents.items()},
        by=By(name="demo@example.org"),
    )


def aim_by_answers(portfolio: Portfolio) -> None:
    """The target of the client's last answers."""
    decision = decision_for(portfolio.client)
    assert decision is not None
    set_target(
        portfolio=portfolio,
        target_id=uuid4(),
        percents=decision.percents(),
        assessment=decision.assessment,
        by=By(name="demo@example.org"),
    )


def hold(account: Account, security: Security, quantity: str, **fields: Any) -> Holding:
    return HoldingFactory(account=account, security=security, quantity=Decimal(quantity), **fields)


def empty_portfolio(client: ClientProfile | None = None, **policy: Any) -> Portfolio:
    """Of somebody who looks after themselves; policy values by their names."""
    portfolio = PortfolioFactory(client=client or make_own_client(name="Demo person"))
    for name, value in policy.items():
        setattr(portfolio.policy, name, value)
    portfolio.policy.save()
    return portfolio


def article(client: ClientProfile | None = None, **policy: Any) -> Portfolio:
    """The article's example: $110,000, 63.64 % of it US large-cap against a target of 60 % from answers."""
    client = client or make_own_client(name="Demo person")
    own(assessment=make_assessment(), client=client, by=By())
    portfolio = empty_portfolio(client, **policy)
    account = AccountFactory(portfolio=portfolio, name="Brokerage")
    for symbol, name, quantity, price in ARTICLE:
        hold(account, fund(client, symbol, price, **{name: 100}), quantity)
    aim_by_answers(portfolio)
    keep(portfolio)
    return portfolio


def browser_for(portfolio: Portfolio) -> Client:
    """The browser of the person whose portfolio it is."""
    return browser_of(portfolio.client.membership.user)


def words(answer: Any) -> str:
    """What a page says, without its markup."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).replace(" .", ".")


def plan_address(portfolio: Portfolio, **query: str) -> str:
    parts = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/p/{portfolio.pk}/plan/" + (f"?{parts}" if parts else "")


def kept_fields(answer: Any) -> dict[str, str]:
    """What the form sends that keeps the plan of a page."""
    page = answer.content.decode()
    form = page[page.index("/plans/") :]
    names = ("id", "kind", "cash_flow", "seen", "cash", "left_out")
    form = form[: form.index("</form>")]
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', form) for name in names}
    return {name: match.group(1) for name, match in found.items() if match}


def keep_plan(browser: Client, portfolio: Portfolio, **query: str) -> Any:
    """The plan of an address, kept; what was answered."""
    page = browser.get(plan_address(portfolio, **(query or {"kind": "full"})))
    return browser.post(f"/p/{portfolio.pk}/plans/", kept_fields(page))
