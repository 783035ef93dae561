"""What is held in the market, beside its target: returns, swings and bad years in dollars."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portfolios.display.classes import amount
from portfolios.display.drift import listed
from portfolios.models import Portfolio
from portfolios.snapshots import names_of_classes
from questionnaire.display.results import months_between
from riskalloc import methodology
from riskalloc.engine.amounts import half_up
from riskalloc.engine.assets import AssetClass
from riskalloc.engine.assumptions import Assumptions, Episode
from riskalloc.engine.behaviour import FIGURES, Known, behaviour, exact_weights, known_part
from riskalloc.engine.drift import Target
from riskalloc.engine.holding_classes import HoldingClass, in_order
from riskalloc.engine.market import Outlook, outlook
from riskalloc.engine.rules import Methodology
from riskalloc.web.numbers import money_text, number_text
from riskalloc.web.templatetags.figures import fixed2, percent1

# The labels stand for mixes of this method, whatever method the answers were scored by.
METHOD = methodology.DEFAULT_VERSION
CURRENCY = "USD"  # of the assumptions
LEFT_OUT_WORDS = {
    HoldingClass.CRYPTO: _("crypto"),
    HoldingClass.OTHER: _("other alternatives"),
    HoldingClass.UNCLASSIFIED: _("holdings without a class"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlooks:
    """Of what is known of the holdings, and of the target for as many dollars; None where there is none."""

    known: Known
    held: Outlook | None
    aim: Outlook | None
    method: Methodology

    @property
    def both(self) -> list[Outlook]:
        return [one for one in (self.held, self.aim) if one]


def outlooks(values: Mapping[HoldingClass, Decimal], target: Target | None) -> Outlooks:
    """`values` are exact amounts of each class."""
    method, known = methodology.load(METHOD), known_part(values)
    held, aim = behaviour(known, method.assumptions), None
    if held and target:
        aim = outlook(exact_weights(target.percents), known.amount, method.assumptions)
    return Outlooks(known=known, held=held, aim=aim, method=method)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the comparison, dollars first; `target` and `difference` are empty without one."""

    name: str
    when: str
    now: str
    now_small: str
    target: str = ""
    target_small: str = ""
    difference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A class that is held, and the figures that it brings in."""

    key: str
    name: str
    amount: str
    stands_on: str
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """`figures` are empty where too little has any; `unknown` says what has none."""

    figures: tuple[Figure, ...]
    amount: str
    unknown: str
    stood_in: str
    foreign: str
    sources: tuple[Source, ...]
    method: Methodology
    is_stale: bool
    has_target: bool


def market(
    portfolio: Portfolio,
    values: Mapping[HoldingClass, Decimal],
    views: Outlooks,
    today: date,
) -> Market:
    assumptions = views.method.assumptions
    return Market(
        figures=tuple(figures_of(views, portfolio)) if views.held else (),
        amount=amount(views.known.amount, portfolio),
        unknown=unknown_text(views.known, portfolio),
        stood_in=stood_in_text(views.known, portfolio),
        foreign=foreign_text(portfolio),
        sources=tuple(sources_of(values, portfolio, assumptions)),
        method=views.method,
        is_stale=months_between(assumptions.as_of, today) >= assumptions.stale_after_months,
        has_target=views.aim is not None,
    )


# -- Beside the target ------------------------------------------------------------------------------------


def figures_of(views: Outlooks, portfolio: Portfolio) -> Iterable[Figure]:
    """Dollars of what is known, for the holdings and for the target alike."""
    both, money = views.both, views.known.amount
    returns, swings = [one.expected_return for one in both], [one.volatility for one in both]
    yield figure(_("Expected return a year"), "", shares(returns, money), returns, portfolio)
    yield figure(
        _("Swing of a usual year"), _("up or down"), shares(swings, money), swings, portfolio
    )
    yield beta_figure([one.beta for one in both])
    episodes = {episode.id: episode for episode in views.method.assumptions.episodes}
    for changes in zip(*((*one.episodes, one.bad_year) for one in both), strict=True):
        episode = episodes.get(changes[0].id)
        yield figure(
            name_of(episode),
            span_of(episode),
            [money + change.amount for change in changes],
            [change.change for change in changes],
            portfolio,
        )


def shares(percents: Iterable[Decimal], of: Decimal) -> list[Decimal]:
    return [of * percent / 100 for percent in percents]


def figure(
    name: str, when: str, amounts: list[Decimal], percents: list[Decimal], portfolio: Portfolio
) -> Figure:
    """Whole dollars, as they are estimates; the difference is that of what is shown."""
    shown = [half_up(value, 0) for value in amounts]
    return beside(
        name,
        when,
        shown,
        [money_text(value, 0, portfolio.currency) for value in shown],
        [percent1(percent) for percent in percents],
        money_text(shown[0] - shown[-1], 0, portfolio.currency),
    )


def beta_figure(betas: list[Decimal]) -> Figure:
    shown = [half_up(beta, 2) for beta in betas]
    return beside(
        _("Moves with the stock market"),
        _("β; large US companies are 1"),
        shown,
        [fixed2(beta) for beta in shown],
        ["" for _beta in shown],
        number_text(shown[0] - shown[-1], 2),
    )


def beside(
    name: str, when: str, shown: list[Decimal], texts: list[str], smalls: list[str], gap: str
) -> Figure:
    """Holdings first, then the target, where there is one."""
    if len(shown) == 1:
        return Figure(name=name, when=when, now=texts[0], now_small=smalls[0])
    return Figure(
        name=name,
        when=when,
        now=texts[0],
        now_small=smalls[0],
        target=texts[1],
        target_small=smalls[1],
        difference=f"+{gap}" if shown[0] > shown[1] else gap,
    )


def name_of(episode: Episode | None) -> str:
    if episode is None:
        return _("Left after a bad year")
    return _("Left after {name}").format(name=episode.name)


def span_of(episode: Episode | None) -> str:
    if episode is None:
        return _("modelled; one year in 20 is worse")
    return _("{first} to {last}").format(
        first=date_format(episode.from_on, "M Y"), last=date_format(episode.to_on, "M Y")
    )


# -- What has no figures ----------------------------------------------------------------------------------


def unknown_text(known: Known, portfolio: Portfolio) -> str:
    if not known.left_out:
        return ""
    parts = [
        _("{amount} of {what}").format(amount=amount(value, portfolio), what=LEFT_OUT_WORDS[name])
        for name, value in known.left_out.items()
    ]
    if known.is_enough:
        is_one = len(parts) == 1
        say = (
            _("{parts} is not in these figures.")
            if is_one
            else _("{parts} are not in these figures.")
        )
        return say.format(parts=listed(parts))
    return _(
        "There are no figures for {parts}. That is more than a tenth of {total}, so nothing is said here"
        " about how the whole behaves."
    ).format(parts=listed(parts), total=amount(known.total, portfolio))


def stood_in_text(known: Known, portfolio: Portfolio) -> str:
    if not known.stood_in or not known.is_enough:
        return ""
    names = names_of_classes()
    parts = [
        _("{name} ({amount}) as {other}").format(
            name=names[name], amount=amount(value, portfolio), other=names[FIGURES[name]]
        )
        for name, value in known.stood_in.items()
    ]
    return _("Reckoned as a class that has figures: {parts}.").format(parts=listed(parts))


def foreign_text(portfolio: Portfolio) -> str:
    if portfolio.currency == CURRENCY:
        return ""
    return _(
        "The assumptions were made for US dollars. They are used here for {currency} as they are."
    ).format(currency=portfolio.currency)


# -- The thread -------------------------------------------------------------------------------------------


def sources_of(
    values: Mapping[HoldingClass, Decimal], portfolio: Portfolio, assumptions: Assumptions
) -> Iterable[Source]:
    names = names_of_classes()
    for held in in_order(name for name, value in values.items() if value):
        asset = FIGURES.get(held)
        yield Source(
            key=held.value,
            name=names[held],
            amount=amount(values[held], portfolio),
            stands_on=names[asset] if asset and asset.value != held.value else "",
            figures=figures_of_class(asset, assumptions),
        )


def figures_of_class(asset: AssetClass | None, assumptions: Assumptions) -> tuple[str, ...]:
    """β, swing, and the measured episodes; dashes where there are none."""
    if asset is None:
        return ("–",) * (2 + len(assumptions.episodes))
    changes = [percent1(episode.changes[asset]) for episode in assumptions.episodes]
    volatility = percent1(assumptions.classes[asset].volatility)
    return (fixed2(assumptions.beta(asset)), volatility, *changes)
