"""Where the portfolio would stand with what is being typed into an open row; nothing is stored."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from portfolios.models import Holding
from portfolios.services.previewing import preview_row
from portfolios.snapshots import Snapshot
from portfolios.valuing import NeedsPrice, NeedsRate, TooLarge
from portfolios.views.entries import checked_entry
from portfolios.views.finding import changeable_portfolio
from portfolios.views.holdings import edit_form
from portfolios.views.portfolio import shown, standing
from portfolios.views.rows import STANDING, holding_in
from riskalloc.firms.access import signed_in
from riskalloc.web.fragments import page_or_fragment


@require_POST
@signed_in
def preview(request: HttpRequest, portfolio_id: UUID, holding_id: UUID) -> HttpResponse:
    """Out of band, what `change_row` would move; nothing while it cannot be saved: typing goes on."""
    portfolio = changeable_portfolio(request, portfolio_id)
    holding = holding_in(portfolio, holding_id)
    now = previewed(request, holding)
    if now is None:
        return HttpResponse(status=204)
    view = shown(request, portfolio, now)
    context = {
        **standing(view, holding.security.symbol),
        "can_change": True,
        "is_oob": True,
        "is_preview": True,
    }
    return page_or_fragment(request, STANDING, context, fragments={})


def previewed(request: HttpRequest, holding: Holding) -> Snapshot | None:
    form = edit_form(request, holding)
    entry = checked_entry(form, holding.portfolio, holding.security) if form.is_valid() else None
    if entry is None:
        return None
    typed = dict([form.typed_rate] if form.typed_rate else [])
    try:
        return preview_row(holding=holding, entry=entry, typed=typed, today=timezone.localdate())
    except (NeedsPrice, NeedsRate, TooLarge):
        return None
