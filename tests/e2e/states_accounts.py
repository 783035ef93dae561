"""The pages of an account in every state."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Page

from riskalloc.firms.models import Role, User
from tests.accounts.people import (
    CONFIRM,
    COOKIE,
    EMAIL,
    PASSWORD,
    RESET,
    SECOND_STEP,
    SESSIONS,
    SIGN_IN,
    SIGN_UP,
    WRONG_PASSWORD,
    newest_code,
    person,
    sign_in,
    with_app,
    with_passkey,
)
from tests.e2e.states import Act, State, click, open_details, public

Give = Callable[[User], object]
PROBLEM, AGAIN = "There is a problem", "Is it you?"
SETUP, CODES, PASSKEYS = (
    f"{SECOND_STEP}{path}/" for path in ("totp/activate", "recovery-codes", "webauthn")
)


def take_over(page: Page, browser: Client) -> None:
    """Go on in the page where a test client has come to."""
    cookie = {
        "name": COOKIE,
        "value": browser.cookies[COOKIE].value,
        "domain": "localhost",
        "path": "/",
    }
    page.context.add_cookies([cookie])


def new_person(role: Role | None = None) -> User:
    User.objects.filter(email=EMAIL).delete()
    cache.clear()
    return person(role=role)


def own(address: str, *steps: Act, role: Role | None = None, gives: tuple[Give, ...] = ()) -> Act:
    """Open an address as somebody who is signed in and has what `gives` gives."""

    def reach(page: Page) -> None:
        user = new_person(role)
        browser = Client()
        browser.force_login(user)
        for give in gives:
            give(user)
        take_over(page, browser)
        page.goto(address)
        for step in steps:
            step(page)

    return reach


def after(
    ask: Callable[[Client], object], address: str, *steps: Act, gives: tuple[Give, ...] = ()
) -> Act:
    """Open an address as a visitor who has sent some forms before."""

    def reach(page: Page) -> None:
        user = new_person()
        for give in gives:
            give(user)
        browser = Client(HTTP_HOST="localhost")
        ask(browser)
        take_over(page, browser)
        page.goto(address)
        for step in steps:
            step(page)

    return reach


def type_in(*texts: str, button: str = "main form .btn") -> Act:
    """Fill in the fields as they come, and send them."""

    def act(page: Page) -> None:
        fields = page.locator("main form").first.locator(
            "input:not([type=hidden], [type=checkbox])"
        )
        for number, text in enumerate(texts):
            fields.nth(number).fill(text)
        page.locator(button).first.click()

    return act


def sign_up(browser: Client) -> None:
    browser.post(SIGN_UP, {"email": "demo-new@example.org", "password1": PASSWORD})


def ask_for_reset(browser: Client) -> None:
    browser.post(RESET, {"email": EMAIL})


def enter_reset_code(browser: Client) -> None:
    ask_for_reset(browser)
    browser.post(f"{RESET}confirm/", {"code": newest_code()})


def change_email(page: Page) -> None:
    type_in("demo-new@example.org")(page)


def use_all_codes(user: User) -> None:
    codes = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    codes.data["used_mask"] = 2**10 - 1
    codes.save()


def sign_in_elsewhere(user: User) -> None:
    browser = Client(HTTP_USER_AGENT="Mozilla/5.0 (iPhone; like Mac OS X) Version/18 Safari/604")
    sign_in(browser)


def key_page(action: str) -> Act:
    def reach(page: Page) -> None:
        own("/account/", gives=(with_passkey,))(page)
        page.goto(f"{PASSKEYS}keys/{Authenticator.objects.latest('pk').pk}/{action}/")

    return reach


def fail_often(page: Page) -> None:
    for _ in range(6):
        type_in(EMAIL, WRONG_PASSWORD)(page)


def warn(page: Page) -> None:
    page.locator("#idle").evaluate("dialog => dialog.showModal()")


VISITORS = [
    State("sign in", public(SIGN_IN), "Sign in"),
    State("sign in, nothing typed", lambda page: (page.goto(SIGN_IN), type_in()(page)), PROBLEM),
    State(
        "sign in, no match", after(ask_for_reset, SIGN_IN, type_in(EMAIL, WRONG_PASSWORD)), PROBLEM
    ),
    State("sign in, too often", after(ask_for_reset, SIGN_IN, fail_often), "Too many requests"),
    State("create an account", public(SIGN_UP), "Create an account"),
    State(
        "create an account, both wrong",
        lambda page: (page.goto(SIGN_UP), type_in("anna", "short")(page)),
        PROBLEM,
    ),
    State("code for a new account", after(sign_up, CONFIRM, open_details), "Enter the code"),
    State("code for a new account, wrong", after(sign_up, CONFIRM, type_in("0000")), PROBLEM),
    State("forgotten password", public(RESET), "Forgotten password"),
    State("code for a new password", after(ask_for_reset, f"{RESET}confirm/"), "Enter the code"),
    State("new password", after(enter_reset_code, f"{RESET}complete/"), "Choose a new password"),
    State(
        "new password, too short",
        after(enter_reset_code, f"{RESET}complete/", type_in("short")),
        PROBLEM,
    ),
    State("password changed", public(f"{RESET}done/"), "Your password is changed"),
    State(
        "second step asked",
        after(sign_in, f"{SECOND_STEP}authenticate/", gives=(with_app, with_passkey)),
        "Second step",
    ),
    State(
        "second step, wrong code",
        after(sign_in, f"{SECOND_STEP}authenticate/", type_in("0"), gives=(with_app,)),
        PROBLEM,
    ),
]
OWNERS = [
    State("account", own("/account/"), "Account"),
    State("account with everything", own("/account/", gives=(with_app, with_passkey)), "Account"),
    State("account, about to end", own("/account/", warn), "Are you still there?"),
    State("account of a desk", own("/account/", role=Role.OWNER), "Set up a second step to go on"),
    State("second step, none yet", own(SECOND_STEP, role=Role.OWNER), "Second step"),
    State("second step, all", own(SECOND_STEP, gives=(with_app, with_passkey)), "Second step"),
    State("app set-up", own(SETUP), "Set up an authenticator app"),
    State("app set-up, wrong code", own(SETUP, type_in("0")), PROBLEM),
    State("app off", own(f"{SECOND_STEP}totp/deactivate/", gives=(with_app,)), "Turn off the"),
    State("recovery codes", own(CODES, gives=(with_app,)), "Recovery codes"),
    State(
        "recovery codes, all used", own(CODES, gives=(with_app, use_all_codes)), "Recovery codes"
    ),
    State(
        "new recovery codes",
        own(f"{CODES}generate/", gives=(with_app,)),
        "Make new recovery codes?",
    ),
    State("new recovery codes, refused", own(f"{CODES}generate/", click("main .btn")), PROBLEM),
    State("no passkeys", own(PASSKEYS), "Passkeys"),
    State("passkeys", own(PASSKEYS, gives=(with_passkey,)), "Passkeys"),
    State("passkey added", own(f"{PASSKEYS}add/"), "Add a passkey"),
    State("passkey renamed", key_page("edit"), "Rename a passkey"),
    State("passkey removed", key_page("remove"), "Remove “Demo key”?"),
    State("address changed", own("/account/email/"), "Change your e-mail address"),
    State("address changed, wrong", own("/account/email/", type_in("anna")), PROBLEM),
    State("code for a new address", own("/account/email/", change_email), "Enter the code"),
    State("password", own("/account/password/change/"), "Change your password"),
    State("password, wrong", own("/account/password/change/", type_in("a", "b")), PROBLEM),
    State("signed in here", own(SESSIONS), "Where you are signed in"),
    State("signed in twice", own(SESSIONS, gives=(sign_in_elsewhere,)), "Where you are signed in"),
    State("sign out", own("/account/logout/"), "Sign out?"),
    State("is it you", own("/account/reauthenticate/", gives=(with_app, with_passkey)), AGAIN),
    State("is it you, wrong", own("/account/reauthenticate/", type_in("wrong")), PROBLEM),
    State("is it you, by code", own(f"{SECOND_STEP}reauthenticate/", gives=(with_app,)), AGAIN),
    State("is it you, by passkey", own(f"{PASSKEYS}reauthenticate/", gives=(with_passkey,)), AGAIN),
]
ACCOUNTS = [*VISITORS, *OWNERS]
