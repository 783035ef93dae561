"""What each column means: its heading says so, or what is in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portfolios.imports.agreeing import agrees
from portfolios.imports.figures import (
    NotAFigure,
    Style,
    figure,
    is_figure,
    is_money,
    is_nothing,
)
from portfolios.imports.reading import Column, Means, NotRead
from portfolios.imports.texts import Record

NAMED = {
    Means.SYMBOL: "symbol; ticker; ticker symbol; isin; cusip; security id",
    Means.NAME: "name; description; security; security name; security description; fund; fund name; "
    "investment; investment name; holding; asset; asset name; symbol or name",
    Means.QUANTITY: "quantity; qty; qty quantity; shares; units; number of shares; share balance",
    Means.PRICE: "price; last price; share price; unit price; market price; current price; close price; "
    "closing price; price per share; nav; last",
    Means.VALUE: "value; market value; current value; total value; mkt val; mkt value; "
    "mkt val market value; amount; balance; position value; total",
    Means.COST: "cost; cost basis; total cost; cost basis total; total cost basis; basis; book value; "
    "purchase cost",
}
MEANINGS = {name: means for means, names in NAMED.items() for name in names.split("; ")}
IDENTITY = {Means.SYMBOL, Means.NAME}
AMOUNTS = {Means.QUANTITY, Means.VALUE}
IN_ORDER = (Means.QUANTITY, Means.PRICE, Means.VALUE, Means.COST)
SEARCHED = 30  # records in which headings are looked for
SAMPLE = 50
SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns, and which record has their headings; None where there are none."""

    columns: tuple[Column, ...]
    header: Record | None
    first: int  # of the records that are rows
    is_sure: bool

    def cells(self, record: Record) -> dict[Means, str]:
        cells = zip(self.columns, record.cells, strict=False)
        return {column.means: cell for column, cell in cells if column.means}

    def is_heading(self, record: Record) -> bool:
        return self.header is not None and record.cells == self.header.cells


def layout_of(
    records: Sequence[Record], style: Style, chosen: tuple[Means | None, ...] | None
) -> Layout:
    """Headings where there are any, else what is in the columns. Raises NotRead where neither says it."""
    place = _heading_place(records, style)
    header = records[place] if place is not None else None
    rows = records[0 if place is None else place + 1 :][:SAMPLE]
    headings = header.cells if header else ()
    is_sure = True
    if chosen is not None:
        meanings: Sequence[Means | None] = chosen
    elif header and AMOUNTS.isdisjoint(named := meanings_of(headings, style)):
        if not IDENTITY.isdisjoint(named):
            raise _no_amount(headings)
        meanings, is_sure = guessed(rows, style)[0], False
    elif header:
        meanings = meanings_of(headings, style)
    else:
        meanings, is_sure = guessed(rows, style)
    return Layout(
        columns=_columns(headings, meanings, rows),
        header=header,
        first=0 if place is None else place + 1,
        is_sure=is_sure,
    )


def _columns(
    headings: Sequence[str], meanings: Sequence[Means | None], rows: Sequence[Record]
) -> tuple[Column, ...]:
    count = max(len(headings), len(meanings))
    return tuple(
        Column(
            heading=headings[i] if i < len(headings) else "",
            means=meanings[i] if i < len(meanings) else None,
            samples=tuple(row.cells[i] for row in rows[:SHOWN] if i < len(row.cells)),
        )
        for i in range(count)
    )


# -- Headings ---------------------------------------------------------------------------------------------


def _heading_place(records: Sequence[Record], style: Style) -> int | None:
    """Before anything with a number in it: known headings, else words over the first row of numbers."""
    for place, record in enumerate(records[:SEARCHED]):
        has_figure = any(map(is_figure, record.cells))
        if len(record.filled) > 1 and has_figure:
            return None
        if len(record.filled) > 1 and not IDENTITY.isdisjoint(meanings_of(record.cells, style)):
            return place
        after = records[place + 1 : place + 2]
        is_over_numbers = any(map(is_figure, after[0].cells)) if after else False
        if is_over_numbers and _matches(record, after[0]):
            return place
    return None


