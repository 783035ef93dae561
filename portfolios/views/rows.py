"""What answers to a changed row have in common: the row itself, and all that it moved."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from portfolios.display import holdings as holdings_shown
from portfolios.display.looking import Look
from portfolios.display.summary import said_after
from portfolios.models import Holding, Portfolio, Security
from portfolios.services.holdings import Saved
from portfolios.views.portfolio import Shown, back_to, figures, shown
from riskalloc.engine.holding_classes import HoldingClass
from riskalloc.web.fragments import htmx_target, page_or_fragment

ROW, DELETED = "portfolios/_row.html", "portfolios/_row_deleted.html"
STANDING, BACK = "portfolios/_standing.html", "portfolios/_row_back.html"


def holding_in(portfolio: Portfolio, holding_id: UUID, *, is_kept: bool = True) -> Holding:
    """A holding of a portfolio that the viewer has been found to see or change."""
    rows = portfolio.holdings.kept() if is_kept else portfolio.holdings.all()
    found = get_object_or_404(rows.select_related("security", "account"), pk=holding_id)
    found.portfolio = portfolio
    return found


def in_row(request: HttpRequest, holding: Holding) -> bool:
    """Whether htmx wants to fill this holding's row."""
    return htmx_target(request) == f"h-{holding.pk}"


def look_of(request: HttpRequest) -> Look:
    return Look.of(request.GET.dict())


def answer(
    request: HttpRequest, portfolio: Portfolio, saved: Saved, said: str, row: str = ROW
) -> HttpResponse:
    """The row, and out of band all that it moved; without htmx the page."""
    holding = saved.holding
    if not in_row(request, holding):
        return back_to(portfolio, look_of(request), holding)
    context = {**changed(shown(request, portfolio, saved.now), holding, said), "row_template": row}
    fragments = {f"h-{holding.pk}": "portfolios/_saved.html"}
    return page_or_fragment(request, row, context, fragments=fragments)


def changed(view: Shown, holding: Holding, said: str) -> dict[str, Any]:
    """What a change of one row moves on the page that shows it: all figures, and all other shares."""
    symbol = holding.security.symbol
    context = figures(view, symbol)
    rows = context["rows"]
    mine = [row for row in rows if row.id == holding.pk]
    after = said_after(view.portfolio, view.now, main_class(holding.security))
    return context | {
        "holding": holding,
        "rows": mine or holdings_shown.only_rows(view.portfolio, view.now, [holding.pk]),
        "same": [row for row in rows if row.id != holding.pk],
        "said": f"{said.format(symbol=symbol)} {after}",
        "is_oob": True,
        "can_change": True,
    }


def main_class(security: Security) -> HoldingClass | None:
    """What it mostly is."""
    held = security.per_class()
    return HoldingClass(max(held, key=lambda name: held[name])) if held else None
