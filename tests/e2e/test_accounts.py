"""Accounts, as people use them: letters, apps, passkeys, and a browser left alone."""

from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from playwright.sync_api import CDPSession, Page, expect

from riskalloc.firms.models import Role, User
from tests.accounts.people import (
    EMAIL,
    OTHER_PASSWORD,
    PASSWORD,
    SECOND_STEP,
    SIGN_IN,
    SIGN_UP,
    code_of,
    newest_code,
    person,
    recovery_codes,
    with_app,
)
from tests.e2e.browser import OpenPage
from tests.e2e.people import WITH_AND_WITHOUT, expect_focus

HELP = "**/help/"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(params=WITH_AND_WITHOUT["argvalues"], ids=WITH_AND_WITHOUT["ids"])
def any_page(request: pytest.FixtureRequest, open_page: OpenPage) -> Page:
    """The test runs twice, with and without JavaScript."""
    return open_page(javascript=request.param)


@pytest.fixture
def authenticator(page: Page) -> Iterator[CDPSession]:
    """A device that makes passkeys, in the browser of `page`."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    yield cdp
    cdp.send("WebAuthn.disable")
    cdp.detach()


def fill(page: Page, **texts: str) -> None:
    for name, text in texts.items():
        page.locator(f"[name={name}]").fill(text)


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def sign_in(page: Page, password: str = PASSWORD) -> None:
    """And go on to the help page."""
    page.goto(f"{SIGN_IN}?next=/help/")
    fill(page, login=EMAIL, password=password)
    press(page, "Sign in")


def sign_out(page: Page) -> None:
    page.get_by_role("banner").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_visible()


def test_an_account_is_made_with_a_code_from_a_letter(any_page: Page):
    page = any_page
    page.goto(f"{SIGN_UP}?next=/help/")
    fill(page, email=EMAIL, password1=PASSWORD)
    press(page, "Create account")
    expect(page.locator("h1")).to_have_text("Enter the code")
    fill(page, code=newest_code())
    press(page, "Confirm")
    page.wait_for_url(HELP)
    expect(page.get_by_role("banner").get_by_role("link", name="Account")).to_be_visible()
    sign_out(page)
    sign_in(page)
    page.wait_for_url(HELP)


def test_what_is_wrong_is_listed_first_and_has_the_focus(page: Page):
    page.goto(SIGN_UP)
    fill(page, email="anna", password1="short")
    press(page, "Create account")
    expect_focus(page, ".problem")
    expect(page).to_have_title("Error: Create an account · RiskAlloc")
    page.get_by_role("link", name="Use at least 12 characters. This password has 5").click()
    expect_focus(page, "[name=password1]")


def test_a_password_can_be_looked_at_while_it_is_typed(page: Page, open_page: OpenPage):
    page.goto(SIGN_IN)
    fill(page, password=PASSWORD)
    field = page.locator("[name=password]")
    page.get_by_label("Show the password").check()
    expect(field).to_have_attribute("type", "text")
    page.get_by_label("Show the password").uncheck()
    expect(field).to_have_attribute("type", "password")
    plain = open_page(javascript=False)
    plain.goto(SIGN_IN)
    expect(plain.get_by_label("Show the password")).to_be_hidden()
    expect(plain.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()


def test_a_forgotten_password_is_replaced(any_page: Page):
    page = any_page
    person()
    page.goto(SIGN_IN)
    page.get_by_role("link", name="I forgot my password").click()
    fill(page, email=EMAIL)
    press(page, "Send the code")
    expect(page.locator("h1")).to_have_text("Enter the code")
    fill(page, code=newest_code())
    press(page, "Continue")
    fill(page, password1=OTHER_PASSWORD)
    press(page, "Save the password")
    expect(page.locator("h1")).to_have_text("Your password is changed")
    sign_in(page, OTHER_PASSWORD)
    page.wait_for_url(HELP)


def test_address_and_password_are_changed(any_page: Page):
    page = any_page
    person()
    sign_in(page)
    page.goto("/account/email/")
    fill(page, email="demo-new@example.org")
    press(page, "Send the code")
    fill(page, code=newest_code())
    press(page, "Confirm")
    expect(page.locator(".said")).to_have_text("demo-new@example.org is confirmed.")
    assert EmailAddress.objects.get().email == User.objects.get().email == "demo-new@example.org"
    page.goto("/account/password/change/")
    fill(page, oldpassword=PASSWORD, password1=OTHER_PASSWORD)
    press(page, "Change the password")
    expect(page.locator(".said")).to_have_text("Your password is changed.")
    assert User.objects.get().check_password(OTHER_PASSWORD)


# -- The second step ---------------------------------------------------------------------------------------


def test_an_app_is_set_up_and_asked_for(any_page: Page):
    page = any_page
    user = person(role=Role.OWNER)
    sign_in(page)
    page.goto("/today/")
    page.wait_for_url(f"**{SECOND_STEP}")
    expect(page.get_by_role("heading", name="Set up a second step to go on")).to_be_visible()
    page.get_by_role("link", name="Set up an authenticator app").click()
    picture = page.locator("img.qr")
    expect(picture).to_be_visible()
    assert picture.evaluate("img => img.naturalWidth") > 100
    secret = page.locator(".secret").inner_text()
    fill(page, code=code_of(secret))
    press(page, "Turn it on")
    expect(page.locator("h1")).to_have_text("Recovery codes")
    assert page.locator(".codes li").all_inner_texts() == recovery_codes(user)
    sign_out(page)
    sign_in(page)
    expect(page.locator("h1")).to_have_text("Second step")
    fill(page, code=code_of(secret, later=1))
    press(page, "Continue")
    page.wait_for_url(HELP)


def test_recovery_codes_are_taken_along_and_let_in(page: Page):
    user = person()
    with_app(user)
    sign_in(page)
    fill(page, code=recovery_codes(user)[0])
    press(page, "Continue")
    page.wait_for_url(HELP)
    page.goto(f"{SECOND_STEP}recovery-codes/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "recovery-codes.txt"
    assert download.value.path().read_text().split() == recovery_codes(user)
    page.get_by_role("link", name="Make new ones").click()
    old = recovery_codes(user)
    press(page, "Make new codes")
    expect(page.locator(".codes li")).to_have_count(10)
    assert not set(old) & set(recovery_codes(user))


def add_passkey(page: Page) -> None:
    page.goto(f"{SECOND_STEP}webauthn/add/")
    fill(page, name="Demo laptop")
    press(page, "Add a passkey")
    expect(page.locator("h1")).to_have_text("Recovery codes")


def test_a_passkey_is_added_and_signs_in_alone(page: Page, authenticator: CDPSession):
    person(role=Role.ADVISOR)
    sign_in(page)
    page.wait_for_url(HELP)
    add_passkey(page)
    page.goto(f"{SECOND_STEP}webauthn/")
    expect(page.get_by_role("row", name="Demo laptop")).to_contain_text("Not yet")
    sign_out(page)
    page.goto(f"{SIGN_IN}?next=/account/")
    press(page, "Sign in with a passkey")
    page.wait_for_url("**/account/")
    expect(page.locator("h1")).to_have_text("Account")
    assert Authenticator.objects.filter(last_used_at__isnull=False).count() == 1


def test_a_passkey_is_the_second_step_after_a_password(page: Page, authenticator: CDPSession):
    person()
    sign_in(page)
    page.wait_for_url(HELP)
    add_passkey(page)
    sign_out(page)
    sign_in(page)
    expect(page.locator("h1")).to_have_text("Second step")
    press(page, "Use a passkey")
    page.wait_for_url(HELP)


def test_a_passkey_proves_that_it_is_you(page: Page, authenticator: CDPSession):
    person()
    sign_in(page)
    page.wait_for_url(HELP)
    add_passkey(page)
    page.goto(f"{SECOND_STEP}webauthn/reauthenticate/?next=/help/")
    press(page, "Use a passkey")
    page.wait_for_url(HELP)


def test_whoever_has_no_passkey_is_told_what_else_there_is(page: Page, authenticator: CDPSession):
    authenticator.send("WebAuthn.disable")
    authenticator.send("WebAuthn.enable")
    authenticator.send(
        "WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR | {"isUserVerified": False}}
    )
    page.goto(SIGN_IN)
    press(page, "Sign in with a passkey")
    expect(page.get_by_role("alert").filter(has_text="The passkey was not used.")).to_be_visible()


# -- Left alone --------------------------------------------------------------------------------------------


@pytest.fixture
def patient_page(open_page: OpenPage) -> Page:
    """Its clock can be put forward. In a context of its own, because the clock stays so."""
    page = open_page(is_mobile=False)
    page.clock.install()
    return page


def test_a_browser_left_alone_asks_before_it_signs_out(patient_page: Page):
    page = patient_page
    person()
    sign_in(page)
    page.wait_for_url(HELP)
    question = page.get_by_role("dialog", name="Are you still there?")
    page.clock.fast_forward("07:50:00")
    expect(question).to_be_hidden()
    page.clock.fast_forward("00:08:00")
    expect(question).to_be_visible()
    expect(question.get_by_role("button", name="Stay signed in")).to_be_focused()
    question.get_by_role("button", name="Stay signed in").click()
    expect(question).to_be_hidden()
    page.clock.fast_forward("07:00:00")
    expect(question).to_be_hidden()


def test_a_browser_left_alone_for_too_long_shows_nothing_more(patient_page: Page):
    page = patient_page
    person()
    sign_in(page)
    page.goto("/account/")
    expect(page.locator("main")).to_contain_text(EMAIL)
    Session.objects.all().delete()  # what the server does by its own clock
    page.clock.fast_forward("08:00:05")
    page.wait_for_url(f"**{SIGN_IN}**")
    expect(page.locator("main")).not_to_contain_text(EMAIL)
