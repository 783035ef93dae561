"""Headers choose a template. They never open, close or do anything, and nothing of them comes back."""

import random
from collections.abc import Iterator

import pytest

from tests.access.cast import ACTORS, World
from tests.access.cells import Browser, outcome_of, recorded
from tests.access.policy import POLICY
from tests.attacks.posting import deed, post, prepare, undone

pytestmark = pytest.mark.django_db
SETS, SEED = 1_000, 20_261_121
Asked = tuple[str, str, str]
ECHO = "ECHOECHOECHO"
URLS = (
    "http://testserver/today/",
    f"http://testserver/{ECHO}/",
    f"https://{ECHO}.example/",
    f"//{ECHO}.example/",
    f"javascript:{ECHO}",
    "",
    "%",
    "http://[",
    "\xff",
)
IDS = (
    "main",
    "step",
    "whatif",
    "event",
    "thread-mix",
    "",
    ECHO,
    f"<b>{ECHO}</b>",
    "../x",
    "x" * 5_000,
)
TRUTHS = ("true", "false", "TRUE", "1", "", ECHO)
VALUES = {
    "HX-Request": TRUTHS,
    "HX-Boosted": TRUTHS,
    "HX-History-Restore-Request": TRUTHS,
    "HX-Current-URL": URLS,
    "HX-Target": IDS,
    "HX-Trigger": IDS,
    "HX-Trigger-Name": IDS,
    "HX-Prompt": IDS,
    "Triggering-Event": ("{}", "{", f'{{"a": "{ECHO}"}}', "null", "[]", ECHO),
    "HX-Current-URL-URI-AutoEncoded": TRUTHS,
    "HX-Target-URI-AutoEncoded": TRUTHS,
    "HX-Redirect": URLS,
    "HX-Reswap": IDS,
}


def header_sets() -> Iterator[tuple[Asked, dict[str, str]]]:
    """What is asked for, by whom, and some headers."""
    draw = random.Random(SEED)
    asked = [(name, *of) for name in POLICY for of in zip(who(name), ("GET", "POST"), strict=False)]
    for _ in range(SETS):
        chosen = draw.sample(sorted(VALUES), k=draw.randint(1, 7))
        yield draw.choice(asked), {name: draw.choice(VALUES[name]) for name in chosen}


def who(name: str) -> tuple[str, ...]:
    """For each route one who may and, by turns, somebody else."""
    if name.startswith("api:"):
        return ()
    if name.startswith("staff:"):
        return ("staff", "staff")
    others = [actor for actor in ACTORS if actor not in ("owner", "staff")]
    return (others[sorted(POLICY).index(name) % len(others)], "owner")


def test_a_thousand_random_sets_of_headers_change_no_status(world: World) -> None:
    for name in POLICY:
        prepare(world, name)
    browser, faults, plain = Browser(world), [], {}
    for asked, headers in header_sets():
        if asked not in plain:
            plain[asked] = looked_at(browser, asked, {})
        got = looked_at(browser, asked, headers)
        if got != plain[asked]:
            faults.append(f"{asked}: {got}, not {plain[asked]}, with {headers}")
    assert faults == []


def looked_at(browser: Browser, asked: Asked, headers: dict[str, str]) -> tuple[str, bool]:
    """The outcome, and whether it wrote; nothing of the headers is in the answer."""
    name, actor, way = asked
    browser.client.defaults = {f"HTTP_{k.upper().replace('-', '_')}": v for k, v in headers.items()}
    with undone(), recorded() as writes:
        response = post(browser, name, actor, deed(browser.world, name), way=way)
    body = b"" if response.streaming else response.content
    told = [value for value in response.headers.values() if ECHO in value]
    if outcome_of(response) == "sign_in":  # which carries the page that was open, if it is ours
        told = [value for value in told if "next=/" not in value]
    assert ECHO.encode() not in body
    assert told == []
    return outcome_of(response), bool(writes)
