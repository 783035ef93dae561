"""What is held of each class beside the target: both levels as bars, with the dollars in a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portfolios.display.drift import bar_of, held_bar, listed, signed_in
from portfolios.display.looks import HELD_LETTERS, HELD_STYLES, TOP_STYLES
from portfolios.models import Portfolio
from portfolios.snapshots import Snapshot, names_of_classes
from riskalloc.engine.amounts import CENT, half_up
from riskalloc.engine.holding_classes import TOPS, HoldingClass, in_order
from riskalloc.engine.levels import Row, printed_weights
from riskalloc.web.charts import Segment, stacked_bar
from riskalloc.web.numbers import money_text
from riskalloc.web.templatetags.figures import percent, points

NO_LETTERS = dict.fromkeys(TOP_STYLES, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassLine:
    """What is held of a class, or of a top class over its classes; `key` opens its thread."""

    key: str
    name: str
    style: str
    letters: str
    now: str
    now_percent: str
    target: str = ""
    target_percent: str = ""
    difference: str = ""
    points: str = ""
    has_moved: bool = False
    is_divided: bool = False
    is_sub: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Both levels, as held and as they are meant to be; no target bars where there is no target."""

    sentence: str
    total: str
    tops: tuple[Segment, ...]
    classes: tuple[Segment, ...]
    target_tops: tuple[Segment, ...]
    target_classes: tuple[Segment, ...]
    lines: tuple[ClassLine, ...]
    has_target: bool


def bars(portfolio: Portfolio, now: Snapshot) -> Bars:
    if now.drift is None:
        return bars_without_target(portfolio, now)
    tops, classes = now.drift.tops, now.drift.classes
    return Bars(
        sentence=top_sentence([(row.label, row.value) for row in tops.rows], portfolio),
        total=amount(now.value, portfolio),
        tops=top_bar((row.name, row.label, row.weight) for row in tops.rows),
        classes=bar_of(classes, "weight"),
        target_tops=top_bar((row.name, row.label, row.target) for row in tops.rows),
        target_classes=bar_of(classes, "target"),
        lines=tuple(grouped(tops.rows, classes.rows, portfolio)),
        has_target=True,
    )


def bars_without_target(portfolio: Portfolio, now: Snapshot) -> Bars:
    """Every class as it is held, in one level."""
    names, held = names_of_classes(), now.counted.by_class
    keys = in_order(name for name, value in held.items() if value)
    weights = printed_weights([int(held[name] / CENT) for name in keys], int(now.value / CENT))
    return Bars(
        sentence=top_sentence([(names[name], held[name]) for name in keys], portfolio),
        total=amount(now.value, portfolio),
        tops=(),
        classes=held_bar(now),
        target_tops=(),
        target_classes=(),
        lines=tuple(
            ClassLine(
                key=name.value,
                name=names[name],
                style=HELD_STYLES[name],
                letters=HELD_LETTERS[name],
                now=amount(held[name], portfolio),
                now_percent=percent(weight),
            )
            for name, weight in zip(keys, weights, strict=True)
        ),
        has_target=False,
    )


def top_bar(parts: Iterable[tuple[str, str, Decimal]]) -> tuple[Segment, ...]:
    return stacked_bar([part for part in parts if part[2]], TOP_STYLES, NO_LETTERS)


def top_sentence(parts: Sequence[tuple[str, Decimal]], portfolio: Portfolio) -> str:
    """`Stocks $85,000, bonds $10,000 and alternatives $15,000.`"""
    said = [f"{name} {amount(value, portfolio)}" for name, value in parts if value]
    return f"{listed(said)}." if said else ""


def grouped(
    tops: Sequence[Row[str]], classes: Sequence[Row[HoldingClass]], portfolio: Portfolio
) -> Iterable[ClassLine]:
    """Each top class over its classes; one of a single class is one line."""
    for top in tops:
        members = [row for row in classes if TOPS[row.name] == top.name]
        if len(members) > 1:
            yield class_line(top, TOP_STYLES[top.name], "", portfolio, is_divided=True)
        for row in members:
            style, letters = HELD_STYLES[row.name], HELD_LETTERS[row.name]
            yield class_line(row, style, letters, portfolio, is_sub=len(members) > 1)


def class_line(
    row: Row[str] | Row[HoldingClass],
    style: str,
    letters: str,
    portfolio: Portfolio,
    *,
    is_divided: bool = False,
    is_sub: bool = False,
) -> ClassLine:
    return ClassLine(
        key=str(row.name),
        name=row.label,
        style=style,
        letters=letters,
        now=amount(row.value, portfolio),
        now_percent=percent(row.weight),
        target=amount(row.value - row.amount, portfolio),
        target_percent=percent(row.target),
        difference=signed_in(half_up(row.amount, 2), portfolio),
        points=points(half_up(row.points, 2)),
        has_moved=bool(row.amount),
        is_divided=is_divided,
        is_sub=is_sub,
    )


def amount(value: Decimal, portfolio: Portfolio) -> str:
    """To the cent, without cents where there are none."""
    return money_text(half_up(value, 2), currency=portfolio.currency)
