"""One number of a calculation, opened down to the answers: the thread from answer to dollar.

A thread is a tuple of Steps, from the dollars at the top to the answers at the bottom. Every step says
which rule made its figure and what went into it, so that a reader can check the number by hand.
"""

from collections.abc import Iterator
from decimal import Decimal

from riskalloc.engine.amounts import EngineError, dollars, half_up, plain
from riskalloc.engine.assets import AssetClass, Top
from riskalloc.engine.calculation import Calculation, Line
from riskalloc.engine.market import EpisodeChange
from riskalloc.engine.rules import Methodology
from riskalloc.engine.steps import Step

CAPM_KEYS = ("beta", "expected_return", "compound_return")
NEEDED = "needed"


def keys(calculation: Calculation) -> tuple[str, ...]:
    """Every number of a calculation that can be opened."""
    reserved = [needed_key(line) for line in calculation.reserved]
    needed = (NEEDED, *reserved) if calculation.needed else ()
    raw = ("raw_rti",) if calculation.scores.adjustments else ()
    scores = ("rti", *raw, "iss")
    if calculation.outlook is None:
        return (*needed, *scores)
    tops = [top.value for top in Top if dict(calculation.allocation.mix)[top]]
    classes = [line.asset.value for line in calculation.lines if line.asset.value not in tops]
    episodes = [episode.id for episode in calculation.outlook.episodes]
    bad_year = calculation.outlook.bad_year.id
    return (*tops, *classes, *needed, *scores, *episodes, bad_year, *CAPM_KEYS)


def needed_key(line: Line) -> str:
    """The key of a class in the part that is needed soon."""
    return f"{NEEDED}_{line.asset}"


def thread(key: str, calculation: Calculation, method: Methodology) -> tuple[Step, ...]:
    """The steps behind the number `key`, dollars first. EngineError for a number that is not there."""
    if key not in keys(calculation):
        raise EngineError(f"This result has no number “{key}”.")
    return tuple(_steps(key, calculation, method))


def _steps(key: str, calculation: Calculation, method: Methodology) -> Iterator[Step]:
    if key == "rti":
        yield from rti_steps(calculation, method)
    elif key == "raw_rti":
        yield items_step("risk", calculation, method)
    elif key == "iss":
        yield items_step("income", calculation, method)
    elif key.startswith(NEEDED):
        yield from needed_steps(key, calculation, method)
    elif key in list(Top):
        yield from top_steps(Top(key), calculation, method)
    elif key in list(AssetClass):
        line = next(line for line in calculation.lines if line.asset.value == key)
        yield from line_steps(line, calculation)
        yield from mix_steps(line.top, calculation, method)
    else:
        yield market_step(key, calculation, method)
        yield weights_step(calculation)
        yield items_step("income", calculation, method)
        yield from rti_steps(calculation, method)


# -- Percent and dollars ----------------------------------------------------------------------------------


def line_steps(line: Line, calculation: Calculation) -> Iterator[Step]:
    """Dollars from percent, percent from the top class and its sleeve."""
    points = dict(calculation.allocation.mix)[line.top]
    share = next(
        step.inputs[line.asset.value]
        for step in calculation.allocation.steps
        if line.asset.value in step.inputs
    )
    yield dollars_step(line, calculation.invested)
    part, whole = (int(number) for number in share.split("/"))
    yield Step(
        rule="model_classes" if calculation.models else "sleeves",
        inputs={"share": share, "top": line.top.value},
        after={"percent": line.percent},
        sentence=f"{share_text(part, whole)} of the {points}% in {line.top}.",
    )


def dollars_step(line: Line, whole: Decimal) -> Step:
    return Step(
        rule="dollars",
        inputs={"percent": plain(line.percent), "amount": dollars(whole)},
        after={"amount": line.amount},
        sentence=f"{plain(line.percent)}% of {dollars(whole)}, split so that all classes add up to "
        "the cent.",
    )


def share_text(part: int, whole: int) -> str:
    if part == whole:
        return "All"
    return f"{part}%" if whole == 100 else f"{part} parts in {whole}"


def top_steps(top: Top, calculation: Calculation, method: Methodology) -> Iterator[Step]:
    amount = calculation.top_amounts()[top]
    points = dict(calculation.allocation.mix)[top]
    yield Step(
        rule="dollars",
        inputs={"percent": str(points), "amount": dollars(calculation.invested)},
        after={"amount": amount},
        sentence=f"{points}% of {dollars(calculation.invested)}, split so that all classes add up "
        "to the cent.",
    )
    yield from mix_steps(top, calculation, method)


def mix_steps(top: Top, calculation: Calculation, method: Methodology) -> Iterator[Step]:
    """The points of one top class: income shift, base, and the scores behind both; or a firm's model."""
    steps = {step.rule: step for step in calculation.allocation.steps}
    if "near_term" in steps:
        yield only(top, steps["near_term"])
        yield items_step("risk", calculation, method)
        return
    if "model" in steps:
        yield only(top, steps["model"])
        yield from rti_steps(calculation, method)
        return
    yield only(top, steps["shift"])
    yield items_step("income", calculation, method)
    yield only(top, steps["base"])
    yield from rti_steps(calculation, method)


