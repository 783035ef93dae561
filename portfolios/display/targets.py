"""Targets: where one came from, what another would change, and what newer answers propose."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from portfolios.models import Portfolio, Target
from portfolios.services.mixes import (
    CLASSES_OF,
    NOTHING,
    Decision,
    Percents,
    decision_for,
    percents_of,
    top_percents,
)
from portfolios.snapshots import names_of_classes
from questionnaire.models import Assessment, ClientProfile, Override
from riskalloc.engine.assets import Top
from riskalloc.web.charts import LETTERS, STYLES, TOP_STYLES
from riskalloc.web.numbers import exact_text

DAY = "j M Y"
MOST_EARLIER = 50


# -- Where one comes from ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a target comes from, in words that go on from "from"; `result` is the assessment's address."""

    words: str
    result: str


def source_of_target(target: Target | None, client: ClientProfile) -> Source | None:
    """None for a target that was typed, and where there is none."""
    if target is None or target.assessment is None:
        return None
    return source_of(target.assessment, target.override, client)


def source_of(assessment: Assessment, override: Override | None, client: ClientProfile) -> Source:
    whose = _("your answers") if client.is_own else _("the answers")
    words = _("{whose} of {day}").format(whose=whose, day=day_text(assessment.created_at))
    if override:
        words = _("the mix decided on {day}, instead of that from {answers}").format(
            day=day_text(override.made_at), answers=words
        )
    return Source(words=words, result=assessment.public_id)


def day_text(at: datetime) -> str:
    return date_format(localtime(at), DAY)


# -- What a target says, and what another would change ------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A class, or a top class over its classes, in percent: as it is and as it would be."""

    name: str
    style: str
    letters: str
    now: Decimal
    new: Decimal
    is_divided: bool = False
    is_sub: bool = False

    @property
    def change(self) -> Decimal:
        return self.new - self.now


def lines(now: Percents, new: Percents) -> list[Line]:
    """Every class that either names, under its top class where that has several."""
    names, found = names_of_classes(), []
    for top, assets in CLASSES_OF.items():
        named = [asset for asset in assets if now.get(asset) or new.get(asset)]
        if len(named) > 1:
            found.append(_top_line(top, names[top], now, new))
        found += [
            Line(
                name=names[asset],
                style=STYLES[asset],
                letters=LETTERS[asset],
                now=now.get(asset, NOTHING),
                new=new.get(asset, NOTHING),
                is_sub=len(named) > 1,
            )
            for asset in named
        ]
    return found


def _top_line(top: Top, name: str, now: Percents, new: Percents) -> Line:
    return Line(
        name=name,
        style=TOP_STYLES[top],
        letters="",
        now=top_percents(now)[top],
        new=top_percents(new)[top],
        is_divided=True,
    )


def mix_text(percents: Percents) -> str:
    """`60% stocks, 10% bonds`."""
    tops = top_percents(percents)
    return ", ".join(f"{exact_text(points)}% {top.value}" for top, points in tops.items() if points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    target: Target
    source: Source | None
    mix: str


def earlier_targets(portfolio: Portfolio) -> list[Earlier]:
    """Newest first, the one that holds now included: one query."""
    rows = portfolio.targets.select_related("assessment", "override").defer(
        "assessment__answers", "assessment__calculation", "assessment__worth"
    )
    return [
        Earlier(
            target=row,
            source=source_of_target(row, portfolio.client),
            mix=mix_text(percents_of(row)),
        )
        for row in rows[:MOST_EARLIER]
    ]


# -- What answers offer, and newer ones propose -------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The mix of the last answers beside the present target, whose key is `was`."""

    decision: Decision
    was: UUID | None
    source: Source
    lines: list[Line]
    new_id: UUID  # of the target that a person may make of it, sent once or twice

    @property
    def needed(self) -> Decimal:
        """Dollars that are needed soon, which the mix leaves out."""
        return self.decision.assessment.needed

    @property
    def mix(self) -> str:
        return mix_text(self.decision.percents())

    @property
    def is_new(self) -> bool:
        """Whether it differs from the present target."""
        return any(line.change for line in self.lines)


def offer(decision: Decision | None, target: Target | None, client: ClientProfile) -> Offer | None:
    if decision is None:
        return None
    source = source_of(decision.assessment, decision.override, client)
    between = lines(percents_of(target), decision.percents())
    return Offer(
        decision=decision,
        was=target.pk if target else None,
        source=source,
        lines=between,
        new_id=uuid4(),
    )


def proposal(portfolio: Portfolio) -> Offer | None:
    target = Target.objects.latest_of(portfolio)
    decision = decision_for(portfolio.client) if target else None
    return proposed(decision, target, portfolio.client)


def proposed(
    decision: Decision | None, target: Target | None, client: ClientProfile
) -> Offer | None:
    """A newer mix than the target's that says something else: shown, never put in its place by itself."""
    if target is None or decision is None or decision.at <= target.made_at:
        return None
    found = offer(decision, target, client)
    return found if found and found.is_new else None
