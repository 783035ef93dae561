"""Plain rows: symbol or name, quantity or value, price, cost; separated by tabs, commas or semicolons."""

import re
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from portfolios.imports.agreeing import disagreement, price_of, settled
from portfolios.imports.columns import Layout, layout_of
from portfolios.imports.figures import (
    LOCALES,
    NotAFigure,
    Style,
    decimal_of,
    figure,
    is_figure,
    is_nothing,
)
from portfolios.imports.reading import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    Choices,
    Fault,
    LeftOut,
    Means,
    Reading,
    Row,
)
from portfolios.imports.texts import (
    DELIMITERS,
    Record,
    delimiter_of,
    records_of,
    text_of,
    too_many,
)
from portfolios.models.securities import LONGEST_SECURITY_NAME, LONGEST_SYMBOL

RECOGNISED = Choices()
FIGURES = (Means.QUANTITY, Means.PRICE, Means.VALUE, Means.COST)
TOTAL = re.compile(
    r"(?:sub|grand |account |portfolio |positions? |overall )?totals?"
    r"(?: account| portfolio)?(?: value)?:?",
    re.IGNORECASE,
)
NOTE = re.compile(
    r"(?:date downloaded|downloaded|exported|as of|data as of|positions for|disclaimer|note|source)\b",
    re.IGNORECASE,
)
PROSE = 8  # words of one cell that are no name any more
PROSE_IN_CELLS = 15  # the same where commas have cut it
# What is left of $1,234.50 or VTI 1,234.50 where commas separate the columns.
CUT_AMOUNT = (re.compile(r"[$€£] ?[0-9]{1,3}"), re.compile(r"[0-9]{3}(?:\.[0-9]+)?"))
CUT_PAIR = (re.compile(r"[A-Za-z.]{1,6} \$?[0-9]{1,3}"), CUT_AMOUNT[1])


class Refused(ValueError):
    """Why a line is no row; the sentence goes on after its number."""


class NotAHolding(Exception):
    """Why a line is left out."""


def read_rows(
    source: str | bytes, *, currency: str = "USD", choices: Choices = RECOGNISED
) -> Reading:
    """What was pasted, or the bytes of a file. Raises NotRead, and nothing else.

    `currency` is that of the account: numbers with another sign are refused.
    """
    text = text_of(source)
    delimiter = choices.delimiter if choices.delimiter in DELIMITERS else delimiter_of(text)
    records, stopped = records_of(text, delimiter)
    decimal, is_decimal_sure = decimal_of(
        (cell for record in records for cell in record.cells), delimiter
    )
    if choices.decimal in LOCALES:
        decimal, is_decimal_sure = choices.decimal, True
    style = Style(decimal=decimal, currency=currency)
    layout = layout_of(records, style, choices.columns)
    rows, faults, left_out = _sorted(records, layout, style, delimiter)
    if len(rows) + len(faults) > MOST_ROWS:
        raise too_many()
    rows, unsettled = settled(rows)
    faults += [*unsettled, *([stopped] if stopped else [])]
    return Reading(
        rows=tuple(rows),
        faults=tuple(sorted(faults, key=lambda fault: fault.line)),
        left_out=tuple(left_out),
        delimiter=delimiter,
        decimal=decimal,
        is_decimal_sure=is_decimal_sure,
        header_line=layout.header.line if layout.header else None,
        columns=layout.columns,
        are_columns_sure=layout.is_sure,
    )


def _sorted(
    records: Sequence[Record], layout: Layout, style: Style, delimiter: str
) -> tuple[list[Row], list[Fault], list[LeftOut]]:
    rows: list[Row] = []
    faults: list[Fault] = []
    left_out: list[LeftOut] = []
    for place, record in enumerate(records):
        try:
            if place < layout.first:
                _check_heading(record, layout)
            else:
                rows.append(_row(record, layout, style, delimiter))
        except NotAHolding as reason:
            left_out.append(LeftOut(line=record.line, text=record.text, reason=str(reason)))
        except (Refused, NotAFigure) as reason:
            sentence = _("Line {line}: {reason}").format(line=record.line, reason=reason)
            faults.append(Fault(line=record.line, sentence=sentence))
    return rows, faults, left_out


# -- Lines that are no holding ----------------------------------------------------------------------------


def _check_heading(record: Record, layout: Layout) -> None:
    """The headings themselves are told apart; what stands above them is left out."""
    if record is not layout.header:
        raise NotAHolding(_("It stands above the headings."))


