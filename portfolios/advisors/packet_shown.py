"""What lies on the table when an advisor meets a client: what changed since, what is open, what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from portfolios.advisors.packet_portfolios import MOST_PORTFOLIOS, Seen, current, seen
from portfolios.advisors.packet_questions import Question, of_portfolio, of_result
from portfolios.advisors.packet_trail import HoldingChange, holding_changes
from portfolios.display import drift as drift_shown, plan_panel
from portfolios.display.looking import Look
from portfolios.display.portfolios import points_text
from portfolios.models import Portfolio
from portfolios.services.mixes import Decision
from questionnaire.display import comparing, events, timeline
from questionnaire.models import Assessment, ClientProfile, Override, Review
from questionnaire.snapshots import inputs_of
from riskalloc import methodology
from riskalloc.engine.assets import Mix
from riskalloc.engine.comparison import compare as compare_inputs
from riskalloc.web.numbers import money_text

MOST_ENTRIES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """From when on changes count; `review` is None where there was no meeting yet."""

    at: datetime
    review: Review | None
    before: Assessment | None  # what held then


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioShown:
    """One portfolio: then and now, how far off, and the plan that would bring it back."""

    portfolio: Portfolio
    value: str
    value_then: str
    day_then: date | None
    drift_now: str
    drift_then: str
    drift: drift_shown.Panel
    plan: plan_panel.Panel

    @property
    def now_id(self) -> str:
        """Of the picture: a page has several."""
        return f"now-{self.portfolio.pk.hex}"

    @property
    def target_id(self) -> str:
        return f"target-{self.portfolio.pk.hex}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    since: Since
    latest: Assessment
    method: str
    assumptions: date
    compared: comparing.Compared | None  # None where nothing was answered since
    override: Override | None
    entries: Sequence[timeline.Entry]
    notes: Sequence[timeline.Entry]
    holdings: Sequence[HoldingChange]
    portfolios: Sequence[PortfolioShown]
    left_out: int
    questions: Sequence[Question]

    @property
    def mix(self) -> Mix:
        return comparing.calculated_mix(self.latest)


def packet(client: ClientProfile, latest: Assessment, today: date) -> Packet:
    since = since_when(client, latest)
    decision = Decision(assessment=latest, override=latest.overrides.first())
    listed = current(client)
    mine = seen(client, listed[:MOST_PORTFOLIOS], since.at.date(), today)
    method = methodology.load(latest.method)
    told = entries(client, since)
    return Packet(
        since=since,
        latest=latest,
        method=method.name,
        assumptions=method.assumptions.as_of,
        compared=compared(since, latest),
        override=decision.override,
        entries=[entry for entry in told if not entry.note],
        notes=[entry for entry in told if entry.note],
        holdings=holding_changes(client, since.at),
        portfolios=[portfolio_shown(one) for one in mine],
        left_out=len(listed) - len(mine),
        questions=[
            *of_result(latest, events.retirement_notice(client, latest, today)),
            *(question for one in mine for question in of_portfolio(one, decision, today)),
        ],
    )


# -- Since when -------------------------------------------------------------------------------------------


def since_when(client: ClientProfile, latest: Assessment) -> Since:
    """The end of the day of the last meeting; before the first one, what was answered the time before."""
    held = client.reviews.select_related("assessment").order_by("-held_on", "-recorded_at")
    if review := held.first():
        next_day = datetime.combine(review.held_on + timedelta(days=1), time.min)
        at = timezone.make_aware(next_day)
        return Since(at=at, review=review, before=review.assessment)
    owned = Assessment.objects.filter(ownership__client=client).exclude(pk=latest.pk)
    before = owned.order_by("-created_at", "-pk").first()
    return Since(at=(before or latest).created_at, review=None, before=before)


def compared(since: Since, latest: Assessment) -> comparing.Compared | None:
    if since.before is None or since.before == latest:
        return None
    return comparing.compared(compare_inputs(inputs_of(since.before), inputs_of(latest)))


def entries(client: ClientProfile, since: Since) -> list[timeline.Entry]:
    """Without the meeting itself that all of it is since, and those before."""
    held_on = since.review.held_on if since.review else date.min
    found = timeline.entries(client, MOST_ENTRIES, with_notes=True)
    later = [
        entry
        for entry in found
        if entry.at > since.at and not (entry.review and entry.review.held_on <= held_on)
    ]
    return sorted(later, key=lambda entry: entry.at, reverse=True)[:MOST_ENTRIES]


# -- Portfolios -------------------------------------------------------------------------------------------


def portfolio_shown(one: Seen) -> PortfolioShown:
    portfolio, now, then = one.portfolio, one.now, one.then
    drift = now.drift.classes.drift if now.drift else None
    return PortfolioShown(
        portfolio=portfolio,
        value=money_text(now.value, currency=portfolio.currency),
        value_then=money_text(then.value, currency=portfolio.currency) if then else "",
        day_then=then.day if then else None,
        drift_now="" if drift is None else points_text(drift),
        drift_then="" if then is None or then.drift is None else points_text(then.drift),
        drift=drift_shown.panel(portfolio, now),
        plan=plan_panel.panel(portfolio, now, Look.of({}), plan_panel.usual(now)),
    )
