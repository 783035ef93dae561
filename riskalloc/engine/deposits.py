"""New money instead of a sale: the deposits that reach the target, or come back into band."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from riskalloc.engine.bands import Band
from riskalloc.engine.closed_forms import Class, Sheet
from riskalloc.engine.exact import ceiling_of, cents, decimal_of
from riskalloc.engine.levels import Line, Name
from riskalloc.engine.plans import Limits
from riskalloc.engine.rebalancing import sheet_of

Ratio = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposits:
    """Dollars to add to what is held, rounded up to the cent: 0 if none is needed, None if none will do."""

    to_target: Decimal | None
    into_band: Decimal | None


def deposits(lines: Sequence[Line[Name]], band: Band, *, locked: Collection[str] = ()) -> Deposits:
    """Both deposits of lines whose targets add up to 100. Locked lines are not bought either."""
    sheet = sheet_of(lines, band, Decimal(0), Limits(locked=locked))
    return Deposits(
        to_target=added(deposit_to_target(sheet)), into_band=added(deposit_into_band(sheet))
    )


def months_of(deposit: Decimal, contribution: Decimal) -> int | None:
    """How many months of a usual contribution a deposit is; None without a contribution."""
    return ceiling_of(cents(deposit), cents(contribution)) if contribution > 0 else None


def added(deposit: int | None) -> Decimal | None:
    return None if deposit is None else decimal_of(deposit, 2)


def deposit_to_target(sheet: Sheet) -> int | None:
    """Cents up to the total at which nothing is over its target: max(value / target) - total."""
    whole, held = sheet.whole, sheet.held
    needed: Ratio = (held, 1)
    for line in sheet.lines:
        if not line.target:
            if line.value:
                return None
        elif line.value * whole * needed[1] > needed[0] * line.target:
            needed = (line.value * whole, line.target)
    for line in sheet.lines:  # what is locked gets nothing: it has to be at its target then
        if line.is_locked and line.value * whole * needed[1] < needed[0] * line.target:
            return None
    return ceiling_of(needed[0], needed[1]) - held


def deposit_into_band(sheet: Sheet) -> int | None:
    """Cents up to the smallest total at which new money alone brings every class into its band.

    The total T must be at least what is held, and at least value / high of every class; and what the lower
    edges then ask for, the sum of max(0, low x T - value), must be at most the new money. What remains of
    the new money rises with T, so the first T that will do is found from edge to edge.
    """
    whole, held = sheet.whole, sheet.held
    if any(line.high is None for line in sheet.lines):
        return 0
    least = least_total(sheet)
    if least is None:
        return None
    open_lines = [line for line in sheet.lines if not line.is_locked]
    total = first_enough(least, open_lines, held, whole)
    if total is None or not fits(total, sheet):
        return None
    return ceiling_of(*total) - held


def least_total(sheet: Sheet) -> Ratio | None:
    """The smallest total at which nothing is over its upper edge."""
    least: Ratio = (sheet.held, 1)
    for line in sheet.lines:
        assert line.high is not None
        if not line.high:
            if line.value:
                return None
        elif line.value * sheet.whole * least[1] > least[0] * line.high:
            least = (line.value * sheet.whole, line.high)
    return least


def first_enough(least: Ratio, lines: Sequence[Class], held: int, whole: int) -> Ratio | None:
    """The smallest total from `least` on at which new money covers what the lower edges ask for."""
    edges = [(line.value, line.low) for line in lines if line.low]
    edges.sort(key=lambda edge: edge[0] * whole**2 // edge[1])
    lows = values = 0
    at = least
    for value, low in edges:  # every edge that `least` is past asks for money from the start
        if value * whole * at[1] < low * at[0]:
            lows, values = lows + low, values + value
    later = [edge for edge in edges if edge[0] * whole * at[1] >= edge[1] * at[0]]
    for value, low in [*later, (0, 0)]:
        # new money - asked for = T - held - (lows x T / whole - values), which must not be negative
        spare = at[0] * (whole - lows) - at[1] * whole * (held - values)
        if spare >= 0:
            return at
        root = (whole * (held - values), whole - lows)
        is_last = not low
        if root[1] and (is_last or root[0] * low <= value * whole * root[1]):
            return root
        if is_last:
            return None
        at, lows, values = (value * whole, low), lows + low, values + value
    return None


def fits(total: Ratio, sheet: Sheet) -> bool:
    """Whether locked classes stay inside at a total, and the others have room for the new money."""
    top, bottom = total
    room = 0
    for line in sheet.lines:
        assert line.low is not None
        assert line.high is not None
        if not line.is_locked:
            highest = line.high * top if line.target else line.value * sheet.whole * bottom
            room += highest - line.value * sheet.whole * bottom
        elif line.low * top > line.value * sheet.whole * bottom:
            return False
    return room >= (top - sheet.held * bottom) * sheet.whole
