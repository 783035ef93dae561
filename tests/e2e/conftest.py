"""A chromium for the session, and pages that fail their test when they complain.

def test_the_start_page_names_the_product(page): page.goto("/"); ...
def test_it_works_without_javascript(open_page): page = open_page(javascript=False); ...
def test_every_look_is_accessible(look_page, axe): look_page.goto("/"); axe(look_page)
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from django.db import connections
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.e2e.browser import (
    HEIGHTS,
    LOOKS,
    Complaints,
    Look,
    OpenPage,
    chromium_arguments,
    find_chromium,
)
from tests.erasing import erase_facts

HERE = Path(__file__).parent
ASYNC_UNSAFE = "DJANGO_ALLOW_ASYNC_UNSAFE"
TIMEOUT_MS = 10_000
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "rules": {"target-size": {"enabled": True}},  # 24 × 24 pixels; axe leaves it off by default
    "resultTypes": ["violations"],
}
# The rest of what it finds is long, and nobody reads it.
RUN_AXE = """rules => axe.run(rules).then(found => ({violations: found.violations}))"""


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # the live server answers on these; the browser itself is kept at home by Complaints
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "localhost"]))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A database in a file: requests at the same time would share the connection of one in memory."""
    settings = connections["default"].settings_dict
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        settings["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "browser.sqlite3")


@pytest.fixture(autouse=True)
def erased_facts(transactional_db: None) -> Iterator[None]:
    yield
    erase_facts()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        pytest.skip("no chromium found")
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop in this thread, and Django would refuse the ORM beside it.
        patch.setenv(ASYNC_UNSAFE, "true")
        browser = playwright.chromium.launch(executable_path=path, args=chromium_arguments())
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def all_complaints(live_server: LiveServer) -> Complaints:
    return Complaints(live_server.url)


@pytest.fixture
def complaints(all_complaints: Complaints) -> Iterator[Complaints]:
    """What the pages of this test complain about. A test that expects some clears them."""
    all_complaints.clear()
    yield all_complaints
    assert all_complaints == [], "\n".join(all_complaints)


@pytest.fixture(scope="session")
def kept_pages() -> dict[bool, Page]:
    """Pages with and without JavaScript for the next test: starting their process costs most."""
    return {}


@pytest.fixture
def open_page(
    chromium: Browser, live_server: LiveServer, complaints: Complaints, kept_pages: dict[bool, Page]
) -> Iterator[OpenPage]:
    """Opens an empty page of a new visitor; `page.goto("/")` goes to the live server."""
    opened: list[tuple[Page, bool | None]] = []

    def open_page(
        look: Look = LOOKS[0], *, javascript: bool = True, **context_options: Any
    ) -> Page:
        page = None if context_options else kept_pages.pop(javascript, None)
        if page is None:
            context = chromium.new_context(
                base_url=live_server.url,
                java_script_enabled=javascript,
                reduced_motion="reduce",  # nothing moves while it is looked at
                locale="en-US",
                timezone_id="UTC",
                **context_options,
            )
            context.set_default_timeout(TIMEOUT_MS)
            context.on("page", complaints.watch)
            page = context.new_page()
        opened.append((page, None if context_options else javascript))
        page.set_viewport_size({"width": look.width, "height": HEIGHTS[look.width]})
        page.emulate_media(media="null", color_scheme=look.scheme)
        return page

    yield open_page
    for page, javascript in opened:
        if page.is_closed() or javascript is None or javascript in kept_pages:
            page.context.close()
        else:
            leave(page)
            kept_pages[javascript] = page


def leave(page: Page) -> None:
    """Make a page that of nobody, for the next visitor."""
    for other in page.context.pages:
        if other is not page:
            other.close()
    page.unroute_all(behavior="ignoreErrors")
    page.goto("about:blank")
    page.context.clear_cookies()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look.scheme}-{look.width}")
def look_page(request: pytest.FixtureRequest, open_page: OpenPage) -> Page:
    """The test runs four times: light and dark, wide and 320 pixels."""
    return open_page(request.param)


@pytest.fixture(scope="session")
def axe() -> Callable[..., None]:
    """Asserts that a page as it now stands violates no rule of accessibility, or none of those named."""

    def check(page: Page, only: Sequence[str] = ()) -> None:
        # Playwright evaluates beside the page's policy, so the strict CSP stays in force.
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        rules = {"runOnly": list(only), "resultTypes": RULES["resultTypes"]} if only else RULES
        results = AxeResults(page.evaluate(RUN_AXE, rules))
        assert results.violations_count == 0, results.generate_report()

    return check
