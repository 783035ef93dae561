"""The readable page of the interface: ours alone, under the same policy."""

from playwright.sync_api import Page, expect

from tests.e2e.browser import OpenPage


def test_the_interface_is_described_without_asking_another_host(page: Page):
    page.goto("/api/v1/docs")
    for path in ("/api/v1/assess", "/api/v1/allocate"):
        expect(page.get_by_text(path).first).to_be_visible()


def test_without_javascript_it_leads_to_the_document(open_page: OpenPage):
    page = open_page(javascript=False)
    page.goto("/api/v1/docs")
    with page.expect_response("**/openapi.json") as answered:
        page.get_by_role("link", name="the OpenAPI document").click()
    assert answered.value.ok
