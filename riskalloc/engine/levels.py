"""How far values stand from their target: rows in dollars, points and bands, and the headline number."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from riskalloc.engine.amounts import EngineError, dollars, largest_remainder, plain
from riskalloc.engine.bands import NO_BAND, Band, Parts, parts_of
from riskalloc.engine.exact import (
    EXACT,
    check_number,
    decimal_of,
    quotient,
    whole_numbers,
)

Name = TypeVar("Name", bound=str)
NOTHING, WHOLE = Decimal(0), Decimal(100)


class NothingToMeasure(EngineError):
    """A total of 0: there are no weights."""


class Status(StrEnum):
    OVER = "over"
    UNDER = "under"
    IN_BAND = "in_band"
    OUT_OF_MODEL = "out_of_model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Generic[Name]):
    """One class: what is held of it in dollars, and its target in percent.

    `fixed` is the part of the value that is never sold (frozen, or in funds that span classes), `members`
    what is counted here besides the class itself. `label` is its name in sentences.
    """

    name: Name
    label: str
    value: Decimal
    target: Decimal = NOTHING
    fixed: Decimal = NOTHING
    members: tuple[Name, ...] = ()

    def __post_init__(self) -> None:
        for number in (self.value, self.target, self.fixed):
            check_number(number)
        if not 0 <= self.fixed <= self.value:
            raise EngineError(f"{self.label}: a value is not negative.")
        if not 0 <= self.target <= WHOLE:
            raise EngineError(f"{self.label}: a target is between 0 and 100.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Generic[Name]):
    """A line against its target. Percent and points of the total, dollars.

    `weight` has two decimals, and all weights add up to 100.00 (with a cash flow, to what is held of the
    total). `points`, `relative` (percent of the target) and `distance` (points left to the band, negative
    outside it) are cut off after 12 decimals, so that they round as the exact figures would. `value`,
    `amount` and the edges are exact.
    """

    line: Line[Name]
    weight: Decimal
    points: Decimal
    amount: Decimal
    relative: Decimal | None
    low: Decimal | None
    high: Decimal | None
    distance: Decimal | None
    status: Status

    @property
    def name(self) -> Name:
        return self.line.name

    @property
    def label(self) -> str:
        return self.line.label

    @property
    def value(self) -> Decimal:
        return self.line.value

    @property
    def target(self) -> Decimal:
        return self.line.target

    @property
    def is_outside(self) -> bool:
        return self.status is not Status.IN_BAND


@dataclass(frozen=True, slots=True, kw_only=True)
class Level(Generic[Name]):
    """Every row of one level. `total` includes the pending cash flow, which `drift` counts as untargeted.

    `drift` is half the sum of all deviations, `largest` the largest one, both in points without a sign.
    """

    total: Decimal
    cash_flow: Decimal
    rows: tuple[Row[Name], ...]
    drift: Decimal
    largest: Decimal

    @property
    def lines(self) -> tuple[Line[Name], ...]:
        return tuple(row.line for row in self.rows)

    @property
    def outside(self) -> tuple[Row[Name], ...]:
        return tuple(row for row in self.rows if row.is_outside)

    def row(self, name: str) -> Row[Name] | None:
        return next((row for row in self.rows if row.name == name), None)

    def is_above(self, name: str, percent: Decimal) -> bool:
        """Whether a class has more than so much of the total, compared exactly."""
        row = self.row(name)
        if row is None:
            return False
        return EXACT.multiply(row.value, WHOLE) > EXACT.multiply(percent, self.total)


def check_targets(targets: Sequence[Decimal]) -> None:
    """Targets add up to exactly 100; otherwise EngineError with the points that are missing."""
    check_parts(parts_of(targets, NO_BAND))


def check_parts(parts: Parts) -> None:
    added = sum(parts.targets)
    if added != parts.whole:
        gap = plain(decimal_of(abs(parts.whole - added), parts.places))
        way_out = f"Add {gap}%" if added < parts.whole else f"Take {gap}% away"
        raise EngineError(
            f"Targets add up to {plain(decimal_of(added, parts.places))}%. {way_out}."
        )


def measure_level(
    lines: Sequence[Line[Name]], band: Band, cash_flow: Decimal = NOTHING
) -> Level[Name]:
    """The drift of lines whose targets add up to 100. NothingToMeasure where the total is 0 or less."""
    parts = parts_of([line.target for line in lines], band)
    check_parts(parts)
    check_number(cash_flow)
    (*values, flow), places = whole_numbers([*(line.value for line in lines), cash_flow])
    held = sum(values)
    total = held + flow
    if total <= 0:
        raise nothing_left(decimal_of(held, places), cash_flow)
    whole = parts.whole
    deviations = [
        value * whole - part * total for value, part in zip(values, parts.targets, strict=True)
    ]
    weights = printed_weights(values, total)
    scale = Scale(total=total, places=places, parts=parts)
    rows = tuple(
        _row(line, weight, deviation, index, scale)
        for index, (line, weight, deviation) in enumerate(
            zip(lines, weights, deviations, strict=True)
        )
    )
    spread = sum(map(abs, deviations)) + abs(flow) * whole
    return Level(
        total=decimal_of(total, places),
        cash_flow=cash_flow,
        rows=rows,
        drift=quotient(100 * spread, 2 * total * whole),
        largest=quotient(100 * max(map(abs, deviations)), total * whole),
    )


def nothing_left(held: Decimal, cash_flow: Decimal) -> NothingToMeasure:
    if not held and not cash_flow:
        return NothingToMeasure("There is nothing here yet. Add a value above 0.")
    left = f"There is {dollars(held)}, and {dollars(-cash_flow)} is to be taken out."
    return NothingToMeasure(f"{left} Take out less than that.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What whole numbers mean: dollars in units of 10^-places, targets and bands in parts."""

    total: int
    places: int
    parts: Parts

    def percent(self, part: int | None) -> Decimal | None:
        return None if part is None else decimal_of(part, self.parts.places)


def _row(line: Line[Name], weight: Decimal, deviation: int, index: int, scale: Scale) -> Row[Name]:
    parts, total = scale.parts, scale.total
    target, denominator = parts.targets[index], total * parts.whole
    room = None if parts.halves is None else parts.halves[index] * total - abs(deviation)
    return Row(
        line=line,
        weight=weight,
        points=quotient(100 * deviation, denominator),
        # `whole` is 100 x 10^places parts, and this is deviation / whole
        amount=decimal_of(deviation, scale.places + parts.places + 2),
        relative=quotient(100 * deviation, target * total) if target else None,
        low=scale.percent(parts.low(index)),
        high=scale.percent(parts.high(index)),
        distance=None if room is None else quotient(100 * room, denominator),
        status=status_of(
            deviation, is_outside=room is not None and room < 0, has_target=target > 0
        ),
    )


def status_of(deviation: int, *, is_outside: bool, has_target: bool) -> Status:
    if not is_outside:
        return Status.IN_BAND
    if not has_target:
        return Status.OUT_OF_MODEL
    return Status.OVER if deviation > 0 else Status.UNDER


def printed_weights(values: Sequence[int], total: int) -> list[Decimal]:
    """Percent of the total with two decimals, adding up to what all values are of it, half up."""
    held = sum(values)
    if not held or total <= 0:
        return [NOTHING] * len(values)
    hundredths = (2 * 10_000 * held + total) // (2 * total)
    return [decimal_of(units, 2) for units in largest_remainder(hundredths, values)]
