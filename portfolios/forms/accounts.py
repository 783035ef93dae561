"""Forms about accounts, and what a currency is worth."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from portfolios.forms.fields import DecimalField, currency_field, money_field, version_field
from portfolios.models import Account, Kind, Tax
from portfolios.models.fixed import RATE_PLACES
from portfolios.models.portfolios import LONGEST_REASON
from questionnaire.forms.clients import PlainForm
from riskalloc.firms.forms import NameField, SentOnce
from riskalloc.firms.models import LONGEST_NAME

# How the United States tax what grows in an account of a kind.
USUAL_TAX = {
    Kind.BROKERAGE: Tax.TAXABLE,
    Kind.BANK: Tax.TAXABLE,
    Kind.IRA: Tax.DEFERRED,
    Kind.ROTH_IRA: Tax.FREE,
    Kind.K401: Tax.DEFERRED,
    Kind.ROTH_401K: Tax.FREE,
    Kind.HSA: Tax.FREE,
    Kind.EDUCATION: Tax.FREE,
    Kind.PENSION: Tax.DEFERRED,
    Kind.OTHER: Tax.TAXABLE,
}
TAXES = (
    ("", _("As usual for this kind")),
    (Tax.TAXABLE.value, _("Taxable: gains are taxed when you sell")),
    (Tax.DEFERRED.value, _("Tax-deferred: taxed when the money is taken out")),
    (Tax.FREE.value, _("Tax-free: not taxed again")),
)
MOST_RATE = Decimal(1_000_000)
EARLIEST_YEAR = 1900


class AccountForm(PlainForm):
    """Where holdings are kept. `values()` gives the columns of the account."""

    name = NameField(
        label=_("Name"),
        help_text=_("Such as “Schwab brokerage” or “401(k) at work”. No account numbers."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Kind.choices,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Select a kind")),
    )
    tax = forms.ChoiceField(
        label=_("How it is taxed"),
        choices=TAXES,
        required=False,
        error_messages={"invalid_choice": _("Select how it is taxed")},
    )
    currency = currency_field(_("Currency"))
    cash = money_field(
        _("Cash in it"), _("In the currency of the account. Empty means none."), example="2,500"
    )
    custodian = forms.CharField(
        label=_("Bank or broker"),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    is_counted = forms.BooleanField(
        label=_("Count it in this portfolio"),
        help_text=_("Leave out what has another purpose, such as an emergency fund."),
        required=False,
        initial=True,
    )
    reason = forms.CharField(
        label=_("If it is left out: why"),
        help_text=_("Such as “emergency fund”. It is shown wherever the total is."),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "reason" in cleaned and not cleaned.get("is_counted") and not cleaned["reason"]:
            self.add_error("reason", _("Say why it is left out, like “emergency fund”"))
        return cleaned

    def values(self) -> dict[str, Any]:
        values = {name: self.cleaned_data[name] for name in AccountForm.base_fields}
        values["tax"] = values["tax"] or USUAL_TAX[Kind(values["kind"])].value
        values["cash"] = values["cash"] or Decimal("0.00")
        if values["is_counted"]:
            values["reason"] = ""
        return values


class NewAccountForm(SentOnce, AccountForm):
    pass


class ChangeAccountForm(AccountForm):
    version = version_field()

    @classmethod
    def of_account(cls, account: Account) -> "ChangeAccountForm":
        return cls(initial={name: getattr(account, name) for name in cls.base_fields})


class RateForm(PlainForm):
    """What one unit of another currency is worth."""

    def __init__(self, base: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rate_currency"] = currency_field(_("One unit of"), without=base)
        self.fields["rate"] = DecimalField(
            label=_("is worth, in {base}").format(base=base),
            places=RATE_PLACES,
            above=Decimal(0),
            most=MOST_RATE,
            example="1.0832",
            unit=base,
        )
        self.fields["typed_on"] = forms.DateField(
            label=_("On"),
            initial=timezone.localdate,
            error_messages=dict.fromkeys(
                ("required", "invalid"), _("Enter a date, like 2026-11-21")
            ),
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_day(self, "typed_on")
        return cleaned


def check_day(form: forms.Form, name: str) -> None:
    """A day on which something was looked up is not in the future, nor long before all markets."""
    day = form.cleaned_data.get(name)
    if day and day > timezone.localdate():
        form.add_error(name, _("This day is in the future. Enter today or earlier."))
    elif day and day.year < EARLIEST_YEAR:
        form.add_error(name, _("Check the year: {year}").format(year=day.year))
