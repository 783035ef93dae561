"""The fence around the browser tests, tried on pages that break it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.e2e.browser import Complaints, OpenPage

POLICY = {"content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'"}
GOOD_PAGE = """<!doctype html><html lang="en"><head><title>Good</title></head>
<body><main><h1>Good</h1><a href="/a/">A link in a line of its own</a></main></body></html>"""


def serve(page: Page, body: str, *, status: int = 200) -> Page:
    page.route(
        "**/trial/",
        lambda route: route.fulfill(
            status=status, body=body, content_type="text/html", headers=POLICY
        ),
    )
    page.goto("/trial/")
    return page


def test_a_good_page_passes_under_the_strict_policy(
    look_page: Page, axe: Callable[[Page], None], complaints: Complaints
) -> None:
    axe(serve(look_page, GOOD_PAGE))
    assert complaints == []


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        ("<p style='color: red'>x</p>", "Content Security Policy"),
        ("<script>alert(1)</script>", "Content Security Policy"),
        ("<img src='http://localhost:9/x.png' alt=''>", "request to another host"),
        ("<img src='https://example.com/x.png' alt=''>", "request to another host"),
    ],
)
def test_a_fault_becomes_a_complaint(
    page: Page, complaints: Complaints, fault: str, complaint: str
) -> None:
    serve(page, GOOD_PAGE.replace("<h1>", f"{fault}<h1>"))
    assert complaint in "\n".join(complaints)
    complaints.clear()


def test_a_server_error_is_a_complaint_and_a_refusal_is_not(
    page: Page, complaints: Complaints
) -> None:
    serve(page, GOOD_PAGE, status=422)
    assert complaints == []
    serve(page, GOOD_PAGE, status=500)
    assert "status 500" in "\n".join(complaints)
    complaints.clear()


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ("<img src='/static/x.png'>", "image-alt"),
        ("<p><button>i</button><button>i</button></p>", "target-size"),
        ("<h4>Too deep</h4>", "heading-order"),
    ],
)
def test_axe_sees_what_keeps_people_out(
    page: Page, axe: Callable[[Page], None], complaints: Complaints, fault: str, rule: str
) -> None:
    serve(page, GOOD_PAGE.replace("</main>", f"{fault}</main>"))
    with pytest.raises(AssertionError, match=rule):
        axe(page)
    complaints.clear()


def test_a_page_can_be_opened_without_javascript(open_page: OpenPage) -> None:
    def heading(page: Page) -> str:
        script = "document.querySelector('h1').textContent = 'Scripted'"
        page.route("**/trial.js", lambda route: route.fulfill(body=script))
        return serve(page, f"{GOOD_PAGE}<script src='/trial.js'></script>").inner_text("h1")

    assert heading(open_page()) == "Scripted"
    assert heading(open_page(javascript=False)) == "Good"
