"""Decimals as whole numbers and back, so that no comparison and no sum is ever rounded."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Clamped, Context, Decimal, Inexact, InvalidOperation
from math import lcm

from riskalloc.engine.amounts import UNITS, EngineError

# Enough digits for a product of any three numbers that are taken; a rounding would raise.
EXACT = Context(prec=400, rounding=ROUND_HALF_UP, traps=[Inexact, InvalidOperation, Clamped])
MOST_DIGITS = 60
# Quotients are cut off here, towards zero: rounded half up to fewer places, they give the same as the
# exact quotient would.
PLACES = 12
UNIT = 10**PLACES
# Decimals that numbers have together, rounded up: money, money times percent, and so on.
LADDER = (2, 4, 8, 12, 16, 26, 60)
ZEROS = tuple(0 * unit for unit in UNITS)
MOST_USUAL = 10**27  # what the 28 digits of Python's usual context hold


def check_number(value: Decimal) -> None:
    """Refuse what no sum of money and no share can be: NaN, infinity, more than 60 digits."""
    if not value.is_finite():
        raise EngineError("Use a number.")
    _, digits, exponent = value.as_tuple()
    if len(digits) + abs(int(exponent)) > MOST_DIGITS:
        raise EngineError("This number is too long.")


def whole_numbers(values: Iterable[Decimal]) -> tuple[list[int], int]:
    """The values in units of 10^-places, and places: enough decimals to hold all of them."""
    ratios = [value.as_integer_ratio() for value in values]
    common = lcm(*(denominator for _, denominator in ratios))
    places = next(places for places in LADDER if not 10**places % common)
    unit = 10**places
    return [number * (unit // denominator) for number, denominator in ratios], places


def units(value: Decimal, places: int) -> int:
    """A value that has at most so many decimals, in units of 10^-places."""
    number, denominator = value.as_integer_ratio()
    unit: int = 10**places
    return number * (unit // denominator)


def decimal_of(number: int, places: int) -> Decimal:
    """So many units of 10^-places."""
    if not number:
        return ZEROS[places]
    if -MOST_USUAL < number < MOST_USUAL:
        return number * UNITS[places]  # a quarter of the time, and no digit is lost
    return EXACT.scaleb(Decimal(number), -places)


def cents(value: Decimal) -> int:
    """Dollars in cents, half away from zero."""
    number, denominator = value.as_integer_ratio()
    size = (200 * abs(number) + denominator) // (2 * denominator)
    return size if number >= 0 else -size


def percent_of(percent: Decimal, value: Decimal) -> Decimal:
    return EXACT.scaleb(EXACT.multiply(percent, value), -2)


def quotient(numerator: int, denominator: int) -> Decimal:
    """`numerator / denominator`, cut off after 12 decimals; the denominator is positive."""
    size = abs(numerator) * UNIT // denominator
    return decimal_of(size if numerator >= 0 else -size, PLACES)


def ceiling_of(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


def round_to_sum(numerators: Sequence[int], denominator: int, total: int) -> list[int]:
    """The fractions `numerators / denominator` in whole units that add up to `total`.

    Everyone gets the floor; what is left goes to the largest remainders, ties to the earlier one. Where
    the fractions add up to `total`, each stands within one unit of its fraction, and whole ones stay.
    """
    split = [divmod(numerator, denominator) for numerator in numerators]
    whole = [floor for floor, _ in split]
    left = total - sum(whole)
    by_remainder = sorted(range(len(split)), key=lambda i: -split[i][1])
    step, chosen = (1, by_remainder[:left]) if left >= 0 else (-1, by_remainder[left:])
    for i in chosen:
        whole[i] += step
    return whole
