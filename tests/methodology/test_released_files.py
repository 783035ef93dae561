import pytest

from riskalloc.methodology import (
    EVENTS_VERSION,
    PARTS,
    SECURITIES_VERSION,
    load,
    read,
    versions,
)
from tests.methodology.released import current, expected


def test_no_released_file_was_edited():
    """A new rule, wording or figure is a new file; see released.py for how its line is written."""
    assert current() == expected()


@pytest.mark.parametrize("name", sorted(current()))
def test_a_file_is_named_after_what_it_holds(name):
    stem = name.removesuffix(".toml")
    version = read(stem)["version"]
    assert stem in (version, *(f"{part}-{version}" for part in (*PARTS, "events", "securities")))


def test_every_file_is_in_use():
    used = {f"{version}.toml" for version in versions()}
    used |= {f"events-{EVENTS_VERSION}.toml", f"securities-{SECURITIES_VERSION}.toml"}
    for version in versions():
        used |= {f"{part}-{getattr(load(version), part).version}.toml" for part in PARTS}
    assert used == set(current())
