import re

import pytest
from django.core import mail
from django.test import Client

from riskalloc.firms.models import User
from tests.accounts.people import (
    EMAIL,
    OTHER_PASSWORD,
    PASSWORD,
    RESET,
    SIGN_IN,
    SIGN_UP,
    WRONG_PASSWORD,
    is_signed_in,
    newest_code,
    person,
    sign_in,
    signed_in_browser,
    subjects,
    text,
)

pytestmark = pytest.mark.django_db
CODE, COMPLETE, DONE = f"{RESET}confirm/", f"{RESET}complete/", f"{RESET}done/"
NO_MATCH = "The e-mail address and the password do not match. Check both."
TOKENS = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
OUTSIDE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "javascript:alert(1)",
    "http:///evil.example",
    "https:evil.example",
    "\x00//evil.example",
]


def test_the_right_password_signs_in(client: Client):
    person()
    assert sign_in(client)["Location"] == "/arrive/"
    assert is_signed_in(client)


def test_whoever_is_signed_in_is_not_asked_again(client: Client):
    client.force_login(person())
    assert client.get(SIGN_IN)["Location"] == "/arrive/"
    assert client.get(SIGN_UP)["Location"] == "/arrive/"


def test_a_person_goes_on_where_they_were(client: Client):
    person()
    assert sign_in(client, next="/help/?a=1")["Location"] == "/help/?a=1"


@pytest.mark.parametrize("address", OUTSIDE)
def test_no_address_of_another_host_follows_signing_in(client: Client, address):
    person()
    assert sign_in(client, next=address)["Location"] == "/arrive/"
    assert Client().post("/account/logout/", {"next": address})["Location"] == "/"
    assert client.get(f"{SIGN_IN}?next={address}")["Location"] == "/arrive/"


def test_the_words_are_the_same_for_whatever_does_not_match():
    person()
    person("gone@example.org", is_active=False)
    tries = [
        (EMAIL, WRONG_PASSWORD),
        ("nobody@example.org", PASSWORD),
        ("gone@example.org", PASSWORD),
        ("gone@example.org", WRONG_PASSWORD),
    ]
    pages = []
    for email, password in tries:
        browser = Client()
        response = sign_in(browser, email, password)
        assert not is_signed_in(browser)
        pages.append((response.status_code, TOKENS.sub("", text(response).replace(email, ""))))
    assert len(set(pages)) == 1
    assert NO_MATCH in pages[0][1]
    assert "<title>Error: Sign in" in pages[0][1]


def test_an_address_that_was_never_confirmed_is_confirmed_first(client: Client):
    User.objects.create_user(EMAIL, PASSWORD)
    assert sign_in(client)["Location"] == "/account/confirm-email/"
    client.post("/account/confirm-email/", {"code": newest_code()})
    assert is_signed_in(client)


@pytest.mark.parametrize("email", [EMAIL.upper(), f" {EMAIL} "])
def test_capitals_and_spaces_do_not_matter_in_an_address(client: Client, email):
    person()
    sign_in(client, email)
    assert is_signed_in(client)


def test_an_account_made_with_capitals_is_found(client: Client):
    person("Demo-Carla@Example.org")
    sign_in(client, "demo-carla@example.org")
    assert is_signed_in(client)


def test_signing_out_takes_a_post_and_ends_the_session(client: Client):
    person()
    sign_in(client)
    assert client.get("/account/logout/").status_code == 200
    assert is_signed_in(client)
    assert client.post("/account/logout/")["Location"] == "/"
    assert not is_signed_in(client)


# -- A forgotten password ----------------------------------------------------------------------------------


def test_a_code_gives_a_new_password_and_ends_every_session(client: Client):
    user = person()
    elsewhere = signed_in_browser(user)
    assert client.post(RESET, {"email": EMAIL})["Location"] == CODE
    assert client.post(CODE, {"code": newest_code()})["Location"] == COMPLETE
    assert client.post(COMPLETE, {"password1": OTHER_PASSWORD})["Location"] == DONE
    assert client.get(DONE).status_code == 200
    assert subjects() == ["Your code for a new password", "Your password was changed"]
    assert not is_signed_in(elsewhere)
    assert not is_signed_in(client)
    sign_in(client, password=PASSWORD)
    assert not is_signed_in(client)
    sign_in(client, password=OTHER_PASSWORD)
    assert is_signed_in(client)


