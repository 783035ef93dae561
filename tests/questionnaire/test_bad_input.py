"""Everything that is sent to a form gets an answer under 500, and nothing unasked is kept."""

from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings as hypothesis, strategies as st

from questionnaire.models import Assessment, Draft
from tests.factories import WORKED_EXAMPLE
from tests.questionnaire.conftest import HTMX

NASTY = [
    "", " ", "0", "-1", "−1", "1e30", "1E5", "9" * 31, "9" * 5000, "NaN", "Infinity", "-inf", "0x10",
    "1_000", "١٢٣", "１２３", "½", "1,00", "1.2.3",
    "1,,000", "--5", "$$5", "(5", "5)", "()", "$", ".", ",", "\0", "5\0",
    "<script>alert(1)</script>", "'; DROP TABLE questionnaire_draft; --", "{{ 7 * 7 }}", "{amount}", "%s",
    "../../etc/passwd", "\u202e5", "😀", "a" * 60_000, "null", "true", "[]", "{}", "\r\nSet-Cookie: x=1",
]  # fmt: skip
SLUGS = [question.replace("_", "-") for question in WORKED_EXAMPLE]
FIELDS = sorted({name for answer in WORKED_EXAMPLE.values() for name in answer})


@pytest.mark.parametrize("slug", SLUGS)
def test_nasty_text_in_any_field_is_answered_kindly(
    browser: Client, draft: Draft, slug: str
) -> None:
    fields = WORKED_EXAMPLE[slug.replace("-", "_")]
    for text in NASTY:
        for name in fields:
            response = browser.post(f"/q/{slug}/", {**fields, name: text})
            assert response.status_code in (303, 422), (name, text[:40])
            if response.status_code == 422:
                assert "There is a problem" in response.content.decode()
    draft.refresh_from_db()
    assert browser.get("/q/check/").status_code == 200


@pytest.mark.parametrize("slug", SLUGS)
def test_missing_doubled_and_unknown_fields_do_no_harm(
    browser: Client, draft: Draft, slug: str
) -> None:
    fields = WORKED_EXAMPLE[slug.replace("-", "_")]
    unknown = {"score": "25", "rti": "25", "version": "9", "token_hash": "x", "answers": "{}"}
    doubled = {name: [value, value] for name, value in fields.items()}
    assert browser.post(f"/q/{slug}/", {}).status_code == 422
    assert browser.post(f"/q/{slug}/", doubled).status_code == 303
    assert browser.post(f"/q/{slug}/", fields | unknown).status_code == 303
    kept = Draft.objects.get()
    assert set(kept.answers[slug.replace("-", "_")]) == set(fields)
    assert kept.token_hash == draft.token_hash


@hypothesis(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    slug=st.sampled_from(SLUGS),
    sent=st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=20), st.text(), max_size=6),
    is_htmx=st.booleans(),
)
def test_random_posts_never_break_a_page(
    browser: Client, draft: Draft, slug: str, sent: dict[str, str], is_htmx: bool
) -> None:
    headers = HTMX | {"HX-Target": "step"} if is_htmx else {}
    response = browser.post(f"/q/{slug}/", sent, headers=headers)
    assert response.status_code in (303, 422)
    assert browser.get("/q/check/").status_code in (200, 303)


@hypothesis(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.text(max_size=40), query=st.text(max_size=40))
def test_random_addresses_are_answered(db: None, path: str, query: str) -> None:
    for prefix in ("/q/", "/r/", "/method/", "/"):
        response = Client().get(prefix + quote(path), {"method": query, "case": query})
        assert response.status_code < 500


def test_a_body_over_64_kilobytes_is_refused(browser: Client, draft: Draft) -> None:
    response = browser.post("/q/amount/", {"amount": "5" * 70_000})
    assert response.status_code == 413
    assert "at most 64 kB" in response.content.decode()


def test_more_than_a_hundred_fields_are_refused(browser: Client, draft: Draft) -> None:
    response = browser.post("/q/amount/", {f"field{n}": "1" for n in range(101)})
    assert response.status_code == 413
    assert "100 fields" in response.content.decode()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"amount=%ff%fe", "application/x-www-form-urlencoded"),
        (b"amount=x", "application/x-www-form-urlencoded; charset=nothing"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"--x", "multipart/form-data"),
        (b'{"amount": 5}', "application/json"),
    ],
)
def test_malformed_bodies_are_answered(
    browser: Client, draft: Draft, body: bytes, content_type: str
) -> None:
    response = browser.generic("POST", "/q/amount/", body, content_type)
    assert response.status_code in (400, 422)


def test_a_form_from_another_site_is_refused_with_a_way_out(draft: Draft) -> None:
    response = Client(enforce_csrf_checks=True).post("/start/")
    assert response.status_code == 403
    assert "This form has expired" in response.content.decode()


@pytest.mark.parametrize("cookie", ["", "x", "\0", "é", "a" * 4000, "../..", "'; --"])
def test_a_made_up_cookie_opens_nothing(draft: Draft, cookie: str) -> None:
    client = Client()
    client.cookies["draft"] = cookie
    assert client.get("/q/horizon/").status_code == 303
    assert client.get("/").status_code == 200
    assert not Assessment.objects.exists()
