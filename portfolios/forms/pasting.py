"""What was pasted or uploaded, and how it should be read where somebody knows better."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from portfolios.imports.reading import MOST_COLUMNS, Choices, Means, Reading
from portfolios.models import Account
from questionnaire.forms.clients import PlainForm
from riskalloc.firms.forms import RELOAD, SentOnce

DELIMITERS = (("\t", _("Tabs")), (";", _("Semicolons")), (",", _("Commas")))
DECIMALS = ((".", _("1,234.50")), (",", _("1.234,50")))
MEANINGS = (
    ("", _("Leave out")),
    (Means.SYMBOL.value, _("Symbol")),
    (Means.NAME.value, _("Name")),
    (Means.QUANTITY.value, _("Quantity")),
    (Means.PRICE.value, _("Price")),
    (Means.VALUE.value, _("Value")),
    (Means.COST.value, _("What it cost in all")),
)


class PasteForm(SentOnce, PlainForm):
    """The text or a file, and the account that it belongs to."""

    text = forms.CharField(
        label=_("Your holdings"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
    )
    file = forms.FileField(
        label=_("Or a file"),
        help_text=_("Comma- or tab-separated: up to 2 MB and 5,000 rows. It is read and not kept."),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv,text/plain"}),
    )
    # What was decided otherwise than it was recognised.
    delimiter = forms.ChoiceField(
        label=_("Between the columns are"), choices=DELIMITERS, required=False
    )
    decimal = forms.ChoiceField(label=_("Numbers look like"), choices=DECIMALS, required=False)
    is_meant = forms.BooleanField(required=False, widget=forms.HiddenInput)
    digest = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, accounts: Iterable[Account], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accounts = {str(account.pk): account for account in accounts}
        if self.accounts:
            self.fields["account"] = self.account_field()
        for place in self.places():
            field = forms.ChoiceField(choices=MEANINGS, required=False)
            self.fields[f"column_{place}"] = field

    def account_field(self) -> forms.ChoiceField:
        missing = _("Select one of the accounts")
        names = [(key, f"{one} ({one.currency})") for key, one in self.accounts.items()]
        return forms.ChoiceField(
            label=_("Into which account"),
            choices=names,
            error_messages=dict.fromkeys(("required", "invalid_choice"), missing),
        )

    def places(self) -> range:
        """The columns that were sent along, one after the other."""
        place = 0
        while place < MOST_COLUMNS and f"column_{place}" in self.data:
            place += 1
        return range(place)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "id" in self.errors and not cleaned.get("text"):
            self.add_error("text", RELOAD)
        elif not cleaned.get("file") and not (cleaned.get("text") or "").strip():
            self.add_error("text", _("Paste at least one line, or choose a file."))
        return cleaned

    def source(self) -> str | bytes:
        file = self.cleaned_data.get("file")
        return file.read() if file else self.cleaned_data["text"]

    def choices(self) -> Choices:
        """What was decided by hand; nothing where the page did not ask yet."""
        columns = [self.cleaned_data.get(f"column_{place}") or "" for place in self.places()]
        return Choices(
            delimiter=self.cleaned_data.get("delimiter") or None,
            decimal=self.cleaned_data.get("decimal") or None,
            columns=tuple(Means(name) if name else None for name in columns) or None,
        )

    @property
    def chosen_account(self) -> Account | None:
        return self.accounts.get(self.cleaned_data.get("account") or "")


class ReadAgainForm(PlainForm):
    """How a text was read, for somebody to see it otherwise."""

    delimiter = forms.ChoiceField(label=_("Between the columns are"), choices=DELIMITERS)
    decimal = forms.ChoiceField(label=_("Numbers look like"), choices=DECIMALS)

    def __init__(self, reading: Reading) -> None:
        super().__init__(initial={"delimiter": reading.delimiter, "decimal": reading.decimal})
        for place, column in enumerate(reading.columns):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=column.heading or _("Column {number}").format(number=place + 1),
                help_text=", ".join(column.samples),
                choices=MEANINGS,
                initial=column.means.value if column.means else "",
            )
