"""Rows about portfolios. A holding brings its account, its portfolio and its client; all are of one firm."""

from datetime import date
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from portfolios.models import WHOLE, Account, ExchangeRate, Holding, Policy, Portfolio, Security
from portfolios.valuing import rates_of, value_of
from questionnaire.models import ClientProfile
from riskalloc.firms.models import User
from tests.factories import ClientFactory, assign, make_own_client

PRICED_ON = date(2026, 9, 30)


class PortfolioFactory(DjangoModelFactory[Portfolio]):
    """With the usual policy, and without accounts."""

    class Meta:
        model = Portfolio
        skip_postgeneration_save = True

    client = factory.SubFactory(ClientFactory)
    firm = factory.SelfAttribute("client.firm")
    name = factory.Sequence(lambda n: f"Demo portfolio {n}")

    @factory.post_generation
    def policy(self: Portfolio, is_created: bool, extracted: Any, **values: Any) -> None:
        Policy.objects.create(portfolio=self, firm=self.firm, client=self.client, **values)


class AccountFactory(DjangoModelFactory[Account]):
    class Meta:
        model = Account

    portfolio = factory.SubFactory(PortfolioFactory)
    client = factory.SelfAttribute("portfolio.client")
    firm = factory.SelfAttribute("portfolio.firm")
    name = factory.Sequence(lambda n: f"Demo account {n}")


class SecurityFactory(DjangoModelFactory[Security]):
    """All US large-cap at $100, in a firm of its own unless told otherwise."""

    class Meta:
        model = Security

    firm = factory.SubFactory("tests.factories.FirmFactory")
    symbol = factory.Sequence(lambda n: f"DEMO{n}")
    name = "Demo fund"
    price = Decimal(100)
    priced_on = PRICED_ON
    price_source = "typed"
    us_large_cap = WHOLE


class HoldingFactory(DjangoModelFactory[Holding]):
    """Ten units, at what they are worth in the portfolio's currency."""

    class Meta:
        model = Holding

    account = factory.SubFactory(AccountFactory)
    portfolio = factory.SelfAttribute("account.portfolio")
    client = factory.SelfAttribute("account.client")
    firm = factory.SelfAttribute("account.firm")
    security = factory.SubFactory(SecurityFactory, firm=factory.SelfAttribute("..firm"))
    quantity = Decimal(10)

    @factory.lazy_attribute
    def value(self) -> Decimal:
        holding = Holding(quantity=self.quantity, typed_value=getattr(self, "typed_value", None))
        return value_of(holding, self.security, self.account, rates_of(self.portfolio))


def rate(portfolio: Portfolio, currency: str, rate: str) -> ExchangeRate:
    return ExchangeRate.objects.create(
        firm=portfolio.firm,
        client=portfolio.client,
        portfolio=portfolio,
        currency=currency,
        rate=Decimal(rate),
        typed_on=PRICED_ON,
    )


def seen_by(user: User, client: ClientProfile) -> ClientProfile:
    """The client as this person finds them, which says as what they look."""
    return ClientProfile.objects.visible_to(user).get(pk=client.pk)


def seen_at_the_desk(client: ClientProfile) -> ClientProfile:
    return seen_by(assign(client), client)


def own_client(**fields: Any) -> ClientProfile:
    """Somebody who looks at themselves: in a firm of one, or in `firm`."""
    client = make_own_client(**fields)
    return seen_by(client.membership.user, client)
