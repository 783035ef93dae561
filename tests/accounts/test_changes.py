"""What a signed-in person changes, what has to be proved first, and who is told."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from riskalloc.firms.accounts.adapter import AccountAdapter
from riskalloc.firms.models import User
from tests.accounts.people import (
    CONFIRM,
    EMAIL,
    OTHER_PASSWORD,
    PASSWORD,
    SECOND_STEP,
    WRONG_PASSWORD,
    is_signed_in,
    newest_code,
    person,
    sign_in,
    signed_in_browser,
    subjects,
    text,
    with_app,
    with_passkey,
)

pytestmark = pytest.mark.django_db
CHANGE_PASSWORD, CHANGE_EMAIL = "/account/password/change/", "/account/email/"
AGAIN = "/account/reauthenticate/"
NEW_EMAIL = "demo-new@example.org"
LATER = "2026-11-21 11:00:00+00:00"


@pytest.fixture
def anna(time_machine) -> User:
    time_machine.move_to("2026-11-21 10:00:00+00:00")
    return person()


@pytest.fixture
def browser(anna: User) -> Client:
    return signed_in_browser(anna)


@pytest.fixture
def old_browser(browser: Client, time_machine) -> Client:
    """Signed in an hour ago."""
    time_machine.move_to(LATER)
    return browser


# -- The password ------------------------------------------------------------------------------------------


def change_password(browser: Client, old: str = PASSWORD, new: str = OTHER_PASSWORD):
    return browser.post(CHANGE_PASSWORD, {"oldpassword": old, "password1": new})


def test_a_changed_password_ends_the_other_sessions_and_this_one_goes_on(anna, browser):
    elsewhere, old_cookie = signed_in_browser(anna), browser.cookies["session"].value
    assert change_password(browser)["Location"] == "/account/"
    assert "Your password is changed." in text(browser.get("/account/"))
    assert is_signed_in(browser)
    assert not is_signed_in(elsewhere)
    thief = Client()
    thief.cookies["session"] = old_cookie
    assert not is_signed_in(thief)
    assert subjects() == ["Your password was changed"]


def test_the_password_changes_only_for_who_knows_it(anna, browser):
    page = text(change_password(browser, old=WRONG_PASSWORD))
    assert "<title>Error: Change your password" in page
    assert "This is not your password now. Enter the one you sign in with." in page
    assert User.objects.get().check_password(PASSWORD)
    assert mail.outbox == []


def test_a_short_new_password_is_refused(browser):
    assert "This password has 5" in text(change_password(browser, new="short"))


def test_the_sixth_try_at_a_password_in_a_minute_waits(browser):
    for _ in range(5):
        assert change_password(browser, old=WRONG_PASSWORD).status_code == 422
    assert change_password(browser).status_code == 429


def test_whoever_has_no_password_can_choose_one(browser):
    User.objects.update(password="!")
    browser.force_login(User.objects.get())
    assert browser.get(CHANGE_PASSWORD)["Location"] == "/account/password/set/"
    browser.post("/account/password/set/", {"password1": OTHER_PASSWORD})
    assert User.objects.get().check_password(OTHER_PASSWORD)
    assert subjects() == ["Your account has a password now"]


def test_whoever_has_a_passkey_and_no_password_proves_it_before_choosing_one(anna, time_machine):
    User.objects.update(password="!")
    with_passkey(anna)
    client = Client()
    client.force_login(User.objects.get())
    client.get("/account/")
    time_machine.move_to(LATER)
    response = client.post("/account/password/set/", {"password1": OTHER_PASSWORD})
    assert response["Location"].startswith("/account/2fa/webauthn/reauthenticate/")


# -- The address -------------------------------------------------------------------------------------------


def test_a_new_address_counts_once_its_code_is_entered(anna, browser):
    response = browser.post(CHANGE_EMAIL, {"email": NEW_EMAIL, "action_add": "1"})
    assert response["Location"] == CONFIRM
    assert mail.outbox[-1].to == [NEW_EMAIL]
    assert User.objects.get().email == EMAIL
    assert browser.post(CONFIRM, {"code": newest_code()})["Location"] == "/account/"
    assert User.objects.get().email == NEW_EMAIL
    assert [address.email for address in EmailAddress.objects.all()] == [NEW_EMAIL]
    assert f"{NEW_EMAIL} is confirmed." in text(browser.get("/account/"))


def test_the_old_address_is_told(browser):
    browser.post(CHANGE_EMAIL, {"email": NEW_EMAIL, "action_add": "1"})
    browser.post(CONFIRM, {"code": newest_code()})
    assert subjects() == ["Your code for RiskAlloc", "Your e-mail address was changed"]
    assert mail.outbox[-1].to == [EMAIL]


def test_somebody_else_s_address_is_not_given_away(browser):
    person(NEW_EMAIL)
    response = browser.post(CHANGE_EMAIL, {"email": NEW_EMAIL, "action_add": "1"})
    assert response["Location"] == CONFIRM
    browser.post(CONFIRM, {"code": newest_code()})
    assert User.objects.filter(email=EMAIL).exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter an e-mail address, like name@example.org"),
        ("new", "Enter an e-mail address, like name@example.org"),
        (EMAIL, "This is your e-mail address already. Enter another one."),
    ],
)
def test_an_address_that_is_none_is_refused(browser, typed, sentence):
    page = text(browser.post(CHANGE_EMAIL, {"email": typed, "action_add": "1"}))
    assert "<title>Error: Change your e-mail address" in page
    assert sentence in page


# -- Proving it is you -------------------------------------------------------------------------------------

PROTECTED = [
    CHANGE_EMAIL,
    f"{SECOND_STEP}totp/activate/",
    f"{SECOND_STEP}totp/deactivate/",
    f"{SECOND_STEP}webauthn/add/",
    f"{SECOND_STEP}recovery-codes/generate/",
    f"{SECOND_STEP}recovery-codes/",
    f"{SECOND_STEP}recovery-codes/download/",
]


@pytest.mark.parametrize("address", PROTECTED)
def test_an_hour_later_the_password_is_asked_again(anna, old_browser, address):
    if "activate" not in address or "deactivate" in address:
        with_app(anna)
    response = old_browser.get(address)
    assert response["Location"] == f"{AGAIN}?next={address.replace('/', '%2F')}"
    response = old_browser.post(AGAIN, {"password": PASSWORD, "next": address})
    assert response["Location"] == address
    assert old_browser.get(address).status_code == 200


@pytest.mark.parametrize("address", PROTECTED)
def test_an_hour_later_a_post_changes_nothing_without_the_password(anna, old_browser, address):
    with_app(anna)
    before = list(Authenticator.objects.values())
    typed = {"email": NEW_EMAIL, "action_add": "1", "code": "123456", "credential": "{}"}
    assert old_browser.post(address, typed).status_code in (302, 405)
    assert list(Authenticator.objects.values()) == before
    assert mail.outbox == []


def test_a_wrong_password_does_not_prove_anything(old_browser):
    page = text(old_browser.post(AGAIN, {"password": WRONG_PASSWORD, "next": CHANGE_EMAIL}))
    assert "<title>Error: Is it you?" in page
    assert "This is not your password. Enter the one you sign in with." in page
    assert old_browser.get(CHANGE_EMAIL).status_code == 302


def test_no_address_of_another_host_follows_the_proof(old_browser):
    response = old_browser.post(AGAIN, {"password": PASSWORD, "next": "https://evil.example/"})
    assert response["Location"] == "/arrive/"


def test_the_eleventh_try_to_prove_it_in_a_minute_waits(old_browser):
    for _ in range(10):
        old_browser.get(AGAIN)
    codes = [old_browser.post(AGAIN, {"password": WRONG_PASSWORD}).status_code for _ in range(6)]
    assert codes[-1] == 429


def test_other_ways_to_prove_it_are_offered(anna, old_browser):
    with_app(anna)
    assert "use a code</a>" in text(old_browser.get(AGAIN))
    with_passkey(anna)


# -- Letters -----------------------------------------------------------------------------------------------


def test_a_notice_says_when_from_where_and_what_to_do(browser, settings):
    browser.defaults |= {"HTTP_USER_AGENT": "Firefox & <friends>'", "REMOTE_ADDR": "192.0.2.7"}
    change_password(browser)
    body = mail.outbox[-1].body
    assert "When: 21 Nov 2026, 10:00 UTC" in body
    assert "From: 192.0.2.7" in body
    assert "With: Firefox & <friends>'" in body
    assert f"{settings.SITE_URL}/account/password/reset/" in body


def test_letters_are_plain_text_as_it_is_typed(client: Client):
    client.post("/account/password/reset/", {"email": "o'demo&co@example.org"})
    assert "for o'demo&co@example.org." in mail.outbox[-1].body


def test_every_letter_has_words_of_ours(settings):
    for folder in ("account", "mfa"):
        for template in (settings.BASE_DIR / "templates" / folder / "email").glob("*_message.txt"):
            subject = template.with_name(template.name.replace("_message", "_subject"))
            assert subject.exists() or template.stem.startswith("base"), template


def test_there_is_a_way_to_prove_it_for_every_kind_of_proof(anna):
    with_app(anna)
    with_passkey(anna)
    ways = AccountAdapter().get_reauthentication_methods(anna)
    assert [way["description"] for way in ways] == [
        "use your password",
        "use a code",
        "use a passkey",
    ]


def test_a_disabled_person_is_signed_out_at_the_next_request_for_good(anna, browser):
    User.objects.update(is_active=False)
    assert not is_signed_in(browser)
    User.objects.update(is_active=True)
    assert not is_signed_in(browser)
    sign_in(browser)
    assert is_signed_in(browser)
