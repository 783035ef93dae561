"""Methodologies with one thing changed, built as the loader builds them."""

from copy import deepcopy
from functools import cache
from typing import Any

from riskalloc.engine.rules import Methodology
from riskalloc.methodology import EVENTS_VERSION, PARTS, build, read

GONE = object()


@cache
def _table(version: str) -> dict[str, Any]:
    table = read(version)
    return table | {part: read(f"{part}-{table[part]}") for part in PARTS}


def table(version: str = "v1") -> dict[str, Any]:
    """A parsed method with all of its parts, free to be changed."""
    return deepcopy(_table(version))


def events_table() -> dict[str, Any]:
    """The parsed life events with their questionnaire, free to be changed."""
    events = read(f"events-{EVENTS_VERSION}")
    return events | {"questionnaire": read(f"questionnaire-{events['questionnaire']}")}


def put(table: Any, path: str, value: Any) -> None:
    """Set what stands at `path`, such as `base.rows.0.mix`; GONE removes it."""
    *parents, last = path.split(".")
    for key in parents:
        table = table[_key(table, key)]
    if value is GONE:
        del table[_key(table, last)]
    else:
        table[_key(table, last)] = value


def _key(table: Any, key: str) -> Any:
    return int(key) if isinstance(table, list) else key


def changed(path: str, value: Any, version: str = "v1") -> Methodology:
    """A method with another value at `path`. RulesError where that does not hold together."""
    other = table(version)
    put(other, path, value)
    return build(other)
