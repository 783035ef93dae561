"""A plain second reading of the closed forms: fractions, and every possibility tried."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product

Parts = Sequence[Fraction]


def subsets(indices: Sequence[int]) -> Iterator[tuple[int, ...]]:
    for size in range(1, len(indices) + 1):
        yield from combinations(indices, size)


def full(values: Sequence[int], targets: Parts, cash: int) -> list[int]:
    """Cents of trades to goals that are split by largest remainder."""
    total = sum(values) + cash
    goals = to_cents([target * total for target in targets], total)
    return [goal - value for goal, value in zip(goals, values, strict=True)]


def cash_flow(values: Sequence[int], targets: Parts, cash: int) -> list[Fraction]:
    """Exact trades: the one set of classes that stands at a common level, found by trying every set."""
    if cash == 0:
        return [Fraction(0)] * len(values)
    ranked = [i for i, target in enumerate(targets) if target]
    trades = [Fraction(0)] * len(values)
    if cash < 0:
        strays = [i for i, target in enumerate(targets) if not target and values[i]]
        stray_sum = sum(values[i] for i in strays)
        from_strays = min(stray_sum, -cash)
        for i in strays:
            trades[i] = -Fraction(values[i] * from_strays, stray_sum)
        cash += from_strays
        if cash == 0:
            return trades
        ranked = [i for i in ranked if values[i]]
    sign = 1 if cash > 0 else -1
    for level_set in subsets(ranked):
        level = (cash + sum(values[i] for i in level_set)) / sum(targets[i] for i in level_set)
        others = [i for i in ranked if i not in level_set]
        inside = all(sign * (level * targets[i] - values[i]) > 0 for i in level_set)
        outside = all(sign * (level * targets[i] - values[i]) <= 0 for i in others)
        if inside and outside:
            for i in level_set:
                trades[i] = level * targets[i] - values[i]
            return trades
    raise AssertionError("no level")


def to_cents(exact: Sequence[Fraction], total: int) -> list[int]:
    """Whole numbers by largest remainder, ties to the earlier."""
    floors = [int(part // 1) for part in exact]
    order = sorted(range(len(exact)), key=lambda i: (floors[i] - exact[i], i))
    for i in order[: total - sum(floors)]:
        floors[i] += 1
    return floors


def every_trade(values: Sequence[int], cash: int) -> Iterator[tuple[int, ...]]:
    """Every way to place `cash`, in whole units, without selling more than there is."""
    total = sum(values) + cash
    for after in product(range(total + 1), repeat=len(values) - 1):
        rest = total - sum(after)
        if rest >= 0:
            yield tuple(a - v for a, v in zip((*after, rest), values, strict=True))


def smallest_sale(
    values: Sequence[int], edges: Sequence[tuple[Fraction, Fraction]], cash: int
) -> int | None:
    """The least that has to be sold so that everything is inside its edges; None where nothing will do."""
    total = sum(values) + cash
    sales = [
        sum(-trade for trade in trades if trade < 0)
        for trades in every_trade(values, cash)
        if all(
            low * total <= value + trade <= high * total
            for value, trade, (low, high) in zip(values, trades, edges, strict=True)
        )
    ]
    return min(sales, default=None)


def drift(values: Sequence[Fraction | int], targets: Parts, cash: Fraction | int) -> Fraction:
    """Portfolio drift as a fraction, cash pending."""
    total = sum(values) + cash
    apart = sum(abs(Fraction(v) / total - t) for v, t in zip(values, targets, strict=True))
    return (apart + abs(Fraction(cash)) / total) / 2
