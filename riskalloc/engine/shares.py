"""Whole shares: rounding down, and then one share at a time to where it helps most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from riskalloc.engine.amounts import EngineError
from riskalloc.engine.exact import check_number, decimal_of, quotient, whole_numbers

WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareLine:
    """A security: its price in dollars, its target in percent, and how many shares are held."""

    name: str
    price: Decimal
    target: Decimal = Decimal(0)
    held: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        for number in (self.price, self.target, self.held):
            check_number(number)
        if self.price <= 0:
            raise EngineError(f"{self.name}: a price is more than 0.")
        if min(self.target, self.held) < 0:
            raise EngineError(f"{self.name}: a target and a number of shares are not negative.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Whole shares held afterwards, what that buys (+) or sells (-), cash in dollars, drift in points."""

    shares: Mapping[str, int]
    trades: Mapping[str, Decimal]
    left: Decimal
    drift_after: Decimal


def whole_shares(lines: Sequence[ShareLine], cash: Decimal) -> Shares:
    """The whole shares nearest to targets that add up to at most 100; the rest is the target of cash.

    Starts from the whole shares that fit into each target and adds one share at a time: the one that
    brings the sum of all deviations, cash among them, down most for each dollar, while it falls and the
    share is affordable. Ties: the larger fall, the lower price, the name. What is held already stays where
    that is no better. EngineError where the total is 0 or targets exceed 100.
    """
    book = book_of(lines, cash)
    if book.total <= 0:
        raise EngineError("There is nothing to divide. Add cash, or shares that are held.")
    found = book.improved([line.goal for line in book.lines])
    kept = [int(line.held) for line in lines]
    counts = kept if book.spread(kept) <= book.spread(found) else found
    return Shares(
        shares={line.name: count for line, count in zip(lines, counts, strict=True)},
        trades={line.name: count - line.held for line, count in zip(lines, counts, strict=True)},
        left=decimal_of(book.cash_after(counts), book.places),
        drift_after=quotient(100 * book.spread(counts), 2 * book.total * book.whole),
    )


@dataclass(frozen=True, slots=True)
class Bookline:
    """A security in whole numbers: price in units of money, goal in shares rounded down, target in parts."""

    name: str
    price: int
    target: int
    goal: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """All of it in whole numbers: money in units of 10^-places, targets in parts of `whole`."""

    lines: tuple[Bookline, ...]
    total: int
    whole: int
    cash_target: int
    places: int

    def cash_after(self, counts: Sequence[int]) -> int:
        return self.total - sum(
            count * line.price for count, line in zip(counts, self.lines, strict=True)
        )

    def gap(self, line: Bookline, count: int) -> int:
        return count * line.price * self.whole - line.target * self.total

    def cash_gap(self, cash: int) -> int:
        return cash * self.whole - self.cash_target * self.total

    def spread(self, counts: Sequence[int]) -> int:
        """The sum of all deviations, without sign."""
        own = sum(
            abs(self.gap(line, count)) for line, count in zip(self.lines, counts, strict=True)
        )
        return own + abs(self.cash_gap(self.cash_after(counts)))

    def improved(self, start: Sequence[int]) -> list[int]:
        """One share at a time while it helps."""
        counts, cash = list(start), self.cash_after(start)
        in_order = sorted(range(len(self.lines)), key=lambda i: self.lines[i].name)
        precision = max(line.price for line in self.lines) ** 2
        while True:
            falls = [(self.fall(i, counts[i], cash), i) for i in in_order]
            helping = [(fall, i) for fall, i in falls if fall > 0 and self.lines[i].price <= cash]
            if not helping:
                return counts
            _, best = max(helping, key=lambda found: self._merit(found, precision))
            counts[best] += 1
            cash -= self.lines[best].price

    def fall(self, index: int, count: int, cash: int) -> int:
        """How far one share more brings the sum of deviations down."""
        line = self.lines[index]
        own = abs(self.gap(line, count)) - abs(self.gap(line, count + 1))
        return own + abs(self.cash_gap(cash)) - abs(self.cash_gap(cash - line.price))

    def _merit(self, found: tuple[int, int], precision: int) -> tuple[int, int, int]:
        fall, index = found
        price = self.lines[index].price
        return fall * precision // price, fall, -price


def book_of(lines: Sequence[ShareLine], cash: Decimal) -> Book:
    check_number(cash)
    if cash < 0:
        raise EngineError("Cash is not negative.")
    if not lines:
        raise EngineError("There is no security. Add one with its price.")
    prices, price_places = whole_numbers([line.price for line in lines])
    counts, count_places = whole_numbers([line.held for line in lines])
    (whole, *targets), _ = whole_numbers([WHOLE, *(line.target for line in lines)])
    cash_target = whole - sum(targets)
    if cash_target < 0:
        raise EngineError("Targets add up to more than 100%. Lower one of them.")
    (money,), money_places = whole_numbers([cash])
    places = max(price_places + count_places, money_places)
    money *= 10 ** (places - money_places)
    spare = 10 ** (places - price_places - count_places)
    total = money + spare * sum(price * count for price, count in zip(prices, counts, strict=True))
    unit = 10 ** (places - price_places)
    return Book(
        lines=tuple(
            Bookline(line.name, price * unit, target, target * total // (whole * price * unit))
            for line, price, target in zip(lines, prices, targets, strict=True)
        ),
        total=total,
        whole=whole,
        cash_target=cash_target,
        places=places,
    )
