"""What the answers say, and what the holdings behave like."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from portfolios.display.market import Outlooks
from portfolios.models import Portfolio
from questionnaire.models import Assessment
from riskalloc import methodology
from riskalloc.engine.amounts import half_up, plain
from riskalloc.engine.behaviour import ANCHORS, anchor_volatilities, behaves_like
from riskalloc.engine.rules import RiskLabel
from riskalloc.web.templatetags.figures import percent1

DAY = "j M Y"


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """A mix and how much it swings in a year; `width` in percent of the longest bar.

    `score` is that of a label's mix, 0 for the others.
    """

    name: str
    score: int
    text: str
    width: str
    style: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a client's latest answers came to."""

    label: RiskLabel
    rti: int
    day: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Without a sentence where too little of the holdings has figures; `result` opens the answers."""

    sentence: str
    details: tuple[str, ...]
    answers: str
    result: str
    swings: tuple[Swing, ...]


def likeness(portfolio: Portfolio, views: Outlooks) -> Likeness:
    """One query."""
    said = answers_of(portfolio)
    held = behaves_like(views.held.volatility, views.method) if views.held else None
    return Likeness(
        sentence=sentence_of(portfolio, held, said.label if said else None),
        details=tuple(details_of(views, said)),
        answers=answers_text(said),
        result=said.result if said else "",
        swings=swings_of(views),
    )


def likeness_sentence(portfolio: Portfolio, held: RiskLabel | None) -> str:
    """By what is known of the holdings already. One query."""
    latest = latest_answers(portfolio)
    return sentence_of(portfolio, held, label_of(latest) if latest else None)


# -- In words ---------------------------------------------------------------------------------------------


def latest_answers(portfolio: Portfolio) -> Assessment | None:
    needed = Assessment.objects.only("method", "rti", "created_at", "public_id")
    return needed.latest_of(portfolio.client)


def label_of(assessment: Assessment) -> RiskLabel:
    return methodology.load(assessment.method).rti_label(assessment.rti)


def answers_of(portfolio: Portfolio) -> Said | None:
    assessment = latest_answers(portfolio)
    if assessment is None:
        return None
    return Said(
        label=label_of(assessment),
        rti=assessment.rti,
        day=date_format(localtime(assessment.created_at), DAY),
        result=reverse("why", kwargs={"public_id": assessment.public_id, "key": "rti"}),
    )


def answers_text(said: Said | None) -> str:
    if said is None:
        return ""
    return _("{rti} of 25, {label}, from the answers of {day}").format(
        rti=said.rti, label=said.label.value, day=said.day
    )


def sentence_of(portfolio: Portfolio, held: RiskLabel | None, said: RiskLabel | None) -> str:
    if held is None:
        return ""
    is_own = portfolio.client.is_own
    if said is None:
        say = _("Your holdings behave like {held}.") if is_own else _("They behave like {held}.")
    elif said is held:
        say = _("The answers say {said}, and the holdings behave like it.")
        if is_own:
            say = _("Your answers say {said}, and your holdings behave like it.")
    else:
        say = _("The answers say {said}, the holdings behave like {held}.")
        if is_own:
            say = _("Your answers say {said}, your holdings behave like {held}.")
    return say.format(held=held.value, said=said.value if said else "")


def details_of(views: Outlooks, said: Said | None) -> Iterable[str]:
    """The numbers behind the sentence, and what the target would be called by the same rule."""
    if views.held is None:
        return
    nearest = behaves_like(views.held.volatility, views.method)
    yield _(
        "They swing by {held} in a usual year. The mix that stands for {label} swings by {anchor}: no"
        " other is as near."
    ).format(
        held=percent1(views.held.volatility),
        label=nearest.value,
        anchor=percent1(anchor_volatilities(views.method)[nearest]),
    )
    if views.aim is None:
        return
    like = behaves_like(views.aim.volatility, views.method)
    yield _("The target swings by {aim} and behaves like {label}.").format(
        aim=percent1(views.aim.volatility), label=like.value
    )
    if said and like is not said.label:
        yield _(
            "A label stands for the mix of its middle score. The income score and the choice of classes"
            " move a target away from that."
        )


# -- As a picture ------------------------------------------------------------------------------------------


def swings_of(views: Outlooks) -> tuple[Swing, ...]:
    """The labels' mixes, the holdings and the target, from the calmest on."""
    if views.held is None:
        return ()
    found = [
        (volatility, label.value.capitalize(), ANCHORS[label], "model")
        for label, volatility in anchor_volatilities(views.method).items()
    ]
    found.append((views.held.volatility, _("The holdings"), 0, "tick"))
    if views.aim:
        found.append((views.aim.volatility, _("The target"), 0, "tick"))
    most = max(volatility for volatility, *_rest in found)
    return tuple(
        Swing(
            name=name,
            score=score,
            text=percent1(volatility),
            width=plain(half_up(100 * volatility / most, 2)),
            style=style,
        )
        for volatility, name, score, style in sorted(found)
    )
