"""The published rules: versioned TOML files beside this module, read strictly and once.

`load("v1")` gives the Methodology, with the questionnaire, classes, findings and assumptions that its file
names. A key that is not known is an error, and so is one that is missing. Files are never edited once
released: a new rule is a new file (a test holds the hash of every released one).
"""

import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from cattrs import Converter, transform_error

from riskalloc.engine.amounts import EngineError, RulesError
from riskalloc.engine.assets import Mix
from riskalloc.engine.rules import Methodology

FOLDER = Path(__file__).parent
DEFAULT_VERSION = "v1"
VERSIONS = ("v1", "seed-1")
PARTS = ("questionnaire", "classes", "findings", "assumptions")


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


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def build(table: Mapping[str, Any]) -> Methodology:
    """Turn a parsed file into a Methodology, refusing unknown keys and values of another type."""
    try:
        return _converter().structure(table, Methodology)
    except RulesError:
        raise
    except Exception as error:  # cattrs raises groups of what went wrong, each with its place
        sentences = transform_error(error, format_exception=lambda cause, _: str(cause))
        raise RulesError("; ".join(sentences)) from None


@cache
def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True)
    hooks: tuple[tuple[type, Callable[[Any], Any]], ...] = (
        (str, lambda value: exactly(value, str)),
        (bool, lambda value: exactly(value, bool)),
        (date, lambda value: exactly(value, date)),
        (int, whole_number),
        (Decimal, lambda value: Decimal(exactly(value, str))),
        (Mix, lambda value: Mix(*value)),
    )
    for kind, hook in hooks:
        # An exact match: enumerations of text are text as well, and keep their own hook.
        converter.register_structure_hook_func(
            lambda wanted, kind=kind: wanted is kind, lambda value, _, hook=hook: hook(value)
        )
    return converter


def exactly(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise ValueError(f"{value!r} is not written as {kind.__name__}")
    return value


def whole_number(value: Any) -> int:
    """TOML's keys are text, so a number may be written as one there."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise ValueError(f"{value!r} is not a whole number")
    return int(value)
