"""The list as a table for a spreadsheet: numbers stay numbers, and no text is taken for a formula."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO

from portfolios.advisors import conditions
from portfolios.advisors.book import Row
from portfolios.display.plan_csv import Cell, cell
from riskalloc.engine.amounts import half_up

HEADER = (
    "Client",
    "Risk",
    "Risk score",
    "Income",
    "Income score",
    "Value",
    "Currency",
    "Portfolios in other currencies",
    "Largest drift, points",
    "Status",
    "Last review",
    "Review due",
)


def table(rows: Sequence[Row]) -> str:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for row in rows:
        writer.writerow([cell(value) for value in cells(row)])
    return out.getvalue()


def cells(row: Row) -> Iterable[Cell]:
    yield row.name
    yield from (row.label, row.rti, row.income, row.iss)
    yield from (row.value, row.currency if row.portfolios else None, row.elsewhere or None)
    yield None if row.drift is None else half_up(row.drift, 2)
    yield "; ".join(conditions.word_of(key) for key in row.holds) or conditions.word_of("fine")
    yield from (day(row.reviewed_on), day(row.due_on))


def day(value: date | None) -> str | None:
    return value.isoformat() if value else None
