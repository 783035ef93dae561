"""The questionnaire as a row of pages, made from a methodology: which comes next, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from riskalloc.engine.allocation import PLAIN_SLEEVES
from riskalloc.engine.amounts import half_up, plain
from riskalloc.engine.assets import Mix, Weights
from riskalloc.engine.market import capm_return, episode_changes, portfolio_beta
from riskalloc.engine.questions import Choice, Field, FieldKind, Question
from riskalloc.engine.rules import Methodology, RiskLabel
from riskalloc.web.numbers import money_text

# Rounded towards the careful side, so that a figure never seems to be across an edge that it is not.
TENTH = Decimal("0.1")
WHOLE_DOLLARS_FROM = 100  # parts of an amount are examples; cents would only distract
CAPTIONS = {"amount": "About the money", "risk": "About risk", "income": "About your income"}

Draft = Mapping[str, Mapping[str, str] | None]


@dataclass(frozen=True, slots=True)
class DollarText:
    """An amount inside a text: `{amount}`, `{amount:20%}` of it, `{amount:-20%}` what is left of it."""

    amount: Decimal

    def __format__(self, spec: str) -> str:
        if not spec:
            return money_text(self.amount)
        share = Decimal(spec.removesuffix("%")) / 100
        part = self.amount * (1 + share if share < 0 else share)
        return money_text(half_up(part, 0 if part >= WHOLE_DOLLARS_FROM else 2))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one mix of the trade-off question went through and may bring."""

    stocks: int
    episodes: tuple[tuple[str, Decimal], ...]
    expected_return: Decimal


def still_valid(answers: Draft, method: Methodology) -> dict[str, Mapping[str, str] | None]:
    """The answers that this questionnaire still asks for, the way it asks; others are asked again."""
    return {
        question.id: answers[question.id]
        for question in method.questionnaire.questions
        if question.id in answers and fits(question, answers[question.id])
    }


def fits(question: Question, answer: Mapping[str, str] | None) -> bool:
    if answer is None:
        return True
    return set(answer) == {field.name for field in question.fields} and all(
        not field.choices or answer[field.name] in {choice.code for choice in field.choices}
        for field in question.fields
    )


def slug(question: Question) -> str:
    return question.id.replace("_", "-")


def question_of(slug: str, method: Methodology) -> Question | None:
    return next((q for q in method.questionnaire.questions if slug == q.id.replace("_", "-")), None)


def number_of(question: Question, method: Methodology) -> int:
    return method.questionnaire.questions.index(question) + 1


def before(question: Question, method: Methodology) -> Question | None:
    number = number_of(question, method)
    return method.questionnaire.questions[number - 2] if number > 1 else None


def first_open(answers: Draft, method: Methodology) -> Question | None:
    """The first question that was neither answered nor left for later."""
    return next((q for q in method.questionnaire.questions if q.id not in answers), None)


def unanswered(answers: Draft, method: Methodology) -> tuple[Question, ...]:
    return tuple(q for q in method.questionnaire.questions if not answers.get(q.id))


def is_reachable(question: Question, answers: Draft, method: Methodology) -> bool:
    """Whether everything before a question was answered or left for later."""
    opened = first_open(answers, method)
    return opened is None or number_of(question, method) <= number_of(opened, method)


def text(template: str, amount: Decimal | None) -> str:
    """A text of the questionnaire in the person's own dollars."""
    return template.format(amount=DollarText(amount)) if amount else template


def shown(question: Question, answer: Mapping[str, str], amount: Decimal | None) -> list[str]:
    """An answer in words, one line for each field that says something."""
    lines = [line for field in question.fields if (line := _field_text(field, answer, amount))]
    return lines + _derived(question, answer)


def _field_text(field: Field, answer: Mapping[str, str], amount: Decimal | None) -> str:
    value = answer.get(field.name, "")
    if field.kind is FieldKind.CHOICE:
        return text(field.choice(value).text, amount)
    if field.kind is FieldKind.YES_NO:
        return field.label if value == "yes" else ""
    if field.kind is FieldKind.YEARS:
        years = plain(Decimal(value))
        return f"{years} year" if years == "1" else f"{years} years"
    if field.optional and not Decimal(value or 0):
        return ""
    return money_text(Decimal(value)) + SUFFIXES.get(field.name, "")


SUFFIXES = {
    "needed_within_3_years": " needed within 3 years",
    "savings": " saved",
    "monthly_essentials": " to spend in a month",
    "monthly_debt": " for debts each month",
    "monthly_income": " income each month",
}


def _derived(question: Question, answer: Mapping[str, str]) -> list[str]:
    """What two numbers say together: months of reserve, debts in percent."""
    if question.id == "emergency_fund" and Decimal(answer["monthly_essentials"]):
        months = Decimal(answer["savings"]) / Decimal(answer["monthly_essentials"])
        return [f"{months.quantize(TENTH, ROUND_FLOOR)} months of spending"]
    if question.id == "debt_to_income" and Decimal(answer["monthly_income"]):
        percent = 100 * Decimal(answer["monthly_debt"]) / Decimal(answer["monthly_income"])
        return [f"{percent.quantize(TENTH, ROUND_CEILING)}% of income"]
    return []


def outcome(choice: Choice, amount: Decimal, method: Methodology) -> Outcome:
    """Stocks of the choice in plain sleeves, the rest in bonds, through the measured bad times."""
    stocks = choice.stocks or 0
    mix = Mix(stocks=stocks, bonds=100 - stocks, alternatives=0, cash=0)
    sleeves = method.classes.row(PLAIN_SLEEVES, RiskLabel.MODERATE).by_top()
    weights = Weights.refine(mix, sleeves)
    changes = episode_changes(weights, amount, method.assumptions)
    names = {episode.id: episode.name for episode in method.assumptions.episodes}
    return Outcome(
        stocks=stocks,
        episodes=tuple((names[change.id], amount + change.amount) for change in changes),
        expected_return=capm_return(
            portfolio_beta(weights, method.assumptions), method.assumptions
        ),
    )
