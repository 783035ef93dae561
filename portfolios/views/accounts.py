"""Accounts and exchange rates of a portfolio."""

from collections.abc import Callable
from uuid import UUID

from django.db.models import Count, Model, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portfolios.display.conflicts import differences, version_after
from portfolios.forms.accounts import AccountForm, ChangeAccountForm, NewAccountForm, RateForm
from portfolios.models import Account, Portfolio
from portfolios.services import portfolios
from portfolios.services.locking import ChangedMeanwhile
from portfolios.valuing import NeedsRate, TooLarge
from portfolios.views.finding import changeable_portfolio, may_change, portfolio_of
from questionnaire.views.clients import by_for
from riskalloc.firms.access import signed_in
from riskalloc.web.fragments import go_to

TOO_LARGE = _("That is more than can be reckoned with: a portfolio has at most 1,000,000,000,000.")


@require_http_methods(["GET", "POST"])
@signed_in
def accounts(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    """The list, with a form to add one, and what currencies are worth."""
    if request.method == "GET":
        return show_accounts(request, portfolio_of(request, portfolio_id))
    portfolio = changeable_portfolio(request, portfolio_id)
    form = NewAccountForm(request.POST)

    def add() -> None:
        portfolios.add_account(
            portfolio=portfolio,
            account_id=form.cleaned_data["id"],
            values=form.values(),
            by=by_for(request, portfolio.client),
        )

    if form.is_valid() and saved(form, add):
        return go_to("portfolio_accounts", portfolio_id=portfolio.pk)
    return show_accounts(request, portfolio, form=form, status=422)


def saved(form: AccountForm, save: Callable[[], None]) -> bool:
    """Whether it could be; what is in the way becomes a sentence at its field."""
    try:
        save()
    except NeedsRate as missing:
        say = _("There is no exchange rate for {code} yet. Type it under Exchange rates first.")
        form.add_error("currency", say.format(code=missing.currency))
    except portfolios.TooMany:
        say = _("There is room for {most} accounts. Remove one first.")
        form.add_error("name", say.format(most=portfolios.MOST_ACCOUNTS))
    except TooLarge:
        form.add_error("cash", TOO_LARGE)
    return form.is_valid()


def show_accounts(
    request: HttpRequest,
    portfolio: Portfolio,
    *,
    form: NewAccountForm | None = None,
    rate_form: RateForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    kept = Count("holdings", filter=Q(holdings__deleted_at__isnull=True))
    found = portfolio.accounts.annotate(kept=kept, ever=Count("holdings"))
    context = {
        "portfolio": portfolio,
        "can_change": may_change(portfolio),
        "accounts": found.order_by("created_at", "pk"),
        "rates": portfolio.rates.order_by("currency"),
        "form": form or NewAccountForm(initial={"currency": portfolio.currency}),
        "rate_form": rate_form or RateForm(portfolio.currency),
        "problem": rate_form or form,
        "refusal": refusal,
    }
    return render(request, "portfolios/accounts.html", context, status=status)


@require_http_methods(["GET", "POST"])
@signed_in
def account(request: HttpRequest, portfolio_id: UUID, account_id: UUID) -> HttpResponse:
    portfolio = changeable_portfolio(request, portfolio_id)
    found = account_in(portfolio, account_id)
    if request.method == "GET":
        return show_account(request, found, ChangeAccountForm.of_account(found))
    form = ChangeAccountForm(request.POST)

    def change() -> None:
        portfolios.change_account(
            account=found,
            version=form.cleaned_data["version"],
            values=form.values(),
            by=by_for(request, portfolio.client),
        )

    try:
        if form.is_valid() and saved(form, change):
            return go_to("portfolio_accounts", portfolio_id=portfolio.pk)
    except ChangedMeanwhile as meanwhile:
        return show_account(request, found, form, theirs=meanwhile.theirs, status=409)
    return show_account(request, found, form, status=422)


def account_in(portfolio: Portfolio, account_id: UUID) -> Account:
    """An account of a portfolio that the viewer has been found to see."""
    found = get_object_or_404(portfolio.accounts, pk=account_id)
    found.portfolio = portfolio
    return found


def show_account(
    request: HttpRequest,
    account: Account,
    form: ChangeAccountForm,
    *,
    theirs: Model | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "portfolio": account.portfolio,
        "account": account,
        "form": form,
        "version": version_after(form, theirs),
        "differences": differences(form, form.values(), theirs) if theirs else [],
        "is_conflict": theirs is not None,
    }
    return render(request, "portfolios/account.html", context, status=status)


@require_POST
@signed_in
def remove_account(request: HttpRequest, portfolio_id: UUID, account_id: UUID) -> HttpResponse:
    """Sent twice, it is removed once."""
    portfolio = changeable_portfolio(request, portfolio_id)
    found = portfolio.accounts.filter(pk=account_id).first()
    if found:
        found.portfolio = portfolio
        try:
            portfolios.remove_account(account=found, by=by_for(request, portfolio.client))
        except portfolios.StillHolds:
            say = _(
                "“{name}” is not empty. Move or delete its holdings first; deleted ones count for"
                " 30 days, because they can be brought back."
            )
            refusal = say.format(name=found.name)
            return show_accounts(request, portfolio, refusal=refusal, status=422)
    return go_to("portfolio_accounts", portfolio_id=portfolio.pk)


@require_POST
@signed_in
def set_rate(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    portfolio = changeable_portfolio(request, portfolio_id)
    form = RateForm(portfolio.currency, request.POST)
    if form.is_valid():
        try:
            portfolios.set_rate(
                portfolio=portfolio,
                currency=form.cleaned_data["rate_currency"],
                rate=form.cleaned_data["rate"],
                typed_on=form.cleaned_data["typed_on"],
                by=by_for(request, portfolio.client),
            )
            return go_to("portfolio_accounts", portfolio_id=portfolio.pk)
        except TooLarge:
            form.add_error("rate", TOO_LARGE)
    return show_accounts(request, portfolio, rate_form=form, status=422)
