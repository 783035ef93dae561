"""Desks with clients whose figures are written down as they shall be."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.test import Client
from django.utils import timezone

from portfolios.models import Portfolio, Standing
from questionnaire.models import Assessment, ClientProfile
from questionnaire.services.owning import own
from riskalloc.firms.audit import By
from riskalloc.firms.models import Firm, Membership, Role, User
from tests.factories import ClientFactory, FirmFactory, MembershipFactory, assign, columns_of
from tests.firms.people import browser_of
from tests.portfolios.factories import PortfolioFactory
from tests.questionnaire.lives import assessed

QUIET: Mapping[str, Any] = {
    "value": Decimal(1000),
    "largest": Decimal(100),
    "drift": Decimal("0.5"),
    "fires_band": False,
    "fires_guard_rail": False,
    "fires_portfolio_drift": False,
    "behaves_like": "aggressive",
}


class Desk:
    """A firm with an owner; `browser` is theirs."""

    def __init__(self, name: str = "Demo practice") -> None:
        self.firm: Firm = FirmFactory(name=name)
        self.membership: Membership = MembershipFactory(firm=self.firm, role=Role.OWNER)
        self.user: User = self.membership.user
        self.browser: Client = browser_of(self.user)

    def client(self, name: str = "Demo client", **fields: Any) -> ClientProfile:
        return ClientFactory(firm=self.firm, name=name, **fields)

    def quiet(self, name: str = "Demo quiet", **standing: Any) -> ClientProfile:
        """Somebody for whom nothing is due, but what is said."""
        client = self.client(name)
        answered(client, days_ago=10)
        stand(client, **standing)
        return client

    def advisor(self, *clients: ClientProfile, role: Role = Role.ADVISOR) -> User:
        first, *others = clients
        user = assign(first, role)
        membership = Membership.objects.get(user=user)
        for client in others:
            client.assignments.create(firm=client.firm, membership=membership)
        return user


def answered(client: ClientProfile, *, days_ago: int = 0, **columns: Any) -> Assessment:
    """The worked example (aggressive, 18 of 25; income high, 20), made some days ago."""
    made = assessed(client, timezone.localdate())
    values = {"created_at": timezone.now() - timedelta(days=days_ago)} | columns
    assessment = Assessment.objects.create(**columns_of(made) | values)
    client.ownerships.all().delete()
    client.review_due_on = None
    client.save(update_fields=["review_due_on"])
    own(assessment=assessment, client=client, by=By())
    client.refresh_from_db()
    return assessment


def stand(client: ClientProfile, currency: str = "USD", **standing: Any) -> Portfolio:
    """A portfolio that stands as is said; its prices are of today."""
    portfolio = PortfolioFactory(client=client, currency=currency)
    values = {**QUIET, "oldest_price_on": timezone.localdate(), **standing}
    Standing.objects.create(portfolio=portfolio, firm=client.firm, client=client, **values)
    return portfolio


def days_from_now(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)
