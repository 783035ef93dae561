"""Forms made from the questions of a methodology; they own every message about input."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from questionnaire import wizard
from riskalloc.engine.amounts import plain
from riskalloc.engine.questions import Field, FieldKind, Question
from riskalloc.engine.rules import Methodology
from riskalloc.web.numbers import NotANumber, exact_text, money_text, number_text, parse_number

MAX_LENGTH = 60


class NumberField(forms.CharField):
    """A number as people type it; cleans to a Decimal, or None where it may be empty."""

    places = 2

    def __init__(self, *, spec: Field, unit: str, **kwargs: Any) -> None:
        self.spec = spec
        self.unit = unit
        super().__init__(
            label=spec.label,
            help_text=spec.hint,
            required=not spec.optional,
            error_messages={"required": _("Enter {what}").format(what=self.example())},
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            **kwargs,
        )

    def example(self) -> str:
        kind = _("an amount") if self.unit == "$" else _("a number")
        return _("{kind}, like {example}").format(kind=kind, example=self.spec.example)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        if len(text) > MAX_LENGTH:
            raise ValidationError(_("Enter {what}").format(what=self.example()))
        try:
            number = parse_number(text, places=self.places)
        except NotANumber as error:
            raise ValidationError(str(error)) from None
        self.check_range(number)
        return number

    def check_range(self, number: Decimal) -> None:
        name = _("Amount") if self.unit == "$" else _("The number of years")
        if self.spec.above is not None and number <= self.spec.above:
            raise ValidationError(f"{name} must be more than {plain(self.spec.above)}")
        if number < 0:
            raise ValidationError(f"{name} must not be less than 0")
        if self.spec.up_to is not None and number > self.spec.up_to:
            show = money_text if self.unit == "$" else exact_text
            most = show(self.spec.up_to)
            raise ValidationError(f"{name} must be at most {most}")

    def prepare_value(self, value: Any) -> Any:
        """Stored numbers are shown with separators; what was just typed stays as it was typed."""
        if not isinstance(value, Decimal):
            return value
        is_round = self.unit != "$" or value == value.to_integral_value()
        return exact_text(value) if is_round else number_text(value, 2)


def number_field(field: Field) -> forms.Field:
    return NumberField(spec=field, unit="$" if field.kind is FieldKind.MONEY else "years")


def choice_field(field: Field, amount: Decimal | None) -> forms.Field:
    return forms.ChoiceField(
        label=field.label,
        choices=[(choice.code, wizard.text(choice.text, amount)) for choice in field.choices],
        widget=forms.RadioSelect,
        error_messages={"required": field.missing, "invalid_choice": field.missing},
    )


def yes_no_field(field: Field) -> forms.Field:
    return forms.BooleanField(label=field.label, help_text=field.hint, required=False)


def form_field(field: Field, amount: Decimal | None) -> forms.Field:
    if field.kind is FieldKind.CHOICE:
        return choice_field(field, amount)
    return yes_no_field(field) if field.kind is FieldKind.YES_NO else number_field(field)


class QuestionForm(forms.Form):
    """One question. `answer()` gives its fields as text, the way a draft keeps them."""

    use_required_attribute = False

    def __init__(self, question: Question, amount: Decimal | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.question = question
        for field in question.fields:
            self.fields[field.name] = form_field(field, amount)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    @classmethod
    def of_answer(
        cls, question: Question, amount: Decimal | None, answer: Mapping[str, str] | None
    ) -> "QuestionForm":
        """An unbound form that shows a stored answer."""
        initial = {
            field.name: initial_value(field, (answer or {}).get(field.name))
            for field in question.fields
        }
        return cls(question, amount, initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_needed(self, cleaned)
        return cleaned

    def answer(self) -> dict[str, str]:
        return {
            field.name: stored_text(self.cleaned_data[field.name]) for field in self.question.fields
        }


def check_needed(form: forms.Form, cleaned: Mapping[str, Any]) -> None:
    needed, amount = cleaned.get("needed_within_3_years"), cleaned.get("amount")
    if needed is not None and amount is not None and needed > amount:
        form.add_error(
            "needed_within_3_years",
            _("This is a part of the amount: enter {amount} or less").format(
                amount=money_text(amount)
            ),
        )


def initial_value(field: Field, stored: str | None) -> Any:
    if stored is None or field.kind is FieldKind.CHOICE:
        return stored
    if field.kind is FieldKind.YES_NO:
        return stored == "yes"
    return None if field.optional and stored == "0" else Decimal(stored)


def stored_text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(value or Decimal(0)) if not isinstance(value, str) else value


class WhatIfForm(forms.Form):
    """Which case to look at, and the amount where that is the case."""

    use_required_attribute = False
    CASES = (
        ("job_loss", "I lose my job"),
        ("steady_job", "I get a steady job"),
        ("retire_soon", "I retire soon"),
        ("reserve_6", "My emergency fund is 6 months"),
        ("amount", "Another amount"),
    )
    case = forms.ChoiceField(
        label="What if",
        choices=CASES,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select what might change",
            "invalid_choice": "Select what might change",
        },
    )

    def __init__(self, method: Methodology, needed: Decimal, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.needed = needed
        spec = method.questionnaire.field("amount")
        self.fields["amount"] = NumberField(spec=spec, unit="$")
        self.fields["amount"].required = False
        self.fields["amount"].label = "The other amount, in US dollars"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("case") != "amount":
            self.errors.pop("amount", None)  # left over from another case, and hidden
        elif "amount" not in self.errors:
            self.check_amount(cleaned.get("amount"))
        return cleaned

    def check_amount(self, amount: Decimal | None) -> None:
        if amount is None:
            self.add_error("amount", _("Enter an amount, like 25,000"))
        elif amount <= self.needed:
            self.add_error(
                "amount",
                _("Enter more than the {needed} that you need within 3 years").format(
                    needed=money_text(self.needed)
                ),
            )
