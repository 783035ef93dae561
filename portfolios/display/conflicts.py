"""What differs between a form and what somebody else has saved meanwhile."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _

from riskalloc.web.numbers import exact_text


def differences(
    form: forms.Form, values: Mapping[str, Any], theirs: models.Model | None
) -> list[tuple[str, str, str]]:
    """Label, what is saved now, what was typed; nothing where there is no conflict."""
    if theirs is None:
        return []
    return [
        (
            str(form.fields[name].label),
            shown(form.fields[name], getattr(theirs, name)),
            shown(form.fields[name], mine),
        )
        for name, mine in values.items()
        if name in form.fields and getattr(theirs, name) != mine
    ]


def version_after(form: forms.Form, theirs: Any) -> Any:
    """What the form goes out with: the version that it came with, or that of a row it now knows of."""
    return form["version"].value() if theirs is None else theirs.version


def shown(field: forms.Field, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices  # pairs, whatever Django's stubs say
        words = {str(code): str(text) for code, text in choices}
        return words.get(str(value), str(value))
    if isinstance(value, Decimal):
        return exact_text(value)
    return "—" if value is None or value == "" else str(value)
