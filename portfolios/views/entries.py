"""From what was typed to what is saved, and what is in the way, in words."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from portfolios.display.holdings import price_text
from portfolios.forms.holdings import HoldingForm
from portfolios.models import Portfolio, Security
from portfolios.services import holdings, portfolios
from portfolios.services.rows import Entry
from portfolios.services.securities import find_security, may_price
from portfolios.valuing import NeedsPrice, NeedsRate, TooLarge
from questionnaire.forms.clients import CURRENCIES
from questionnaire.views.clients import by_for

Problem = NeedsPrice | NeedsRate | TooLarge | holdings.TooManyHoldings | portfolios.TooMany
PROBLEMS = (NeedsPrice, NeedsRate, TooLarge, holdings.TooManyHoldings, portfolios.TooMany)
TOO_LARGE = _("That is more than can be reckoned with: a portfolio has at most 1,000,000,000,000.")


def checked_entry(
    form: HoldingForm, portfolio: Portfolio, shown: Security | None = None
) -> Entry | None:
    """None where the price is not this person's to set, or in another currency; the form says so.

    `shown` is the security that the form was made from.
    """
    client, symbol = portfolio.client, form.cleaned_data["symbol"]
    is_same = shown is not None and shown.symbol == symbol
    security = shown if is_same else find_security(firm=client.firm, symbol=symbol)
    entry = form.entry(security)
    if security is None or entry.price in (None, security.price):
        return entry
    if form.asked_currency != security.currency:
        form.refuse_price_in(security.currency, security.symbol)
        return None
    if not may_price(security, client):
        say = _(
            "{firm} sets the price of {symbol} for everybody: {price}. Empty this, or enter a value."
        )
        assert security.price is not None  # the first price is anybody's to set
        price = price_text(security.price, security.currency)
        form.add_error(
            "price", say.format(firm=client.firm.name, symbol=security.symbol, price=price)
        )
        return None
    return entry


def put_rate(request: HttpRequest, form: HoldingForm, portfolio: Portfolio) -> None:
    """What somebody says a currency is worth holds for the whole portfolio, whatever becomes of the row."""
    if form.typed_rate is None:
        return
    currency, rate = form.typed_rate
    portfolios.set_rate(
        portfolio=portfolio,
        currency=currency,
        rate=rate,
        typed_on=timezone.localdate(),
        by=by_for(request, portfolio.client),
    )


def ask_again_for_rate(request: HttpRequest, form: HoldingForm) -> None:
    currency = request.POST.get("rate_currency", "")
    if currency in CURRENCIES and currency != form.base:
        form.ask_for_rate(currency)


def explain(form: HoldingForm, problem: Problem) -> None:
    """What was in the way, at its field, and the way out."""
    if isinstance(problem, NeedsRate):
        form.refuse_without_rate(problem.currency)
        return
    at = "symbol"
    if isinstance(problem, NeedsPrice):
        at = "price" if "price" in form.fields else "value"
    elif isinstance(problem, TooLarge):
        at = "value" if form.cleaned_data["quantity"] is None else "quantity"
    form.add_error(at, sentence_of(problem, form.cleaned_data["symbol"]))


def sentence_of(problem: Problem, symbol: str) -> str:
    if isinstance(problem, NeedsPrice):
        say = _(
            "There is no price for {symbol} yet. Enter one, or enter a value instead of a quantity."
        )
        return say.format(symbol=symbol)
    if isinstance(problem, NeedsRate):
        return _("There is no exchange rate for {code} yet.").format(code=problem.currency)
    if isinstance(problem, TooLarge):
        return TOO_LARGE
    if isinstance(problem, portfolios.TooMany):
        return _("There is room for {most} accounts.").format(most=portfolios.MOST_ACCOUNTS)
    say = _("There is room for {most} holdings in a portfolio. Delete one first.")
    return say.format(most=holdings.MOST_HOLDINGS)
