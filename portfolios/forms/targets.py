"""A target: from answers, or typed at both levels."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from portfolios.forms.fields import percent_field
from portfolios.models import Target
from portfolios.services.mixes import (
    CLASSES_OF,
    core_sleeve,
    divided,
    percents_of,
    top_percents,
)
from portfolios.snapshots import names_of_classes
from questionnaire.forms.clients import PlainForm
from riskalloc.engine.assets import AssetClass, Top
from riskalloc.firms.forms import SentOnce
from riskalloc.web.numbers import exact_text

NOTHING, WHOLE = Decimal(0), Decimal(100)


class TargetForm(SentOnce):
    """`was` is the target that the page showed, so that nobody replaces another one unseen."""

    was = forms.UUIDField(widget=forms.HiddenInput, required=False)


class AnswersForm(TargetForm):
    """The mix of answers as the page showed it."""

    result = forms.CharField(widget=forms.HiddenInput, max_length=40)
    override = forms.UUIDField(widget=forms.HiddenInput, required=False)


class TypedForm(TargetForm, PlainForm):
    """Percent of the top classes and, where somebody wants to, of what they are divided into."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = names_of_classes()
        for top, assets in CLASSES_OF.items():
            self.fields[top.value] = percent_field(names[top])
            for asset in assets if len(assets) > 1 else ():
                self.fields[asset.value] = percent_field(names[asset])

    @classmethod
    def of_target(cls, target: Target | None) -> "TypedForm":
        """With the present target; its classes stay empty where a top class is divided as usual."""
        if target is None:
            return cls()
        percents = percents_of(target)
        initial: dict[str, Any] = {"was": target.pk}
        for top, percent in top_percents(percents).items():
            initial[top.value] = percent
            mine = {name: percents[name] for name in CLASSES_OF[top] if name in percents}
            if mine != divided(top, percent):
                initial.update((str(name), part) for name, part in mine.items())
        return cls(initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        tops = {top: self.top_percent(top) for top in Top}
        total = sum(tops.values(), NOTHING)
        if not self.errors and total != WHOLE:
            self.add_error(Top.STOCKS.value, adds_up_to(total))
        return cleaned

    def top_percent(self, top: Top) -> Decimal:
        """As typed, or what its classes add up to; an error where the two differ."""
        typed, parts = self.cleaned_data[top.value], self.parts(top)
        if not parts:
            return typed or NOTHING
        total = sum(parts.values(), NOTHING)
        if typed is not None and typed != total:
            self.add_error(top.value, classes_add_up_to(typed, total))
        return total

    def parts(self, top: Top) -> dict[str, Decimal]:
        """What was typed under a top class; nothing where it is left to be divided as usual."""
        assets = CLASSES_OF[top] if len(CLASSES_OF[top]) > 1 else ()
        typed = {asset.value: self.cleaned_data[asset.value] for asset in assets}
        return {name: part for name, part in typed.items() if part is not None}

    def percents(self) -> dict[str, Decimal]:
        """Of each asset class; adds up to 100."""
        found: dict[str, Decimal] = {}
        for top in Top:
            found |= self.parts(top) or divided(top, self.cleaned_data[top.value] or NOTHING)
        return {name: part for name, part in found.items() if part}

    def groups(self) -> list[dict[str, Any]]:
        """The fields as the page shows them: each top class, and those that it is divided into."""
        return [
            {
                "top": self[top.value],
                "parts": [self[asset.value] for asset in assets] if len(assets) > 1 else [],
                "usual": usual_text(top),
                "is_open": self.is_divided(assets),
            }
            for top, assets in CLASSES_OF.items()
        ]

    def is_divided(self, assets: tuple[AssetClass, ...]) -> bool:
        return len(assets) > 1 and any(
            self[asset.value].value() not in (None, "") for asset in assets
        )


def usual_text(top: Top) -> str:
    """`80% US large-cap, 20% International`."""
    names: Mapping[str, str] = names_of_classes()
    return ", ".join(f"{part}% {names[asset]}" for asset, part in core_sleeve(top).items())


def adds_up_to(total: Decimal) -> str:
    """What is wrong with a target that does not make 100 %, and the way out."""
    by = abs(WHOLE - total)
    say = _("Targets add up to {total}%. Add {by} {word}.")
    if total > WHOLE:
        say = _("Targets add up to {total}%. Take away {by} {word}.")
    return say.format(total=exact_text(total), by=exact_text(by), word=points_word(by))


def classes_add_up_to(typed: Decimal, total: Decimal) -> str:
    by = abs(typed - total)
    say = _("Its classes add up to {total}%, not to {typed}%. Add {by} {word} to them.")
    if total > typed:
        say = _("Its classes add up to {total}%, not to {typed}%. Take {by} {word} from them.")
    return say.format(
        total=exact_text(total), typed=exact_text(typed), by=exact_text(by), word=points_word(by)
    )


def points_word(points: Decimal) -> str:
    return _("point") if points == 1 else _("points")
