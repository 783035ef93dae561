"""How far a weight may stand from its target before it is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from riskalloc.engine.amounts import EngineError
from riskalloc.engine.exact import EXACT, check_number, decimal_of, whole_numbers

NOTHING, WHOLE = Decimal(0), Decimal(100)
# Larry Swedroe's 5/25: five points, or a quarter of the target where that is less.
MOST_POINTS, QUARTER = 5, 25
STRAY = 1  # point that a class without a target may hold


class BandKind(StrEnum):
    FIVE_25 = "5/25"
    ABSOLUTE = "absolute"
    RELATIVE = "relative"
    HYBRID = "hybrid"
    NONE = "none"


# The numbers that each kind is made of.
NUMBERS = {
    BandKind.FIVE_25: (),
    BandKind.ABSOLUTE: ("points",),
    BandKind.RELATIVE: ("percent",),
    BandKind.HYBRID: ("percent", "floor"),
    BandKind.NONE: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A rule for the half-width of a band: `points` and `floor` of the total, `percent` of the target."""

    kind: BandKind = BandKind.FIVE_25
    points: Decimal | None = None
    percent: Decimal | None = None
    floor: Decimal | None = None

    def __post_init__(self) -> None:
        for name in ("points", "percent", "floor"):
            number, is_needed = getattr(self, name), name in NUMBERS[self.kind]
            if (number is not None) != is_needed:
                wanted = " and ".join(NUMBERS[self.kind]) or "no numbers"
                raise EngineError(f"A band of the kind {self.kind} has {wanted}.")
            if number is not None:
                check_number(number)
                if number < 0:
                    raise EngineError("A band is not negative.")

    def half_width(self, target: Decimal) -> Decimal | None:
        """Percentage points to either side of a target in percent, exactly; None where there is no band."""
        parts = parts_of((target,), self)
        return None if parts.halves is None else decimal_of(parts.halves[0], parts.places)

    def edges(self, target: Decimal) -> tuple[Decimal, Decimal] | None:
        """The lowest and the highest weight inside, in percent, between 0 and 100."""
        half = self.half_width(target)
        if half is None:
            return None
        return max(NOTHING, EXACT.subtract(target, half)), min(WHOLE, EXACT.add(target, half))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Targets and half-widths as whole numbers, in units of 10^-places percent; `whole` is 100 %."""

    whole: int
    places: int
    targets: tuple[int, ...]
    halves: tuple[int, ...] | None

    def low(self, index: int) -> int | None:
        return None if self.halves is None else max(0, self.targets[index] - self.halves[index])

    def high(self, index: int) -> int | None:
        if self.halves is None:
            return None
        return min(self.whole, self.targets[index] + self.halves[index])


def parts_of(targets: Sequence[Decimal], band: Band) -> Parts:
    """Targets in percent and their bands, on one scale that holds all of them exactly."""
    numbers = (band.points or NOTHING, band.percent or NOTHING, band.floor or NOTHING)
    (points, percent, floor, *found), places = whole_numbers((*numbers, *targets))
    fine = 10 ** (places + 2)  # a percentage of a target has the decimals of both, and two more
    return Parts(
        whole=100 * 10**places * fine,
        places=2 * places + 2,
        targets=tuple(target * fine for target in found),
        halves=_halves(band.kind, found, points, percent, floor, 10**places),
    )


def _halves(
    kind: BandKind, targets: Sequence[int], points: int, percent: int, floor: int, unit: int
) -> tuple[int, ...] | None:
    """Half-widths of targets in units of 1 / unit percent; the result is 100 x unit finer."""
    fine = 100 * unit
    if kind is BandKind.NONE:
        return None
    if kind is BandKind.ABSOLUTE:
        return (points * fine,) * len(targets)
    if kind is BandKind.FIVE_25:
        most, stray = MOST_POINTS * unit * fine, STRAY * unit * fine
        return tuple(min(most, QUARTER * unit * t) if t else stray for t in targets)
    return tuple(max(percent * target, floor * fine) for target in targets)


FIVE_25 = Band()
NO_BAND = Band(kind=BandKind.NONE)