def _matches(record: Record, row: Record) -> bool:
    """Words in as many cells as the row below has."""
    return 1 < len(record.filled) == len(record.cells) and len(row.cells) == len(record.cells)


def meanings_of(headings: Sequence[str], style: Style) -> tuple[Means | None, ...]:
    """Of two headings with one meaning the first counts."""
    found: list[Means | None] = []
    for heading in headings:
        words = re.findall(r"[a-z]+", heading.lower())
        name = " ".join(word for word in words if word != style.currency.lower())
        means = MEANINGS.get(name)
        found.append(None if means in found else means)
    return tuple(found)


def _no_amount(headings: Sequence[str]) -> NotRead:
    return NotRead(
        _(
            "None of the headings ({headings}) is a quantity or a value. Call one of them Quantity or Value."
        ).format(headings=", ".join(filter(None, headings))[:200])
    )


# -- Without headings -------------------------------------------------------------------------------------


def guessed(rows: Sequence[Record], style: Style) -> tuple[tuple[Means | None, ...], bool]:
    """Symbol or name, quantity or value, price, value, cost, in this order; and whether that is sure."""
    rows = [row for row in rows if len(row.filled) > 1 and any(map(is_figure, row.cells))]
    if not rows:
        return (Means.SYMBOL, Means.VALUE), False
    width = max(len(row.cells) for row in rows)
    cells = [[row.cells[i] for row in rows if i < len(row.cells)] for i in range(width)]
    numbers = [i for i in range(width) if _are_figures(cells[i])]
    words = [i for i in range(width) if i not in numbers and any(cells[i])]
    if not words and len(numbers) > 1:  # symbols may be numbers
        words, numbers = numbers[:1], numbers[1:]
    meanings: list[Means | None] = [None] * width
    for i, means in zip(words, (Means.SYMBOL, Means.NAME), strict=False):
        meanings[i] = means
    has_names_first = len(words) > 1 and _spaces(cells[words[0]]) > _spaces(cells[words[1]])
    if has_names_first:
        meanings[words[0]], meanings[words[1]] = Means.NAME, Means.SYMBOL
    order, is_sure = _order([cells[i] for i in numbers], style)
    for i, means in zip(numbers, order, strict=False):
        meanings[i] = means
    return tuple(meanings), is_sure and len(words) <= 2


def _are_figures(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if not is_nothing(cell)]
    return 2 * sum(map(is_figure, filled)) > len(filled)


def _spaces(cells: Sequence[str]) -> int:
    return sum(" " in cell for cell in cells)


def _order(numbers: Sequence[Sequence[str]], style: Style) -> tuple[tuple[Means, ...], bool]:
    """What the columns of numbers are."""
    if not numbers:
        return (), False
    is_value = any(map(is_money, numbers[0]))
    if is_value or len(numbers) == 1:
        return (Means.VALUE, Means.COST), is_value and len(numbers) == 1
    if len(numbers) > 2 and _multiply(numbers[:3], style):
        return IN_ORDER, len(numbers) <= len(IN_ORDER)
    return (Means.QUANTITY, Means.PRICE, Means.COST), False


def _multiply(numbers: Sequence[Sequence[str]], style: Style) -> bool:
    """Whether the third column is the first times the second, in most rows."""
    rows = list(zip(*numbers, strict=False))
    return 2 * sum(_product(row, style) for row in rows) > len(rows)


def _product(cells: Sequence[str], style: Style) -> bool:
    try:
        quantity, price, value = (
            figure(cell, means, style) for cell, means in zip(cells, IN_ORDER, strict=False)
        )
    except NotAFigure:
        return False
    if quantity is None or price is None or value is None:
        return False
    return agrees(quantity, price, value)
