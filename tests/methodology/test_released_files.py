import pytest

from riskalloc.methodology import PARTS, load, read, versions
from tests.methodology.released import current, expected


def test_no_released_file_was_edited():
    """A new rule, wording or figure is a new file; see released.py for how its line is written."""
    assert current() == expected()


@pytest.mark.parametrize("name", sorted(current()))
def test_a_file_is_named_after_what_it_holds(name):
    stem = name.removesuffix(".toml")
    version = read(stem)["version"]
    assert stem in (version, *(f"{part}-{version}" for part in PARTS))


def test_every_file_is_part_of_a_version():
    used = {f"{version}.toml" for version in versions()}
    for version in versions():
        used |= {f"{part}-{getattr(load(version), part).version}.toml" for part in PARTS}
    assert used == set(current())
