"""Whole shares: the documented example by hand, and what is always true."""

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, strategies as st

from riskalloc.engine.amounts import EngineError
from riskalloc.engine.shares import ShareLine, whole_shares


def share_lines(*rows: tuple[str, object, object, object]) -> list[ShareLine]:
    return [
        ShareLine(name=name, price=Decimal(p), target=Decimal(t), held=Decimal(h))
        for name, p, t, h in rows
    ]


def test_the_documented_example():
    found = whole_shares(share_lines(("A", 100, 60, 0), ("B", 30, 40, 0)), Decimal(1000))
    assert found.shares == {"A": 6, "B": 13}
    assert found.trades == {"A": 6, "B": 13}
    assert (found.left, found.drift_after) == (10, 1)


def test_one_share_more_where_it_helps_most_for_each_dollar():
    # goals 5.5 and 5.5 shares of $100: down to 5 and 5, then one more for the earlier name, and $0 left
    found = whole_shares(share_lines(("B", 100, 50, 0), ("A", 100, 50, 0)), Decimal(1100))
    assert found.shares == {"B": 5, "A": 6}
    assert found.left == 0


def test_the_rest_of_the_targets_is_the_target_of_cash():
    found = whole_shares(share_lines(("A", 10, 50, 0)), Decimal(100))
    assert (found.shares, found.left, found.drift_after) == ({"A": 5}, 50, 0)


def test_a_part_of_a_share_is_sold_down_first():
    found = whole_shares(share_lines(("A", 10, 100, "2.5")), Decimal(0))
    assert found.shares == {"A": 2}
    assert found.trades == {"A": Decimal("-0.5")}
    assert found.left == 5


def test_what_is_held_stays_where_another_count_is_no_better():
    found = whole_shares(share_lines(("A", 10, 50, 1), ("B", 10, 50, 0)), Decimal(0))
    assert found.trades == {"A": 0, "B": 0}


@pytest.mark.parametrize(
    ("rows", "cash"),
    [
        ([("A", 10, 100, 0)], 0),
        ([("A", 10, 101, 0)], 1),
        ([("A", 10, 60, 0), ("B", 10, 60, 0)], 1),
        ([("A", 0, 100, 0)], 1),
        ([("A", 1, -1, 0)], 1),
        ([("A", 1, 1, -1)], 1),
        ([("A", 10, 100, 0)], -1),
        ([], 1),
    ],
)
def test_what_makes_no_sense_is_refused(rows, cash):
    with pytest.raises(EngineError):
        whole_shares(share_lines(*rows), Decimal(cash))


prices = st.integers(1, 50_000).map(lambda cents: Decimal(cents) / 100)
held = st.integers(0, 60) | st.decimals(0, 60, places=3)


@st.composite
def any_shares(draw, most=5):
    count = draw(st.integers(1, most))
    parts = draw(st.lists(st.integers(0, 100), min_size=count + 1, max_size=count + 1).filter(any))
    rows = [
        (f"S{i}", draw(prices), Decimal(100 * parts[i] // sum(parts)), draw(held))
        for i in range(count)
    ]
    return share_lines(*rows), draw(st.integers(1, 10**7).map(lambda cents: Decimal(cents) / 100))


def spread(lines, counts, cash) -> Fraction:
    """The sum of all deviations, cash among them, read again in fractions."""
    total = Fraction(cash) + sum(Fraction(line.price) * Fraction(line.held) for line in lines)
    left = total - sum(Fraction(line.price) * n for line, n in zip(lines, counts, strict=True))
    cash_target = 1 - sum(Fraction(line.target) / 100 for line in lines)
    own = sum(
        abs(Fraction(line.price) * n - Fraction(line.target) / 100 * total)
        for line, n in zip(lines, counts, strict=True)
    )
    return own + abs(left - cash_target * total)


@given(case=any_shares())
def test_what_is_true_of_all_whole_shares(case):
    lines, cash = case
    found = whole_shares(lines, cash)
    counts = list(found.shares.values())
    money = sum(
        line.price * trade for line, trade in zip(lines, found.trades.values(), strict=True)
    )
    assert cash - money == found.left >= 0
    assert min(counts) >= 0
    # Nothing improves by one share more or less that can be paid for.
    now = spread(lines, counts, cash)
    for i, line in enumerate(lines):
        more = [n + (k == i) for k, n in enumerate(counts)]
        assert line.price > found.left or spread(lines, more, cash) >= now
    assert now <= spread(lines, [int(line.held) for line in lines], cash)
    # The same question again changes nothing.
    again = [
        ShareLine(name=line.name, price=line.price, target=line.target, held=Decimal(n))
        for line, n in zip(lines, counts, strict=True)
    ]
    assert set(whole_shares(again, found.left).trades.values()) <= {0} or not found.left + sum(
        counts
    )


@given(case=any_shares(most=2))
def test_no_way_to_hold_whole_shares_is_better_by_more_than_a_share_of_each(case):
    lines, cash = case
    found = whole_shares(lines, min(cash, Decimal(500)))
    cash = min(cash, Decimal(500))
    total = cash + sum(line.price * line.held for line in lines)
    goals = [int(line.target * total / 100 / line.price) for line in lines]
    around = product(*[range(max(0, goal - 1), goal + 3) for goal in goals])
    affordable = [
        counts
        for counts in around
        if sum(line.price * n for line, n in zip(lines, counts, strict=True)) <= total
    ]
    best = min((spread(lines, counts, cash) for counts in affordable), default=Fraction(0))
    dearest = max(line.price for line in lines)
    assert spread(lines, list(found.shares.values()), cash) <= best + 2 * Fraction(dearest)