def only(top: Top, step: Step) -> Step:
    """The same step, with the figure of one top class."""
    before = {top.value: step.before[top.value]} if step.before else {}
    return Step(
        rule=step.rule,
        inputs=step.inputs,
        before=before,
        after={top.value: step.after[top.value]},
        sentence=step.sentence,
    )


def needed_steps(key: str, calculation: Calculation, method: Methodology) -> Iterator[Step]:
    """The part that is needed soon; for one of its classes, that class's share first."""
    for line in calculation.reserved:
        if key == needed_key(line):
            yield dollars_step(line, calculation.needed)
    yield needed_step(calculation, method)


def needed_step(calculation: Calculation, method: Methodology) -> Step:
    mix = method.classes.near_term
    return Step(
        rule="near_term",
        inputs={"amount": dollars(calculation.amount)},
        after={"amount": calculation.needed},
        sentence=f"Of {dollars(calculation.amount)} you need {dollars(calculation.needed)} within 3 "
        f"years. That part stands in {mix}, whatever the scores, and the rest is divided without it.",
    )


# -- Scores -----------------------------------------------------------------------------------------------


def rti_steps(calculation: Calculation, method: Methodology) -> Iterator[Step]:
    """The effective RTI: its limits, the last first, then the raw sum."""
    yield from reversed(calculation.scores.adjustments)
    yield items_step("risk", calculation, method)


def items_step(about: str, calculation: Calculation, method: Methodology) -> Step:
    """A raw score as the sum of its five answers; without answers, as it was given."""
    scores = calculation.scores
    name, total = ("rti", scores.raw_rti) if about == "risk" else ("iss", scores.iss)
    questions = [q for q in method.questionnaire.about(about) if q.id in scores.items]
    points = [scores.items[question.id] for question in questions]
    return Step(
        rule=f"{name}_items",
        inputs={q.id: str(p) for q, p in zip(questions, points, strict=True)},
        after={name: Decimal(total)},
        sentence=f"{' + '.join(map(str, points))} = {total}." if points else f"Given as {total}.",
    )


# -- The market -------------------------------------------------------------------------------------------


def market_step(key: str, calculation: Calculation, method: Methodology) -> Step:
    outlook, assumptions = calculation.outlook, method.assumptions
    assert outlook is not None  # keys() names no market figure without one
    if key == "beta":
        betas = {a: assumptions.beta(a) for a in calculation.allocation.weights.parts}
        return Step(
            rule="beta",
            inputs={asset.value: plain(half_up(beta, 2)) for asset, beta in betas.items()},
            after={"beta": outlook.beta},
            sentence="Each class's beta (its correlation with US large-cap × its volatility ÷ "
            f"{plain(assumptions.classes[assumptions.market].volatility)}) times its weight, added up.",
        )
    if key == "expected_return":
        rate, premium = assumptions.risk_free.percent, assumptions.premium.percent
        return Step(
            rule="capm",
            inputs={"risk_free": plain(rate), "premium": plain(premium)},
            after={"percent": outlook.expected_return},
            sentence=f"{plain(rate)}% + {half_up(outlook.beta, 2)} × {plain(premium)}%: the "
            "risk-free rate, and beta times what stocks are expected to pay above it.",
        )
    if key == "compound_return":
        return Step(
            rule="capm",
            inputs={"volatility": plain(half_up(outlook.volatility, 2))},
            after={"percent": outlook.compound_return},
            sentence=f"{half_up(outlook.expected_return, 2)}% less half the variance: swings of "
            f"{half_up(outlook.volatility, 2)}% a year cost growth.",
        )
    if key == outlook.bad_year.id:
        return Step(
            rule="bad_year",
            inputs={"mean": plain(half_up(outlook.mean, 2))}
            | {"volatility": plain(half_up(outlook.volatility, 2))},
            after={"percent": outlook.bad_year.change, "amount": outlook.bad_year.amount},
            sentence=f"Yearly returns around {half_up(outlook.mean, 1)}% that swing by "
            f"{half_up(outlook.volatility, 1)}%: one year in twenty is worse than this.",
        )
    return episode_step(next(e for e in outlook.episodes if e.id == key), calculation, method)


def episode_step(change: EpisodeChange, calculation: Calculation, method: Methodology) -> Step:
    episode = next(e for e in method.assumptions.episodes if e.id == change.id)
    weights = calculation.allocation.weights.percents()
    return Step(
        rule="episode",
        inputs={asset.value: plain(episode.changes[asset]) for asset in weights},
        after={"percent": change.change, "amount": change.amount},
        sentence=" + ".join(
            f"{plain(percent)}% × ({signed(episode.changes[asset])}%)"
            for asset, percent in weights.items()
        )
        + f" = {signed(half_up(change.change, 1))}%.",
    )


def weights_step(calculation: Calculation) -> Step:
    percents = calculation.allocation.weights.percents()
    return Step(
        rule="weights",
        inputs={asset.value: plain(percent) for asset, percent in percents.items()},
        after=calculation.allocation.mix.figures(),
        sentence=f"The mix of this result: {calculation.allocation.mix}.",
    )


def signed(number: Decimal) -> str:
    return f"−{plain(-number)}" if number < 0 else f"+{plain(number)}"
