from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import Resolver404, resolve
from django_htmx.middleware import HtmxMiddleware

from riskalloc.firms.access import signed_in
from riskalloc.firms.models import Viewer
from riskalloc.firms.templatetags.browsers import browser_name
from tests.accounts.people import HTMX, SIGN_IN, person, signed_in_browser, text
from tests.factories import UserFactory

OUTSIDE = [
    "https://evil.example/account/",
    "//evil.example/",
    "javascript:alert(1)",
    "http://testserver.evil.example/",
    "http://testserver@evil.example/",
    "http://testserver//evil.example/",
    "/\\evil.example/",
    "http://testserver/\\evil.example/",
    "nonsense",
    "http://testserver/" + "x" * 2000,
    "",
]


@signed_in
def a_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("inside")


def ask(request: HttpRequest, user: Viewer | None = None) -> HttpResponse:
    request.user = user or AnonymousUser()
    HtmxMiddleware(lambda request: HttpResponse())(request)
    return a_page(request)


@pytest.fixture
def requests() -> RequestFactory:
    return RequestFactory()


def test_who_has_signed_in_sees_the_page(requests, db):
    assert ask(requests.get("/p/"), UserFactory()).content == b"inside"


def test_a_visitor_signs_in_and_comes_back(requests):
    response = ask(requests.get("/p/?a=1&b=%C3%BC"))
    assert response.status_code == 302
    assert response["Location"] == f"{SIGN_IN}?next=/p/%3Fa%3D1%26b%3D%25C3%25BC"


def test_after_a_form_a_visitor_comes_back_to_its_page(requests):
    response = ask(requests.post("/p/save/", headers={"Referer": "http://testserver/p/?a=1"}))
    assert response["Location"] == f"{SIGN_IN}?next=/p/%3Fa%3D1"


def test_htmx_takes_the_whole_page_to_sign_in(requests):
    headers = {**HTMX, "HX-Current-URL": "http://testserver/p/?a=1"}
    for request in (
        requests.get("/p/part/", headers=headers),
        requests.post("/p/", headers=headers),
    ):
        response = ask(request)
        assert (response.status_code, response.content) == (200, b"")
        assert response["HX-Redirect"] == f"{SIGN_IN}?next=/p/%3Fa%3D1"
        assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize("address", OUTSIDE)
def test_no_header_leads_to_another_host(requests, address):
    asked = [
        ask(requests.get("/p/", headers={**HTMX, "HX-Current-URL": address})),
        ask(requests.post("/p/", headers={"Referer": address})),
    ]
    assert asked[0]["HX-Redirect"] == asked[1]["Location"] == SIGN_IN


@pytest.mark.parametrize(
    ("path", "next_page"), [("//evil.example/", []), ("/\\evil.example/", ["/%5Cevil.example/"])]
)
def test_no_path_leads_to_another_host(requests, path, next_page):
    request = requests.get("/p/")
    request.path = request.path_info = path
    query = parse_qs(urlsplit(ask(request)["Location"]).query)
    assert query.get("next", []) == next_page


# -- The pages ---------------------------------------------------------------------------------------------

PUBLIC = ["login/", "signup/", "password/reset/", "password/reset/done/"]
OWN = [
    "",
    "logout/",
    "reauthenticate/",
    "email/",
    "password/change/",
    "2fa/",
    "2fa/totp/activate/",
    "2fa/webauthn/",
    "2fa/webauthn/add/",
    "sessions/",
]
ABSENT = [
    "inactive/",
    "login/code/",
    "login/code/confirm/",
    "signup/passkey/",
    "phone/change/",
    "phone/verify/",
    "password/reset/key/done/",
    "confirm-email/some-key/",
    "2fa/trust/",
    "2fa/webauthn/signup/",
    "3rdparty/",
    "social/connections/",
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_look_like_ours(client: Client, path):
    assert_ours(client.get(f"/account/{path}"))


@pytest.mark.django_db
@pytest.mark.parametrize("path", OWN)
def test_pages_of_an_account_look_like_ours(path):
    page = assert_ours(signed_in_browser(person()).get(f"/account/{path}"))
    assert '<form method="post" action="/account/logout/">' in page
    assert 'href="/account/"' in page


def assert_ours(response: HttpResponse) -> str:
    page = text(response)
    assert response.status_code == 200
    assert " · RiskAlloc</title>" in page
    assert page.count("<h1") == page.count("<main") == 1
    assert "placeholder=" not in page
    assert " required" not in page
    assert response["Cache-Control"].count("no-store") == 1
    return page


@pytest.mark.django_db
@pytest.mark.parametrize("path", [path for path in OWN if path != "logout/"])
def test_pages_of_an_account_are_for_its_owner(client: Client, path):
    assert client.get(f"/account/{path}")["Location"] == f"{SIGN_IN}?next=/account/{path}"


@pytest.mark.parametrize("path", ABSENT)
def test_pages_that_we_do_not_use_are_not_there(client: Client, path):
    try:
        found = resolve(f"/account/{path}").func.__module__
    except Resolver404:
        return
    assert found == "riskalloc.web.errors"  # what DEBUG puts in their place


@pytest.mark.django_db
def test_fields_tell_a_password_keeper_what_they_are(client: Client):
    page = text(client.get(SIGN_IN))
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert 'autocomplete="new-password"' in text(client.get("/account/signup/"))


@pytest.mark.django_db
def test_allauth_answers_in_json_only_where_a_passkey_asks(client: Client):
    headers = {"Accept": "application/json"}
    assert client.get(SIGN_IN, headers=headers)["Content-Type"].startswith("text/html")
    assert client.get("/account/2fa/webauthn/login/")["Location"] == SIGN_IN
    answer = client.get("/account/2fa/webauthn/login/", headers=headers).json()
    assert answer["request_options"]["publicKey"]["userVerification"] == "required"


@pytest.mark.django_db
def test_the_header_says_who_is_here(client: Client):
    assert "Sign in</a>" in text(client.get("/help/"))
    page = text(signed_in_browser(person()).get("/help/"))
    assert "Sign in</a>" not in page
    assert "Sign out</button>" in page


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Windows",
        ),
        ("Mozilla/5.0 (X11; Linux) AppleWebKit/537 Chrome/140.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X) Version/18 Safari/605", "Safari on Mac"),
        ("Mozilla/5.0 (iPhone; like Mac OS X) Version/18 Mobile Safari/604", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/140 Mobile Safari/537", "Chrome on Android"),
        ("curl/8", "A browser"),
        ("", "A browser"),
    ],
)
def test_browsers_are_called_as_people_call_them(agent, name):
    assert browser_name(agent) == name
