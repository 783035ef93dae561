"""JSON read exactly: numbers keep their text, and a field given twice is noticed.

Nothing here raises. What cannot be read is replaced by an `Unusable`, which fits no field of a request,
so that it is refused with its own sentence beside everything else that is wrong.
"""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser


@dataclass(frozen=True, slots=True)
class Number:
    """A JSON number as it was written: `0.10`, `1e5`, `NaN`."""

    text: str


@dataclass(frozen=True, slots=True)
class Unusable:
    """Stands where something could not be read, and says why."""

    sentence: str


class ExactParser(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        return read(request.body)


def read(body: bytes) -> Any:
    """The JSON value of a body in UTF-8, with Number for every number."""
    try:
        return json.loads(
            body.decode("utf-8"),
            parse_float=Number,
            parse_int=Number,
            parse_constant=Number,
            object_pairs_hook=_object,
        )
    except UnicodeDecodeError:
        return Unusable("This is not UTF-8. Send JSON encoded in UTF-8.")
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        return Unusable(f"This is not JSON: see {place}. Send one JSON object.")
    except RecursionError:
        return Unusable("This is nested too deeply. Send one JSON object as documented.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = [(_whole_characters(name), value) for name, value in pairs]
    found = dict(named)
    if len(found) < len(named):
        for name, times in Counter(name for name, _ in named).items():
            if times > 1:
                found[name] = Unusable(f"This is given {times} times. Give it once.")
    return found


def _whole_characters(text: str) -> str:
    """JSON may escape half of a character, which could not be sent back."""
    return text.encode("utf-8", "replace").decode("utf-8")
