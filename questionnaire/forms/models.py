"""What owners type about mixes of their own, and what they choose for new results."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from questionnaire.forms.clients import PlainForm
from questionnaire.models import ModelDraft, PublishedModels
from questionnaire.models.model_portfolios import CLASSES, LONGEST_NOTE, parts_of
from questionnaire.services.switching import Course
from riskalloc import methodology
from riskalloc.engine.assets import AssetClass
from riskalloc.engine.rules import ONE_PERCENT, WHOLE, RiskLabel
from riskalloc.firms.forms import LARGEST_VERSION, RELOAD, NameField
from riskalloc.web.numbers import NotANumber, exact_text, parse_number

BUILT_IN = "method"


def version_field() -> forms.IntegerField:
    return forms.IntegerField(
        min_value=1,
        max_value=LARGEST_VERSION,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), RELOAD),
    )


class ShareField(forms.CharField):
    """Percent with at most two decimals, as basis points. Nothing typed is nothing."""

    unit = "%"

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "aria-label": kwargs["label"]}
        super().__init__(required=False, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> int:
        text = str(super().clean(value)).strip().removesuffix("%")
        if not text:
            return 0
        try:
            number = parse_number(text, places=2)
        except NotANumber as error:
            raise ValidationError(str(error)) from None
        if number < 0:
            raise ValidationError(_("Nothing is below 0%. Enter 0 or more"))
        units = int(number * ONE_PERCENT)
        if units > WHOLE:
            raise ValidationError(_("Nothing is above 100%. Enter 100 or less"))
        return units


def share_name(label: RiskLabel, asset: AssetClass) -> str:
    return f"{label}_{asset}"


def share_text(units: int) -> str:
    return exact_text(Decimal(units) / ONE_PERCENT) if units else ""


class DraftForm(PlainForm):
    """A share for every class and label. Whether they add up is asked before publishing, not here."""

    version = version_field()
    id = forms.UUIDField(  # of what it becomes when it is published
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages={"required": RELOAD, "invalid": RELOAD},
    )
    name = NameField(label=_("Name"), help_text=_("Your clients see it on their results."))
    note = forms.CharField(
        label=_("Note"),
        help_text=_("What is new, and why. Your desk can read it."),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = methodology.load(methodology.DEFAULT_VERSION).classes.classes
        for label in RiskLabel:
            for asset in AssetClass:
                said = f"{label.capitalize()}, {names[asset].name}"
                self.fields[share_name(label, asset)] = ShareField(label=said)

    @classmethod
    def of_draft(cls, draft: ModelDraft) -> "DraftForm":
        shares = {
            share_name(label, asset): share_text(part)
            for label in RiskLabel
            for asset, part in parts_of(draft.mixes.get(label, {})).items()
        }
        named = {"version": draft.version, "name": draft.name, "note": draft.note}
        return cls(initial={**named, **shares})

    def values(self) -> dict[str, Any]:
        """What `save_draft` takes."""
        mixes = {
            label.value: {name: self.cleaned_data[f"{label}_{name}"] for name in CLASSES}
            for label in RiskLabel
        }
        return {"mixes": mixes} | {
            name: self.cleaned_data[name] for name in ("version", "name", "note")
        }

    def by_class(self) -> dict[AssetClass, tuple[forms.BoundField, ...]]:
        """Each class's fields, one for each label."""
        return {
            asset: tuple(self[share_name(label, asset)] for label in RiskLabel)
            for asset in AssetClass
        }

    @property
    def models_id(self) -> UUID:
        found: UUID = self.cleaned_data["id"]
        return found


class CourseForm(PlainForm):
    """Which scores, and whose mixes; `published` are the versions that the firm may choose."""

    method = forms.ChoiceField(
        label=_("Scores and labels"),
        choices=[
            (name, f"{name}: {methodology.load(name).summary}") for name in methodology.versions()
        ],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Select a method")),
    )
    mixes = forms.ChoiceField(
        label=_("Mixes"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Select whose mixes")),
    )

    def __init__(self, published: list[PublishedModels], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.published: Mapping[str, PublishedModels] = {str(one.pk): one for one in published}
        mixes = self.fields["mixes"]
        assert isinstance(mixes, forms.ChoiceField)
        own = [(key, _("Your own: {name}").format(name=one)) for key, one in self.published.items()]
        mixes.choices = [(BUILT_IN, _("The method’s, with its income shift")), *own]

    def course(self) -> Course:
        cleaned = self.cleaned_data
        return Course(method=cleaned["method"], published=self.published.get(cleaned["mixes"]))


class SwitchForm(CourseForm):
    """The same, with what the page showed of it: `figures` are how many of how many would move."""

    version = version_field()
    figures = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    seen = forms.BooleanField(
        error_messages={"required": _("Tick the box, once you have looked at what would move")}
    )
