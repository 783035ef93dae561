import json

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from riskalloc.firms.accounts.adapter import MfaAdapter
from riskalloc.firms.models import Role, User
from tests.accounts.people import (
    EMAIL,
    HTMX,
    PASSWORD,
    SECOND_STEP,
    SIGN_IN,
    code_of,
    is_signed_in,
    person,
    recovery_codes,
    sign_in,
    signed_in_browser,
    subjects,
    text,
    with_app,
    with_passkey,
)

pytestmark = pytest.mark.django_db
ASKED = f"{SECOND_STEP}authenticate/"
ACTIVATE, DEACTIVATE = f"{SECOND_STEP}totp/activate/", f"{SECOND_STEP}totp/deactivate/"
CODES, NEW_CODES = f"{SECOND_STEP}recovery-codes/", f"{SECOND_STEP}recovery-codes/generate/"
PASSKEYS = f"{SECOND_STEP}webauthn/"
SHAPED = json.dumps(
    {
        "id": "eA",
        "rawId": "eA",
        "type": "public-key",
        "response": {
            "clientDataJSON": "e30",
            "authenticatorData": "eA",
            "attestationObject": "eA",
            "signature": "eA",
            "userHandle": "MQ",
        },
    }
)
TOTP, RECOVERY = Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES


@pytest.fixture
def anna() -> User:
    return person()


@pytest.fixture
def secret(anna: User) -> str:
    return with_app(anna)


@pytest.fixture
def browser(anna: User) -> Client:
    """Signed in, before there was a second step."""
    return signed_in_browser(anna)


# -- Signing in --------------------------------------------------------------------------------------------


def test_the_password_alone_is_not_enough_once_there_is_a_second_step(client: Client, secret: str):
    assert sign_in(client)["Location"] == ASKED
    assert not is_signed_in(client)
    assert client.get(SIGN_IN)["Location"] == ASKED
    for address in ("/account/sessions/", CODES, ACTIVATE, PASSKEYS, "/account/password/change/"):
        assert client.get(address)["Location"].startswith(SIGN_IN), address


def test_the_code_of_the_app_signs_in(client: Client, secret: str):
    sign_in(client, next="/help/")
    assert client.post(ASKED, {"code": code_of(secret)})["Location"] == "/help/"
    assert is_signed_in(client)


