"""allauth's forms in our words; they own every message about input."""

import struct
from typing import Any

from allauth.account import forms as account
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest

from riskalloc.firms.models import User

EMAIL, PASSWORD, NEW_PASSWORD = "E-mail address", "Password", "New password"
PASSWORD_HINT = "At least 12 characters. A few words in a row are easy to keep in mind."  # noqa: S105
ENTER_EMAIL = "Enter an e-mail address, like name@example.org"
# How long a code of an app is right: its own half minute and one on each side.
CODE_SECONDS = 90
LONGEST_CODE, LONGEST_KEY_NAME, LONGEST_EMAIL, LONGEST_PASSWORD = 40, 60, 254, 1_000
MALFORMED = (AssertionError, AttributeError, LookupError, TypeError, ValueError, struct.error)
# label, hint, what to say when it is empty
WORDS = {
    "login": (EMAIL, "", ENTER_EMAIL),
    "email": (EMAIL, "", ENTER_EMAIL),
    "password": (PASSWORD, "", "Enter your password"),
    "oldpassword": ("Your password now", "", "Enter the password you sign in with"),
    "password1": (NEW_PASSWORD, PASSWORD_HINT, "Enter a password of at least 12 characters"),
    "code": ("Code", "", "Enter the code"),
    "name": ("Name", "", "Enter a name"),
}


class Plain(forms.Form):
    """No placeholders, no HTML in hints, labels in plain words."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in WORDS:
                field.label, field.help_text, empty = WORDS[name]
                field.error_messages["required"] = empty
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = ENTER_EMAIL
                field.widget.attrs["autocomplete"] = "username"
                limit(field, LONGEST_EMAIL)
            if isinstance(field.widget, forms.PasswordInput):
                # A very long one would cost time to hash.
                limit(field, LONGEST_PASSWORD)
            if name == "code":
                limit(field, LONGEST_CODE)
                field.widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}


def limit(field: forms.Field, length: int) -> None:
    assert isinstance(field, forms.CharField)
    field.validators.append(MaxLengthValidator(length, f"Use at most {length} characters"))


class SignInForm(Plain, account.LoginForm):
    pass


class SignUpForm(Plain, account.SignupForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = PASSWORD

    def try_save(self, request: HttpRequest) -> Any:
        """A known address costs the same time as a new one: one password is hashed."""
        if self.account_already_exists:
            User().set_password(self.cleaned_data["password1"])
        return super().try_save(request)


class ChangeEmailForm(Plain, account.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "New e-mail address"


class ChangePasswordForm(Plain, account.ChangePasswordForm):
    password2 = None


class SetPasswordForm(Plain, account.SetPasswordForm):
    password2 = None


class ResetForm(Plain, account.ResetPasswordForm):
    pass


class NewPasswordForm(Plain, account.ResetPasswordKeyForm):
    password2 = None


class ReauthenticateForm(Plain, account.ReauthenticateForm):
    pass


class ConfirmEmailForm(Plain, account.ConfirmEmailVerificationCodeForm):
    pass


class ConfirmResetForm(Plain, account.ConfirmPasswordResetCodeForm):
    pass


class Once(Plain):
    """A code works once, for as long as it would be right; allauth remembers it for 30 seconds."""

    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "code"
        ].help_text = "From your authenticator app, or one of your recovery codes."

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if not cache.add(f"code:{self.user.pk}:{normalize_user_code(code)}", "used", CODE_SECONDS):
            raise get_mfa_adapter().validation_error("incorrect_code")
        return code


class CodeForm(Once, mfa.AuthenticateForm):
    pass


class CodeAgainForm(Once, mfa.ReauthenticateForm):
    pass


class ActivateAppForm(Plain, ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code from the app"


class AddPasskeyForm(Plain, webauthn.AddWebAuthnForm):
    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean() or {}
        except (*MALFORMED, ValidationError):
            raise get_mfa_adapter().validation_error("no_key_made") from None
        return cleaned

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit(self.fields["name"], LONGEST_KEY_NAME)
        self.fields["name"].help_text = "To tell it from others, like “Work laptop”."
        alone = self.fields["passwordless"]
        alone.initial = True
        alone.label = "Let me sign in with this passkey alone"
        alone.help_text = "Leave this out for a security key that has no PIN."


class Known(Plain):
    """What a browser sends as a passkey's answer is read by code that trusts its shape."""

    def clean_credential(self) -> Authenticator:
        try:
            key: Authenticator = super().clean_credential()  # type: ignore[misc]
        except (*MALFORMED, ValidationError):
            raise get_mfa_adapter().validation_error("unknown_key") from None
        return key


class PasskeyForm(Known, webauthn.AuthenticateWebAuthnForm):
    pass


class PasskeyAloneForm(Known, webauthn.LoginWebAuthnForm):
    pass


class PasskeyAgainForm(Known, webauthn.ReauthenticateWebAuthnForm):
    pass


class RenamePasskeyForm(Plain, webauthn.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit(self.fields["name"], LONGEST_KEY_NAME)
