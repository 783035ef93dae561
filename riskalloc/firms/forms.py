"""What owners type about their firm."""

from typing import Any
from unicodedata import category
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from riskalloc.firms.models import (
    AT_THE_DESK,
    INVITATION_DAYS,
    LONGEST_NAME,
    LONGEST_RETENTION,
    Firm,
    Membership,
    Role,
)
from riskalloc.firms.services.inviting import is_same_address

LARGEST_VERSION = 2**31 - 1
LONGEST_ADDRESS = 254
RELOAD = "This form is out of date. Reload the page and fill it in again"
ROLES = {
    Role.OWNER: "Owner: sees every client, invites people and changes what the firm has settled",
    Role.ADVISOR: "Advisor: adds clients, and looks after the ones they are assigned to",
    Role.READER: "Read-only: sees the clients they are assigned to, and changes nothing",
}


class NameField(forms.CharField):
    """One line that shows something; runs of spaces become one."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {
            "required": _("Enter a name"),
            "max_length": _("The name has %(show_value)d characters. Use at most %(limit_value)d"),
        }
        super().__init__(max_length=LONGEST_NAME, error_messages=messages, **kwargs)

    def to_python(self, value: Any) -> str:
        text = " ".join((super().to_python(value) or "").split())
        is_seen = any(category(character)[0] not in "CZ" for character in text)
        return text if is_seen else ""


class SentOnce(forms.Form):
    """Carries the id of what it makes, so that sending it twice makes one."""

    id = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages={"required": RELOAD, "invalid": RELOAD},
    )


def role_field(**kwargs: Any) -> forms.TypedChoiceField:
    say = _("Select what this person may do")
    return forms.TypedChoiceField(
        label=_("What they may do"),
        choices=[(role.value, text) for role, text in ROLES.items()],
        coerce=Role,
        widget=forms.RadioSelect,
        error_messages={"required": say, "invalid_choice": say},
        **kwargs,
    )


class NewFirmForm(SentOnce):
    use_required_attribute = False
    name = NameField(label="Name of your firm", help_text="Your clients see it in their letters.")


class FirmForm(forms.Form):
    """What an owner settles, with the version of the firm that was on the page."""

    use_required_attribute = False
    version = forms.IntegerField(
        min_value=1,
        max_value=LARGEST_VERSION,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), RELOAD),
    )
    name = NameField(label="Name of the firm", help_text="Your clients see it in their letters.")
    retention_years = forms.IntegerField(
        label="Years to keep the records of clients who have left",
        help_text=f"From 0 to {LONGEST_RETENTION}. Laws ask many firms for 5 to 7.",
        min_value=0,
        max_value=LONGEST_RETENTION,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            f"Enter a whole number of years from 0 to {LONGEST_RETENTION}",
        ),
    )

    @classmethod
    def of_firm(cls, firm: Firm) -> "FirmForm":
        return cls(initial={name: getattr(firm, name) for name in cls.base_fields})


class InviteForm(SentOnce):
    use_required_attribute = False
    email = forms.EmailField(
        label="E-mail address",
        help_text=f"We write to this address. The link in the letter is good for {INVITATION_DAYS} days.",
        max_length=LONGEST_ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Enter an e-mail address, like name@example.org",
            "invalid": "Enter an e-mail address, like name@example.org",
            "max_length": "The address has %(show_value)d characters. Use at most %(limit_value)d",
        },
    )
    role = role_field()

    def __init__(self, firm: Firm, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.firm = firm

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        at_the_desk = Membership.objects.filter(firm=self.firm, role__in=AT_THE_DESK)
        addresses = at_the_desk.values_list("user__email", flat=True)
        if any(is_same_address(address, email) for address in addresses):
            raise ValidationError(
                _("This person is in the firm already. Change what they may do on the firm’s page")
            )
        return email


class RoleForm(forms.Form):
    use_required_attribute = False
    role = role_field()
