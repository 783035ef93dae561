"""Forms about a client."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from babel import Locale
from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from questionnaire.models import ClientProfile
from questionnaire.models.assessments import SHORTEST_REASON
from questionnaire.models.clients import LONGEST_NOTES
from riskalloc.engine.assets import Mix
from riskalloc.firms.forms import NameField, SentOnce

OLDEST_YEARS = 120
CURRENCIES = ("USD", "EUR", "GBP", "CHF", "CAD", "AUD", "NZD", "JPY", "SEK", "NOK", "DKK")


class PlainForm(forms.Form):
    """A form in our own markup: the page writes the form tag and the token."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True


def name_field() -> NameField:
    return NameField(label=_("Name"), widget=forms.TextInput(attrs={"autocomplete": "off"}))


def date_field(label: str, hint: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        required=False,
        error_messages={"invalid": _("Enter a date, like 2031-05-17")},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


def check_birth(form: forms.Form, born_on: date | None) -> None:
    today = timezone.localdate()
    if born_on and not 0 <= today.year - born_on.year <= OLDEST_YEARS:
        form.add_error("born_on", _("Check the year of birth: {year}").format(year=born_on.year))
    elif born_on and born_on > today:
        form.add_error("born_on", _("The date of birth is in the future. Check it."))


class ProfileForm(PlainForm):
    """Who the client is. `values()` gives the columns of the profile."""

    name = name_field()
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        error_messages={"invalid": _("Enter an e-mail address, like name@example.org")},
    )
    phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    born_on = date_field(_("Date of birth"), _("Leave it empty if you prefer."))
    retires_on = date_field(
        _("Planned retirement"),
        _(
            "As this day comes nearer, the years until the money is needed become fewer by themselves."
        ),
    )
    currency = forms.ChoiceField(label=_("Currency"))
    notes = forms.CharField(
        label=_("Notes"),
        help_text=_("Everybody who may see this profile can read them."),
        required=False,
        max_length=LONGEST_NOTES,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Locale("en").currencies
        currency = self.fields["currency"]
        assert isinstance(currency, forms.ChoiceField)
        currency.choices = [(code, f"{code}: {names[code]}") for code in CURRENCIES]

    @classmethod
    def of_client(cls, client: ClientProfile) -> "ProfileForm":
        return cls(initial={name: getattr(client, name) for name in cls.base_fields})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        born_on, retires_on = cleaned.get("born_on"), cleaned.get("retires_on")
        check_birth(self, born_on)
        if born_on and retires_on and retires_on <= born_on:
            self.add_error("retires_on", _("Retirement comes after birth. Check both dates."))
        return cleaned

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class NewClientForm(SentOnce, ProfileForm):
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "id"}

    @property
    def client_id(self) -> UUID:
        return self.cleaned_data["id"]


class MemberForm(SentOnce, PlainForm):
    """Somebody in the household."""

    name = name_field()
    relation = forms.CharField(
        label=_("Relation"),
        help_text=_("Such as wife, son, mother."),
        required=False,
        max_length=40,
    )
    born_on = date_field(_("Date of birth"), "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_birth(self, cleaned.get("born_on"))
        return cleaned

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "id"}


class LinkForm(SentOnce, PlainForm):
    """Where a link goes. Without an id it is a letter of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id"].required = False

    def clean_id(self) -> UUID:
        return self.cleaned_data["id"] or uuid4()

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        error_messages={
            "required": _("Enter an e-mail address, like name@example.org"),
            "invalid": _("Enter an e-mail address, like name@example.org"),
        },
    )


def points_field(label: str) -> forms.IntegerField:
    whole = _("Enter a whole number from 0 to 100")
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=100,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), whole),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


def adds_up_to(total: int) -> str:
    """What is wrong with four classes that do not make 100 %, and the way out."""
    by = abs(100 - total)
    word = _("point") if by == 1 else _("points")
    verb = _("Add") if total < 100 else _("Take away")
    return _("The four classes add up to {total}%. {verb} {by} {word}.").format(
        total=total, verb=verb, by=by, word=word
    )


class OverrideForm(SentOnce, PlainForm):
    """Another mix, in points of 100, with the reason."""

    stocks = points_field(_("Stocks"))
    bonds = points_field(_("Bonds"))
    alternatives = points_field(_("Alternatives"))
    cash = points_field(_("Cash"))
    reason = forms.CharField(
        label=_("Why this mix suits the client better"),
        help_text=_(
            "At least {least} characters. It stays beside both mixes for ever after."
        ).format(least=SHORTEST_REASON),
        max_length=2000,
        min_length=SHORTEST_REASON,
        error_messages={
            "required": _("Write why, in at least {least} characters").format(
                least=SHORTEST_REASON
            ),
            "min_length": _("Write a little more: at least {least} characters").format(
                least=SHORTEST_REASON
            ),
        },
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    CLASSES = ("stocks", "bonds", "alternatives", "cash")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.CLASSES:
            self.fields[name].unit = "%"  # type: ignore[attr-defined]  # shown behind the field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        points = [cleaned[name] for name in self.CLASSES if cleaned.get(name) is not None]
        total = sum(points)
        if len(points) == len(self.CLASSES) and total != 100:
            self.add_error("stocks", adds_up_to(total))
        return cleaned

    def mix(self) -> Mix:
        return Mix(**{name: self.cleaned_data[name] for name in self.CLASSES})
