"""What would happen to a whole book, as its page prints it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from portfolios.advisors.book import Book, key_of
from portfolios.advisors.conditions import word_of
from portfolios.advisors.listing import PER_PAGE, Heading
from portfolios.advisors.pictures import COLUMN_FLOOR, COLUMN_TOP, place
from portfolios.advisors.whatif_counts import (
    Kind,
    by_currency,
    count_of,
    counted_apart,
    is_measured,
    kinds_of,
    rounded,
    sentence,
    sums,
)
from portfolios.advisors.whatif_moves import Asked
from portfolios.advisors.whatif_sql import (
    BUCKETS,
    SORTS,
    TRIGGERS,
    Found,
    ask_what_if,
    cents,
)
from portfolios.models.standings import DRIFT_PLACES
from portfolios.services.drift_sql import row_names
from portfolios.snapshots import names_of_classes
from riskalloc.engine.amounts import half_up
from riskalloc.web.numbers import number_text

LEAST_SHOWN = Decimal("0.1")


# -- The whole answer -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Fires:
    """How many portfolios a trigger fires for."""

    name: str
    now: str
    then: str
    newly: str
    no_longer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    currency: str
    count: str
    now: str
    then: str
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Two of the histogram: how many there are now and then. `y` begins at the top, in percent."""

    name: str
    middle: str
    now: "Column"
    then: "Column"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Its number stands flush with the middle of the two, so that both find room above narrow columns."""

    count: int
    x: str
    label_x: str
    y: str
    height: str
    label_y: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """A limit that a portfolio would newly pass, and by how much."""

    word: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    client_id: UUID
    client: str
    portfolio_id: UUID
    portfolio: str
    now_value: str
    value: str
    now_drift: str
    drift: str
    overs: tuple[Over, ...]
    over: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    sentence: str
    beside: tuple[str, ...]
    said: str
    fires: tuple[Fires, ...]
    money: tuple[Money, ...]
    columns: tuple[Columns, ...]
    lines: tuple[Line, ...]
    headings: tuple[Heading, ...]
    count: int
    first: int
    page: int
    pages: int
    earlier: str | None
    later: str | None
    notes: tuple[str, ...]

    @property
    def last(self) -> int:
        return self.first + len(self.lines) - 1


def answer(book: Book, asked: Asked) -> Answer | None:
    """None where nobody owns anything. One query; one more where the page is beyond the last."""
    found, rows = found_on(asked.page, book, asked)
    if not found:
        return None
    kinds = kinds_of(found)
    count, notes = count_of(kinds, lambda kind: kind.is_newly_over), list(asked.notes)
    pages = max(1, -(-count // PER_PAGE))
    page = min(asked.page, pages)
    if page != asked.page:
        say = _("There is no page {n}; this is the last one.")
        notes.append(say.format(n=number_text(Decimal(asked.page))))
        found, rows = found_on(page, book, asked)
    return Answer(
        sentence=sentence(kinds, count),
        beside=tuple(counted_apart(kinds)),
        said=asked.said(),
        fires=tuple(fires_of(kinds)),
        money=tuple(money_of(kinds)),
        columns=tuple(columns_of(kinds)),
        lines=tuple(map(line, rows)),
        headings=tuple(headings(asked)),
        count=count,
        first=(page - 1) * PER_PAGE + 1,
        page=page,
        pages=pages,
        earlier=asked.query(page=page - 1) if page > 1 else None,
        later=asked.query(page=page + 1) if page < pages else None,
        notes=tuple(notes),
    )


def found_on(page: int, book: Book, asked: Asked) -> Found:
    start = (page - 1) * PER_PAGE
    return ask_what_if(book, asked.moves(), asked.sort, start=start, count=PER_PAGE)


# -- Tables and the picture -------------------------------------------------------------------------------


def fires_of(kinds: Sequence[Kind]) -> Iterator[Fires]:
    for trigger in TRIGGERS:
        yield fires(kinds, word_of(trigger), (trigger,))
    yield fires(kinds, _("Any of them"), TRIGGERS)


def fires(kinds: Sequence[Kind], name: str, triggers: Sequence[str]) -> Fires:
    def was(kind: Kind) -> bool:
        return any(map(kind.was, triggers))

    def will(kind: Kind) -> bool:
        return any(map(kind.will, triggers))

    def counted(which: Callable[[Kind], bool]) -> str:
        return number_text(Decimal(count_of(reckoned, which)))

    reckoned = [kind for kind in kinds if kind.is_reckoned]
    return Fires(
        name=name,
        now=counted(was),
        then=counted(will),
        newly=counted(lambda kind: will(kind) and not was(kind)),
        no_longer=counted(lambda kind: was(kind) and not will(kind)),
    )


def money_of(kinds: Sequence[Kind]) -> Iterator[Money]:
    for currency, of_currency in by_currency(kinds):
        was, will = sums(of_currency)
        change = rounded(will - was, currency)
        yield Money(
            currency=currency,
            count=number_text(Decimal(count_of(of_currency, lambda kind: kind.is_reckoned))),
            now=rounded(was, currency),
            then=rounded(will, currency),
            change=f"+{change}" if will > was else change,
        )


WIDTH = Decimal(100) / len(BUCKETS)
BAR, GAP = Decimal(6), Decimal("0.2")


def columns_of(kinds: Sequence[Kind]) -> Iterator[Columns]:
    """Nothing where nothing can be measured."""
    measured = [kind for kind in kinds if is_measured(kind)]
    now, then = [0] * len(BUCKETS), [0] * len(BUCKETS)
    for kind in measured:
        if kind.was_bucket is not None:
            now[kind.was_bucket] += kind.portfolios
        if kind.bucket is not None:
            then[kind.bucket] += kind.portfolios
    most = max(now + then)
    for nth in range(len(BUCKETS)) if most else ():
        middle = WIDTH * nth + WIDTH / 2
        last = BUCKETS[nth + 1] if nth + 1 < len(BUCKETS) else None
        yield Columns(
            name=f"{BUCKETS[nth]}+" if last is None else f"{BUCKETS[nth]}–{last}",
            middle=place(middle),
            now=column(now[nth], middle - BAR - GAP, middle - GAP, most),
            then=column(then[nth], middle + GAP, middle + GAP, most),
        )


def column(count: int, x: Decimal, label_x: Decimal, most: int) -> Column:
    height = (COLUMN_FLOOR - COLUMN_TOP) * count / most
    return Column(
        count=count,
        x=place(x),
        label_x=place(label_x),
        y=place(COLUMN_FLOOR - height),
        height=place(height),
        label_y=place(COLUMN_FLOOR - height - 3),
    )


# -- Who would newly be over ------------------------------------------------------------------------------


def headings(asked: Asked) -> Iterator[Heading]:
    texts = {
        "name": _("Client"),
        "value": _("Value then"),
        "drift": _("Drift then, points"),
        "over": _("Over by, points"),
    }
    for name, text in texts.items():
        is_up, is_down = asked.sort == name, asked.sort == f"-{name}"
        # A second press turns it round.
        again = (
            {True: f"-{name}", False: name}[is_up]
            if is_up or is_down
            else f"{SORTS[name][1]}{name}"
        )
        yield Heading(
            name=name,
            text=text,
            query=asked.query(sort=again),
            sorted="ascending" if is_up else "descending" if is_down else "",
            is_number=name != "name",
        )


def line(row: Mapping[str, Any]) -> Line:
    currency = row["currency"]
    return Line(
        client_id=key_of(row["client_id"]),
        client=row["client_name"],
        portfolio_id=key_of(row["portfolio_id"]),
        portfolio=row["portfolio_name"],
        now_value=rounded(cents(row["now_value"]), currency),
        value=rounded(cents(row["value"]), currency),
        now_drift=drift_text(row["now_drift"]),
        drift=drift_text(row["drift"]),
        overs=tuple(overs(row)),
        over=points_text(row["over"]),
    )


def drift_text(units: int | None) -> str:
    if units is None:
        return "–"
    return number_text(half_up(Decimal(units).scaleb(-DRIFT_PLACES), 1), 1)


def points_text(points: float) -> str:
    """Over a limit by a hair is over it too."""
    exact = half_up(Decimal(points), 1)
    if exact < LEAST_SHOWN:
        return _("under 0.1")
    return number_text(exact, 1)


def overs(row: Mapping[str, Any]) -> Iterator[Over]:
    """Of the limits that a portfolio newly passes."""
    if row["newly_guard_rail"]:
        say = _("{n} points above the ceiling")
        yield Over(
            word=word_of("guard_rail"), text=say.format(n=points_text(row["over_guard_rail"]))
        )
    if row["newly_band"]:
        yield Over(word=word_of("band"), text=band_text(row))
    if row["newly_portfolio_drift"]:
        say = _("drift {n} points above the limit")
        text = say.format(n=points_text(row["over_portfolio_drift"]))
        yield Over(word=word_of("portfolio_drift"), text=text)


def band_text(row: Mapping[str, Any]) -> str:
    """The class that is furthest outside, and how many more are."""
    value, names = row["value"], names_of_classes()
    beyond = {
        name: abs(row[f"d_{name}"]) * 10_000 - row[f"w_{name}"] * value
        for name in row_names()
        if row[f"w_{name}"] is not None
    }
    worst = max(beyond, key=lambda name: beyond[name])
    say = (
        _("{name} {n} points above its band")
        if row[f"d_{worst}"] > 0
        else _("{name} {n} points below its band")
    )
    return say.format(name=names[worst.removeprefix("top_")], n=points_text(row["over_band"]))
