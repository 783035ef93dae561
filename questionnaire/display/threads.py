"""A thread as it is read: every step with its figure, its sentence, and the answers or classes in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from questionnaire.display.results import AnswerRow, answer_rows
from questionnaire.snapshots import Result
from riskalloc.engine.assets import AssetClass
from riskalloc.engine.rules import Methodology
from riskalloc.engine.steps import Step
from riskalloc.engine.threads import NEEDED

RULE_TITLES = {
    "dollars": "Percent became dollars",
    "sleeves": "The share of its class",
    "growth_split": "The share of its class",
    "model": "The firm’s own mix",
    "model_classes": "The share of its class",
    "shift": "The income shift",
    "base": "The starting mix",
    "near_term": "Money for the near term",
    "rti_items": "Your answers about risk",
    "iss_items": "Your answers about income",
    "C1": "Limit: what you did counts more than what you plan",
    "C3": "Limit: your most careful answer",
    "capacity": "Limit: your income",
    "reserve": "Limit: your reserve and debts",
    "horizon": "Limit: your time",
    "beta": "Beta",
    "capm": "Expected return",
    "bad_year": "The modelled bad year",
    "episode": "Measured, class by class",
    "weights": "The mix",
}
RULE_ANCHORS = {
    "dollars": "rounding",
    "sleeves": "sleeves",
    "growth_split": "sleeves",
    "shift": "shift",
    "base": "base",
    "near_term": "near-term",
    "rti_items": "questions",
    "iss_items": "questions",
    "C1": "limits",
    "C3": "limits",
    "capacity": "limits",
    "reserve": "limits",
    "horizon": "limits",
    "beta": "assumptions",
    "capm": "assumptions",
    "bad_year": "assumptions",
    "episode": "episodes",
    "weights": "sleeves",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One step of a thread as it is read: a figure, what it is called, and why it is that."""

    title: str
    figure: Decimal | None
    unit: str
    before: Decimal | None
    step: Step
    anchor: str
    answers: list[AnswerRow]
    classes: list[tuple[str, str]]


def nodes(
    steps: tuple[Step, ...],
    result: Result,
    draft: Mapping[str, Mapping[str, str]],
    method: Methodology,
) -> list[Node]:
    answers = answer_rows(result, draft, method)
    names = method.classes.classes
    invested = result.calculation.invested

    def node(step: Step) -> Node:
        name, figure = list(step.after.items())[-1]
        before = step.before.get(name)
        if step.rule in ("episode", "bad_year"):  # read as what would have been left
            figure, before = invested + figure, invested
        is_answers = step.rule in ("rti_items", "iss_items")
        is_weights = step.rule == "weights"
        return Node(
            title=RULE_TITLES[step.rule],
            figure=None if is_weights else figure,
            unit=unit(name),
            before=before,
            step=step,
            anchor=RULE_ANCHORS.get(step.rule, ""),
            answers=answers["risk" if step.rule == "rti_items" else "income"] if is_answers else [],
            classes=[
                (names[AssetClass(key)].name, value)
                for key, value in step.inputs.items()
                if key in list(AssetClass) and step.rule in ("weights", "beta")
            ],
        )

    return [node(step) for step in steps]


def unit(name: str) -> str:
    """How the figure `name` of a step is printed."""
    if name in ("amount", "rti", "iss", "beta"):
        return name
    return "percent"


def thread_title(key: str, method: Methodology) -> str:
    """What the number `key` is called."""
    episodes = {episode.id: episode.name for episode in method.assumptions.episodes}
    named = {
        "rti": "your risk score",
        "raw_rti": "the sum of your risk answers",
        "iss": "your income score",
        "needed": "the money that you need within 3 years",
        "compound_return": "the return compounded over the years",
        "beta": "the beta of this mix",
        "expected_return": "the expected return",
        "1-in-20": "the modelled bad year",
    }
    if key in named:
        return named[key]
    if key in episodes:
        return f"what {episodes[key]} left"
    classes = {asset.value: names.name for asset, names in method.classes.classes.items()}
    tops = {top.value: names.name for top, names in method.classes.tops.items()}
    kept_safe = {f"{NEEDED}_{asset}": f"{name}, kept safe" for asset, name in classes.items()}
    return (classes | tops | kept_safe)[key]