def test_nobody_learns_from_a_reset_who_has_an_account():
    person()
    person("gone@example.org", is_active=False)
    pages = []
    for email in (EMAIL, "nobody@example.org", "gone@example.org"):
        browser = Client()
        response = browser.post(RESET, {"email": email})
        wrong = text(browser.post(response["Location"], {"code": "0000-0000"}))
        page = text(browser.get(response["Location"]))
        pages.append(TOKENS.sub("", (response["Location"] + page + wrong).replace(email, "")))
    assert len(set(pages)) == 1
    assert len(mail.outbox) == 3
    assert subjects()[1:] == ["There is no account with this address"] * 2


def test_no_code_fits_where_there_is_no_account(client: Client):
    client.post(RESET, {"email": "nobody@example.org"})
    assert client.post(CODE, {"code": ""}).status_code == 422
    assert client.post(COMPLETE, {"password1": OTHER_PASSWORD})["Location"] == CODE


def test_the_third_wrong_code_ends_a_reset(client: Client):
    person()
    client.post(RESET, {"email": EMAIL})
    code = newest_code()
    for _ in range(3):
        client.post(CODE, {"code": "0000-0000"})
    assert client.post(CODE, {"code": code})["Location"] == SIGN_IN
    assert client.post(COMPLETE, {"password1": OTHER_PASSWORD})["Location"] == RESET


# -- Too many tries ----------------------------------------------------------------------------------------


def too_many(response) -> bool:
    return response.status_code == 429 and "Too many requests" in text(response)


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.org"])
def test_the_sixth_wrong_password_within_five_minutes_waits(client: Client, email):
    person()
    for _ in range(5):
        assert sign_in(client, email, WRONG_PASSWORD).status_code == 422
    response = sign_in(Client(REMOTE_ADDR="192.0.2.9"), email, PASSWORD)
    assert too_many(response)
    assert response["Retry-After"] == "300"
    assert "Wait 5 minutes, then try again." in text(response)


def test_the_eleventh_failure_of_an_address_in_a_minute_waits(client: Client):
    for number in range(10):
        sign_in(client, f"nobody-{number}@example.org", WRONG_PASSWORD)
    assert too_many(sign_in(client, "nobody-11@example.org", WRONG_PASSWORD))


def test_right_passwords_do_not_count_as_failures():
    person()
    for _ in range(12):
        browser = Client()
        sign_in(browser)
        assert is_signed_in(browser)


def test_the_twenty_first_new_account_in_a_minute_waits():
    for number in range(20):
        typed = {"email": f"demo-{number}@example.org", "password1": PASSWORD}
        assert Client().post(SIGN_UP, typed).status_code == 302
    assert too_many(Client().post(SIGN_UP, {"email": EMAIL, "password1": PASSWORD}))


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.org"])
def test_the_sixth_reset_of_an_address_in_a_minute_waits(email):
    person()
    for _ in range(5):
        assert Client().post(RESET, {"email": email}).status_code == 302
    assert too_many(Client().post(RESET, {"email": email}))
    assert len(mail.outbox) == 5


@pytest.mark.parametrize("email", [EMAIL, "fresh@example.org"])
def test_codes_for_one_address_are_ten_seconds_apart(email):
    person()
    typed = {"email": email, "password1": PASSWORD}
    assert Client().post(SIGN_UP, typed).status_code == 302
    assert too_many(Client().post(SIGN_UP, typed))
    assert len(mail.outbox) == 1


def test_behind_a_proxy_the_address_it_names_counts(settings):
    settings.CLIENT_ADDRESS = "HTTP_X_REAL_IP"
    for number in range(10):
        browser = Client(REMOTE_ADDR=f"192.0.2.{number}", HTTP_X_REAL_IP="203.0.113.1")
        sign_in(browser, f"nobody-{number}@example.org", WRONG_PASSWORD)
    near = Client(REMOTE_ADDR="192.0.2.77", HTTP_X_REAL_IP="203.0.113.1")
    far = Client(REMOTE_ADDR="192.0.2.77", HTTP_X_REAL_IP="203.0.113.2")
    assert too_many(sign_in(near, "nobody@example.org"))
    assert sign_in(far, "nobody@example.org").status_code == 422


@pytest.mark.parametrize("told", ["nonsense", "x" * 500, "", "::ffff:192.0.2.1"])
def test_an_address_that_is_none_does_no_harm(client: Client, settings, told):
    settings.CLIENT_ADDRESS = "HTTP_X_REAL_IP"
    person()
    browser = Client(HTTP_X_REAL_IP=told)
    sign_in(browser)
    assert is_signed_in(browser)
