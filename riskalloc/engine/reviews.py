"""What to watch out for: findings are sentences beside a result and never change a score."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from riskalloc.engine.allocation import (
    Allocation,
    near_term_weights,
    target_mix,
    target_weights,
)
from riskalloc.engine.amounts import dollars, half_up, plain
from riskalloc.engine.assets import Weights
from riskalloc.engine.assumptions import Assumptions
from riskalloc.engine.market import EpisodeChange, Outlook, measured_change
from riskalloc.engine.rules import LOWEST_SCORE, Methodology, ReserveMonths
from riskalloc.engine.scoring import Answers, Scores
from riskalloc.engine.steps import Figures

SITUATION_LIMITS = ("capacity", "reserve", "horizon")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule that fired, its sentence, and the figures it speaks of (dollars, percent or scores)."""

    rule: str
    sentence: str
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is known besides the answers: how fast they were given, and what went before.

    `rti_before` is the raw RTI of the last assessment, `stocks_rise` what stocks gained over the last
    12 months in percent; None where unknown.
    """

    seconds_taken: int | None = None
    rti_before: int | None = None
    stocks_rise: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything that findings look at. `outlook` is None where nothing is left to divide."""

    answers: Answers | None
    scores: Scores
    allocation: Allocation
    outlook: Outlook | None
    circumstances: Circumstances
    method: Methodology

    def sentence(self, key: str, **values: object) -> str:
        return self.method.findings.sentences[key].format(**values)


def findings(case: Case) -> tuple[Finding, ...]:
    """Every finding that applies, in the method's order."""
    found = [*_score_findings(case)]
    if case.answers is not None:
        found += _answer_findings(case, case.answers)
    order = case.method.reports
    return tuple(sorted((f for f in found if f.rule in order), key=lambda f: order.index(f.rule)))


def _score_findings(case: Case) -> Iterator[Finding]:
    yield from situation(case)
    yield from border(case)


def _answer_findings(case: Case, answers: Answers) -> Iterator[Finding]:
    yield from deeper_than_bearable(case, answers)
    yield from first_time(case, answers)
    yield from suspicious_pace(case)
    yield from braver_after_a_rise(case)
    yield from thin_reserve(case, answers)
    yield from reserve_gap(case, answers)


# -- C2: the worst measured episode against the loss that is bearable -----------------------------------


def deeper_than_bearable(case: Case, answers: Answers) -> Iterator[Finding]:
    limit = case.method.questionnaire.field("max_loss").choice(answers.max_loss).limit
    if limit is None or case.outlook is None or not case.outlook.episodes:
        return  # "over 35 %" has no limit
    worst = min(case.outlook.episodes, key=lambda episode: episode.change)
    if -worst.change <= limit:
        return
    name = next(e.name for e in case.method.assumptions.episodes if e.id == worst.id)
    sentence = case.sentence("C2", limit=plain(limit), episode=name, loss=half_up(-worst.change, 1))
    nearest, figures = nearest_within(case, limit)
    yield Finding(rule="C2", sentence=f"{sentence} {nearest}", figures=figures | _loss(worst))


def _loss(worst: EpisodeChange) -> dict[str, Decimal]:
    return {"change": half_up(worst.change, 1), "amount": worst.amount}


def nearest_within(case: Case, limit: Decimal) -> tuple[str, dict[str, Decimal]]:
    """The mix of the highest lower RTI that stayed within `limit` percent, as sentence and figures."""
    text = plain(limit)
    for rti in range(case.scores.rti - 1, LOWEST_SCORE - 1, -1):
        lower = scores_at(case, rti)
        weights = target_weights(lower, case.allocation.sleeves, case.method)
        if stayed_within(limit, weights, case.method.assumptions):
            mix = target_mix(lower, case.method)
            sentence = case.sentence("C2_nearest", limit=text, rti=rti, mix=mix)
            return sentence, {"rti": Decimal(rti)} | mix.figures()
    near_term = case.method.classes.near_term
    if stayed_within(limit, near_term_weights(case.method), case.method.assumptions):
        return case.sentence("C2_near_term", limit=text, mix=near_term), near_term.figures()
    return case.sentence("C2_none", limit=text), {}


def scores_at(case: Case, rti: int) -> Scores:
    """The scores at another effective RTI, everything else as it is."""
    return replace(case.scores, rti=rti, rti_label=case.method.rti_label(rti), near_term=False)


def stayed_within(limit: Decimal, weights: Weights, assumptions: Assumptions) -> bool:
    """Whether no episode that covers enough of a mix took more than `limit` percent of it."""
    changes = (measured_change(weights, episode.changes) for episode in assumptions.episodes)
    return all(change is None or change >= -limit for change in changes)


# -- C4, C8: what can be said from the scores alone -------------------------------------------------------


