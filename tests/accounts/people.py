"""People with a password, and what they type."""

import re
import time
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from riskalloc.firms.models import Role, User
from tests.factories import MembershipFactory

EMAIL = "demo-anna@example.org"
PASSWORD, OTHER_PASSWORD = "four demo words here", "other demo words here"
WRONG_PASSWORD = "not the demo words"
HTMX = {"HX-Request": "true"}
SIGN_IN, SIGN_UP, SECOND_STEP = "/account/login/", "/account/signup/", "/account/2fa/"
CONFIRM, RESET, SESSIONS = (
    "/account/confirm-email/",
    "/account/password/reset/",
    "/account/sessions/",
)
COOKIE = "session"
CREDENTIAL = {  # of a browser's virtual authenticator: a public key that opens nothing
    "type": "public-key",
    "id": "MWrD5tj_pJQLIxHrhA3rcnw_colQq10FJcJ3l2O7riQ",
    "rawId": "MWrD5tj_pJQLIxHrhA3rcnw_colQq10FJcJ3l2O7riQ",
    "response": {
        "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiOWJ0NVFaZ3BZNnIzeFlzY3Z0"
        "Z1NBT1hBOVQxR3cyNkZuMVh5Y1k4eUswdyIsIm9yaWdpbiI6Imh0dHA6Ly9sb2NhbGhvc3Q6ODAxMSIs"
        "ImNyb3NzT3JpZ2luIjpmYWxzZX0",
        "attestationObject": "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVikSZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzz"
        "uoMdl2NFAAAAAQECAwQFBgcIAQIDBAUGBwgAIDFqw-bY_6SUCyMR64QN63J8P3KJUKtdBSXCd5dju64k"
        "pQECAyYgASFYID5n7zcsw_hQH_Y5eMKYwX1f5g_kKsyU7YdgrI6J3CH7IlggNDTCx2tSKx51AIgaCWZA"
        "WugzgAqSLoWFaAZATVMNzRA",
    },
    "clientExtensionResults": {"credProps": {"rk": True}},
}


def person(email: str = EMAIL, *, role: Role | None = None, **fields: Any) -> User:
    """Somebody who has signed up and confirmed the address; with a role, in a practice."""
    user = User.objects.create_user(email, PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if role:
        MembershipFactory(user=user, role=role)
    return user


def with_app(user: User) -> str:
    """An authenticator app and recovery codes; gives the app's secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def with_passkey(user: User) -> Authenticator:
    data = {"name": "Demo key", "credential": CREDENTIAL}
    key: Authenticator = Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data=data
    )
    return key


def code_of(secret: str, later: int = 0) -> str:
    """What the app shows now, or some half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def recovery_codes(user: User) -> list[str]:
    codes: list[str] = (
        Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
        .wrap()
        .get_unused_codes()
    )
    return codes


def sign_in(
    client: Client, email: str = EMAIL, password: str = PASSWORD, **typed: Any
) -> HttpResponse:
    return client.post(SIGN_IN, {"login": email, "password": password, **typed})


def signed_in_browser(user: User) -> Client:
    """Through the form, as people do; the second step too, if there is one."""
    client = Client()
    response = sign_in(client, user.email)
    if response["Location"] == "/account/2fa/authenticate/":
        client.post(response["Location"], {"code": recovery_codes(user)[0]})
    assert is_signed_in(client)
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def newest_code() -> str:
    found = re.search(r"^\d{4}-\d{4}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found.group()


def subjects() -> list[str]:
    return [letter.subject for letter in mail.outbox]


def text(response: HttpResponse) -> str:
    return response.content.decode()
