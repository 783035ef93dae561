"""Many holdings at once: paste or upload, look at what was understood, save all of it or nothing."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portfolios.display import pasting as pasting_shown
from portfolios.forms.pasting import PasteForm, ReadAgainForm
from portfolios.imports.reading import NotRead, Reading
from portfolios.imports.rows import read_rows
from portfolios.imports.texts import text_of
from portfolios.models import Account, Paste, Portfolio
from portfolios.services.holdings import MOST_HOLDINGS, TooManyHoldings
from portfolios.services.pasting import (
    CannotSave,
    ChangedSince,
    SamePaste,
    foresee,
    save_rows,
    undo_paste,
)
from portfolios.services.rows import FIRST_ACCOUNT, first_account
from portfolios.valuing import TooLarge
from portfolios.views.finding import changeable_portfolio, may_change, portfolio_of
from questionnaire.views.clients import by_for
from riskalloc.firms.access import signed_in
from riskalloc.web.fragments import go_to

LISTED = 20


@require_http_methods(["GET", "POST"])
@signed_in
def paste(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    """Step 1 is the empty form, step 2 what was understood of it, step 3 saving that."""
    portfolio = changeable_portfolio(request, portfolio_id)
    accounts = list(portfolio.accounts.order_by("created_at", "pk"))
    for account in accounts:
        account.portfolio, account.client, account.firm = (
            portfolio,
            portfolio.client,
            portfolio.firm,
        )
    if request.method == "GET":
        return show_form(request, portfolio, PasteForm(accounts))
    form = PasteForm(accounts, request.POST, request.FILES)
    if not form.is_valid():
        return show_form(request, portfolio, form, status=422)
    try:
        text = text_of(form.source())
        account = form.chosen_account or account_to_be(portfolio)
        reading = read_rows(text, currency=account.currency, choices=form.choices())
    except NotRead as error:
        form.add_error("text", str(error))
        return show_form(request, portfolio, form, status=422)
    step = Step(request, portfolio, account, form, text, reading)
    return step.save() if request.POST.get("step") == "save" else step.show()


def account_to_be(portfolio: Portfolio) -> Account:
    """Where the first holdings go; made only when they are saved."""
    return Account(
        firm=portfolio.firm,
        client=portfolio.client,
        portfolio=portfolio,
        name=str(FIRST_ACCOUNT),
        currency=portfolio.currency,
    )


def show_form(
    request: HttpRequest, portfolio: Portfolio, form: PasteForm, status: int = 200
) -> HttpResponse:
    context = {
        "portfolio": portfolio,
        "form": form,
        "pastes": portfolio.pastes.select_related("account")[:LISTED],
    }
    return render(request, "portfolios/paste.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Step:
    """A text that was read: shown, or saved as it was shown."""

    request: HttpRequest
    portfolio: Portfolio
    account: Account
    form: PasteForm
    text: str
    reading: Reading

    def show(self, status: int = 200, **said: object) -> HttpResponse:
        lines = foresee(account=self.account, client=self.portfolio.client, rows=self.reading.rows)
        context = {
            "portfolio": self.portfolio,
            "account": self.account,
            "form": self.form,
            "sent": self.form.cleaned_data,
            "text": self.text,
            "chosen": self.chosen(),
            "reading": self.reading,
            "preview": pasting_shown.preview(self.reading, lines, self.account),
            "again": ReadAgainForm(self.reading),
            **said,
        }
        return render(self.request, "portfolios/paste_preview.html", context, status=status)

    def chosen(self) -> list[tuple[str, str]]:
        """What was decided by hand goes along, as it came."""
        names = ("delimiter", "decimal", *(f"column_{place}" for place in self.form.places()))
        return [(name, self.form.data[name]) for name in names if name in self.form.data]

    def save(self) -> HttpResponse:
        if self.reading.digest != self.form.cleaned_data["digest"]:
            return self.show(409, refusal=_("Look at it once more: it reads otherwise by now."))
        if self.reading.faults or not self.reading.rows:
            return self.show(422)
        try:
            paste = self.saved()
        except SamePaste as same:
            return self.show(409, earlier=same.earlier)
        except CannotSave:
            return self.show(422)
        except TooManyHoldings:
            say = _("There is room for {most} holdings in a portfolio. Take fewer.")
            return self.show(422, refusal=say.format(most=f"{MOST_HOLDINGS:,}"))
        except TooLarge:
            say = _("Together it is more than can be reckoned with. Check quantities and prices.")
            return self.show(422, refusal=say)
        return go_to("portfolio_pasted", portfolio_id=self.portfolio.pk, paste_id=paste.pk)

    def saved(self) -> Paste:
        by = by_for(self.request, self.portfolio.client)
        account = self.account
        if account._state.adding:
            account = first_account(self.portfolio, self.portfolio.currency, by)
        return save_rows(
            account=account,
            client=self.portfolio.client,
            paste_id=self.form.cleaned_data["id"],
            rows=self.reading.rows,
            by=by,
            is_meant=self.form.cleaned_data["is_meant"],
        )


# -- Afterwards -------------------------------------------------------------------------------------------


@require_GET
@signed_in
def pasted(request: HttpRequest, portfolio_id: UUID, paste_id: UUID) -> HttpResponse:
    """What came in, and the way back."""
    portfolio = portfolio_of(request, portfolio_id)
    return show_pasted(request, portfolio, paste_in(portfolio, paste_id))


@require_POST
@signed_in
def undo(request: HttpRequest, portfolio_id: UUID, paste_id: UUID) -> HttpResponse:
    portfolio = changeable_portfolio(request, portfolio_id)
    found = paste_in(portfolio, paste_id)
    try:
        undo_paste(paste=found, by=by_for(request, portfolio.client))
    except ChangedSince as since:
        say = pasting_shown.changed_since(since.count)
        return show_pasted(request, portfolio, found, refusal=say, status=409)
    return go_to("portfolio_pasted", portfolio_id=portfolio.pk, paste_id=found.pk)


def paste_in(portfolio: Portfolio, paste_id: UUID) -> Paste:
    found = get_object_or_404(portfolio.pastes.select_related("account"), pk=paste_id)
    found.portfolio, found.client = portfolio, portfolio.client
    return found


def show_pasted(
    request: HttpRequest,
    portfolio: Portfolio,
    paste: Paste,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "portfolio": portfolio,
        "paste": paste,
        "total": Decimal(paste.effect["total"]),
        "kept_prices": pasting_shown.kept_prices(paste),
        "can_change": may_change(portfolio),
        "refusal": refusal,
    }
    return render(request, "portfolios/pasted.html", context, status=status)
