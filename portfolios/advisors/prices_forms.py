"""Prices as text or file, for one of the firms that a person works for."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from portfolios.forms.accounts import check_day
from portfolios.forms.pasting import DECIMALS
from portfolios.imports.reading import Choices
from questionnaire.forms.clients import PlainForm
from riskalloc.firms.forms import RELOAD, SentOnce
from riskalloc.firms.models import Firm

MOST_TICKED = 60  # jumps that one page asks about


class PricesForm(SentOnce, PlainForm):
    text = forms.CharField(
        label=_("Prices"),
        help_text=_("A symbol, a price and a date in each line. Headings may be there or not."),
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
    usual_day = forms.DateField(
        label=_("Lines without a date are of"),
        required=False,
        error_messages={"invalid": _("Enter a date, like 2026-11-21")},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    decimal = forms.ChoiceField(label=_("Numbers look like"), choices=DECIMALS, required=False)
    digest = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, firms: Iterable[Firm], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.firms = {str(firm.pk): firm for firm in firms}
        self.fields["usual_day"].initial = timezone.localdate
        if len(self.firms) > 1:
            missing = _("Select one of your firms")
            self.fields["firm"] = forms.ChoiceField(
                label=_("For which firm"),
                choices=[(key, firm.name) for key, firm in self.firms.items()],
                error_messages=dict.fromkeys(("required", "invalid_choice"), missing),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_day(self, "usual_day")
        if "id" in self.errors and not cleaned.get("text"):
            self.add_error("text", RELOAD)
        elif not cleaned.get("file") and not (cleaned.get("text") or "").strip():
            self.add_error("text", _("Paste at least one line, or choose a file."))
        return cleaned

    def source(self) -> str | bytes:
        file = self.cleaned_data.get("file")
        return file.read() if file else self.cleaned_data["text"]

    @property
    def day(self) -> date:
        return self.cleaned_data.get("usual_day") or timezone.localdate()

    @property
    def choices(self) -> Choices:
        return Choices(decimal=self.cleaned_data.get("decimal") or None)

    @property
    def chosen_firm(self) -> Firm:
        return self.firms.get(self.cleaned_data.get("firm") or "") or next(
            iter(self.firms.values())
        )

    @property
    def confirmed_lines(self) -> frozenset[int]:
        """The ticked lines; what is no number of a line ticks nothing."""
        sent = self.data.getlist("confirmed") if hasattr(self.data, "getlist") else []
        fit = (one for one in sent if one.isascii() and one.isdigit() and len(one) < 8)
        return frozenset(map(int, fit))
