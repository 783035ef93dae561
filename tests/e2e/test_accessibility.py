"""Every page in every state, light and dark, wide and on a small phone."""

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page

from tests.e2e.browser import HEIGHTS, LOOKS
from tests.e2e.every_state import STATES
from tests.e2e.states import State, reach

WIDTHS = sorted({look.width for look in LOOKS})
# Dark is light with other colours (the test below), so these are the rules that it can break.
OF_COLOURS = ("color-contrast", "link-in-text-block")
STARTS_BY_WIDTH = "details[data-wide]"  # open on a wide page only; app.js closes it on a small one
SCHEMES = {"light": (), "dark": OF_COLOURS}
TOTAL = len(STATES) * len(LOOKS)


def name(number: int, state: State) -> str:
    """Says how many looks at a state there are: `017-020 of 272, home`."""
    first = number * len(LOOKS) + 1
    return f"{first:03}-{first + len(LOOKS) - 1:03} of {TOTAL}, {state.name}"


def test_a_state_is_looked_at_light_and_dark_wide_and_small():
    assert set(LOOKS) == {(scheme, width) for scheme in ("light", "dark") for width in (1280, 320)}


def test_light_and_dark_differ_in_nothing_but_colours():
    """No part of a page is laid out, shown or hidden by its scheme: no stylesheet asks for it."""
    sheets = list((settings.BASE_DIR / "static").rglob("*.css"))
    assert any("light-dark(" in sheet.read_text() for sheet in sheets)
    assert [sheet.name for sheet in sheets if "prefers-color-scheme" in sheet.read_text()] == []


def test_no_two_states_have_the_same_name():
    assert len({state.name for state in STATES}) == len(STATES) >= 60


@pytest.mark.parametrize("state", STATES, ids=map(name, range(len(STATES)), STATES))
def test_nobody_is_kept_out_and_nothing_stands_beside_the_page(
    page: Page, axe: Callable[..., None], subtests: pytest.Subtests, state: State
):
    """Got to on a small phone; widened where it stands, or got to again where it would start otherwise."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        if width == WIDTHS[0] or page.locator(STARTS_BY_WIDTH).count():
            reach(state, page)
        with subtests.test("no sideways scroll", width=width):
            assert page.evaluate("document.documentElement.scrollWidth") <= width, beside(page)
        for scheme, only in SCHEMES.items():
            with subtests.test("accessible", scheme=scheme, width=width):
                page.emulate_media(color_scheme=scheme)
                axe(page, only)


def beside(page: Page) -> list[str]:
    """What stands out on the right, outside of parts that scroll by themselves."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('body *')]
            .filter(e => e.getBoundingClientRect().right > innerWidth && !e.closest('.scroll'))
            .map(e => e.outerHTML.slice(0, 120))"""
    )
    return found
