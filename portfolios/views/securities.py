"""A security as a firm shares it: its price, and what is in it."""

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portfolios.display import securities as securities_shown
from portfolios.display.conflicts import version_after
from portfolios.forms.securities import ClassesForm, PriceForm
from portfolios.models import Portfolio, Security
from portfolios.services.locking import ChangedMeanwhile
from portfolios.services.securities import set_classes, set_price
from portfolios.valuing import NeedsRate, TooLarge
from portfolios.views.finding import changeable_portfolio, may_change, portfolio_of
from questionnaire.views.clients import by_for
from riskalloc.firms.access import signed_in
from riskalloc.web.fragments import go_to

TOO_LARGE = _("At this price somebody would own more than can be reckoned with. Check it.")


@require_http_methods(["GET", "POST"])
@signed_in
def security(request: HttpRequest, portfolio_id: UUID, security_id: UUID) -> HttpResponse:
    if request.method == "GET":
        portfolio = portfolio_of(request, portfolio_id)
        return show_security(request, portfolio, security_in(request, portfolio, security_id))
    portfolio = changeable_portfolio(request, portfolio_id)
    found = security_in(request, portfolio, security_id)
    change = change_classes if request.POST.get("what") == "classes" else change_price
    return change(request, portfolio, found)


def security_in(request: HttpRequest, portfolio: Portfolio, security_id: UUID) -> Security:
    """One of the firm of this portfolio."""
    seen = Security.objects.visible_to(request.user).filter(firm=portfolio.firm_id)
    return get_object_or_404(seen, pk=security_id)


def change_price(request: HttpRequest, portfolio: Portfolio, found: Security) -> HttpResponse:
    if not securities_shown.shared(found, portfolio, can_change=True).may_price:
        raise Http404
    form = PriceForm(found.currency, request.POST)

    def change() -> None:
        set_price(
            security=found,
            version=form.cleaned_data["version"],
            by=by_for(request, portfolio.client),
            about=portfolio.client,
            **form.values(),
        )

    return changed(request, portfolio, found, form, change)


def change_classes(request: HttpRequest, portfolio: Portfolio, found: Security) -> HttpResponse:
    if not securities_shown.shared(found, portfolio, can_change=True).may_classify:
        raise Http404
    form = ClassesForm(request.POST)

    def change() -> None:
        set_classes(
            security=found,
            version=form.cleaned_data["version"],
            by=by_for(request, portfolio.client),
            about=portfolio.client,
            **form.values(),
        )

    return changed(request, portfolio, found, form, change)


def changed(
    request: HttpRequest,
    portfolio: Portfolio,
    found: Security,
    form: PriceForm | ClassesForm,
    change: Callable[[], None],
) -> HttpResponse:
    if form.is_valid():
        try:
            change()
            return go_to("portfolio", portfolio_id=portfolio.pk)
        except ChangedMeanwhile:
            found.refresh_from_db()
            return show_security(request, portfolio, found, form, is_conflict=True, status=409)
        except TooLarge:
            form.add_error("price", TOO_LARGE)
        except NeedsRate as missing:
            say = _("There is no exchange rate for {code} in one of the portfolios that hold it.")
            form.add_error("price", say.format(code=missing.currency))
    return show_security(request, portfolio, found, form, status=422)


def show_security(
    request: HttpRequest,
    portfolio: Portfolio,
    found: Security,
    form: PriceForm | ClassesForm | None = None,
    *,
    is_conflict: bool = False,
    status: int = 200,
) -> HttpResponse:
    price = form if isinstance(form, PriceForm) else PriceForm.of_security(found)
    classes = form if isinstance(form, ClassesForm) else ClassesForm.of_security(found)
    context = {
        "portfolio": portfolio,
        "security": found,
        "shared": securities_shown.shared(found, portfolio, can_change=may_change(portfolio)),
        "class_rows": securities_shown.class_rows(found),
        "price_form": price,
        "classes_form": classes,
        "problem": form,
        "version": version_after(form, found if is_conflict else None) if form else found.version,
        "is_conflict": is_conflict,
    }
    return render(request, "portfolios/security.html", context, status=status)
