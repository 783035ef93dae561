"""What we stand on: few, explained, locked by content."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYPROJECT = (ROOT / "pyproject.toml").read_text()
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
MOST_RUNTIME_DEPENDENCIES = 30
LICENCE = "AGPL-3.0-or-later"


def test_there_is_a_lock_for_running_developing_and_uv() -> None:
    assert [lock.name for lock in LOCKS] == ["dev.txt", "run.txt", "uv.txt"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_requirement_carries_a_hash(lock: Path) -> None:
    entries = re.split(r"^(?=\S)", without_comments(lock), flags=re.MULTILINE)
    requirements = [entry for entry in entries if entry.strip()]
    assert requirements, f"{lock.name} is empty"
    assert [r.split()[0] for r in requirements if "--hash=sha256:" not in r] == []
    assert [r.split()[0] for r in requirements if "==" not in r.split()[0]] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_no_lock_names_an_address(lock: Path) -> None:
    assert not re.search(r"://|^-", lock.read_text(), flags=re.MULTILINE)


def test_no_lock_format_that_writes_addresses() -> None:
    assert [name for name in ("uv.lock", "pylock.toml") if (ROOT / name).exists()] == []


def test_every_dependency_says_what_it_is_for() -> None:
    lines = [line for line in PYPROJECT.splitlines() if re.match(r'\s+"[a-z].*[~<>=]', line)]
    assert len(lines) == len(runtime_dependencies()) + len(development_dependencies())
    assert [line.strip() for line in lines if "# " not in line] == []


def test_the_product_stands_on_few_packages() -> None:
    assert 0 < len(runtime_dependencies()) <= MOST_RUNTIME_DEPENDENCIES


def test_the_development_lock_contains_the_product_s() -> None:
    run, dev = ((ROOT / "requirements" / name).read_text() for name in ("run.txt", "dev.txt"))
    pins = re.findall(r"^\S+==\S+", run, flags=re.MULTILINE)
    assert [pin for pin in pins if pin not in dev] == []


def test_the_licence_is_named_everywhere_it_is_looked_for() -> None:
    assert tomllib.loads(PYPROJECT)["project"]["license"] == LICENCE
    assert LICENCE in (ROOT / "README.md").read_text()
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in (ROOT / "LICENSE").read_text()


def without_comments(path: Path) -> str:
    return re.sub(r"^\s*#.*\n", "", path.read_text(), flags=re.MULTILINE)


def runtime_dependencies() -> list[str]:
    dependencies: list[str] = tomllib.loads(PYPROJECT)["project"]["dependencies"]
    return dependencies


def development_dependencies() -> list[str]:
    dependencies: list[str] = tomllib.loads(PYPROJECT)["dependency-groups"]["dev"]
    return dependencies
