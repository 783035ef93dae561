import logging

import pytest
from django.conf import settings as django_settings
from django.db import InterfaceError, OperationalError
from django.test import Client, RequestFactory

from riskalloc.web import errors

DIRECTIVES = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


@pytest.mark.parametrize("page", ["/help/", "/nothing/", "/method/", "/api/v1/docs"])
def test_every_page_carries_the_strict_policy(page: str) -> None:
    response = Client().get(page)
    policy = {part.strip() for part in response["Content-Security-Policy"].split(";")}
    assert policy == DIRECTIVES
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.parametrize("page", ["/help/", "/nothing/", "/method/"])
def test_pages_without_data_need_no_database(page: str) -> None:
    # No database fixture: a query would fail the test.
    assert Client().get(page).status_code in (200, 404)


def test_a_failure_of_ours_is_logged_with_the_reference_that_is_shown(caplog) -> None:
    request = RequestFactory().get("/q/horizon/")
    with caplog.at_level(logging.ERROR):
        response = errors.server_error(request)
    reference = response.content.decode().partition("this number: <b>")[2][:8]
    assert response.status_code == 500
    assert reference in caplog.text
    assert "Traceback" not in response.content.decode()


@pytest.mark.parametrize("length", ["65537", "9" * 5000])
def test_a_body_that_is_too_large_is_refused_before_it_is_read(length: str) -> None:
    response = Client().post("/api/v1/assess", b"{}", "application/json", CONTENT_LENGTH=length)
    assert response.status_code == 413
    assert response.json()["errors"][0]["message"].startswith("We take at most 64 kB")


@pytest.mark.parametrize(
    ("length", "status"), [("", 200), ("0", 200), ("abc", 400), ("-5", 400), ("²", 400)]
)
def test_a_length_that_is_no_number_is_not_a_failure(length: str, status: int) -> None:
    assert Client().get("/help/", CONTENT_LENGTH=length).status_code == status


def test_a_throttled_request_says_how_long_to_wait() -> None:
    response = errors.too_many(RequestFactory().get("/"), 42)
    assert (response.status_code, response["Retry-After"]) == (429, "42")
    assert "Wait 42 seconds" in response.content.decode()


def test_the_contact_is_shown_where_there_is_one(settings) -> None:
    request = RequestFactory().get("/nothing/")
    assert "write to" not in errors.not_found(request).content.decode()
    settings.CONTACT = "help@example.org"
    assert "help@example.org" in errors.not_found(request).content.decode()


def test_limits_are_those_of_the_policy() -> None:
    assert django_settings.MOST_BYTES == 64 * 1024
    assert django_settings.DATA_UPLOAD_MAX_NUMBER_FIELDS == 100


def test_a_failure_in_the_api_keeps_its_shape() -> None:
    response = errors.server_error(RequestFactory().post("/api/v1/assess"))
    assert response.status_code == 500
    assert b"Reference: " in response.content


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_does_not_answer_is_a_503(error: type[Exception], monkeypatch) -> None:
    def fail(*args: object) -> None:
        raise error("gone")

    monkeypatch.setattr("questionnaire.views.start.draft_of", fail)
    response = Client().get("/")
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "try again in a minute" in response.content.decode()


@pytest.mark.django_db
def test_a_closed_questionnaire_says_so_and_starts_nothing(settings) -> None:
    settings.CLOSED = "We are moving house. Come back on Monday."
    page = Client().get("/")
    assert (page.status_code, "Start now" in page.content.decode()) == (200, False)
    assert settings.CLOSED in page.content.decode()
    assert Client().post("/start/").status_code == 503
