"""The three closed forms of a rebalance, on whole numbers: exact until the last rounding to cents.

A line is a class as integers: its value and what of it is fixed in cents, its target in parts of `whole`.
Amounts inside are in cents x `whole`, so that every edge of a band is a whole number too. Water is poured
into the lowest funded ratio (value / target) and drained from the highest, in stages; only the last stage
that money reaches can be partly filled, so there is one denominator.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from riskalloc.engine.amounts import EngineError
from riskalloc.engine.exact import round_to_sum


class NoPlan(EngineError):
    """A plan that cannot be, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """One class: cents, and parts of `whole`.

    `floor` is what may not be sold (up to the value), or what new money is to bring it to (above it).
    `low` and `high` are the edges of its band in parts; None where it has no band.
    """

    value: int
    target: int
    floor: int = 0
    low: int | None = None
    high: int | None = None
    is_locked: bool = False

    @property
    def sellable(self) -> int:
        return 0 if self.is_locked else max(0, self.value - self.floor)

    @property
    def is_bought(self) -> bool:
        return self.target > 0 and not self.is_locked


class Slot(NamedTuple):
    """Room for money in one line, by its place: from `start` up to `end` (None: without end), by `weight`."""

    line: int
    start: int
    end: int | None
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Lines, their sum and the cash flow in cents, and how many parts are 100 %."""

    lines: tuple[Class, ...]
    held: int
    cash_flow: int
    whole: int

    @property
    def total(self) -> int:
        return self.held + self.cash_flow

    @property
    def sellable(self) -> int:
        return sum(line.sellable for line in self.lines)

    @property
    def has_buyer(self) -> bool:
        return any(line.is_bought for line in self.lines)


# -- Full: every class to its target --------------------------------------------------------------------


def full(sheet: Sheet) -> list[int]:
    """Cents of each trade that bring every class that is not locked to its share of what remains.

    Goals are split into cents by largest remainder. A class whose floor is above its share stays at the
    floor, and the others share the rest.
    """
    free = [i for i, line in enumerate(sheet.lines) if not line.is_locked]
    floors = {i: sheet.lines[i].floor for i in free}
    remains = sheet.total - sum(line.value for line in sheet.lines if line.is_locked)
    to_share = remains - sum(floors.values())
    if to_share < 0 or (to_share and not sheet.has_buyer):
        return flow(sheet)
    slots = [Slot(i, floors[i], None, sheet.lines[i].target) for i in free if sheet.lines[i].target]
    added, denominator = pour(to_share, [slots])
    goals = [floors[i] * denominator + added.get(i, 0) for i in free]
    by_line = dict(zip(free, round_to_sum(goals, denominator, remains), strict=True))
    return [by_line[i] - line.value if i in by_line else 0 for i, line in enumerate(sheet.lines)]


# -- New cash first: no opposite trades --------------------------------------------------------------------


def flow(sheet: Sheet) -> list[int]:
    """Cents of each trade that place a deposit, or raise a withdrawal, without any opposite trade.

    A deposit goes to the lowest funded ratios, a withdrawal comes from the highest; classes without a
    target are sold first, in proportion. What cannot be placed or raised is left.
    """
    if sheet.cash_flow >= 0:
        placed, denominator = pour(sheet.cash_flow, deposit_stages(sheet))
        return rounded(sheet, placed, denominator)
    raised, denominator = pour(-sheet.cash_flow, withdrawal_stages(sheet))
    return rounded(sheet, negative(raised), denominator)


def deposit_stages(sheet: Sheet) -> list[list[Slot]]:
    """What is to be kept in cash first, then the lowest funded ratios."""
    lines = list(enumerate(sheet.lines))
    kept = [Slot(i, c.value, c.floor, 1) for i, c in lines if c.floor > c.value and not c.is_locked]
    bought = [Slot(i, max(c.value, c.floor), None, c.target) for i, c in lines if c.is_bought]
    return [kept, bought]


def withdrawal_stages(sheet: Sheet) -> list[list[Slot]]:
    lines = list(enumerate(sheet.lines))
    untargeted = [Slot(i, 0, c.sellable, c.sellable) for i, c in lines if not c.target]
    sold = [
        Slot(i, -c.value, c.sellable - c.value, c.target)
        for i, c in lines
        if c.target and c.sellable
    ]
    return [[slot for slot in untargeted if slot.end], sold]


# -- Back into band: the smallest sale --------------------------------------------------------------------


def into_band(sheet: Sheet) -> list[int]:
    """Cents of each trade that bring every class to the edge of its band, with the smallest sale.

    Edges are taken on the total. Everything over its upper edge is sold to it and everything under its
    lower edge bought to it; only what is still to be placed or raised goes by funded ratios, within the
    bands first.
    """
    whole, total, cash = sheet.whole, sheet.total, sheet.cash_flow * sheet.whole
    spans = [span(line, total, whole) for line in sheet.lines]
    over = sum(s.value - s.top for s in spans)
    under = sum(s.bottom - s.value for s in spans if s.bottom > s.value)
    within_bands = sum(s.value - min(s.value, s.bottom) for s in spans)
    sells = max(min(max(over, under - cash), within_bands), -cash)
    if not sheet.has_buyer:
        return flow(sheet)
    raised, one = pour(sells, selling_stages(sheet.lines, spans))
    bought, other = pour(sells + cash, buying_stages(sheet, spans))
    # Sales are partly filled only where purchases are not, so one of the two denominators is 1.
    net = {
        i: bought.get(i, 0) * one - raised.get(i, 0) * other for i in bought.keys() | raised.keys()
    }
    return rounded(sheet, net, one * other * whole)


class Span(NamedTuple):
    """A class in cents x whole: its value, that after the forced sale, and how far it may go.

    `bottom` is its lower edge (or its floor, where that is higher), `floor` what is never sold.
    """

    value: int
    top: int
    bottom: int
    floor: int
    high: int | None


def span(line: Class, total: int, whole: int) -> Span:
    value, floor = line.value * whole, max(line.floor, line.value - line.sellable) * whole
    if line.is_locked:
        return Span(value, value, value, value, value)
    high = None if line.high is None else line.high * total
    low = 0 if line.low is None else line.low * total
    top = value if high is None else min(value, max(high, floor))
    return Span(value, top, max(low, floor), floor, high)


def selling_stages(lines: Sequence[Class], spans: Sequence[Span]) -> Iterator[list[Slot]]:
    """To the upper edges; then what has no target; then the highest ratios, to the lower edges and past."""
    both = list(enumerate(zip(lines, spans, strict=True)))
    yield [Slot(i, 0, s.value - s.top, 1) for i, (_, s) in both if s.value > s.top]
    rooms = [(i, s.top - s.floor) for i, (c, s) in both if not c.target]
    yield [Slot(i, 0, room, room) for i, room in rooms if room > 0]
    ranked = [(i, c.target, s) for i, (c, s) in both if c.target]
    yield [Slot(i, -s.top, -s.bottom, target) for i, target, s in ranked if s.top > s.bottom]
    past = [(i, min(s.value, s.bottom), s.floor, target) for i, target, s in ranked]
    yield [Slot(i, -start, -floor, target) for i, start, floor, target in past if start > floor]


def buying_stages(sheet: Sheet, spans: Sequence[Span]) -> Iterator[list[Slot]]:
    """What is to be kept in cash; then to the lower edges; then the lowest ratios, in the band and past."""
    both = list(enumerate(zip(sheet.lines, spans, strict=True)))
    yield [Slot(i, s.value, s.floor, 1) for i, (_, s) in both if s.floor > s.value]
    ranked = [(i, c.target, s) for i, (c, s) in both if c.is_bought]
    under = [(i, max(s.value, s.floor), s.bottom, target) for i, target, s in ranked]
    yield [Slot(i, start, low, target) for i, start, low, target in under if low > start]
    inside = [(i, max(s.top, s.bottom), s.high, target) for i, target, s in ranked]
    yield [
        Slot(i, start, high, target)
        for i, start, high, target in inside
        if high is None or high > start
    ]
    yield [
        Slot(i, max(start, high), None, target)
        for i, start, high, target in inside
        if high is not None
    ]


# -- Water ------------------------------------------------------------------------------------------------


def pour(amount: int, stages: Iterable[Sequence[Slot]]) -> tuple[dict[int, int], int]:
    """Fill stage after stage; within one, the lowest `start / weight` first, all at one level.

    What each line gets, as numerators over the second figure. More than all stages hold is left over.
    """
    given: dict[int, int] = {}
    for slots in stages if amount else ():
        ends = [slot.end - slot.start for slot in slots if slot.end is not None]
        room = sum(ends) if len(ends) == len(slots) else None
        if room is None or amount < room:
            added, denominator = fill(amount, slots)
            given = {i: number * denominator for i, number in given.items()}
            for slot, number in zip(slots, added, strict=True):
                given[slot.line] = given.get(slot.line, 0) + number
            return given, denominator
        for slot in slots:
            assert slot.end is not None
            given[slot.line] = given.get(slot.line, 0) + slot.end - slot.start
        amount -= room
    return given, 1


def fill(amount: int, slots: Sequence[Slot]) -> tuple[list[int], int]:
    """Raise all slots to one level of `start / weight` until they hold `amount`, which is less than fits.

    Walks the ratios at which a slot joins in, or is full, in order: between two of them the level is
    (amount + starts - filled) / weights.
    """
    if not amount:
        return [0] * len(slots), 1
    weights = starts = filled = 0
    for is_end, slot in events(slots):
        at = slot.end if is_end else slot.start
        assert at is not None
        if weights * at + slot.weight * (filled - starts) >= amount * slot.weight and weights:
            break
        sign = -1 if is_end else 1
        weights += sign * slot.weight
        starts += sign * slot.start
        if is_end:
            filled += at - slot.start
    level = amount + starts - filled
    return [_added(slot, level, weights) for slot in slots], weights


def events(slots: Sequence[Slot]) -> list[tuple[bool, Slot]]:
    """Where slots join in (False) and are full (True), by exact ratio."""
    # Two ratios with denominators up to `most` differ by at least 1 / most^2, so these whole numbers are
    # in the order of the ratios, and equal where they are.
    precision = max(slot.weight for slot in slots) ** 2
    found = [
        (point * precision // slot.weight, is_end, n)
        for n, slot in enumerate(slots)
        for point, is_end in ((slot.start, False), (slot.end, True))
        if point is not None
    ]
    return [(is_end, slots[n]) for _, is_end, n in sorted(found)]


def _added(slot: Slot, level: int, weights: int) -> int:
    """What a slot holds at a level, over `weights`."""
    at = max(level * slot.weight, slot.start * weights)
    if slot.end is not None:
        at = min(at, slot.end * weights)
    return at - slot.start * weights


def negative(amounts: dict[int, int]) -> dict[int, int]:
    return {i: -amount for i, amount in amounts.items()}


def rounded(sheet: Sheet, amounts: dict[int, int], denominator: int) -> list[int]:
    """Cents by largest remainder, adding up to the exact sum rounded down: whole where all was placed."""
    numbers = [amounts.get(i, 0) for i in range(len(sheet.lines))]
    return round_to_sum(numbers, denominator, sum(numbers) // denominator)
