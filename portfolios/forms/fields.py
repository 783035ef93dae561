"""Fields that read numbers the way people write them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portfolios.models.fixed import MONEY_PLACES, PERCENT_PLACES
from portfolios.valuing import MOST_VALUE
from questionnaire.forms.clients import CURRENCIES
from riskalloc.firms.forms import LARGEST_VERSION, RELOAD
from riskalloc.web.numbers import NotANumber, exact_text, number_text, parse_number

LONGEST_TYPED = 60
WHOLE = Decimal(100)


class DecimalField(forms.CharField):
    """A number with at most `places` decimals; cleans to a Decimal, or None where it may be empty.

    `unit` is shown beside the field: $ before it, everything else behind.
    """

    def __init__(
        self,
        *,
        places: int,
        least: Decimal = Decimal(0),
        above: Decimal | None = None,
        most: Decimal = MOST_VALUE,
        example: str = "25,000",
        unit: str = "",
        **kwargs: Any,
    ) -> None:
        self.places, self.least, self.above, self.most = places, least, above, most
        self.example, self.unit = example, unit
        super().__init__(
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            error_messages={"required": self.ask()},
            **kwargs,
        )

    def ask(self) -> str:
        return _("Enter a number, like {example}").format(example=self.example)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        if len(text) > LONGEST_TYPED:
            raise ValidationError(self.ask())
        try:
            number = parse_number(text.removesuffix("%").rstrip(), places=self.places)
        except NotANumber as error:
            raise ValidationError(str(error)) from None
        self.check_range(number)
        # As the database gives it back, so that 5 and 5.00 are no change.
        return number.quantize(Decimal(1).scaleb(-self.places))

    def check_range(self, number: Decimal) -> None:
        if self.above is not None and number <= self.above:
            raise ValidationError(_("Enter more than {n}").format(n=exact_text(self.above)))
        if number < self.least:
            raise ValidationError(_("Enter {n} or more").format(n=exact_text(self.least)))
        if number > self.most:
            raise ValidationError(_("Enter at most {n}").format(n=exact_text(self.most)))

    def prepare_value(self, value: Any) -> Any:
        """Stored numbers are shown with separators; what was just typed stays as it was typed."""
        if not isinstance(value, Decimal):
            return value
        has_cents = self.places == MONEY_PLACES and self.most == MOST_VALUE
        if has_cents and value != value.to_integral_value():
            return number_text(value, MONEY_PLACES)
        return exact_text(value)


def money_field(label: str, hint: str = "", *, unit: str = "", **kwargs: Any) -> DecimalField:
    return DecimalField(
        label=label, help_text=hint, required=False, places=MONEY_PLACES, unit=unit, **kwargs
    )


def percent_field(label: str, hint: str = "", *, unit: str = "%", **kwargs: Any) -> DecimalField:
    """Percent, or points, from 0 to 100 with two decimals."""
    return DecimalField(
        label=label,
        help_text=hint,
        required=False,
        places=PERCENT_PLACES,
        most=WHOLE,
        example="12.5",
        unit=unit,
        **kwargs,
    )


def currency_field(label: str, hint: str = "", without: str = "") -> forms.ChoiceField:
    missing = _("Select a currency")
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=[(code, code) for code in CURRENCIES if code != without],
        error_messages=dict.fromkeys(("required", "invalid_choice"), missing),
    )


def version_field() -> forms.IntegerField:
    """Which version of a row a form was made from."""
    return forms.IntegerField(
        min_value=1,
        max_value=LARGEST_VERSION,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), RELOAD),
    )


def sign_of(currency: str) -> str:
    """What stands beside a field for money."""
    return "$" if currency == "USD" else currency
