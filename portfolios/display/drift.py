"""How far a portfolio is from its target: sentences first, then tables, bars as their proof."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _, ngettext

from portfolios.display.looks import HELD_LETTERS, HELD_STYLES, TOP_STYLES
from portfolios.models import WHOLE, Portfolio
from portfolios.snapshots import Snapshot, names_of_classes
from riskalloc.engine.amounts import CENT, half_up, plain
from riskalloc.engine.drift import Drift
from riskalloc.engine.holding_classes import HoldingClass, in_order
from riskalloc.engine.levels import Level, Row, Status, printed_weights
from riskalloc.engine.triggers import Policy, Trigger, TriggerId
from riskalloc.web.charts import Segment, stacked_bar
from riskalloc.web.numbers import money_text, number_text
from riskalloc.web.templatetags.figures import percent, points, signed_money

SCALE_STEP, WHOLE_SCALE = 10, 100  # percent
STATUS_WORDS = {
    Status.OVER: _("Over"),
    Status.UNDER: _("Under"),
    Status.IN_BAND: _("In band"),
    Status.OUT_OF_MODEL: _("Not in the target"),
}
MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Edges in percent of the width of a bar."""

    style: str
    width: str
    tick: str
    band_x: str
    band_width: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRow:
    key: str  # opens its thread
    name: str
    members: str  # what is counted here besides
    style: str
    letters: str
    target: str
    now: str
    amount: str
    points: str
    band: str
    status: str
    is_outside: bool
    picture: Picture
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelTable:
    """`scale` is the percent at which the bars end."""

    title: str
    rows: tuple[ClassRow, ...]
    scale: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A rule, and how far away it is where it has not fired."""

    sentence: str
    left: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The drift in detail; `levels` are empty where there is nothing to compare."""

    sentence: str
    above_ceiling: str
    levels: tuple[LevelTable, ...]
    fired: tuple[Watched, ...]
    quiet: tuple[Watched, ...]
    now_bar: tuple[Segment, ...]
    target_bar: tuple[Segment, ...]
    unclassified: str


# -- The panel --------------------------------------------------------------------------------------------


def panel(portfolio: Portfolio, now: Snapshot) -> Panel:
    drift = now.drift
    watched = [(trigger.has_fired, watch(trigger)) for trigger in drift.triggers] if drift else []
    return Panel(
        sentence=outside_sentence(drift.classes, now.policy) if drift else "",
        above_ceiling=above_ceiling(drift),
        levels=levels(drift, portfolio) if drift else (),
        fired=tuple(rule for has_fired, rule in watched if has_fired),
        quiet=tuple(rule for has_fired, rule in watched if not has_fired),
        now_bar=bar_of(drift.classes, "weight") if drift else held_bar(now),
        target_bar=bar_of(drift.classes, "target") if drift else target_bar(now),
        unclassified=unclassified_sentence(portfolio, now),
    )


def outside_sentence(classes: Level[Any], policy: Policy) -> str:
    if policy.band.edges(Decimal(0)) is None:
        return _("There are no bands; see the differences below.")
    outside, count = len(classes.outside), len(classes.rows)
    if not outside:
        return _("Every class is inside its band.")
    text = ngettext(
        "{n} of {count} classes is outside its band.",
        "{n} of {count} classes are outside their band.",
        outside,
    )
    return text.format(n=outside, count=count)


def above_ceiling(drift: Drift | None) -> str:
    fired = drift.fired if drift else ()
    return next((rule.sentence for rule in fired if rule.id is TriggerId.GUARD_RAIL), "")


def watch(trigger: Trigger) -> Watched:
    """A rule that has fired has nothing left to it."""
    left = ""
    if trigger.has_fired:
        return Watched(sentence=trigger.sentence, left=left)
    if trigger.distance is not None:
        distance = half_up(trigger.distance, 2)
        word = ngettext("{n} point to go", "{n} points to go", 1 if distance == 1 else 2)
        left = word.format(n=number_text(distance, 2))
    elif trigger.days is not None:
        left = ngettext("in {n} day", "in {n} days", trigger.days).format(n=trigger.days)
    return Watched(sentence=trigger.sentence, left=left)


def unclassified_sentence(portfolio: Portfolio, now: Snapshot) -> str:
    """What nobody has classed yet, and in which holdings."""
    amount = now.counted.by_class.get(HoldingClass.UNCLASSIFIED)
    if not amount:
        return ""
    names = list(dict.fromkeys(row.symbol for row in now.held if sum(row.classes) < WHOLE))
    some = ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
    text = _("{amount} is not in any class yet ({names}). Edit the row and select one.")
    return text.format(amount=rounded(amount, portfolio), names=some)


