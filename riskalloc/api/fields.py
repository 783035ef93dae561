"""What one field of a request may hold, as annotations of pydantic's models.

Pydantic alone reads true, 3.0, " 1_000 " and 1e400 as numbers. These types read by a grammar of their
own, refuse with a sentence that names the way out, and describe themselves in the OpenAPI document.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, PlainValidator

from riskalloc.api.exact_json import Number, Unusable
from riskalloc.engine.amounts import plain
from riskalloc.engine.questions import FieldKind, Questionnaire

DECIMAL = r"-?[0-9]{1,15}(\.[0-9]+)?"
WHOLE = r"-?[0-9]{1,15}"


class FieldType(ABC):
    """One kind of value: how it is read, and how it is documented."""

    @abstractmethod
    def read(self, value: Any) -> Any:
        """The value as a domain type. ValueError with a sentence where it is refused."""

    @abstractmethod
    def schema(self) -> Mapping[str, Any]:
        """Its JSON schema."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        return PlainValidator(self.read).__get_pydantic_core_schema__(source, handler)

    def __get_pydantic_json_schema__(
        self, schema: Any, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return dict(self.schema())


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactDecimal(FieldType):
    """A decimal from `least` (or from above 0) to `most`, as text or as a JSON number read exactly."""

    label: str
    places: int
    most: Decimal
    least: Decimal = Decimal(0)
    is_above_zero: bool = False

    def read(self, value: Any) -> Decimal:
        text = value.text if isinstance(value, Number) else value
        if not isinstance(text, str) or not re.fullmatch(DECIMAL, text):
            raise ValueError("Use plain digits, like 25000.00, at most 15 before the point.")
        if len(text.partition(".")[2]) > self.places:
            raise ValueError(f"Use at most {self.places} decimals.")
        number = Decimal(text)
        if not self.least <= number <= self.most or (self.is_above_zero and not number):
            raise ValueError(self.range_sentence)
        return number

    @property
    def range_sentence(self) -> str:
        most = plain(self.most)
        if self.is_above_zero:
            return f"Use a number above 0 and up to {most}."
        return f"Use a number from {plain(self.least)} to {most}."

    def schema(self) -> Mapping[str, Any]:
        lowest = "exclusiveMinimum" if self.is_above_zero else "minimum"
        return {
            "description": f"{self.label}. {self.range_sentence} At most {self.places} decimals.",
            "anyOf": [
                {"type": "string", "pattern": f"^{DECIMAL}$", "examples": ["12"]},
                {"type": "number", lowest: int(self.least), "maximum": int(self.most)},
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeNumber(FieldType):
    """A JSON integer from `least` to `most`: not true, not 3.0, not "3"."""

    label: str
    least: int
    most: int

    def read(self, value: Any) -> int:
        is_whole = isinstance(value, Number) and re.fullmatch(WHOLE, value.text)
        if not is_whole or not self.least <= int(value.text) <= self.most:
            raise ValueError(f"Use a whole number from {self.least} to {self.most}.")
        return int(value.text)

    def schema(self) -> Mapping[str, Any]:
        return {
            "description": self.label,
            "type": "integer",
            "minimum": self.least,
            "maximum": self.most,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Code(FieldType):
    """One word of a list."""

    label: str
    codes: tuple[str, ...]

    def read(self, value: Any) -> str:
        if value not in self.codes:
            raise ValueError(f"Use one of: {', '.join(self.codes)}.")
        return str(value)

    def schema(self) -> Mapping[str, Any]:
        return {"description": self.label, "type": "string", "enum": list(self.codes)}


@dataclass(frozen=True, slots=True, kw_only=True)
class YesNo(FieldType):
    label: str

    def read(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValueError("Use true or false.")
        return value

    def schema(self) -> Mapping[str, Any]:
        return {"description": self.label, "type": "boolean"}


def answer_type(name: str, questionnaire: Questionnaire) -> FieldType:
    """What answers a field of the questionnaire: its codes, its range, its label."""
    field = questionnaire.field(name)
    if field.kind is FieldKind.CHOICE:
        return Code(label=field.label, codes=tuple(choice.code for choice in field.choices))
    if field.kind is FieldKind.YES_NO:
        return YesNo(label=field.label)
    assert field.up_to is not None  # every number of a questionnaire has a largest value
    is_above_zero = field.above is not None
    return ExactDecimal(label=field.label, places=2, most=field.up_to, is_above_zero=is_above_zero)


# -- Sentences for what pydantic itself refuses -----------------------------------------------------------

SENTENCES = {
    "missing": "This is missing. Add it.",
    "extra_forbidden": "There is no such field. Leave it out.",
    "model_type": "Use a JSON object here.",
    "dict_type": "Use a JSON object here.",
    "list_type": "Use a JSON list here.",
    "string_type": "Use text here.",
}
LONGEST_PATH = 100


def problem(error: Mapping[str, Any]) -> dict[str, str]:
    """One of pydantic's errors as the path of a field and a sentence."""
    path = error["loc"][1:]  # the first part is the body itself
    field = ".".join(str(part) for part in path)
    if len(field) > LONGEST_PATH:
        field = f"{field[: LONGEST_PATH - 1]}…"
    return {"field": field, "message": sentence(error, is_body=not path)}


def sentence(error: Mapping[str, Any], *, is_body: bool) -> str:
    kind, sent = error["type"], error["input"]
    if isinstance(sent, Unusable) and kind != "extra_forbidden":
        return sent.sentence
    if is_body:
        return "Send one JSON object."
    if kind == "value_error":
        return str(error["ctx"]["error"])
    return SENTENCES.get(kind, error["msg"])
