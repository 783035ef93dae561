"""Forms about a portfolio as a whole."""

from typing import Any
from uuid import uuid4

from babel import Locale
from django import forms
from django.utils.translation import gettext as _

from portfolios.forms.fields import version_field
from portfolios.models import Portfolio
from questionnaire.forms.clients import CURRENCIES, PlainForm
from questionnaire.models import ClientProfile
from riskalloc.firms.forms import RELOAD, NameField, SentOnce


class NewPortfolioForm(SentOnce, PlainForm):
    """A new portfolio; where the client has been assessed, its target may come with it."""

    name = NameField(
        label=_("Name"),
        help_text=_("What the money is for, such as Retirement or House."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    currency = forms.ChoiceField(
        label=_("Currency"),
        help_text=_("All totals are in it. It stays as it is."),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Select a currency")),
    )
    takes_target = forms.BooleanField(required=False)
    target_id = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages={"required": RELOAD, "invalid": RELOAD},
    )

    def __init__(self, client: ClientProfile, mix: str, *args: Any, **kwargs: Any) -> None:
        """`mix` says what the target would be; empty where there is no assessment."""
        super().__init__(*args, **kwargs)
        names = Locale("en").currencies
        currency = self.fields["currency"]
        assert isinstance(currency, forms.ChoiceField)
        currency.choices = [(code, f"{code}: {names[code]}") for code in CURRENCIES]
        currency.initial = client.currency
        takes = self.fields["takes_target"]
        takes.label, takes.initial = _("Take the mix from the answers as its target"), True
        takes.help_text = mix
        if not mix:
            del self.fields["takes_target"], self.fields["target_id"]

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "currency")}


class RenameForm(PlainForm):
    version = version_field()
    name = NameField(label=_("Name"), widget=forms.TextInput(attrs={"autocomplete": "off"}))

    @classmethod
    def of_portfolio(cls, portfolio: Portfolio) -> "RenameForm":
        return cls(initial={"name": portfolio.name, "version": portfolio.version})
