"""A portfolio against its target, at both levels: top classes and asset classes."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from riskalloc.engine.amounts import EngineError
from riskalloc.engine.assets import AssetClass, Top
from riskalloc.engine.exact import EXACT, check_number
from riskalloc.engine.holding_classes import TOPS, UNCLASSIFIED, HoldingClass, counted_in, in_order
from riskalloc.engine.levels import Level, Line, check_targets, measure_level
from riskalloc.engine.positions import (
    USUAL,
    Base,
    Portfolio,
    Position,
    Role,
    Switches,
    Tally,
    base_of,
    tally,
)
from riskalloc.engine.triggers import Occasions, Policy, Trigger, triggers

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Percent of each asset class, adding up to exactly 100; a class of 0 is not named by it."""

    percents: Mapping[AssetClass, Decimal]

    def __post_init__(self) -> None:
        for percent in self.percents.values():
            check_number(percent)
            if percent < 0:
                raise EngineError("A target is not negative.")
        check_targets(tuple(self.percents.values()))

    @property
    def named(self) -> frozenset[HoldingClass]:
        return frozenset(HoldingClass(asset) for asset, part in self.percents.items() if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """What a portfolio's page shows: both levels, every trigger that is on, and what was counted."""

    base: Base
    counted: Tally
    tops: Level[str]
    classes: Level[HoldingClass]
    triggers: tuple[Trigger, ...]

    @property
    def fired(self) -> tuple[Trigger, ...]:
        return tuple(trigger for trigger in self.triggers if trigger.has_fired)

    @property
    def is_due(self) -> bool:
        return bool(self.fired)


def measure(
    portfolio: Portfolio,
    target: Target,
    policy: Policy,
    names: Mapping[str, str],
    *,
    cash_flow: Decimal = NOTHING,
    occasions: Occasions | None = None,
    switches: Switches = USUAL,
) -> Drift:
    """The drift of a portfolio. NothingToMeasure where nothing is counted.

    `names` are those of `class_names`. `cash_flow` is a pending deposit (+) or withdrawal (-).
    """
    named = target.named
    rows = {position.id: row_of(position, named) for position in portfolio.positions}
    tradable = frozenset(p.id for p in portfolio.positions if is_tradable(p, rows[p.id]))
    counted = tally(portfolio, tradable, switches)
    lines = class_lines(counted.by_class, counted.fixed, target, names)
    classes = measure_level(lines, policy.band, cash_flow)
    tops = measure_level(
        top_lines(counted.by_class, counted.fixed, target, names), policy.band, cash_flow
    )
    mixed = tuple(
        p.id for p in portfolio.positions if p.role is Role.TRADABLE and p.id not in tradable
    )
    return Drift(
        base=base_of(portfolio, counted, mixed, switches),
        counted=counted,
        tops=tops,
        classes=classes,
        triggers=triggers((tops, classes), policy, occasions),
    )


def on_occasion(drift: Drift, policy: Policy, occasions: Occasions) -> Drift:
    """The same drift with the triggers of the clock, by the policy that it was measured with."""
    return replace(drift, triggers=triggers((drift.tops, drift.classes), policy, occasions))


def row_of(position: Position, named: frozenset[HoldingClass]) -> HoldingClass | None:
    """The one row that a position lies in wholly, after stand-ins; None where it spans rows."""
    rows = {counted_in(held, named) for held in position.look_through()}
    return rows.pop() if len(rows) == 1 else None


def is_tradable(position: Position, row: HoldingClass | None) -> bool:
    """What spans rows cannot mend one of them, and nobody sells what nobody has classed."""
    is_known = row is not None and row is not HoldingClass.UNCLASSIFIED
    return position.role is Role.TRADABLE and is_known


def class_lines(
    held: Mapping[HoldingClass, Decimal],
    fixed: Mapping[HoldingClass, Decimal],
    target: Target,
    names: Mapping[str, str],
) -> tuple[Line[HoldingClass], ...]:
    """One line for every class that is held or has a target, after stand-ins."""
    named = target.named
    values: dict[HoldingClass, Decimal] = defaultdict(Decimal)
    unsold: dict[HoldingClass, Decimal] = defaultdict(Decimal)
    targets: dict[HoldingClass, Decimal] = defaultdict(Decimal)
    members: dict[HoldingClass, list[HoldingClass]] = defaultdict(list)
    shares = {HoldingClass(asset): part for asset, part in target.percents.items() if part}
    with localcontext(EXACT):
        for name in in_order((*(held_class for held_class, part in held.items() if part), *shares)):
            row = counted_in(name, named)
            values[row] += held.get(name, NOTHING)
            unsold[row] += fixed.get(name, NOTHING)
            targets[row] += shares.get(name, NOTHING)
            members[row].append(name)
    return tuple(
        Line(
            name=row,
            label=names[row],
            value=values[row],
            target=targets[row],
            fixed=unsold[row],
            members=tuple(name for name in members[row] if name is not row),
        )
        for row in in_order(values)
    )


def top_lines(
    held: Mapping[HoldingClass, Decimal],
    fixed: Mapping[HoldingClass, Decimal],
    target: Target,
    names: Mapping[str, str],
) -> tuple[Line[str], ...]:
    """One line for every top class that is held or has a target; unclassified stands by itself."""
    values, unsold, targets = (dict.fromkeys([*Top, UNCLASSIFIED], NOTHING) for _ in range(3))
    with localcontext(EXACT):
        for name, part in held.items():
            values[TOPS[name]] += part
            unsold[TOPS[name]] += fixed.get(name, NOTHING)
        for asset, part in target.percents.items():
            targets[TOPS[HoldingClass(asset)]] += part
    return tuple(
        Line(
            name=str(top),
            label=names[top],
            value=values[top],
            target=targets[top],
            fixed=unsold[top],
        )
        for top in values
        if values[top] or targets[top]
    )
