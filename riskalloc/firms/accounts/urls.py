"""Allauth's pages that we use, each for whom it is meant; the others are not there."""

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.usersessions import views as sessions
from django.urls import URLPattern, path

from riskalloc.firms.access import Page, refused_is_422, signed_in
from riskalloc.firms.accounts import views


def form(route: str, view: Page, name: str) -> URLPattern:
    """A page with a form, which answers 422 where it is not taken, as all forms here do."""
    return path(route, refused_is_422(view), name=name)


def own(route: str, view: Page, name: str) -> URLPattern:
    """A page of one's own account."""
    return form(route, signed_in(view), name)


def proved(route: str, view: Page, name: str) -> URLPattern:
    """A page for whom has just signed in, or proves once more who they are."""
    return own(route, reauthentication_required(view), name)


urlpatterns = [
    form("login/", account.login, "account_login"),
    form("logout/", account.logout, "account_logout"),
    form("signup/", account.signup, "account_signup"),
    form("confirm-email/", account.email_verification_sent, "account_email_verification_sent"),
    form("password/reset/", account.password_reset, "account_reset_password"),
    form(
        "password/reset/confirm/",
        account.confirm_password_reset_code,
        "account_confirm_password_reset_code",
    ),
    form(
        "password/reset/complete/",
        account.complete_password_reset,
        "account_complete_password_reset",
    ),
    form(
        "password/reset/done/",
        account.password_reset_from_key_done,
        "account_password_reset_completed",
    ),
    form("2fa/authenticate/", mfa.authenticate, "mfa_authenticate"),
    form("2fa/webauthn/login/", webauthn.login_webauthn, "mfa_login_webauthn"),
    own("", views.overview, "account"),
    own("stay/", views.stay, "stay"),
    own("reauthenticate/", account.reauthenticate, "account_reauthenticate"),
    own("2fa/reauthenticate/", mfa.reauthenticate, "mfa_reauthenticate"),
    own(
        "2fa/webauthn/reauthenticate/",
        webauthn.reauthenticate_webauthn,
        "mfa_reauthenticate_webauthn",
    ),
    own("password/change/", account.password_change, "account_change_password"),
    own("sessions/", sessions.list_usersessions, "usersessions_list"),
    own("2fa/", views.second_step, "mfa_index"),
    own("2fa/webauthn/", webauthn.list_webauthn, "mfa_list_webauthn"),
    proved("email/", account.email, "account_email"),
    proved("password/set/", account.password_set, "account_set_password"),
    proved("2fa/totp/activate/", totp.activate_totp, "mfa_activate_totp"),
    proved("2fa/totp/deactivate/", totp.deactivate_totp, "mfa_deactivate_totp"),
    proved("2fa/recovery-codes/", codes.view_recovery_codes, "mfa_view_recovery_codes"),
    proved(
        "2fa/recovery-codes/generate/",
        codes.generate_recovery_codes,
        "mfa_generate_recovery_codes",
    ),
    proved(
        "2fa/recovery-codes/download/",
        codes.download_recovery_codes,
        "mfa_download_recovery_codes",
    ),
    proved("2fa/webauthn/add/", webauthn.add_webauthn, "mfa_add_webauthn"),
    proved("2fa/webauthn/keys/<int:pk>/remove/", webauthn.remove_webauthn, "mfa_remove_webauthn"),
    proved("2fa/webauthn/keys/<int:pk>/edit/", webauthn.edit_webauthn, "mfa_edit_webauthn"),
]
