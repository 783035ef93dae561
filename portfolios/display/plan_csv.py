"""A plan as a table for a spreadsheet: numbers stay numbers, and no text is taken for a formula."""

import csv
from collections.abc import Iterable, Mapping
from decimal import Decimal
from io import StringIO

from portfolios.services.plan_records import Result
from riskalloc.engine.amounts import half_up

# What spreadsheets take for the start of a formula, or drop before one.
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
HEADER = (
    "Class",
    "Class amount",
    "Weight before, %",
    "Weight after, %",
    "Target, %",
    "Drift taken off, points",
    "Line",
    "Account",
    "Holding",
    "Shares",
    "Amount",
    "Gain, about",
    "Currency",
    "Done",
)
Cell = str | Decimal | int | None


def table(result: Result, done: Mapping[int, bool] | None = None) -> str:
    """Each class with its orders under it, then the totals. Amounts: bought (+) and sold (-)."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for row in rows(result, done):
        writer.writerow([cell(value) for value in row])
    return out.getvalue()


def rows(result: Result, done: Mapping[int, bool] | None) -> Iterable[tuple[Cell, ...]]:
    for line in result.classes:
        weights = (line.amount, line.before, line.after, line.target, line.effect)
        yield (line.label, *weights, *[None] * 6, result.currency, None)
        for order in result.orders:
            if order.name == line.name:
                is_done = None if done is None else ("yes" if done.get(order.number) else "no")
                yield (
                    *(line.label, *[None] * 5, order.number, order.account),
                    order.symbol or "choose a fund",
                    *(order.shares, order.amount, order.gain, result.currency, is_done),
                )
    for name, amount in totals(result):
        yield (name, *[None] * 9, amount, None, result.currency, None)
    for name, points in drifts(result):
        yield (name, *[None] * 4, points, *[None] * 8)


def totals(result: Result) -> Iterable[tuple[str, Decimal]]:
    yield "Total", result.total
    yield "Sells", result.sells
    yield "New cash", result.cash_flow
    yield "Cash used", result.cash_used
    yield "Buys", result.buys
    yield "Cash left", result.cash_left


def drifts(result: Result) -> Iterable[tuple[str, Decimal]]:
    if result.drift_before is not None:
        yield "Drift before", half_up(result.drift_before, 2)
    yield "Drift after", half_up(result.drift_after, 2)
    if result.drift_in_shares is not None:
        yield "Drift after, in whole shares", half_up(result.drift_in_shares, 2)


def cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(STARTS) else value
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
