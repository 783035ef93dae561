import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from riskalloc.firms.models import Role
from tests.accounts.people import (
    COOKIE,
    HTMX,
    SESSIONS,
    SIGN_IN,
    is_signed_in,
    person,
    sign_in,
    signed_in_browser,
    text,
    with_app,
)
from tests.as_app import of_the_wall
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 21, 10, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(START, tick=False)
    return time_machine


def browser_of(kind: str) -> Client:
    """A client, somebody at a desk, or the staff."""
    if kind == "client":
        return signed_in_browser(person(role=Role.CLIENT))
    user = person(is_staff=True) if kind == "staff" else person(role=Role(kind))
    with_app(user)
    return signed_in_browser(user)


CAREFUL = ["owner", "advisor", "reader", "staff"]
IDLE = [("client", 8 * HOUR, "8 hours"), *[(kind, 30 * MINUTE, "30 minutes") for kind in CAREFUL]]
TOTAL = [("client", 7 * DAY, "7 days"), *[(kind, 12 * HOUR, "12 hours") for kind in CAREFUL]]


@pytest.mark.parametrize(("kind", "limit", "words"), IDLE)
def test_a_session_ends_after_a_time_without_activity(clock, kind, limit, words):
    browser = browser_of(kind)
    clock.move_to(START + limit, tick=False)
    assert is_signed_in(browser)
    clock.move_to(START + 2 * limit + MINUTE / 60, tick=False)
    response = browser.get("/account/sessions/?a=1")
    assert response["Location"] == f"{SIGN_IN}?next=/account/sessions/%3Fa%3D1"
    page = text(browser.get(response["Location"]))
    assert f"You were signed out after {words} without activity." in page
    assert "without activity" not in text(browser.get(response["Location"]))


