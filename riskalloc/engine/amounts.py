"""Cents, points, and the split that always adds up to the whole."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

CENT = Decimal("0.01")
# By the number of decimals: numbers have at most 60, and products are made of two.
UNITS = tuple(Decimal(1).scaleb(-places) for places in range(120))
_ANY_SIZE = Context(prec=400)  # the usual 28 digits refuse to round what is longer


class EngineError(ValueError):
    """A value that the method does not accept; its text is a sentence for the person who typed it."""


class RulesError(EngineError):
    """A methodology that contradicts itself."""


def require(condition: bool, sentence: str) -> None:
    """Refuse rules that do not hold together."""
    if not condition:
        raise RulesError(sentence)


def half_up(value: Decimal, places: int) -> Decimal:
    """Round to `places` decimals, halves away from zero (-25.15 becomes -25.2)."""
    return value.quantize(UNITS[places], rounding=ROUND_HALF_UP, context=_ANY_SIZE)


def largest_remainder(total: int, parts: Sequence[int]) -> tuple[int, ...]:
    """Split `total` units in proportion to `parts`, in whole units that add up to `total`.

    Everyone gets the floor of their exact share; the units left over go to the largest remainders, ties
    to the earlier part (Hamilton's method). `total` and `parts` are not negative and one part is positive.
    """
    whole = sum(parts)
    if total < 0 or whole <= 0 or min(parts) < 0:
        raise EngineError("A split needs a total and parts that are not negative.")
    shares = [divmod(total * part, whole) for part in parts]
    units = [floor for floor, _ in shares]
    by_remainder = sorted(range(len(parts)), key=lambda i: -shares[i][1])
    for i in by_remainder[: total - sum(units)]:
        units[i] += 1
    return tuple(units)


def split_amount(amount: Decimal, parts: Sequence[int]) -> tuple[Decimal, ...]:
    """Split dollars (whole cents) in proportion to `parts`; the pieces add up to the cent."""
    check_cents(amount)
    return tuple(units * CENT for units in largest_remainder(int(amount / CENT), parts))


def check_cents(amount: Decimal) -> None:
    if amount != half_up(amount, 2):
        raise EngineError("An amount has at most two decimals.")


def split_percent(parts: Sequence[int]) -> tuple[Decimal, ...]:
    """Each part's share of the sum in percent, with two decimals that add up to 100.00."""
    return tuple(units * CENT for units in largest_remainder(10_000, parts))


def dollars(amount: Decimal) -> str:
    """`$1,234.50`, without the cents where there are none; for sentences."""
    places = 0 if amount == amount.to_integral_value() else 2
    sign = "−" if amount < 0 else ""
    return f"{sign}${abs(amount):,.{places}f}"


def plain(number: Decimal) -> str:
    """A number without trailing zeros: `60`, `7.5`; for sentences."""
    return f"{number.normalize():f}" if number else "0"
