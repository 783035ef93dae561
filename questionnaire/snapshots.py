"""The only place that knows both rows and the engine's values."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from cattrs import Converter
from cattrs.gen import make_dict_unstructure_fn, override
from django.utils import timezone

from questionnaire.models import Assessment, PublishedModels
from riskalloc import methodology
from riskalloc.engine.assets import Mix
from riskalloc.engine.calculation import Calculation
from riskalloc.engine.comparison import Inputs
from riskalloc.engine.questions import FieldKind
from riskalloc.engine.rules import Methodology, OwnModels
from riskalloc.engine.scoring import Answers
from riskalloc.engine.whatif import Worth

# What the JSON columns look like. A changed shape is a new number, and the old ones stay readable.
# 2 adds `models`, and only what was made by a firm's own mixes has it.
SNAPSHOT_FORMAT, WITH_MODELS = 1, 2


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
        "snapshot_format": WITH_MODELS if calculation.models else SNAPSHOT_FORMAT,
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


def models_of(assessment: Assessment) -> OwnModels | None:
    """The firm's own mixes that an assessment was made by, as they were published then."""
    models = assessment.calculation.get("models")
    return _converter().structure(models, OwnModels) if models else None


def method_of(assessment: Assessment) -> Methodology:
    """The rules that an assessment was made by."""
    return replace(methodology.load(assessment.method), models=models_of(assessment))


def models_in(result: Result) -> dict[str, Any]:
    """For a file to take along: whose mixes they are, where they are not the method's."""
    models = result.calculation.models
    return {"models": _converter().unstructure(models)} if models else {}


def own_models(published: PublishedModels) -> OwnModels:
    """A published version as the engine takes it."""
    return OwnModels(
        id=str(published.pk),
        firm=published.firm.name,
        name=published.name,
        number=published.number,
        published_by=published.published_by,
        published_on=timezone.localdate(published.published_at),
        mixes=published.by_label(),
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
        method=method_of(assessment),
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
    converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    without_models = make_dict_unstructure_fn(
        Calculation, converter, models=override(omit_if_default=True)
    )
    converter.register_unstructure_hook(Calculation, without_models)
    return converter