@pytest.mark.parametrize(("kind", "limit", "words"), TOTAL)
def test_a_session_ends_at_its_limit_however_busy(clock, kind, limit, words):
    browser = browser_of(kind)
    step = 7 * HOUR if kind == "client" else 29 * MINUTE
    for count in range(1, limit // step + 1):
        clock.move_to(START + count * step, tick=False)
        assert is_signed_in(browser)
    clock.move_to(START + limit + MINUTE / 60, tick=False)
    assert not is_signed_in(browser)
    assert f"you signed in more than {words} ago" in text(browser.get(SIGN_IN))


def test_what_has_ended_is_gone_from_the_database(clock):
    browser = browser_of("client")
    key = browser.cookies[COOKIE].value
    clock.move_to(START + 9 * HOUR, tick=False)
    browser.get("/help/")
    assert not Session.objects.filter(session_key=key).exists()


def test_a_page_for_all_stays_open_when_a_session_has_ended(clock):
    browser = browser_of("client")
    clock.move_to(START + 9 * HOUR, tick=False)
    response = browser.get("/help/")
    assert response.status_code == 200
    assert "Sign in</a>" in text(response)


def test_the_time_is_noted_at_most_once_a_minute(clock, django_assert_num_queries):
    browser = browser_of("client")
    clock.move_to(START + 59 * timedelta(seconds=1), tick=False)
    with django_assert_num_queries(3 + of_the_wall()):  # session, person, standing
        browser.get("/help/")
    assert UserSession.objects.get().last_seen_at == START
    clock.move_to(START + MINUTE, tick=False)
    browser.get("/help/")
    assert UserSession.objects.get().last_seen_at == START + MINUTE


def test_a_visitor_costs_no_query(client: Client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/help/")


def test_somebody_made_an_advisor_gets_the_short_limit_at_once(clock):
    user = person()
    browser = signed_in_browser(user)
    with_app(user)
    MembershipFactory(user=user, role=Role.ADVISOR)
    clock.move_to(START + 31 * MINUTE, tick=False)
    assert not is_signed_in(browser)


def test_staying_signed_in_counts_as_activity(clock):
    browser = browser_of("owner")
    clock.move_to(START + 29 * MINUTE, tick=False)
    assert browser.post("/account/stay/").status_code == 204
    clock.move_to(START + 58 * MINUTE, tick=False)
    assert is_signed_in(browser)
    assert browser.get("/account/stay/").status_code == 405


def test_a_page_knows_how_long_its_session_may_be_idle():
    assert 'data-idle="1800"' in text(browser_of("owner").get("/account/"))
    assert "data-idle" not in text(Client().get("/help/"))


def test_a_part_asked_for_after_the_end_leads_to_signing_in(clock):
    browser = browser_of("owner")
    clock.move_to(START + 31 * MINUTE, tick=False)
    headers = {**HTMX, "HX-Current-URL": "http://testserver/account/"}
    response = browser.get("/account/", headers=headers)
    assert response["HX-Redirect"] == f"{SIGN_IN}?next=/account/"


# -- Cookies -----------------------------------------------------------------------------------------------


def test_the_key_changes_with_signing_in(client: Client):
    person()
    client.get("/account/2fa/webauthn/login/", headers={"Accept": "application/json"})
    before = client.cookies[COOKIE].value
    sign_in(client)
    assert client.cookies[COOKIE].value != before
    thief = Client()
    thief.cookies[COOKIE] = before
    assert not is_signed_in(thief)


def test_the_key_changes_with_the_second_step():
    user = person()
    with_app(user)
    client = Client()
    sign_in(client)
    before = client.cookies[COOKIE].value
    browser = signed_in_browser(user)
    assert before != browser.cookies[COOKIE].value
    assert not is_signed_in(client)


def test_an_old_cookie_is_dead_after_signing_out():
    browser = browser_of("client")
    thief = Client()
    thief.cookies[COOKIE] = browser.cookies[COOKIE].value
    assert is_signed_in(thief)
    browser.post("/account/logout/")
    assert not is_signed_in(thief)


def test_an_invented_cookie_opens_nothing_and_is_not_taken_over(client: Client):
    client.cookies[COOKIE] = "x" * 32
    assert not is_signed_in(client)
    person()
    sign_in(client)
    assert client.cookies[COOKIE].value != "x" * 32


def test_no_script_reads_the_cookie_and_no_other_site_sends_it(client: Client):
    person()
    cookie = sign_in(client).cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")


def test_in_production_the_cookie_is_bound_to_the_host_and_to_https():
    show = "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, "
    show += "s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_PATH, s.SESSION_COOKIE_DOMAIN, "
    show += "s.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN)"
    production = {"SECRET_KEY": "a-made-up-secret-" * 5, "ALLOWED_HOSTS": "example.org"}
    inherited = {k: v for k, v in os.environ.items() if k not in ("DEBUG", "DATABASE_URL")}
    shell = subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", show],
        cwd=settings.BASE_DIR,
        env=inherited | production | {"DJANGO_SETTINGS_MODULE": "riskalloc.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert shell.stdout.split() == ["__Host-session", "True", "/", "None", "False"], shell.stderr


# -- The list ----------------------------------------------------------------------------------------------


def test_a_person_sees_where_they_are_signed_in():
    user = person()
    here, there = signed_in_browser(user), Client(HTTP_USER_AGENT="Mozilla/5.0 (iPhone) Safari/9")
    sign_in(there)
    page = text(here.get(SESSIONS))
    assert "Safari on iPhone" in page
    assert "127.0.0.1" in page
    assert "Sign out everywhere else" in page
    assert "In 2 places" in text(here.get("/account/"))


def test_signing_out_everywhere_else_leaves_this_one():
    user = person()
    here, there, stranger = (
        signed_in_browser(user),
        signed_in_browser(user),
        browser_of_stranger(),
    )
    assert here.post(SESSIONS)["Location"] == SESSIONS
    page = text(here.get(SESSIONS))
    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert is_signed_in(stranger)
    assert "You are signed out everywhere else." in page
    assert "Sign out everywhere else" not in page


def browser_of_stranger() -> Client:
    return signed_in_browser(person("demo-stranger@example.org"))


def test_names_with_markup_in_a_browser_s_name_are_only_text():
    user = person()
    browser = signed_in_browser(user)
    UserSession.objects.update(user_agent="<script>alert(1)</script>")
    assert "<script>alert" not in text(browser.get(SESSIONS))
