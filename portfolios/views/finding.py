"""The portfolio of an address, as its viewer may see or change it."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from portfolios.models import Portfolio
from questionnaire.models import ClientProfile

RELATED = ("firm", "membership__user", "invitation")


def portfolio_of(request: HttpRequest, portfolio_id: UUID) -> Portfolio:
    """With its policy, and its client as the viewer sees them; 404 for what is not theirs to see."""
    rows = Portfolio.objects.visible_to(request.user)
    return _found(rows, ClientProfile.objects.visible_to(request.user), portfolio_id)


def changeable_portfolio(
    request: HttpRequest, portfolio_id: UUID, *, also_archived: bool = False
) -> Portfolio:
    """The same for who may change it. What is archived, alone or with its client, stays as it is."""
    rows = Portfolio.objects.changeable_by(request.user)
    return _found(
        rows if also_archived else rows.filter(archived_at__isnull=True),
        ClientProfile.objects.changeable_by(request.user).active(),
        portfolio_id,
    )


def _found(
    portfolios: QuerySet[Portfolio], clients: QuerySet[ClientProfile], portfolio_id: UUID
) -> Portfolio:
    portfolio = get_object_or_404(portfolios.select_related("policy"), pk=portfolio_id)
    portfolio.client = get_object_or_404(clients.select_related(*RELATED), pk=portfolio.client_id)
    return portfolio


def may_change(portfolio: Portfolio) -> bool:
    """Whether its pages offer to: what `changeable_portfolio` would find for the same viewer."""
    client = portfolio.client
    return client.can_be_changed and not client.is_archived and portfolio.archived_at is None
