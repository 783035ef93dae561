"""The form of a life event: when it happened, and the questions that are asked again."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from questionnaire.forms.clients import OLDEST_YEARS, PlainForm
from questionnaire.forms.questions import check_needed, form_field, initial_value, stored_text
from riskalloc.engine.questions import Question

A_DAY = timedelta(days=1)  # somewhere it is tomorrow already
SHOWN = "j M Y"

Answers = Mapping[str, Mapping[str, str]]


class EventForm(PlainForm):
    """One page of questions. `answers()` gives them the way a draft keeps them."""

    event_id = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("This page was not complete. Send it again")
        ),
    )
    happened_on = forms.DateField(
        label=_("Date of the change"),
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("Enter the date of the change, like 2026-05-17")
        ),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(
        self,
        questions: tuple[Question, ...],
        *,
        amount: Decimal,
        today: date,
        born_on: date | None = None,
        **kwargs: Any,
    ) -> None:
        """`amount` is printed in the texts until another one is typed."""
        super().__init__(**kwargs)
        self.questions = questions
        self.today, self.born_on = today, born_on
        self.amount = amount
        for question in questions:  # the amount comes first
            for field in question.fields:
                self.fields[field.name] = form_field(field, self.amount)
            if question.id == "amount":
                self.amount = self.typed_amount() or amount

    @classmethod
    def of_answers(
        cls, questions: tuple[Question, ...], answers: Answers, *, today: date, **kwargs: Any
    ) -> "EventForm":
        """An unbound form that shows what was answered last time."""
        initial: dict[str, Any] = {"happened_on": today}
        for question in questions:
            shown = answers.get(question.id, {})
            for field in question.fields:
                initial[field.name] = initial_value(field, shown.get(field.name))
        return cls(questions, today=today, initial=initial, **kwargs)

    def typed_amount(self) -> Decimal | None:
        if not self.is_bound:
            return None
        try:
            return self.fields["amount"].clean(self.data.get("amount"))
        except ValidationError:
            return None

    def clean_happened_on(self) -> date:
        happened_on: date = self.cleaned_data["happened_on"]
        if happened_on > self.today + A_DAY:
            raise ValidationError(
                _("This day is still to come. Enter one until today, {today}").format(
                    today=date_format(self.today, SHOWN)
                )
            )
        if self.born_on and happened_on < self.born_on:
            raise ValidationError(
                _("This is before the date of birth, {born_on}. Check the year").format(
                    born_on=date_format(self.born_on, SHOWN)
                )
            )
        if happened_on.year < self.today.year - OLDEST_YEARS:
            raise ValidationError(_("Check the year: {year}").format(year=happened_on.year))
        return happened_on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_needed(self, cleaned)
        return cleaned

    def answers(self) -> dict[str, dict[str, str]]:
        return {
            question.id: {
                field.name: stored_text(self.cleaned_data[field.name]) for field in question.fields
            }
            for question in self.questions
        }
