"""Lines and portfolios that the tests of drift and plans start from, and the shortest ways to others."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from riskalloc.engine.amounts import split_percent
from riskalloc.engine.assets import AssetClass
from riskalloc.engine.bands import FIVE_25, NO_BAND, Band, BandKind
from riskalloc.engine.drift import Target
from riskalloc.engine.holding_classes import HoldingClass, class_names
from riskalloc.engine.levels import Line
from riskalloc.engine.positions import Account, Portfolio, Position
from tests.engine.cast import V1

NAMES = class_names(V1.classes)


def lines(values: Mapping[str, Any], target: Mapping[str, Any]) -> tuple[Line[str], ...]:
    """Lines by name, as the calculator takes them."""
    return tuple(
        Line(
            name=name,
            label=name,
            value=Decimal(values.get(name, 0)),
            target=Decimal(target.get(name, 0)),
        )
        for name in dict.fromkeys([*values, *target])
    )


# The article's own example.
ARTICLE = lines(
    {"US large-cap": 70_000, "International": 15_000, "Bonds": 10_000, "REITs": 15_000},
    {"US large-cap": 60, "International": 15, "Bonds": 10, "REITs": 15},
)


def numbered(
    values: Sequence[Any], targets: Sequence[Any], fixed: Sequence[Any] = ()
) -> tuple[Line[str], ...]:
    """Lines a, b, c ... of values, targets and what of them is fixed."""
    bound = [*fixed, *[0] * (len(values) - len(fixed))]
    return tuple(
        Line(name=f"{i:03}", label=f"{i:03}", value=Decimal(v), target=Decimal(t), fixed=Decimal(f))
        for i, (v, t, f) in enumerate(zip(values, targets, bound, strict=True))
    )


def target(**percents: Any) -> Target:
    return Target(percents={AssetClass(name): Decimal(part) for name, part in percents.items()})


CORE = target(us_large_cap=60, intl_developed=15, us_aggregate=10, reit=15)


def position(id: str, value: Any, account: str = "a", **changes: Any) -> Position:
    """A position of one class, named like its class unless `classes` says otherwise."""
    classes = changes.pop("classes", {id.rstrip("0123456789"): 100})
    numbers = {
        name: Decimal(changes.pop(name))
        for name in ("quantity", "price", "cost_basis")
        if name in changes
    }
    return Position(
        id=id,
        name=changes.pop("name", id.upper()),
        account=account,
        value=Decimal(value),
        classes={HoldingClass(name): Decimal(part) for name, part in classes.items()},
        **numbers,
        **changes,
    )


def portfolio(*positions: Position, **cash: Any) -> Portfolio:
    """Positions in accounts; `a=100` is an account called a with $100 in cash."""
    ids = dict.fromkeys([*cash, *(each.account for each in positions)])
    accounts = (Account(id=id, name=id, cash=Decimal(cash.get(id, 0))) for id in ids)
    return Portfolio(accounts=tuple(accounts), positions=positions)


# -- Anything ---------------------------------------------------------------------------------------------


def dollars(cents: int) -> Decimal:
    return Decimal(cents) / 100


cents = st.integers(0, 10**9) | st.sampled_from([0, 0, 1, 99, 10_000, 10**14])
bands = st.sampled_from(
    [
        FIVE_25,
        NO_BAND,
        Band(kind=BandKind.ABSOLUTE, points=Decimal(5)),
        Band(kind=BandKind.ABSOLUTE, points=Decimal(0)),
        Band(kind=BandKind.RELATIVE, percent=Decimal(20)),
        Band(kind=BandKind.HYBRID, percent=Decimal("33.3"), floor=Decimal("0.7")),
    ]
)


@st.composite
def any_lines(draw: st.DrawFn, least: int = 1, most: int = 8, fixed: bool = False) -> Any:
    """Some lines with targets of two decimals, zeros among them, and something held."""
    parts = draw(
        st.lists(st.integers(0, 20) | st.integers(0, 10**4), min_size=least, max_size=most).filter(
            any
        )
    )
    values = draw(st.lists(cents, min_size=len(parts), max_size=len(parts)).filter(any))
    bound = (
        [draw(st.integers(0, value)) if draw(st.booleans()) else 0 for value in values]
        if fixed
        else [0] * len(values)
    )
    return numbered([*map(dollars, values)], split_percent(parts), [*map(dollars, bound)])


@st.composite
def any_flow(draw: st.DrawFn, of: Sequence[Line[str]]) -> Decimal:
    """A deposit or a withdrawal, of up to everything that is held."""
    held = int(sum(line.value for line in of) * 100)
    return dollars(
        draw(st.sampled_from([0, -held, 1, -1, held]) | st.integers(-held, 2 * held + 10**6))
    )
