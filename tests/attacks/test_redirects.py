"""No address that somebody else chose is where a browser is sent, or what a page links to."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import pytest
from django.http import HttpResponse

from tests.access.cast import World
from tests.access.cells import Browser
from tests.access.policy import POLICY
from tests.attacks.posting import deed, parts, post as ask, prepare, undone

pytestmark = pytest.mark.django_db
EVIL = "evil.example"
OUTSIDE = (
    f"https://{EVIL}/",
    f"//{EVIL}/",
    f"///{EVIL}/",
    f"https:{EVIL}",
    f"https:/{EVIL}",
    f"/\\{EVIL}/",
    f"\\\\{EVIL}/",
    f"/\t/{EVIL}/",
    f" //{EVIL}/",
    f"//testserver@{EVIL}/",
    f"https://testserver.{EVIL}/",
    f"javascript:location='//{EVIL}'",
    f"JaVaScRiPt://testserver/%0aalert('{EVIL}')",
    f"data:text/html,{EVIL}",
    f"/today/\r\nLocation: https://{EVIL}/",
    f"//{EVIL}%2f..",
    f"http://[::1]@{EVIL}/",
    f"/../..//{EVIL}/",
)
SENT_TO = ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "HX-Replace-Url", "Refresh")
LINKS = ("href", "action", "src", "formaction", "hx-get", "hx-post", "content", "ping")
GO_ON = ("next", "redirect_to", "url", "return_to", "login_redirect_url")
# Where `next`, or the page that was open, matters.
LEAD_ON = (
    "account_login",
    "account_signup",
    "account_logout",
    "account_reauthenticate",
    "mfa_reauthenticate",
)
WHO = ("anonymous", "client")


def leads_outside(response: HttpResponse, page: str) -> Iterator[str]:
    """Headers and links that leave this host, or that are no address of a page at all."""
    for name in SENT_TO:
        address = response.headers.get(name, "")
        carried = parse_qs(urlsplit(address).query).get("next", [])
        if any(is_outside(to, page) for to in (address, *carried)):
            yield f"{name}: {address}"
    for tag, attributes in parts(response).elements:
        for name in LINKS:
            value = attributes.get(name, "")
            if EVIL in value and is_outside(value, page):
                yield f"<{tag} {name}={value}>"


def is_outside(address: str, page: str) -> bool:
    """As browsers read it: a backslash is a slash, and many slashes at the start are two."""
    cleaned = "".join(c for c in address.replace("\\", "/") if c not in "\t\r\n").strip()
    cleaned = re.sub("^//+", "//", cleaned)
    to = urlsplit(urljoin(f"http://testserver{page}", cleaned))
    return bool(cleaned) and (to.scheme not in ("http", "https") or to.netloc != "testserver")


def go_on(address: str) -> str:
    return "?" + urlencode(dict.fromkeys(GO_ON, address))


def test_what_leads_outside_is_found() -> None:
    for address in OUTSIDE:
        response = HttpResponse(status=302, headers={"Location": address.replace("\r\n", "")})
        if not address.startswith("/today/") and "/../" not in address:
            assert list(leads_outside(response, "/account/")), address
    page = HttpResponse(f'<a href="//{EVIL}/">x</a><input name="next" value="//{EVIL}/">')
    assert len(list(leads_outside(page, "/"))) == 1


@pytest.mark.parametrize("name", LEAD_ON)
def test_no_next_leads_to_another_host(name: str, world: World) -> None:
    browser, faults, led = Browser(world), [], 0
    for actor in WHO:
        for number, address in enumerate(OUTSIDE):
            for way in (("GET", "HX POST"), ("POST", "HX GET"))[number % 2]:
                sent = {**dict.fromkeys(GO_ON, address), **deed(world, name)}
                with undone():
                    response = ask(browser, name, actor, sent, query=go_on(address), way=way)
                led += 300 <= response.status_code < 400
                faults += [f"{way} by {actor}: {it}" for it in leads_outside(response, "/x/")]
    assert faults == []
    assert led >= len(OUTSIDE)


@pytest.mark.parametrize("name", [name for name in POLICY if not name.startswith("api:")])
def test_no_route_leads_to_another_host(name: str, world: World) -> None:
    """By what is asked for, by what is sent, and by each header that names a page."""
    prepare(world, name)
    browser, faults = Browser(world), []
    start = sorted(POLICY).index(name)
    for number, (actor, way) in enumerate(asked(name)):
        address = OUTSIDE[(start + number) % len(OUTSIDE)]
        sent = {**dict.fromkeys(GO_ON, address), **deed(world, name)}
        browser.client.defaults |= naming(address)
        with undone():
            response = ask(browser, name, actor, sent, query=go_on(address), way=way)
        faults += [f"{way} by {actor}: {it}" for it in leads_outside(response, "/x/")]
    assert faults == []


def asked(name: str) -> Iterator[tuple[str, str]]:
    yield from (("anonymous", way) for way in ("GET", "POST", "HX POST"))
    yield from (
        ("staff" if name.startswith("staff:") else "owner", way) for way in ("HX GET", "POST")
    )


def naming(address: str) -> dict[str, str]:
    line = address.replace("\r\n", " ")  # no server takes a header of two lines
    return {
        "HTTP_HX_CURRENT_URL": line,
        "HTTP_REFERER": line,
        "HTTP_HX_PROMPT": line,
        "HTTP_X_FORWARDED_HOST": EVIL,
        "HTTP_X_ORIGINAL_URL": line,
    }
