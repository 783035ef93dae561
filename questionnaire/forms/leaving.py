"""Confirming what cannot be undone."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from questionnaire.forms.clients import PlainForm
from riskalloc.firms.models import LONGEST_NAME

WORD = "delete"


class DeleteForm(PlainForm):
    """The client's name, or a word that is easier to type; and perhaps the account as well."""

    confirmation = forms.CharField(
        label=_("To confirm, type “delete” or the name of the profile"),
        required=False,  # one sentence for empty and for wrong
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off"}),
    )
    delete_account = forms.BooleanField(
        label=_("Delete my account too"),
        help_text=_("You could not sign in any more. You may sign up anew at any time."),
        required=False,
    )

    def __init__(self, *args: Any, name: str, offers_account: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accepted = {WORD, name.strip().casefold()}
        if not offers_account:
            del self.fields["delete_account"]

    def clean_confirmation(self) -> str:
        typed: str = self.cleaned_data["confirmation"][: LONGEST_NAME * 2]
        if typed.strip().casefold() not in self.accepted:
            raise ValidationError(_("Type “delete” or the name, or leave everything as it is"))
        return typed
