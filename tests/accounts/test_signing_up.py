import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client

from riskalloc.firms.models import User
from tests.accounts.people import (
    CONFIRM,
    EMAIL,
    PASSWORD,
    SIGN_UP,
    is_signed_in,
    newest_code,
    person,
    sign_in,
    subjects,
    text,
)

pytestmark = pytest.mark.django_db
TYPED = {"email": EMAIL, "password1": PASSWORD}
TOKENS = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every password that is hashed: hashing is what takes the time."""
    calls: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        calls.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return calls


def test_an_address_and_a_password_make_an_account_once_the_code_is_entered(client: Client):
    assert client.post(SIGN_UP, TYPED)["Location"] == CONFIRM
    assert not is_signed_in(client)
    response = client.post(CONFIRM, {"code": newest_code()})
    assert response["Location"] == "/arrive/"
    assert is_signed_in(client)
    address = EmailAddress.objects.get()
    assert (address.email, address.verified, address.primary) == (EMAIL, True, True)


def test_after_signing_up_a_person_goes_on_where_they_were(client: Client):
    client.post(SIGN_UP, {**TYPED, "next": "/help/"})
    assert client.post(CONFIRM, {"code": newest_code()})["Location"] == "/help/"


def test_a_code_may_be_typed_without_its_dash(client: Client):
    client.post(SIGN_UP, TYPED)
    client.post(CONFIRM, {"code": newest_code().replace("-", " ")})
    assert is_signed_in(client)


def test_the_third_wrong_code_is_the_last(client: Client):
    client.post(SIGN_UP, TYPED)
    code = newest_code()
    for _ in range(2):
        assert "This code is not right" in text(client.post(CONFIRM, {"code": "0000-0000"}))
    response = client.post(CONFIRM, {"code": "0000-0000"}, follow=True)
    assert "That was the third wrong code. Start again to get a new one." in text(response)
    client.post(CONFIRM, {"code": code})
    assert not is_signed_in(client)


def test_a_code_is_old_after_a_quarter_of_an_hour(client: Client, time_machine):
    time_machine.move_to("2026-11-21 10:00:00+00:00")
    client.post(SIGN_UP, TYPED)
    time_machine.move_to("2026-11-21 10:15:05+00:00")
    client.post(CONFIRM, {"code": newest_code()})
    assert not is_signed_in(client)


def test_a_new_code_replaces_the_old_one(client: Client, time_machine):
    time_machine.move_to("2026-11-21 10:00:00+00:00")
    client.post(SIGN_UP, TYPED)
    old = newest_code()
    time_machine.move_to("2026-11-21 10:01:00+00:00")
    client.post(CONFIRM, {"action": "resend"})
    assert len(mail.outbox) == 2
    client.post(CONFIRM, {"code": old})
    assert not is_signed_in(client)
    client.post(CONFIRM, {"code": newest_code()})
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"email": "", "password1": PASSWORD}, "Enter an e-mail address, like name@example.org"),
        (
            {"email": "anna", "password1": PASSWORD},
            "Enter an e-mail address, like name@example.org",
        ),
        ({"email": EMAIL, "password1": ""}, "Enter a password of at least 12 characters"),
        ({"email": EMAIL, "password1": "eleven-char"}, "This password has 11"),
        ({"email": EMAIL, "password1": "1qaz2wsx3edc"}, "Many people use this password"),
        ({"email": EMAIL, "password1": "x" * 1001}, "Use at most 1000 characters"),
        (
            {"email": f"{'x' * 300}@example.org", "password1": PASSWORD},
            "Use at most 254 characters",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(client: Client, typed, sentence):
    page = text(client.post(SIGN_UP, typed))
    assert "<title>Error: Create an account" in page
    assert sentence in page
    assert not User.objects.exists()
    assert mail.outbox == []


@pytest.mark.parametrize(
    "password", ["aaaaaaaaaaaz", "пароль из слов", "🙂" * 12, " spaces at ends "]
)
def test_twelve_characters_of_any_kind_are_a_password(client: Client, password):
    client.post(SIGN_UP, {"email": EMAIL, "password1": password})
    client.post(CONFIRM, {"code": newest_code()})
    browser = Client()
    sign_in(browser, password=password)
    assert is_signed_in(browser)


def test_fields_that_are_not_on_the_form_change_nothing(client: Client):
    fields = {field.name: "1" for field in User._meta.get_fields()}
    client.post(SIGN_UP, {**fields, "is_staff": "on", "is_superuser": "on", **TYPED})
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.email) == (False, False, EMAIL)
    assert user.groups.count() == user.memberships.count() == 0


# -- Nobody learns who has an account ----------------------------------------------------------------------


def test_a_known_address_gets_the_same_pages_as_a_new_one(client: Client):
    person("known@example.org")
    pages = []
    for email in ("known@example.org", "fresh@example.org"):
        browser = Client()
        response = browser.post(SIGN_UP, {**TYPED, "email": email})
        page = text(browser.get(response["Location"]))
        wrong = text(browser.post(CONFIRM, {"code": "0000-0000"}))
        seen = [response.status_code, response["Location"], page, wrong]
        pages.append([TOKENS.sub("", str(part).replace(email, "")) for part in seen])
    assert pages[0] == pages[1]


def test_a_known_address_gets_a_letter_that_says_so():
    person()
    Client().post(SIGN_UP, TYPED)
    assert subjects() == ["You already have an account"]
    assert "/account/password/reset/" in mail.outbox[0].body
    assert User.objects.count() == 1


def test_upper_case_is_the_same_address():
    person()
    Client().post(SIGN_UP, {**TYPED, "email": EMAIL.upper()})
    assert User.objects.count() == 1


def test_one_password_is_hashed_for_a_known_address_and_for_a_new_one(hashed: list[str]):
    person()
    hashed.clear()
    Client().post(SIGN_UP, TYPED)
    assert hashed == [PASSWORD]
    hashed.clear()
    Client().post(SIGN_UP, {**TYPED, "email": "fresh@example.org"})
    assert hashed == [PASSWORD]


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.org", "gone@example.org"])
@pytest.mark.parametrize("password", [PASSWORD, "not the password"])
def test_one_password_is_hashed_whoever_signs_in(hashed: list[str], email, password):
    person()
    person("gone@example.org", is_active=False)
    hashed.clear()
    sign_in(Client(), email, password)
    assert len(hashed) == 1
