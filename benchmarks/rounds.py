"""Two ways of doing the same, timed in turn: floor, product, floor, product."""

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from time import thread_time_ns

Work = Callable[[], object]
Clock = Callable[[], int]  # in nanoseconds
WARM_UP_CALLS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The product's way beside the least that it could take; `repeats` calls of each make one timing.

    Processor time, if no other clock is given: what other programs do on the machine does not count.
    """

    name: str
    floor: Work
    product: Work
    repeats: int
    clock: Clock = thread_time_ns


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Microseconds for one call (medians over the rounds), and the ratio of each round's two timings."""

    floor: float
    product: float
    ratios: tuple[float, ...]

    @property
    def ratio(self) -> float:
        return median(self.ratios)

    @property
    def middle_half(self) -> tuple[float, float]:
        """Between which two ratios half of the rounds lie."""
        lower, _, upper = quantiles(self.ratios, n=4)
        return lower, upper


def measure(pairs: Sequence[Pair], rounds: int) -> list[Measured]:
    """Time every pair once in each of at least two rounds, so that a slow moment meets all of them."""
    for pair in pairs:
        for _ in range(WARM_UP_CALLS):
            pair.floor()
            pair.product()
    timings = [_round(pairs) for _ in range(rounds)]
    return [_measured(of_pair) for of_pair in zip(*timings, strict=True)]


def _round(pairs: Sequence[Pair]) -> list[tuple[float, float]]:
    """Garbage is collected before a round, not meanwhile."""
    gc.collect()
    gc.disable()
    try:
        return [
            (_microseconds(pair.floor, pair), _microseconds(pair.product, pair)) for pair in pairs
        ]
    finally:
        gc.enable()


def _microseconds(work: Work, pair: Pair) -> float:
    """Time for one call."""
    start = pair.clock()
    for _ in range(pair.repeats):
        work()
    return (pair.clock() - start) / pair.repeats / 1000


def _measured(timings: Sequence[tuple[float, float]]) -> Measured:
    floors, products = zip(*timings, strict=True)
    return Measured(
        floor=median(floors),
        product=median(products),
        ratios=tuple(product / floor for floor, product in timings),
    )
