"""Every page in every state, light and dark, wide and on a small phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.e2e.browser import HEIGHTS, LOOKS
from tests.e2e.every_state import STATES
from tests.e2e.states import State, reach

SCHEMES = sorted({look.scheme for look in LOOKS}, reverse=True)
WIDTHS = sorted({look.width for look in LOOKS}, reverse=True)
TOTAL = len(STATES) * len(LOOKS)


def name(number: int, state: State) -> str:
    """Says how many looks at a state there are: `017-020 of 272, home`."""
    first = number * len(LOOKS) + 1
    return f"{first:03}-{first + len(LOOKS) - 1:03} of {TOTAL}, {state.name}"


def test_a_state_is_looked_at_light_and_dark_wide_and_small():
    assert set(LOOKS) == {(scheme, width) for scheme in ("light", "dark") for width in (1280, 320)}


def test_no_two_states_have_the_same_name():
    assert len({state.name for state in STATES}) == len(STATES) >= 60


@pytest.mark.parametrize("state", STATES, ids=map(name, range(len(STATES)), STATES))
def test_nobody_is_kept_out_and_nothing_stands_beside_the_page(
    page: Page, axe: Callable[[Page], None], subtests: pytest.Subtests, state: State
):
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        reach(state, page)
        with subtests.test("no sideways scroll", width=width):
            assert page.evaluate("document.documentElement.scrollWidth") <= width, beside(page)
        for scheme in SCHEMES:
            with subtests.test("accessible", scheme=scheme, width=width):
                page.emulate_media(color_scheme=scheme)
                axe(page)


def beside(page: Page) -> list[str]:
    """What stands out on the right, outside of parts that scroll by themselves."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('body *')]
            .filter(e => e.getBoundingClientRect().right > innerWidth && !e.closest('.scroll'))
            .map(e => e.outerHTML.slice(0, 120))"""
    )
    return found
