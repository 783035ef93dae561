"""The only place that knows both rows and the engine's values."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from cattrs import Converter

from questionnaire.models import Assessment
from riskalloc import methodology
from riskalloc.engine.assets import Mix
from riskalloc.engine.calculation import Calculation
from riskalloc.engine.comparison import Inputs
from riskalloc.engine.questions import FieldKind
from riskalloc.engine.rules import Methodology
from riskalloc.engine.scoring import Answers
from riskalloc.engine.whatif import Worth

# What the JSON columns look like. A changed shape is a new number, and the old ones stay readable.
SNAPSHOT_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A calculation with what each of its answers is worth."""

    calculation: Calculation
    worth: tuple[Worth, ...]


class Unfinished(Exception):
    """A draft in which answers are missing."""


def answers_of(draft: Mapping[str, Any], method: Methodology) -> Answers:
    """The engine's Answers of a draft; Unfinished where one is missing."""
    if not all(draft.get(question.id) for question in method.questionnaire.questions):
        raise Unfinished
    kinds = {field.name: field.kind for q in method.questionnaire.questions for field in q.fields}
    texts = {name: text for fields in draft.values() for name, text in fields.items()}
    values = {field.name: _value(kinds[field.name], texts[field.name]) for field in fields(Answers)}
    return Answers(**values)


def _value(kind: FieldKind, text: str) -> Any:
    if kind is FieldKind.YES_NO:
        return text == "yes"
    return text if kind is FieldKind.CHOICE else Decimal(text)


def texts_of(answers: Answers) -> dict[str, str]:
    """Answers as the fields of a draft keep them."""
    values = {field.name: getattr(answers, field.name) for field in fields(answers)}
    return {
        name: ("yes" if value else "no") if isinstance(value, bool) else str(value)
        for name, value in values.items()
    }


def stored(result: Result) -> dict[str, Any]:
    """The columns of an assessment that say what was calculated, by which rules."""
    calculation = result.calculation
    return {
        "snapshot_format": SNAPSHOT_FORMAT,
        "method": calculation.method,
        "questionnaire": calculation.questionnaire,
        "assumptions": calculation.assumptions,
        "sleeves": calculation.sleeves,
        "amount": calculation.amount,
        "needed": calculation.needed,
        "raw_rti": calculation.scores.raw_rti,
        "rti": calculation.scores.rti,
        "iss": calculation.scores.iss,
        "calculation": _converter().unstructure(result.calculation),
        "worth": _converter().unstructure(result.worth),
    }


def result_of(assessment: Assessment) -> Result:
    """What was calculated then, read back bit for bit."""
    return Result(
        calculation=_converter().structure(assessment.calculation, Calculation),
        worth=_converter().structure(assessment.worth, tuple[Worth, ...]),
    )


def inputs_of(assessment: Assessment) -> Inputs:
    """What an assessment started from, to calculate it again."""
    answers = result_of(assessment).calculation.answers
    assert answers is not None  # an assessment always has answers
    return Inputs(
        answers=answers,
        amount=assessment.amount,
        needed=assessment.needed,
        sleeves=assessment.sleeves,
        method=methodology.load(assessment.method),
    )


def inputs_from(draft: Mapping[str, Any], method: Methodology, sleeves: str) -> Inputs:
    """What a calculation of complete answers would start from."""
    return Inputs(
        answers=answers_of(draft, method),
        amount=Decimal(draft["amount"]["amount"]),
        needed=Decimal(draft["amount"]["needed_within_3_years"]),
        sleeves=sleeves,
        method=method,
    )


@cache
def _converter() -> Converter:
    """Decimals travel as text, so that no digit is lost; unknown keys are refused."""
    converter = Converter(forbid_extra_keys=True)
    converter.register_unstructure_hook(Decimal, str)
    converter.register_structure_hook(Decimal, lambda text, _: Decimal(text))
    converter.register_unstructure_hook(Mix, lambda mix: [points for _, points in mix])
    converter.register_structure_hook(Mix, lambda points, _: Mix(*points))
    converter.register_unstructure_hook(date, date.isoformat)
    return converter
