"""What a whole firm shares of a security: its price, and what is in it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from portfolios.forms.accounts import check_day
from portfolios.forms.fields import DecimalField, percent_field, sign_of, version_field
from portfolios.forms.holdings import MOST_PRICE
from portfolios.models import CLASSES, WHOLE, Security
from portfolios.models.fixed import PRICE_PLACES
from portfolios.models.securities import LONGEST_SECURITY_NAME, LONGEST_SOURCE
from portfolios.services.rows import TYPED
from portfolios.snapshots import BASIS_POINT, names_of_classes
from questionnaire.forms.clients import PlainForm
from riskalloc.engine.holding_classes import TOPS, HoldingClass
from riskalloc.web.numbers import exact_text

NOTHING = Decimal(0)


class PriceForm(PlainForm):
    """`values()` is what the service asks for."""

    version = version_field()

    def __init__(self, currency: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["price"] = DecimalField(
            label=_("Price of one"),
            places=PRICE_PLACES,
            above=NOTHING,
            most=MOST_PRICE,
            example="245.50",
            unit=sign_of(currency),
        )
        self.fields["priced_on"] = forms.DateField(
            label=_("On"),
            initial=timezone.localdate,
            error_messages=dict.fromkeys(
                ("required", "invalid"), _("Enter a date, like 2026-11-21")
            ),
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        )
        self.fields["price_source"] = forms.CharField(
            label=_("Where it is from"),
            help_text=_("Such as “broker’s page”. Empty means that you typed it."),
            required=False,
            max_length=LONGEST_SOURCE,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )

    @classmethod
    def of_security(cls, security: Security) -> "PriceForm":
        """The price as it is, for today: that is what somebody comes to confirm or change."""
        initial = {"version": security.version, "price": security.price}
        return cls(security.currency, initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_day(self, "priced_on")
        return cleaned

    def values(self) -> dict[str, Any]:
        return {
            "price": self.cleaned_data["price"],
            "priced_on": self.cleaned_data["priced_on"],
            "source": self.cleaned_data["price_source"] or TYPED,
        }


class ClassesForm(PlainForm):
    """The name, and the percent of each class; what is left is unclassified."""

    version = version_field()
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=LONGEST_SECURITY_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = names_of_classes()
        for held in CLASSES:
            self.fields[held] = percent_field(names[held])

    @classmethod
    def of_security(cls, security: Security) -> "ClassesForm":
        percents = {held: units * BASIS_POINT for held, units in security.per_class().items()}
        return cls(initial={"version": security.version, "name": security.name, **percents})

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        over = sum(cleaned.get(held) or NOTHING for held in CLASSES) - WHOLE * BASIS_POINT
        if over > NOTHING:
            first = next(held for held in CLASSES if cleaned.get(held))
            self.add_error(first, says_over(over))
        return cleaned

    def values(self) -> dict[str, Any]:
        """Basis points by class, and the name."""
        percents = {held: self.cleaned_data[held] for held in CLASSES}
        return {
            "per_class": {
                held: int(percent / BASIS_POINT) for held, percent in percents.items() if percent
            },
            "name": self.cleaned_data["name"],
        }

    def groups(self) -> Iterable[tuple[str, list[forms.BoundField]]]:
        """The fields under the names of their top classes."""
        names = names_of_classes()
        for top in dict.fromkeys(TOPS[HoldingClass(held)] for held in CLASSES):
            yield names[top], [self[held] for held in CLASSES if TOPS[HoldingClass(held)] == top]


def says_over(over: Decimal) -> str:
    whole = WHOLE * BASIS_POINT
    return _("The classes add up to {total}%. Take away {by} {word}.").format(
        total=exact_text(whole + over),
        by=exact_text(over),
        word=_("point") if over == 1 else _("points"),
    )
