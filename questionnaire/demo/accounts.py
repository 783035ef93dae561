"""Sign-ins of invented people: one password, and one key for the codes of those who need a second step."""

import time
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value

from riskalloc.firms.models import User

PASSWORD = "riskalloc-demo"  # noqa: S105 - printed on every start, and refused outside DEBUG
CODE_KEY = "RISKALLOCDEMO234"


def make_account(
    email: str, joined_at: datetime, *, is_staff: bool = False, has_second_step: bool = False
) -> User:
    user = User.objects.create_user(email, PASSWORD, joined_at=joined_at, is_staff=is_staff)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if has_second_step:
        TOTP.activate(user, CODE_KEY)
    return user


def code_now() -> str:
    """What an authenticator app with the key shows at this moment."""
    return format_hotp_value(hotp_value(CODE_KEY, int(time.time()) // app_settings.TOTP_PERIOD))