def _check_holding(record: Record, layout: Layout) -> None:
    if layout.is_heading(record):
        raise NotAHolding(_("It has the headings once more."))
    if any(TOTAL.fullmatch(cell) for cell in record.filled[:2]):
        raise NotAHolding(_("It is a total."))
    words = sum(len(cell.split()) for cell in record.filled)
    is_note = len(record.filled) == 1 and (words >= PROSE or NOTE.match(record.filled[0]))
    if (is_note or words >= PROSE_IN_CELLS) and not any(map(is_figure, record.filled)):
        raise NotAHolding(_("It is text and has no figures."))


# -- Rows -------------------------------------------------------------------------------------------------


def _row(record: Record, layout: Layout, style: Style, delimiter: str) -> Row:
    _check_holding(record, layout)
    _check_shape(record, layout, delimiter)
    cells = layout.cells(record)
    symbol, name = _named(cells)
    found = {means: figure(cells.get(means, ""), means, style) for means in FIGURES}
    quantity, price, value = (found[means] for means in FIGURES[:3])
    _check_amount(quantity, value)
    price, is_worked_out = _priced(quantity, price, value)
    return Row(
        line=record.line,
        symbol=symbol,
        name=name,
        quantity=quantity,
        price=price,
        value=value,
        cost=found[Means.COST],
        is_worked_out=is_worked_out,
    )


def _check_shape(record: Record, layout: Layout, delimiter: str) -> None:
    if record.width > MOST_COLUMNS:
        raise Refused(
            _("there are {count} columns, and we read {most} at most. Leave some out.").format(
                count=record.width, most=MOST_COLUMNS
            )
        )
    if record.has_long_cell:
        raise Refused(
            _("a cell has more than {most} characters. Shorten it.").format(most=LONGEST_CELL)
        )
    if len(record.cells) == 1:
        raise Refused(
            _("there is only one column. Put a tab, a comma or a semicolon between the columns.")
        )
    has_more = layout.header is not None and any(record.cells[len(layout.columns) :])
    if has_more or (delimiter == "," and _is_cut(record, layout)):
        raise Refused(
            _(
                "a comma seems to have cut a number. "
                "Put quotation marks around it, or use tabs between the columns."
            )
        )


def _is_cut(record: Record, layout: Layout) -> bool:
    if layout.header is not None and len(record.cells) == len(layout.columns):
        return False
    pairs = list(zip(record.cells, record.cells[1:], strict=False))
    is_pair = len(pairs) == 1 and _fit(CUT_PAIR, pairs[0])
    return is_pair or any(_fit(CUT_AMOUNT, pair) for pair in pairs)


def _fit(patterns: tuple[re.Pattern[str], re.Pattern[str]], cells: tuple[str, str]) -> bool:
    return all(
        pattern.fullmatch(cell) is not None for pattern, cell in zip(patterns, cells, strict=True)
    )


def _named(cells: dict[Means, str]) -> tuple[str, str]:
    """Symbol and name; what has only one of them is called by that."""
    symbol, name = (cells.get(means, "") for means in (Means.SYMBOL, Means.NAME))
    symbol = "" if is_nothing(symbol) else symbol.rstrip("* ")  # brokers mark some with stars
    name = "" if is_nothing(name) else name
    symbol = symbol or name
    if not symbol:
        raise Refused(_("there is no symbol and no name. Add one of them."))
    for text, most in ((symbol, LONGEST_SYMBOL), (name, LONGEST_SECURITY_NAME)):
        if len(text) > most:
            raise Refused(
                _("“{text}…” has more than {most} characters. Shorten it.").format(
                    text=text[:20], most=most
                )
            )
        if not text.isprintable():
            raise Refused(_("the name has a character that cannot be shown. Type it anew."))
    return symbol, name


def _check_amount(quantity: Decimal | None, value: Decimal | None) -> None:
    if quantity is None and value is None:
        raise Refused(_("there is no quantity and no value. Add one of them."))
    if quantity == 0 and value:
        raise Refused(_("the quantity is 0, but there is a value. Correct one of them."))
    if quantity == 0 or (quantity is None and value == 0):
        raise NotAHolding(_("Nothing of it is held: it says 0."))


def _priced(
    quantity: Decimal | None, price: Decimal | None, value: Decimal | None
) -> tuple[Decimal | None, bool]:
    """The price that holds, and whether it is value by quantity."""
    if quantity is None or value is None:
        return price, False
    if price is not None:
        if says := disagreement(quantity, price, value):
            raise Refused(says)
        return price, False
    price = price_of(quantity, value)
    if price is None:
        raise Refused(_("value by quantity gives no price that can be kept. Give the value alone."))
    return price, True