# -- Tables -----------------------------------------------------------------------------------------------


def levels(drift: Drift, portfolio: Portfolio) -> tuple[LevelTable, ...]:
    names = names_of_classes()
    return (
        level_table(_("Stocks, bonds and the rest"), drift.tops, portfolio, TOP_STYLES, {}, names),
        level_table(
            _("Class by class"), drift.classes, portfolio, HELD_STYLES, HELD_LETTERS, names
        ),
    )


def level_table(
    title: str,
    level: Level[Any],
    portfolio: Portfolio,
    styles: Mapping[str, str],
    letters: Mapping[str, str],
    names: Mapping[str, str],
) -> LevelTable:
    scale = scale_of(level.rows)
    return LevelTable(
        title=title,
        scale=scale,
        rows=tuple(
            class_row(row, portfolio, styles[row.name], letters.get(row.name, ""), scale, names)
            for row in level.rows
        ),
    )


def scale_of(rows: Iterable[Row[Any]]) -> int:
    """The full tens above everything that the bars show."""
    most = max(max(row.weight, row.target, row.high or Decimal(0)) for row in rows)
    tens = -(-int(half_up(most, 0)) // SCALE_STEP) * SCALE_STEP
    return min(max(tens, SCALE_STEP), WHOLE_SCALE)


def class_row(
    row: Row[Any],
    portfolio: Portfolio,
    style: str,
    letters: str,
    scale: int,
    names: Mapping[str, str],
) -> ClassRow:
    amount = half_up(row.amount, 2)
    band = "" if row.low is None or row.high is None else band_text(row.low, row.high)
    now, target = percent(row.weight), percent(row.target)
    return ClassRow(
        key=str(row.name),
        name=row.label,
        members=listed([names[member] for member in row.line.members]),
        style=style,
        letters=letters,
        target=target,
        now=now,
        amount=signed_in(amount, portfolio),
        points=points(half_up(row.points, 2)),
        band=band,
        status=STATUS_WORDS[row.status] if band else "",
        is_outside=row.is_outside,
        picture=picture(row, style.partition(" ")[0], scale),
        said=_("{name}: {now} now, target {target}").format(name=row.label, now=now, target=target),
    )


def signed_in(amount: Decimal, portfolio: Portfolio) -> str:
    if portfolio.currency == "USD":
        return signed_money(amount)
    text = money_text(amount, currency=portfolio.currency)
    return f"+{text}" if amount > 0 else text


def band_text(low: Decimal, high: Decimal) -> str:
    return f"{plain(half_up(low, 2))}–{percent(high)}"


def picture(row: Row[Any], style: str, scale: int) -> Picture:
    def at(value: Decimal) -> str:
        return plain(half_up(min(value * 100 / scale, Decimal(100)), 2))

    low = row.low or Decimal(0)
    high = low if row.high is None else row.high  # no band has no width
    return Picture(
        style=style,
        width=at(row.weight),
        tick=at(row.target),
        band_x=at(low),
        band_width=at(high - low),
    )


# -- Stacked bars -----------------------------------------------------------------------------------------


def bar_of(level: Level[Any], figure: str) -> tuple[Segment, ...]:
    parts = [(row.name, row.label, getattr(row, figure)) for row in level.rows]
    return stacked(parts)


def stacked(parts: Iterable[tuple[str, str, Decimal]]) -> tuple[Segment, ...]:
    shown = [part for part in parts if part[2]]
    return stacked_bar(shown, HELD_STYLES, HELD_LETTERS)


def held_bar(now: Snapshot) -> tuple[Segment, ...]:
    """Where there is no target, every class as it is held."""
    names, held = names_of_classes(), now.counted.by_class
    classes = in_order(name for name, value in held.items() if value)
    weights = printed_weights([int(held[name] / CENT) for name in classes], int(now.value / CENT))
    return stacked(
        (name, names[name], weight) for name, weight in zip(classes, weights, strict=True)
    )


def target_bar(now: Snapshot) -> tuple[Segment, ...]:
    if now.target is None:
        return ()
    names = names_of_classes()
    return stacked((asset, names[asset], share) for asset, share in now.target.percents.items())


# -- Words ------------------------------------------------------------------------------------------------


def listed(parts: Sequence[str]) -> str:
    """`a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return _("{some} and {last}").format(some=", ".join(parts[:-1]), last=parts[-1])


def rounded(amount: Decimal, portfolio: Portfolio) -> str:
    """An amount without its sign, to the cent."""
    return money_text(abs(half_up(amount, 2)), currency=portfolio.currency)
