"""What an advisor and a client should speak about: everything that the figures leave open."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _, ngettext

from portfolios.advisors.packet_portfolios import Seen
from portfolios.display.portfolios import old_prices
from portfolios.display.saved_plans import Marks
from portfolios.display.targets import proposed
from portfolios.models import HoldingRole, Plan, Portfolio
from portfolios.services.mixes import Decision
from portfolios.snapshots import Snapshot
from questionnaire.display.events import RetirementNotice
from questionnaire.display.results import FINDING_TITLES
from questionnaire.models import Assessment
from questionnaire.snapshots import result_of
from riskalloc import methodology
from riskalloc.engine.amounts import CENT
from riskalloc.web.numbers import number_text

TOO_MUCH = 5  # one in so many: 20 % in one holding


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    about: str
    sentence: str


def of_result(latest: Assessment, notice: RetirementNotice | None) -> Iterator[Question]:
    about = _("Answers")
    if notice:
        yield Question(about=about, sentence=notice.moved.sentence)
    if latest.kept_contradictions:
        say = _(
            "Two answers pull in different directions, and both were kept. Ask about them again."
        )
        yield Question(about=about, sentence=say)
    for finding in result_of(latest).calculation.findings:
        if finding.rule in FINDING_TITLES or finding.rule == "reserve_gap":
            yield Question(about=FINDING_TITLES.get(finding.rule, about), sentence=finding.sentence)


def of_portfolio(one: Seen, decision: Decision, today: date) -> Iterator[Question]:
    portfolio, now = one.portfolio, one.now
    sentences = [
        *of_target(portfolio, now, decision),
        *of_holdings(portfolio, now, decision.assessment),
        *old_prices(portfolio.standing, today),
        *of_plan(one.plan, one.marks),
    ]
    for sentence in sentences:
        yield Question(about=portfolio.name, sentence=sentence)


def of_target(portfolio: Portfolio, now: Snapshot, decision: Decision) -> Iterator[str]:
    if now.target is None:
        yield _("There is no target yet. Decide on one.")
    if offer := proposed(decision, now.target_row, portfolio.client):
        yield _(
            "The answers have given a newer mix since: {mix}. Use it, or keep the target?"
        ).format(mix=offer.mix)
    for trigger in now.drift.fired if now.drift else ():
        yield trigger.sentence


def of_holdings(portfolio: Portfolio, now: Snapshot, latest: Assessment) -> Iterator[str]:
    standing = portfolio.standing
    if standing.value and standing.largest * TOO_MUCH > standing.value:
        yield _("{symbol} is {share}% of the portfolio. Is so much in one holding meant?").format(
            symbol=largest_of(now), share=number_text(standing.largest * 100 / standing.value, 1)
        )
    label = methodology.load(latest.method).rti_label(latest.rti)
    if standing.behaves_like and standing.behaves_like != label:
        yield _("The answers say {said}, the holdings behave like {held}.").format(
            said=label.value, held=standing.behaves_like
        )


def largest_of(now: Snapshot) -> str:
    totals: Counter[str] = Counter()
    for row in now.held:
        if row.is_counted and row.role != HoldingRole.EXCLUDED:
            totals[row.symbol] += int(row.value / CENT)
    return totals.most_common(1)[0][0] if totals else _("One holding")


def of_plan(plan: Plan | None, marks: Marks) -> Iterator[str]:
    """The last plan that was saved, where lines of it are open."""
    if plan is None:
        return
    done = sum(mark.is_done for mark in marks.values())
    lines = len(plan.result["orders"])
    if done < lines:
        say = ngettext(
            "Of the plan of {day}, {n} line is not done.",
            "Of the plan of {day}, {n} lines are not done.",
            lines - done,
        )
        yield say.format(day=date_format(localtime(plan.made_at), "j M Y"), n=lines - done)
