"""A portfolio in pictures: its classes, its history, the market, and the answers beside it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from portfolios import snapshots
from portfolios.display import behaviour, classes, history, market
from portfolios.views.finding import portfolio_of
from riskalloc.firms.access import signed_in
from riskalloc.web.fragments import page_or_fragment


@require_GET
@signed_in
def look(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    portfolio, today = portfolio_of(request, portfolio_id), timezone.localdate()
    now = snapshots.snapshot(portfolio, today)
    values = now.counted.by_class
    views = market.outlooks(values, now.target)
    context = {
        "portfolio": portfolio,
        "client": portfolio.client,
        "bars": classes.bars(portfolio, now) if now.value else None,
        "history": history.history(portfolio, today),
        "market": market.market(portfolio, values, views, today),
        "likeness": behaviour.likeness(portfolio, views),
    }
    return page_or_fragment(request, "portfolios/look.html", context, fragments={})
