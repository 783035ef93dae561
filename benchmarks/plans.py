"""Drift, triggers and three plans beside bare arithmetic, and how they grow with the holdings."""

from decimal import ROUND_HALF_UP, Decimal

from benchmarks.rounds import Pair
from riskalloc.engine.bands import FIVE_25
from riskalloc.engine.drift import Target, measure
from riskalloc.engine.holding_classes import HoldingClass, class_names
from riskalloc.engine.levels import Level, Line, measure_level
from riskalloc.engine.plans import Kind, Plan
from riskalloc.engine.positions import Account, Portfolio, Position
from riskalloc.engine.rebalancing import plan_from, start, start_of
from riskalloc.engine.triggers import Policy, triggers
from riskalloc.methodology import DEFAULT_VERSION, load

# Twelve classes: what is held to the cent, targets in percent, and new money.
VALUES = tuple(
    Decimal(text)
    for text in (
        *("31250.40", "8120.11", "14888.95", "5230.00", "19420.36", "9875.25"),
        *("4410.80", "2075.99", "11800.00", "3120.45", "2640.07", "1500.00"),
    )
)
TARGETS = tuple(map(Decimal, (24, 6, 12, 6, 18, 8, 6, 4, 8, 3, 3, 2)))
DEPOSIT = Decimal("2500.00")
LINES = tuple(
    Line(name=f"Class {n}", label=f"Class {n}", value=value, target=target)
    for n, (value, target) in enumerate(zip(VALUES, TARGETS, strict=True))
)
POLICY = Policy(ceilings={"Class 0": Decimal(80)})
FEW, MANY = 50, 500
REPEATS = 20
CENT = Decimal("0.01")

Figures = tuple[Decimal, tuple[tuple[Decimal, ...], ...]]


def product() -> tuple[Level[str], tuple[Plan[str], ...]]:
    """What the page of a portfolio asks for, with every row, weight, reason and effect."""
    level = measure_level(LINES, FIVE_25, DEPOSIT)
    triggers((level,), POLICY)
    begun = start(LINES, cash_flow=DEPOSIT)
    return level, tuple(plan_from(begun, kind) for kind in Kind)


def figures() -> Figures:
    level, plans = product()
    drift = level.drift.quantize(CENT, ROUND_HALF_UP)
    return drift, tuple(tuple(trade.amount for trade in plan.trades) for plan in plans)


def bare() -> Figures:
    """The drift and the trades alone, as bare Decimal expressions."""
    total = sum(VALUES) + DEPOSIT
    goals = [target * total / 100 for target in TARGETS]
    apart = [value - goal for value, goal in zip(VALUES, goals, strict=True)]
    drift = 50 * (sum(map(abs, apart)) + DEPOSIT) / total
    halves = [min(Decimal(5), target / 4) for target in TARGETS]
    lows = [(t - h) * total / 100 for t, h in zip(TARGETS, halves, strict=True)]
    highs = [(t + h) * total / 100 for t, h in zip(TARGETS, halves, strict=True)]
    full = to_cents([-gap for gap in apart])
    flow = to_cents(filled(list(VALUES), DEPOSIT))
    inside = [min(max(v, lo), hi) for v, lo, hi in zip(VALUES, lows, highs, strict=True)]
    rest = filled(inside, total - sum(inside))
    moved = zip(inside, rest, VALUES, strict=True)
    into_band = to_cents([start + more - value for start, more, value in moved])
    return drift.quantize(CENT, ROUND_HALF_UP), (full, flow, into_band)


def filled(starts: list[Decimal], amount: Decimal) -> list[Decimal]:
    """`amount` poured into the lowest funded ratios."""
    order = sorted(range(len(starts)), key=lambda i: starts[i] / TARGETS[i])
    held = weight = Decimal(0)
    level = Decimal(0)
    for i in order:
        if weight and (amount + held) * TARGETS[i] <= starts[i] * weight:
            break
        held, weight = held + starts[i], weight + TARGETS[i]
        level = (amount + held) / weight
    return [max(Decimal(0), level * t - start) for start, t in zip(starts, TARGETS, strict=True)]


def to_cents(exact: list[Decimal]) -> tuple[Decimal, ...]:
    """Cents by largest remainder."""
    floors = [amount // CENT - (amount < 0 and bool(amount % CENT)) for amount in exact]
    left = int(DEPOSIT / CENT - sum(floors))
    order = sorted(range(len(exact)), key=lambda i: floors[i] - exact[i] / CENT)
    for i in order[:left]:
        floors[i] += 1
    return tuple(floor * CENT for floor in floors)


def plans_beside_arithmetic() -> Pair:
    """Refuses to measure where the figures differ."""
    assert figures() == bare()
    return Pair(
        name="Drift and three plans", floor=bare, product=lambda: product(), repeats=REPEATS
    )


# -- Growth -----------------------------------------------------------------------------------------------


def holdings(count: int) -> Portfolio:
    """So many holdings of six classes, every fifth of them spread over three."""
    kinds = tuple(HoldingClass)[:6]
    spread = {kinds[0]: Decimal(50), kinds[2]: Decimal(30), kinds[4]: Decimal("19.5")}
    positions = tuple(
        Position(
            id=str(n),
            name=f"Fund {n}",
            account="one",
            value=Decimal(100_000 + 137 * n) / 100,
            classes=spread if n % 5 == 0 else {kinds[n % 6]: Decimal(100)},
        )
        for n in range(count)
    )
    return Portfolio(accounts=(Account(id="one", name="One"),), positions=positions)


def growth() -> Pair:
    """The same for a portfolio of few and of ten times as many holdings, seen through to their classes."""
    method = load(DEFAULT_VERSION)
    names = class_names(method.classes)
    order = tuple(method.classes.classes)
    target = Target(percents=dict(zip(order, TARGETS, strict=False)))
    policy = Policy()
    few, many = holdings(FEW), holdings(MANY)

    def planned(portfolio: Portfolio) -> tuple[Plan[HoldingClass], ...]:
        begun = start_of(measure(portfolio, target, policy, names), policy, cash_flow=DEPOSIT)
        return tuple(plan_from(begun, kind) for kind in Kind)

    return Pair(
        name=f"{FEW} and {MANY} holdings",
        floor=lambda: planned(few),
        product=lambda: planned(many),
        repeats=2,
    )