def situation(case: Case) -> Iterator[Finding]:
    """C4: capacity, reserve or time held the score, or the method does not look at time."""
    scores, method = case.scores, case.method
    figures = {"raw": Decimal(scores.raw_rti), "effective": Decimal(scores.rti)}
    if scores.near_term:
        yield Finding(rule="C4", sentence=case.sentence("C4_near_term"), figures=figures)
    elif held := [step for step in scores.adjustments if step.rule in SITUATION_LIMITS]:
        willing = int(held[0].before["rti"])
        sentence = case.sentence("C4", effective=scores.rti, raw=willing)
        yield Finding(rule="C4", sentence=sentence, figures=figures)
    elif method.limits is None and scores.horizon_years is not None and scores.horizon_years < 3:
        mix = method.classes.near_term
        yield Finding(rule="C4", sentence=case.sentence("C4_ignored", mix=mix), figures=figures)


def border(case: Case) -> Iterator[Finding]:
    """C8: the score stands beside the border of a label; both neighbours are shown."""
    rti = case.scores.rti
    if (
        case.outlook is None
        or case.scores.near_term
        or rti not in case.method.findings.thresholds.borders
    ):
        return
    lower, higher = (target_mix(scores_at(case, rti + by), case.method) for by in (-1, 1))
    yield Finding(
        rule="C8",
        sentence=case.sentence("C8", rti=rti, lower=lower, higher=higher),
        figures={"rti": Decimal(rti)},
    )


# -- C5, C6, C7: how far the answers can be trusted -------------------------------------------------------


def first_time(case: Case, answers: Answers) -> Iterator[Finding]:
    threshold = case.method.findings.thresholds.first_time_rti
    if answers.past_behaviour == "never_invested" and case.scores.rti >= threshold:
        figures = {"rti": Decimal(case.scores.rti)}
        yield Finding(rule="C5", sentence=case.sentence("C5"), figures=figures)


def suspicious_pace(case: Case) -> Iterator[Finding]:
    limit = case.method.findings.thresholds.fast_seconds
    seconds = case.circumstances.seconds_taken
    if len(set(case.scores.items.values())) == 1:
        yield Finding(rule="C6", sentence=case.sentence("C6_equal"), figures={})
    elif seconds is not None and seconds < limit:
        sentence = case.sentence("C6_fast", seconds=limit)
        yield Finding(rule="C6", sentence=sentence, figures={"seconds": Decimal(seconds)})


def braver_after_a_rise(case: Case) -> Iterator[Finding]:
    thresholds, known = case.method.findings.thresholds, case.circumstances
    if known.rti_before is None or known.stocks_rise is None:
        return
    rise = case.scores.raw_rti - known.rti_before
    if rise >= thresholds.rti_rise and known.stocks_rise >= thresholds.stocks_rise:
        stocks_rise = half_up(known.stocks_rise, 1)
        sentence = case.sentence("C7", rise=rise, stocks_rise=plain(stocks_rise))
        yield Finding(rule="C7", sentence=sentence, figures={"rise": Decimal(rise)})


# -- Liquidity and the emergency fund ---------------------------------------------------------------------


def thin_reserve(case: Case, answers: Answers) -> Iterator[Finding]:
    thresholds, months = case.method.findings.thresholds, answers.months_covered
    if months is None or months >= thresholds.liquidity_months or case.outlook is None:
        return
    alternatives = case.allocation.mix.alternatives
    if alternatives > thresholds.liquidity_alternatives:
        sentence = case.sentence(
            "liquidity", months=thresholds.liquidity_months, alternatives=alternatives
        )
        yield Finding(
            rule="liquidity", sentence=sentence, figures={"alternatives": Decimal(alternatives)}
        )


def reserve_gap(case: Case, answers: Answers) -> Iterator[Finding]:
    """Target months x essential spending - savings, where positive; in dollars, outside the portfolio."""
    row = reserve_months(answers, case.method)
    target = row.months * answers.monthly_essentials
    gap = target - answers.savings
    if gap <= 0:
        return
    sentence = case.sentence(
        "reserve_gap",
        gap=dollars(gap),
        months=row.months,
        target=dollars(target),
        reason=row.reason,
        savings=dollars(answers.savings),
    )
    yield Finding(rule="reserve_gap", sentence=sentence, figures={"gap": gap, "target": target})


def reserve_months(answers: Answers, method: Methodology) -> ReserveMonths:
    """The first row of which any condition fits; the last has none."""

    def given(name: str) -> str:
        value = getattr(answers, name)
        return ("yes" if value else "no") if isinstance(value, bool) else value

    return next(
        row
        for row in method.findings.reserve_months
        if not row.answers or any(given(name) in codes for name, codes in row.answers.items())
    )
