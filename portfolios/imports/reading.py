"""What comes out of a paste or a file: rows understood, lines that need something, lines left out."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256

from portfolios.valuing import MOST_VALUE
from riskalloc.engine.amounts import plain

MOST_UNITS = Decimal(10) ** 10  # of a quantity or a price, as their columns hold
MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 64
LONGEST_CELL = 512


class NotRead(Exception):
    """Nothing of it can be read; the text is a sentence with the way out."""


class Means(StrEnum):
    """What a column can be."""

    SYMBOL = "symbol"
    NAME = "name"
    QUANTITY = "quantity"
    PRICE = "price"
    VALUE = "value"
    COST = "cost"


MOST = {
    Means.QUANTITY: MOST_UNITS,
    Means.PRICE: MOST_UNITS,
    Means.VALUE: MOST_VALUE,
    Means.COST: MOST_VALUE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line understood: a quantity, perhaps with a price, or a value. In the account's currency.

    Where there is a quantity, `value` is only what the line said. `is_worked_out`: the price is value by
    quantity.
    """

    line: int
    symbol: str
    name: str = ""
    quantity: Decimal | None = None
    price: Decimal | None = None
    value: Decimal | None = None
    cost: Decimal | None = None
    is_worked_out: bool = False

    @property
    def fold(self) -> str:
        """The same for two spellings of a symbol."""
        return self.symbol.upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A line that needs something; the sentence has its number and the way out."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A line that is no holding, with its beginning and why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column with its first few cells; `means` is None where nothing is read from it."""

    heading: str
    means: Means | None
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a person decides in place of what is recognised; None where they leave it to us."""

    delimiter: str | None = None
    decimal: str | None = None
    columns: tuple[Means | None, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that was understood, and how: a person may see it otherwise where something is not sure."""

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    left_out: tuple[LeftOut, ...]
    delimiter: str
    decimal: str
    is_decimal_sure: bool
    header_line: int | None
    columns: tuple[Column, ...]
    are_columns_sure: bool
    layout: str = "rows"

    @property
    def digest(self) -> str:
        return digest_of(self.rows)


def digest_of(rows: Iterable[Row]) -> str:
    """The same for the same rows, however they were separated and dressed."""
    said = [[row.fold, *map(_said, figures_of(row))] for row in rows]
    return sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


def figures_of(row: Row) -> tuple[Decimal | None, ...]:
    """What the line itself said."""
    return row.quantity, None if row.is_worked_out else row.price, row.value, row.cost


def _said(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)
