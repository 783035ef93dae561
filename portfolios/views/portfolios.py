"""A client's portfolios: made, renamed, put aside, brought back."""

from uuid import UUID

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from portfolios.display.conflicts import differences, version_after
from portfolios.display.targets import mix_text, source_of
from portfolios.forms.portfolios import NewPortfolioForm, RenameForm
from portfolios.models import Portfolio
from portfolios.services import portfolios
from portfolios.services.locking import ChangedMeanwhile
from portfolios.services.mixes import Decision, decision_for
from portfolios.services.targets import set_target
from portfolios.views.finding import changeable_portfolio
from questionnaire.models import ClientProfile
from questionnaire.views.clients import by_for, changeable
from riskalloc.firms.access import signed_in
from riskalloc.firms.audit import By
from riskalloc.web.fragments import go_to


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Name and currency; and the target that the last answers give, unless somebody unticks it."""
    client = get_object_or_404(changeable(request).filter(archived_at__isnull=True), pk=client_id)
    decision = decision_for(client)
    form = NewPortfolioForm(client, offered(decision, client), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            portfolio = create(client, decision, form, by_for(request, client))
            return go_to("portfolio", portfolio_id=portfolio.pk)
        except portfolios.TooMany:
            most = portfolios.MOST_PORTFOLIOS
            form.add_error("name", f"There is room for {most} portfolios. Use one that there is.")
    context = {"client": client, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "portfolios/new.html", context, status=status)


def offered(decision: Decision | None, client: ClientProfile) -> str:
    """The target that would come along, in words."""
    if decision is None:
        return ""
    source = source_of(decision.assessment, decision.override, client)
    return f"{mix_text(decision.percents())}: from {source.words}."


def create(
    client: ClientProfile, decision: Decision | None, form: NewPortfolioForm, by: By
) -> Portfolio:
    portfolio = portfolios.create_portfolio(
        client=client, portfolio_id=form.cleaned_data["id"], values=form.values(), by=by
    )
    if decision and form.cleaned_data.get("takes_target"):
        set_target(
            portfolio=portfolio,
            target_id=form.cleaned_data["target_id"],
            percents=decision.percents(),
            assessment=decision.assessment,
            override=decision.override,
            by=by,
        )
    return portfolio


@require_http_methods(["GET", "POST"])
@signed_in
def rename(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    portfolio = changeable_portfolio(request, portfolio_id)
    if request.method == "GET":
        return show_rename(request, portfolio, RenameForm.of_portfolio(portfolio))
    form = RenameForm(request.POST)
    if not form.is_valid():
        return show_rename(request, portfolio, form, status=422)
    sent = form.cleaned_data
    by = by_for(request, portfolio.client)
    try:
        portfolios.rename_portfolio(portfolio=portfolio, by=by, **sent)
    except ChangedMeanwhile as change:
        return show_rename(request, portfolio, form, theirs=change.theirs, status=409)
    return go_to("portfolio", portfolio_id=portfolio.pk)


def show_rename(
    request: HttpRequest,
    portfolio: Portfolio,
    form: RenameForm,
    *,
    theirs: Model | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "portfolio": portfolio,
        "form": form,
        "version": version_after(form, theirs),
        "differences": differences(form, {"name": form["name"].value()}, theirs),
        "is_conflict": theirs is not None,
    }
    return render(request, "portfolios/rename.html", context, status=status)


@require_POST
@signed_in
def archive(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    portfolio = changeable_portfolio(request, portfolio_id, also_archived=True)
    portfolios.archive_portfolio(portfolio=portfolio, by=by_for(request, portfolio.client))
    return go_to("client", client_id=portfolio.client_id)


@require_POST
@signed_in
def restore(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    portfolio = changeable_portfolio(request, portfolio_id, also_archived=True)
    portfolios.restore_portfolio(portfolio=portfolio, by=by_for(request, portfolio.client))
    return go_to("client", client_id=portfolio.client_id)