@pytest.mark.parametrize(("later", "is_right"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(
    client: Client, secret: str, time_machine, later, is_right
):
    time_machine.move_to("2026-11-21 10:00:10+00:00")
    sign_in(client)
    client.post(ASKED, {"code": code_of(secret, later)})
    assert is_signed_in(client) is is_right


def test_a_code_works_once(secret: str, time_machine):
    time_machine.move_to("2026-11-21 10:00:00+00:00", tick=False)
    code = code_of(secret, later=1)
    for seconds, is_right in ((0, True), (1, False), (31, False), (59, False)):
        time_machine.move_to(f"2026-11-21 10:00:{seconds:02}+00:00", tick=False)
        browser = Client()
        sign_in(browser)
        browser.post(ASKED, {"code": code})
        assert is_signed_in(browser) is is_right, seconds


def test_a_recovery_code_signs_in_once(anna: User, secret: str):
    code = recovery_codes(anna)[3]
    for is_right in (True, False):
        browser = Client()
        sign_in(browser)
        browser.post(ASKED, {"code": code})
        assert is_signed_in(browser) is is_right
    assert len(recovery_codes(anna)) == 9


@pytest.mark.parametrize("code", ["", "000000", "nonsense", "x" * 500, "１２３123", "\x00"])
def test_a_wrong_code_does_not_sign_in(client: Client, secret: str, code):
    sign_in(client)
    page = text(client.post(ASKED, {"code": code}))
    assert "<title>Error: Second step" in page
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "credential", ["", "{}", "[]", "nonsense", '{"id": "x", "response": {}}', "null", "1", SHAPED]
)
def test_a_passkey_that_is_none_does_not_sign_in(client: Client, anna: User, credential):
    with_app(anna)
    sign_in(client)
    assert client.post(ASKED, {"credential": credential}).status_code == 200
    assert not is_signed_in(client)
    browser = Client()
    response = browser.post(f"{PASSKEYS}login/", {"credential": credential}, follow=True)
    assert not is_signed_in(browser)
    assert "Sign in" in text(response)


@pytest.mark.parametrize("credential", ["{}", "[]", "nonsense", "null", '"x"', SHAPED])
def test_a_passkey_that_is_none_is_not_added(browser: Client, credential):
    page = text(browser.post(f"{PASSKEYS}add/", {"name": "Demo", "credential": credential}))
    assert "<title>Error: Add a passkey" in page
    assert not Authenticator.objects.exists()


def test_the_sixth_wrong_code_waits(secret: str):
    for _ in range(5):
        browser = Client()
        sign_in(browser)
        browser.post(ASKED, {"code": "000000"})
    browser = Client()
    sign_in(browser)
    assert browser.post(ASKED, {"code": code_of(secret)}).status_code == 429
    assert not is_signed_in(browser)


def test_somebody_disabled_meanwhile_is_not_let_in_by_a_code(client: Client, secret: str):
    sign_in(client)
    User.objects.update(is_active=False)
    client.post(ASKED, {"code": code_of(secret)})
    assert not is_signed_in(client)


def test_cancelling_starts_again(client: Client, secret: str):
    sign_in(client)
    assert client.post("/account/logout/", {"next": SIGN_IN})["Location"] == SIGN_IN
    assert client.get(SIGN_IN).status_code == 200


# -- Setting it up -----------------------------------------------------------------------------------------


def test_an_app_is_set_up_with_its_first_code_and_brings_recovery_codes(
    anna: User, browser: Client, django_capture_on_commit_callbacks
):
    page = browser.get(ACTIVATE)
    secret = page.context["form"].secret
    assert f'<code class="secret">{secret}</code>' in text(page)
    assert 'src="data:image/svg+xml;base64,' in text(page)
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post(ACTIVATE, {"code": code_of(secret)})["Location"] == CODES
    page = text(browser.get(CODES))
    assert all(code in page for code in recovery_codes(anna))
    assert "10 of 10 left." in page
    assert subjects() == ["An authenticator app was set up"]


def test_a_wrong_first_code_sets_nothing_up_and_keeps_the_secret(browser: Client):
    secret = browser.get(ACTIVATE).context["form"].secret
    page = text(browser.post(ACTIVATE, {"code": "000000"}))
    assert "<title>Error: Set up an authenticator app" in page
    assert secret in page
    assert not Authenticator.objects.exists()


def test_recovery_codes_can_be_taken_along(anna: User, browser: Client, secret: str):
    response = browser.get(f"{CODES}download/")
    assert response["Content-Type"].startswith("text/plain")
    assert text(response).split() == recovery_codes(anna)


def test_new_recovery_codes_replace_the_old_ones(
    anna: User, browser: Client, secret: str, django_capture_on_commit_callbacks
):
    old = recovery_codes(anna)
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post(NEW_CODES)["Location"] == CODES
    assert not set(old) & set(recovery_codes(anna))
    assert subjects() == ["There are new recovery codes"]


def test_there_are_no_recovery_codes_without_a_second_step(browser: Client):
    assert browser.get(CODES).status_code == 404
    assert browser.get(f"{CODES}download/").status_code == 404
    assert "come with a second step" in text(browser.post(NEW_CODES))


def test_an_app_that_is_turned_off_takes_the_recovery_codes_with_it(browser: Client, secret: str):
    assert browser.post(DEACTIVATE)["Location"] == SECOND_STEP
    assert not Authenticator.objects.exists()
    assert subjects() == ["The authenticator app was turned off"]
    assert sign_in(Client())["Location"] == "/arrive/"


def test_a_removed_passkey_is_told(anna: User, browser: Client):
    key = with_passkey(anna)
    assert "Remove “Demo key”?" in text(browser.get(f"{PASSKEYS}keys/{key.pk}/remove/"))
    assert browser.post(f"{PASSKEYS}keys/{key.pk}/remove/")["Location"] == PASSKEYS
    assert subjects() == ["A passkey was removed"]


def test_a_passkey_gets_another_name(anna: User, browser: Client):
    key = with_passkey(anna)
    address = f"{PASSKEYS}keys/{key.pk}/edit/"
    assert "<title>Error: Rename a passkey" in text(browser.post(address, {"name": ""}))
    assert "Use at most 60 characters" in text(browser.post(address, {"name": "x" * 61}))
    browser.post(address, {"name": "<b>Demo</b> \u202e\U0001f511"})
    page = text(browser.get(PASSKEYS))
    assert "&lt;b&gt;Demo&lt;/b&gt;" in page
    assert "<b>Demo" not in page


@pytest.mark.parametrize("action", ["edit", "remove"])
def test_somebody_else_s_passkey_is_not_there(browser: Client, action):
    key = with_passkey(person("demo-b@example.org"))
    foreign = browser.get(f"{PASSKEYS}keys/{key.pk}/{action}/")
    missing = browser.get(f"{PASSKEYS}keys/{key.pk + 1}/{action}/")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    assert browser.post(f"{PASSKEYS}keys/{key.pk}/{action}/", {"name": "mine"}).status_code == 404
    key.refresh_from_db()
    assert key.data["name"] == "Demo key"


def test_passkeys_are_numbered(anna: User):
    names = []
    for _ in range(2):
        names.append(MfaAdapter().generate_authenticator_name(anna, Authenticator.Type.WEBAUTHN))
        with_passkey(anna)
    assert names == ["Passkey", "Passkey 2"]


# -- Who has to have one -----------------------------------------------------------------------------------

CAREFUL = [Role.OWNER, Role.ADVISOR, Role.READER, "staff"]
CLOSED = ["/today/", "/clients/", "/arrive/", "/staff/", "/r/some-result/", "/no-such-page/"]
OPEN = ["/", "/help/", "/method/v1/", "/api/v1/docs", "/account/", SECOND_STEP, "/account/logout/"]


def browser_of(kind: Role | str, email: str = EMAIL) -> Client:
    user = person(email, is_staff=True) if kind == "staff" else person(email, role=Role(kind))
    return signed_in_browser(user)


@pytest.mark.parametrize("kind", CAREFUL)
def test_a_desk_and_the_staff_set_one_up_before_anything_else(kind):
    browser = browser_of(kind)
    for address in CLOSED:
        assert browser.get(address)["Location"] == SECOND_STEP, address
        assert browser.post(address)["Location"] == SECOND_STEP, address
        assert browser.get(address, headers=HTMX)["HX-Redirect"] == SECOND_STEP, address
    assert "Set up a second step to go on" in text(browser.get(SECOND_STEP))


@pytest.mark.parametrize("kind", CAREFUL)
def test_what_is_public_and_the_account_stay_open(kind):
    browser = browser_of(kind)
    assert {address: browser.get(address).status_code for address in OPEN} == dict.fromkeys(
        OPEN, 200
    )
    assert browser.post("/account/logout/")["Location"] == "/"


def test_recovery_codes_alone_are_no_second_step():
    browser = browser_of(Role.ADVISOR)
    Authenticator.objects.create(
        user=User.objects.get(), type=RECOVERY, data={"seed": "0" * 80, "used_mask": 0}
    )
    assert browser.get("/today/")["Location"] == SECOND_STEP


@pytest.mark.parametrize("add", [with_app, with_passkey])
def test_an_app_or_a_passkey_opens_the_desk(add):
    browser = browser_of(Role.ADVISOR)
    add(User.objects.get())
    assert browser.get("/no-such-page/").status_code == 404
    assert "Set up a second step to go on" not in text(browser.get(SECOND_STEP))


def test_turning_it_off_closes_the_desk_again():
    browser = browser_of(Role.OWNER)
    with_app(User.objects.get())
    assert "you will be asked to set one up at once" in text(browser.get(DEACTIVATE))
    browser.post(DEACTIVATE)
    assert browser.get("/today/")["Location"] == SECOND_STEP


@pytest.mark.parametrize("role", [None, Role.CLIENT])
def test_clients_are_only_offered_one(role):
    person(role=role)
    browser = Client()
    sign_in(browser, password=PASSWORD)
    assert browser.get("/no-such-page/").status_code == 404
    page = text(browser.get("/account/"))
    assert "Set up<span" in page
    assert "to go on" not in page


def test_a_visitor_is_asked_for_nothing(client: Client):
    assert client.get("/no-such-page/").status_code == 404
