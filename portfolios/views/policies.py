"""What watches over a portfolio, and what its plans keep to."""

from uuid import UUID

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from portfolios.display.conflicts import differences, version_after
from portfolios.forms.policies import PolicyForm
from portfolios.models import Portfolio
from portfolios.services.locking import ChangedMeanwhile
from portfolios.services.targets import change_policy
from portfolios.views.finding import changeable_portfolio
from questionnaire.views.clients import by_for
from riskalloc.firms.access import signed_in
from riskalloc.web.fragments import go_to


@require_http_methods(["GET", "POST"])
@signed_in
def policy(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    portfolio = changeable_portfolio(request, portfolio_id)
    if request.method == "GET":
        form = PolicyForm.of_policy(portfolio.policy, portfolio.currency)
        return show_policy(request, portfolio, form)
    form = PolicyForm(portfolio.currency, request.POST)
    if not form.is_valid():
        return show_policy(request, portfolio, form, status=422)
    try:
        change_policy(
            portfolio=portfolio,
            version=form.cleaned_data["version"],
            values=form.values(),
            by=by_for(request, portfolio.client),
        )
    except ChangedMeanwhile as meanwhile:
        return show_policy(request, portfolio, form, theirs=meanwhile.theirs, status=409)
    return go_to("portfolio", portfolio_id=portfolio.pk)


def show_policy(
    request: HttpRequest,
    portfolio: Portfolio,
    form: PolicyForm,
    *,
    theirs: Model | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "portfolio": portfolio,
        "form": form,
        "version": version_after(form, theirs),
        "differences": differences(form, form.values(), theirs) if theirs else [],
        "is_conflict": theirs is not None,
    }
    return render(request, "portfolios/policy.html", context, status=status)
