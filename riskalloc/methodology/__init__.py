"""The published rules: versioned TOML files beside this module, read strictly and once.

`load("v1")` gives the Methodology, with the questionnaire, classes, findings and assumptions that its file
names; `load_events(EVENTS_VERSION)` gives the life events, `load_securities(SECURITIES_VERSION)` what is in
well-known funds. A key that is not known is an error, and so is one that is missing. Files are never edited
once released: a new rule is a new file (a test holds the hash of every released one).
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from cattrs import Converter, transform_error

from riskalloc.engine.amounts import EngineError, RulesError
from riskalloc.engine.assets import Mix
from riskalloc.engine.events import LifeEvents
from riskalloc.engine.rules import Methodology
from riskalloc.methodology.securities import SecurityList

FOLDER = Path(__file__).parent
DEFAULT_VERSION = "v1"
VERSIONS = ("v1", "seed-1")
PARTS = ("questionnaire", "classes", "findings", "assumptions")
EVENTS_VERSION = "1"
SECURITIES_VERSION = "1"
DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")

Rules = TypeVar("Rules", Methodology, LifeEvents, SecurityList)


def versions() -> tuple[str, ...]:
    """Versions of the method, the default first."""
    return VERSIONS


@cache
def load(version: str) -> Methodology:
    """The methodology of a version. EngineError where there is none, RulesError where it is not sound."""
    if version not in VERSIONS:
        raise EngineError(f"There is no method “{version}”. Choose {' or '.join(VERSIONS)}.")
    table = read(version)
    for part in PARTS:
        table[part] = read(f"{part}-{table[part]}")
    return build(table)


@cache
def load_events(version: str) -> LifeEvents:
    """The life events of a version. EngineError where there is none, RulesError where they are not sound."""
    if version != EVENTS_VERSION:
        raise EngineError(f"There are no life events “{version}”. Choose {EVENTS_VERSION}.")
    table = read(f"events-{version}")
    table["questionnaire"] = read(f"questionnaire-{table['questionnaire']}")
    return build_events(table)


@cache
def load_securities(version: str) -> SecurityList:
    """What is in well-known funds. EngineError where there is no such version, RulesError as above."""
    if version != SECURITIES_VERSION:
        raise EngineError(f"There are no securities “{version}”. Choose {SECURITIES_VERSION}.")
    return build_securities(read(f"securities-{version}"))


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def build(table: Mapping[str, Any]) -> Methodology:
    """Turn a parsed file into a Methodology, refusing unknown keys and values of another type."""
    return _structured(table, Methodology)


def build_events(table: Mapping[str, Any]) -> LifeEvents:
    """The same for a file of life events."""
    return _structured(table, LifeEvents)


def build_securities(table: Mapping[str, Any]) -> SecurityList:
    """The same for a file of securities."""
    return _structured(table, SecurityList)


def _structured(table: Mapping[str, Any], kind: type[Rules]) -> Rules:
    try:
        return _converter().structure(table, kind)
    except RulesError:
        raise
    except Exception as error:  # cattrs raises groups of what went wrong, each with its place
        sentences = transform_error(error, format_exception=lambda cause, _: str(cause))
        raise RulesError("; ".join(sentences)) from None


@cache
def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True)
    # Enumerations of text are text as well, so they come through the first hook.
    hooks: tuple[tuple[type, Callable[[Any, Any], Any]], ...] = (
        (str, lambda value, wanted: wanted(exactly(value, str))),
        (bool, lambda value, _: exactly(value, bool)),
        (int, lambda value, _: exactly(value, int)),
        (date, lambda value, _: exactly(value, date)),
        (Decimal, lambda value, _: decimal_number(value)),
        (Mix, lambda value, _: Mix(*(exactly(points, int) for points in value))),
    )
    for kind, hook in hooks:
        converter.register_structure_hook(kind, hook)
    converter.register_structure_hook_func(
        lambda wanted: wanted == Mapping[int, int], lambda value, _: numbered(value)
    )
    return converter


def exactly(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise ValueError(f"{value!r} is not written as {kind.__name__}")
    return value


def decimal_number(value: Any) -> Decimal:
    """A number with decimals is written as text, so that it is read exactly."""
    if not DECIMAL.fullmatch(exactly(value, str)):
        raise ValueError(f"{value!r} is not a decimal number")
    return Decimal(value)


def numbered(value: Mapping[str, Any]) -> dict[int, int]:
    """A table whose keys are numbers; TOML's keys are text."""
    return {int(key): exactly(number, int) for key, number in value.items()}
