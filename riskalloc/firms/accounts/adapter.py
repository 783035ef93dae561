"""Where allauth asks us: addresses, letters, refusals, and where to go next."""

import html
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import clean_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from riskalloc.firms.accounts.sessions import SIGNED_IN_AT, begin
from riskalloc.firms.letters import send_letter, with_id
from riskalloc.firms.models import User
from riskalloc.web.errors import too_many
from riskalloc.web.throttle import address

MINUTE, LOCKED_SECONDS = 60, 5 * 60  # as in ACCOUNT_RATE_LIMITS
WRONG_CODE = "This code is not right. Enter the newest code"
WAYS = {
    "reauthenticate": "use your password",
    "mfa_reauthenticate": "use a code",
    "mfa_reauthenticate:webauthn": "use a passkey",
}
UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104 - nothing listens here; a socket file has no address


def too_many_tries(request: HttpRequest) -> HttpResponse:
    return too_many(request, MINUTE)


class Refusals:
    """Words for what is wrong. Too many tries end the request at once, whichever form counted them."""

    def validation_error(self, code: str, *args: Any) -> Exception:
        if code in ("too_many_login_attempts", "rate_limited"):
            return ImmediateHttpResponse(too_many(context.request, LOCKED_SECONDS))
        error: ValidationError = super().validation_error(code, *args)  # type: ignore[misc]
        return error


class AccountAdapter(Refusals, DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The e-mail address and the password do not match. Check both.",
        "duplicate_email": "This is your e-mail address already. Enter another one.",
        "same_as_current": "This is your e-mail address already. Enter another one.",
        "email_taken": "This e-mail address belongs to another account. Enter another one.",
        "enter_current_password": "This is not your password now. Enter the one you sign in with.",
        "incorrect_password": "This is not your password. Enter the one you sign in with.",
        "incorrect_code": WRONG_CODE,
        # Shown on the next page, after the third wrong code.
        "too_many_login_attempts": "That was the third wrong code. Start again to get a new one.",
        "rate_limited": "Wait 10 seconds, then ask for a new code.",
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that our own throttles count."""
        return clean_client_ip(address("", request)) or UNKNOWN_ADDRESS

    def is_ajax(self, request: HttpRequest) -> bool:
        """Only a passkey's question is asked in JSON; every other page has one shape."""
        return request.path == reverse("mfa_login_webauthn") and super().is_ajax(request)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has just signed in need not do it again."""
        age = time.time() - context.request.session.get(SIGNED_IN_AT, 0)
        return age > app_settings.REAUTHENTICATION_TIMEOUT

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [{**method, "description": WAYS[method["id"]]} for method in methods]

    # -- Signing in ---------------------------------------------------------------------------------------

    def get_login_stages(self) -> list[str]:
        return [
            "allauth.account.stages.EmailVerificationStage",
            "allauth.mfa.stages.AuthenticateStage",
        ]

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """A disabled account gets the same words as a wrong password."""
        user: User | None = super().authenticate(request, **credentials)
        return user if user and user.is_active else None

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        clear_login(request)
        self.add_message(request, messages.ERROR, message=MfaAdapter.error_messages["unknown_key"])
        return redirect("account_login")

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        begin(request)

    def clean_password(self, password: str, user: User | None = None) -> str:
        try:
            return str(super().clean_password(password, user))
        except ValidationError as error:
            raise ValidationError(
                [self.about_password(e, password) for e in error.error_list]
            ) from None

    def about_password(self, error: ValidationError, password: str) -> str:
        if error.code == "password_too_short":
            return f"Use at least 12 characters. This password has {len(password)}"
        return "Many people use this password. Choose one that is harder to guess"

    # -- Where to go next ---------------------------------------------------------------------------------

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("account")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    # -- Letters ------------------------------------------------------------------------------------------

    def render_mail(self, *args: Any, **kwargs: Any) -> EmailMessage:
        """Letters are plain text: what templates escape for a page is put back."""
        letter: EmailMessage = super().render_mail(*args, **kwargs)
        letter.subject, letter.body = (html.unescape(str(t)) for t in (letter.subject, letter.body))
        return letter

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        letter = self.render_mail(
            template_prefix, email, {"email": email, "site": settings.SITE_URL, **context}
        )
        subject, body = str(letter.subject), str(letter.body)
        send_letter.enqueue(to=email, subject=subject, body=body, headers=with_id({}))


class MfaAdapter(Refusals, DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "unknown_key": "We do not know this passkey. Try again, or choose another way.",
        "no_key_made": "No passkey was made. Try again, or set up an app instead.",
        "unverified_email": "Confirm your e-mail address first. Then add a second step.",
        "cannot_generate_recovery_codes": "Recovery codes come with a second step. Add one first.",
    }

    def _get_site_name(self) -> str:
        return "RiskAlloc"

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {count + 1}" if count else "Passkey"
