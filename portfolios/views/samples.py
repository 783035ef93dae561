"""Invented holdings, to try things out."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portfolios.services.samples import NotEmpty, add_sample, remove_sample
from portfolios.valuing import NeedsRate
from portfolios.views.accounts import show_accounts
from portfolios.views.finding import changeable_portfolio
from questionnaire.views.clients import by_for
from riskalloc.firms.access import signed_in
from riskalloc.web.fragments import leave_for


@require_POST
@signed_in
def add(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    portfolio = changeable_portfolio(request, portfolio_id)
    try:
        add_sample(portfolio=portfolio, by=by_for(request, portfolio.client))
    except NotEmpty:
        say = _("The sample is for an empty portfolio, and there are holdings in this one.")
        return show_accounts(request, portfolio, refusal=say, status=409)
    except NeedsRate as missing:
        say = _("The sample is in dollars. Type first what 1 {code} is worth, below.")
        refusal = say.format(code=missing.currency)
        return show_accounts(request, portfolio, refusal=refusal, status=422)
    return leave_for(request, "portfolio", portfolio_id=portfolio.pk)


@require_POST
@signed_in
def remove(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    """Sent twice, it is removed once."""
    portfolio = changeable_portfolio(request, portfolio_id)
    remove_sample(portfolio=portfolio, by=by_for(request, portfolio.client))
    return leave_for(request, "portfolio", portfolio_id=portfolio.pk)
