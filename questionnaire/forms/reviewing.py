"""A meeting that was held, and a note for the desk."""

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from questionnaire.forms.clients import PlainForm
from questionnaire.models.clients import LONGEST_NOTES
from questionnaire.models.reviews import LONGEST_SUMMARY
from riskalloc.firms.forms import SentOnce

MOST_YEARS_AGO = 10


def text_field(label: str, hint: str, most: int, rows: int, **kwargs: object) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=most,
        error_messages={
            "required": _("Write something first"),
            "max_length": _("This has %(show_value)d characters. Use at most %(limit_value)d"),
        },
        widget=forms.Textarea(attrs={"rows": rows}),
        **kwargs,  # type: ignore[arg-type]
    )


class NoteForm(SentOnce, PlainForm):
    text = text_field(
        _("New note"),
        _("For your desk alone. It cannot be changed later, and the client does not see it."),
        LONGEST_NOTES,
        4,
    )


class ReviewForm(SentOnce, PlainForm):
    held_on = forms.DateField(
        label=_("You met on"),
        error_messages=dict.fromkeys(("required", "invalid"), _("Enter a date, like 2026-11-21")),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    summary = text_field(
        _("What you agreed on"),
        _("You may leave it empty. The client reads it too."),
        LONGEST_SUMMARY,
        3,
        required=False,
    )

    def clean_held_on(self) -> date:
        day: date = self.cleaned_data["held_on"]
        today = timezone.localdate()
        if day > today:
            raise forms.ValidationError(_("This day is in the future. Enter today or earlier."))
        if day.year < today.year - MOST_YEARS_AGO:
            raise forms.ValidationError(_("Check the year: {year}").format(year=day.year))
        return day

    @classmethod
    def of_today(cls) -> "ReviewForm":
        return cls(initial={"held_on": timezone.localdate()})
