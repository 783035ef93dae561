"""A copy of somebody's cookie: whatever ends a session ends the copy too."""

from collections.abc import Callable

import pytest
from django.contrib.auth import hashers
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from questionnaire.services.owning import own_profile
from riskalloc.firms.audit import By
from riskalloc.firms.models import User
from tests.accounts.people import (
    COOKIE,
    EMAIL,
    OTHER_PASSWORD,
    PASSWORD,
    RESET,
    SESSIONS,
    SIGN_IN,
    is_signed_in,
    newest_code,
    person,
    sign_in,
    signed_in_browser,
    with_app,
)
from tests.firms.people import browser_of

pytestmark = pytest.mark.django_db
Act = Callable[[Client, User], object]


def sign_out(browser: Client, user: User) -> object:
    return browser.post("/account/logout/")


def sign_out_elsewhere(browser: Client, user: User) -> object:
    """From another browser."""
    return signed_in_browser(user).post(SESSIONS)


def change_password(browser: Client, user: User) -> object:
    typed = {"oldpassword": PASSWORD, "password1": OTHER_PASSWORD}
    return browser.post("/account/password/change/", typed)


def reset_password(browser: Client, user: User) -> object:
    """By somebody in another browser who reads the letters."""
    other = Client()
    other.post(RESET, {"email": user.email})
    other.post(f"{RESET}confirm/", {"code": newest_code()})
    return other.post(f"{RESET}complete/", {"password1": OTHER_PASSWORD})


def be_disabled_by_staff(browser: Client, user: User) -> object:
    staff = browser_of(person("demo-staff@example.org", is_staff=True))
    return staff.post(f"/staff/firms/user/{user.pk}/change/", {})


def delete_the_account(browser: Client, user: User) -> object:
    client = own_profile(user=user, by=By(user=user, name=user.email))
    typed = {"confirmation": "delete", "delete_account": "on"}
    return browser.post(f"/c/{client.pk}/delete/", typed)


ENDS = [
    sign_out,
    sign_out_elsewhere,
    change_password,
    reset_password,
    be_disabled_by_staff,
    delete_the_account,
]


def thief_of(browser: Client) -> Client:
    thief = Client(HTTP_USER_AGENT="Demo thief")
    thief.cookies[COOKIE] = browser.cookies[COOKIE].value
    return thief


@pytest.mark.parametrize("end", ENDS)
def test_a_copied_cookie_is_dead_afterwards(end: Act) -> None:
    user = person()
    browser = signed_in_browser(user)
    thief, copied = thief_of(browser), browser.cookies[COOKIE].value
    assert is_signed_in(thief)
    response = end(browser, user)
    assert getattr(response, "status_code", 0) in (302, 303)
    assert not is_signed_in(thief)
    assert not Session.objects.filter(session_key=copied).exists()


def test_a_cookie_does_not_come_back_with_an_account_that_is_opened_again() -> None:
    user = person()
    browser = signed_in_browser(user)
    thief = thief_of(browser)
    be_disabled_by_staff(browser, user)
    User.objects.filter(pk=user.pk).update(is_active=True)
    assert not is_signed_in(thief)
    assert not is_signed_in(browser)


# -- Fixation ----------------------------------------------------------------------------------------------


def planted(page: str) -> str:
    """The key of a session that somebody has without having signed in."""
    attacker = Client()
    attacker.get(page, headers={"Accept": "application/json"})
    return attacker.cookies[COOKIE].value


@pytest.mark.parametrize("way", ["password", "second step", "sign-up", "reset"])
def test_a_planted_cookie_never_becomes_somebody_s(way: str) -> None:
    key = planted("/account/2fa/webauthn/login/")
    victim = Client()
    victim.cookies[COOKIE] = key
    arrive_by(way, victim)
    assert is_signed_in(victim)
    assert victim.cookies[COOKIE].value != key
    attacker = Client()
    attacker.cookies[COOKIE] = key
    assert not is_signed_in(attacker)


def arrive_by(way: str, victim: Client) -> None:
    if way == "sign-up":
        victim.post("/account/signup/", {"email": EMAIL, "password1": PASSWORD})
        victim.post("/account/confirm-email/", {"code": newest_code()})
        return
    user = person()
    if way == "reset":
        victim.post(RESET, {"email": EMAIL})
        victim.post(f"{RESET}confirm/", {"code": newest_code()})
        victim.post(f"{RESET}complete/", {"password1": OTHER_PASSWORD})
        sign_in(victim, password=OTHER_PASSWORD)
        return
    if way == "second step":
        with_app(user)
        sign_in(victim)
        codes = user.authenticator_set.get(type="recovery_codes").wrap().get_unused_codes()
        victim.post("/account/2fa/authenticate/", {"code": codes[0]})
        return
    sign_in(victim)


@pytest.mark.parametrize(
    "cookie",
    ['session="{}\\000"', 'session="\\000{}"', "session=\xff{}", 'session="{}\\377"', "session={0}{0}{0}"],
)  # fmt: skip
def test_a_cookie_with_bytes_that_no_key_has_is_nobody_s(cookie: str) -> None:
    key = signed_in_browser(person()).cookies[COOKIE].value
    browser = Client(HTTP_COOKIE=cookie.format(key))
    assert browser.get("/").status_code == 200
    assert browser.get("/account/")["Location"].startswith(SIGN_IN)


def test_nobody_learns_from_a_reset_by_how_much_is_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[object] = []
    real = hashers.make_password
    monkeypatch.setattr(
        "django.contrib.auth.base_user.make_password",
        lambda *values, **more: hashed.append(values) or real(*values, **more),
    )
    person()
    hashed.clear()
    for email in (EMAIL, "nobody@example.org"):
        browser = Client()
        browser.post(RESET, {"email": email})
        browser.post(f"{RESET}confirm/", {"code": "0000-0000"})
    assert hashed == []
    assert len(mail.outbox) == 2
