"""Whether quantity, price and value of a line say the same, and the lines of one symbol one price."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, localcontext

from django.utils.translation import gettext as _

from portfolios.imports.reading import MOST_UNITS, Fault, Row
from portfolios.models.fixed import PRICE_PLACES
from riskalloc.engine.amounts import half_up, plain
from riskalloc.web.numbers import exact_text

PRECISION = 60  # digits: no quotient of two columns is rounded twice
ZERO = Decimal(0)
LEAST = Decimal("0.02")
SHARE = Decimal("0.005")
HALF_A_CENT = Decimal("0.005")


def agrees(quantity: Decimal, price: Decimal, value: Decimal) -> bool:
    """Within half a percent, and what a price that was rounded to cents may leave."""
    return abs(quantity * price - value) <= LEAST + SHARE * value + HALF_A_CENT * quantity


def price_of(quantity: Decimal, value: Decimal) -> Decimal | None:
    """Value by quantity, eight decimals, half up; None where that is nothing, or more than can be kept."""
    with localcontext() as context:
        context.prec = PRECISION
        price = half_up(value / quantity, PRICE_PLACES)
    return price if 0 < price <= MOST_UNITS else None


def settled(rows: Sequence[Row]) -> tuple[list[Row], list[Fault]]:
    """The rows with one price for each symbol: the one that was given, else the first that was worked out."""
    firsts: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: row.is_worked_out):
        if row.price is not None:
            firsts.setdefault(row.fold, row)
    kept, faults = [], []
    for row in rows:
        first = firsts.get(row.fold, row)
        if row.price is None or row.price == first.price:
            kept.append(row)
        elif row.is_worked_out and _fits(row, first.price):
            kept.append(replace(row, price=first.price))
        else:
            faults.append(_two_prices(row, first))
    return kept, faults


def _fits(row: Row, price: Decimal | None) -> bool:
    return agrees(row.quantity or ZERO, price or ZERO, row.value or ZERO)


def _two_prices(row: Row, first: Row) -> Fault:
    sentence = _(
        "Line {line}: {symbol} has the price {price} here and {other} in line {first}. Use one price."
    ).format(
        line=row.line,
        symbol=row.symbol,
        price=exact_text(row.price or ZERO),
        other=exact_text(first.price or ZERO),
        first=first.line,
    )
    return Fault(line=row.line, sentence=sentence)


def disagreement(quantity: Decimal, price: Decimal, value: Decimal) -> str | None:
    if agrees(quantity, price, value):
        return None
    return _(
        "{quantity} times {price} is {product}, not {value}. Correct one of them or leave one out."
    ).format(
        quantity=exact_text(quantity),
        price=exact_text(price),
        product=plain(half_up(quantity * price, 2)),
        value=exact_text(value),
    )
