"""Prices of a day: symbol, price, date; separated by tabs, commas or semicolons, with headings or without."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portfolios.imports.columns import MEANINGS
from portfolios.imports.dates import NotADay, day_of, is_day, is_day_first
from portfolios.imports.figures import (
    LOCALES,
    NotAFigure,
    Style,
    decimal_of,
    figure,
    is_figure,
    is_nothing,
)
from portfolios.imports.reading import MOST_ROWS, Choices, Fault, Means, NotRead
from portfolios.imports.texts import (
    DELIMITERS,
    Record,
    delimiter_of,
    records_of,
    text_of,
    too_many,
)
from portfolios.models.securities import LONGEST_SYMBOL
from riskalloc.engine.amounts import plain
from riskalloc.web.numbers import exact_text

RECOGNISED = Choices()
EARLIEST_YEAR = 1990
SAMPLE = 50
EXAMPLE = _("There should be a symbol and a price in each line, like: VTI, 245.50, 2026-11-21.")
NEGATIVE = ("-", "−", "(")


class Of(StrEnum):
    """What a column can be."""

    SYMBOL = "symbol"
    PRICE = "price"
    DAY = "date"
    CURRENCY = "currency"


HEADINGS = {
    **{name: Of.SYMBOL for name, means in MEANINGS.items() if means is Means.SYMBOL},
    **{name: Of.PRICE for name, means in MEANINGS.items() if means is Means.PRICE},
    **dict.fromkeys(("close", "closing", "last close", "nav per share", "price usd"), Of.PRICE),
    **dict.fromkeys(
        ("date", "day", "as of", "as of date", "price date", "priced on", "pricing date", "nav date"),
        Of.DAY,
    ),
    **dict.fromkeys(("currency", "ccy", "price currency"), Of.CURRENCY),
}  # fmt: skip
SAID_SIGNS = {"€": "EUR", "£": "GBP", "¥": "JPY"}
CODE = re.compile(r"^([A-Za-z]{3}) ?(?=[-+−(\d])|(?<=[\d)]) ?([A-Za-z]{3})$")


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRow:
    """One line understood. `currency` is empty where the line does not say it; $ may be any dollar."""

    line: int
    symbol: str
    price: Decimal
    day: date
    currency: str = ""

    @property
    def fold(self) -> str:
        return self.symbol.upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceReading:
    """What was understood, and how. `is_order_sure`: no date could be read in two ways."""

    rows: tuple[PriceRow, ...]
    faults: tuple[Fault, ...]
    delimiter: str
    decimal: str
    is_decimal_sure: bool
    is_order_sure: bool
    has_days: bool

    @property
    def digest(self) -> str:
        said = [
            [row.fold, plain(row.price), row.day.isoformat(), row.currency] for row in self.rows
        ]
        return sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """How lines are read: what stands where, how numbers and days are written, and which days may be."""

    places: dict[Of, int]
    first: int  # of the records that are rows
    decimal: str
    day_first: bool
    today: date
    usual_day: date

    def cell(self, record: Record, of: Of) -> str:
        place = self.places.get(of)
        found = place is not None and place < len(record.cells)
        return record.cells[place] if found and place is not None else ""


def read_prices(
    source: str | bytes, *, today: date, usual_day: date, choices: Choices = RECOGNISED
) -> PriceReading:
    """What was pasted, or the bytes of a file. Raises NotRead, and nothing else.

    `usual_day` is that of lines without a date.
    """
    text = text_of(source)
    delimiter = choices.delimiter if choices.delimiter in DELIMITERS else delimiter_of(text)
    records, stopped = records_of(text, delimiter)
    cells = [cell for record in records for cell in record.cells]
    decimal, is_decimal_sure = decimal_of((cell for cell in cells if not is_day(cell)), delimiter)
    if choices.decimal in LOCALES:
        decimal, is_decimal_sure = choices.decimal, True
    places, first = places_of(records)
    days = [record.cells[places[Of.DAY]] for record in records if _reaches(record, places)]
    day_first, is_order_sure = is_day_first(days)
    frame = Frame(
        places=places,
        first=first,
        decimal=decimal,
        day_first=day_first,
        today=today,
        usual_day=usual_day,
    )
    rows, faults = read_rows(records, frame)
    return PriceReading(
        rows=tuple(rows),
        faults=(*faults, *([stopped] if stopped else [])),
        delimiter=delimiter,
        decimal=decimal,
        is_decimal_sure=is_decimal_sure,
        is_order_sure=is_order_sure,
        has_days=Of.DAY in places,
    )


def _reaches(record: Record, places: dict[Of, int]) -> bool:
    return Of.DAY in places and places[Of.DAY] < len(record.cells)


# -- Which column is what ---------------------------------------------------------------------------------


def places_of(records: Sequence[Record]) -> tuple[dict[Of, int], int]:
    """By the headings where there are any, else by what is in the columns. Raises NotRead."""
    headings = records[0].cells if records else ()
    if all(len(record.cells) == 1 for record in records):
        raise NotRead(EXAMPLE)
    if not any(is_figure(cell) and not is_day(cell) for cell in headings):
        places = named(headings)
        missing = [of for of in (Of.SYMBOL, Of.PRICE) if of not in places]
        if not missing:
            return places, 1
        shown = ", ".join(filter(None, headings))[:200]
        say = _("None of the headings ({headings}) is a {missing}. Call one of them {name}.")
        raise NotRead(
            say.format(headings=shown, missing=missing[0].value, name=missing[0].value.capitalize())
        )
    return guessed(records[:SAMPLE]), 0


def named(headings: Sequence[str]) -> dict[Of, int]:
    """Of two headings with one meaning the first counts."""
    places: dict[Of, int] = {}
    for place, heading in enumerate(headings):
        of = HEADINGS.get(" ".join(re.findall(r"[a-z]+", heading.lower())))
        if of is not None:
            places.setdefault(of, place)
    return places


def guessed(records: Sequence[Record]) -> dict[Of, int]:
    """A column of days, the first of words, the first of numbers. Symbols may be numbers. Raises NotRead."""
    width = max(len(record.cells) for record in records)
    cells = [[one.cells[i] for one in records if i < len(one.cells)] for i in range(width)]
    days = [i for i in range(width) if _most(cells[i], is_day)]
    numbers = [i for i in range(width) if i not in days and _most(cells[i], is_figure)]
    words = [i for i in range(width) if i not in (*days, *numbers) and any(cells[i])]
    if not words and len(numbers) > 1:
        words, numbers = numbers[:1], numbers[1:]
    if not words or not numbers:
        raise NotRead(EXAMPLE)
    places = {Of.SYMBOL: words[0], Of.PRICE: numbers[0]}
    return places | ({Of.DAY: days[0]} if days else {})


def _most(cells: Sequence[str], test: Callable[[str], bool]) -> bool:
    filled = [cell for cell in cells if not is_nothing(cell)]
    return 2 * sum(map(test, filled)) > len(filled)


# -- Rows -------------------------------------------------------------------------------------------------


def read_rows(records: Sequence[Record], frame: Frame) -> tuple[list[PriceRow], list[Fault]]:
    rows: list[PriceRow] = []
    faults: list[Fault] = []
    firsts: dict[str, PriceRow] = {}
    for record in records[frame.first :]:
        try:
            row = read_row(record, frame)
            first = firsts.setdefault(row.fold, row)
            check_once(row, first)
        except (NotAFigure, NotADay) as reason:
            sentence = _("Line {line}: {reason}").format(line=record.line, reason=reason)
            faults.append(Fault(line=record.line, sentence=sentence))
            continue
        if first is row:
            rows.append(row)
    if len(rows) + len(faults) > MOST_ROWS:
        raise too_many()
    return rows, faults


def check_once(row: PriceRow, first: PriceRow) -> None:
    """A line that says the same once more does no harm; another price does."""
    if (row.price, row.day, row.currency) != (first.price, first.day, first.currency):
        raise NotAFigure(
            _(
                "{symbol} is in line {first} already, with {price} of {day}. Leave one of them out."
            ).format(
                symbol=row.symbol,
                first=first.line,
                price=exact_text(first.price),
                day=date_format(first.day, "j M Y"),
            )
        )


def read_row(record: Record, frame: Frame) -> PriceRow:
    """Raises NotAFigure and NotADay."""
    if len(record.cells) == 1:
        raise NotAFigure(
            _("there is only one column. Put a tab, a comma or a semicolon between the columns.")
        )
    price, currency = price_of(frame.cell(record, Of.PRICE), frame)
    return PriceRow(
        line=record.line,
        symbol=symbol_of(frame.cell(record, Of.SYMBOL)),
        price=price,
        day=checked_day(frame.cell(record, Of.DAY), frame),
        currency=currency_of(frame.cell(record, Of.CURRENCY)) or currency,
    )


def symbol_of(cell: str) -> str:
    symbol = "" if is_nothing(cell) else cell.rstrip("* ")  # brokers mark some with stars
    if not symbol:
        raise NotAFigure(_("there is no symbol. Add it."))
    if len(symbol) > LONGEST_SYMBOL or not symbol.isprintable():
        raise NotAFigure(_("“{symbol}…” is no symbol. Correct it.").format(symbol=symbol[:20]))
    return symbol


def price_of(cell: str, frame: Frame) -> tuple[Decimal, str]:
    """The number, and the currency that stands beside it."""
    currency, bare = dressed(cell)
    if bare.lstrip("$€£¥ ").startswith(NEGATIVE):
        raise NotAFigure(_("the price is below 0. Correct it, or leave the line out."))
    price = figure(bare, Means.PRICE, Style(decimal=frame.decimal, currency=currency or "USD"))
    if price is None:
        raise NotAFigure(_("there is no price. Add it, or leave the line out."))
    if price == 0:
        raise NotAFigure(
            _("the price is 0. A price is more than 0: correct it, or leave the line out.")
        )
    return price, currency


def dressed(cell: str) -> tuple[str, str]:
    """`EUR`, and the cell as `figure` takes it."""
    for sign, code in SAID_SIGNS.items():
        if sign in cell:
            return code, cell
    if match := CODE.search(cell):
        return (match[1] or match[2]).upper(), cell
    return "", cell


def currency_of(cell: str) -> str:
    code = cell.strip().upper()
    return (
        code if len(code) == 3 and code.isascii() and code.isalpha() else SAID_SIGNS.get(code, "")
    )


def checked_day(cell: str, frame: Frame) -> date:
    """Not in the future, and not long before all markets."""
    day = frame.usual_day if is_nothing(cell) else day_of(cell, day_first=frame.day_first)
    shown = date_format(day, "j M Y")
    if day > frame.today:
        raise NotADay(_("{day} is in the future. Correct the date.").format(day=shown))
    if day.year < EARLIEST_YEAR:
        raise NotADay(_("{day} is long ago. Check the year.").format(day=shown))
    return day
