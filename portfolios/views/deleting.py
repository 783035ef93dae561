"""Holdings deleted and brought back: nobody is asked, because it can be undone."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portfolios.display.looking import Look
from portfolios.forms.holdings import DeleteAllForm
from portfolios.models import Holding
from portfolios.services import holdings
from portfolios.views.entries import PROBLEMS, sentence_of
from portfolios.views.finding import changeable_portfolio
from portfolios.views.portfolio import back_to, place, show_page, shown
from portfolios.views.rows import DELETED, answer, holding_in, in_row, look_of
from questionnaire.views.clients import by_for
from riskalloc.firms.access import signed_in
from riskalloc.web.fragments import page_or_fragment


@require_POST
@signed_in
def delete(request: HttpRequest, portfolio_id: UUID, holding_id: UUID) -> HttpResponse:
    """Nobody is asked, because it can be undone."""
    portfolio = changeable_portfolio(request, portfolio_id)
    holding = holding_in(portfolio, holding_id, is_kept=False)
    deleted = holdings.delete_holding(holding=holding, by=by_for(request, portfolio.client))
    if not in_row(request, holding):
        return back_to(portfolio, look_of(request), deleted=str(holding.pk))
    return answer(request, portfolio, deleted, _("Deleted {symbol}."), row=DELETED)


@require_POST
@signed_in
def restore(request: HttpRequest, portfolio_id: UUID, holding_id: UUID) -> HttpResponse:
    portfolio = changeable_portfolio(request, portfolio_id)
    holding = holding_in(portfolio, holding_id, is_kept=False)
    try:
        restored = holdings.restore_holding(holding=holding, by=by_for(request, portfolio.client))
    except PROBLEMS as problem:
        return refuse_to_restore(request, holding, sentence_of(problem, holding.security.symbol))
    return answer(request, portfolio, restored, _("{symbol} is back."))


def refuse_to_restore(request: HttpRequest, holding: Holding, problem: str) -> HttpResponse:
    if not in_row(request, holding):
        view = shown(request, holding.portfolio)
        return show_page(request, view, deleted=holding, problem=problem, status=422)
    context = {
        **place(holding.portfolio, look_of(request)),
        "holding": holding,
        "problem": problem,
    }
    fragments = {f"h-{holding.pk}": DELETED}
    return page_or_fragment(request, DELETED, context, fragments=fragments, status=422)


@require_http_methods(["GET", "POST"])
@signed_in
def delete_all(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    """The one deed that asks first: for the number of rows that will go."""
    portfolio = changeable_portfolio(request, portfolio_id)
    count = portfolio.holdings.kept().count()
    form = DeleteAllForm(count, request.POST or None)
    if request.method == "POST" and form.is_valid():
        holdings.delete_all(portfolio=portfolio, by=by_for(request, portfolio.client))
        return back_to(portfolio, Look())
    context = {**place(portfolio, Look()), "form": form, "count": count}
    status = 422 if request.method == "POST" else 200
    return render(request, "portfolios/delete_all.html", context, status=status)
