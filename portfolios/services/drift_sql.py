"""The rules of drift as expressions of PostgreSQL, over any relation that has these columns:

`value` in cents, `v_<class>` in millionths of a unit of currency for each of CLASSES (what they lack to
`value` is unclassified), `t_<class>` in basis points or null without a target, and a policy's `band`,
`band_points`, `band_percent`, `band_floor`, `stocks_ceiling`, `drift_points`. `measured_sql(source)` is
such a relation with everything worked out.

All are whole numbers (bigint), and nothing is rounded or overflows while `value` is at most MOST_VALUE: a
weight times a value in cents is in millionths, so that `v - t * value` is a deviation, exactly. A band's
width is in ten-thousandths of a basis point.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache

from portfolios.models import CLASSES
from riskalloc import methodology
from riskalloc.engine.assets import AssetClass, Top
from riskalloc.engine.bands import MOST_POINTS, QUARTER, STRAY
from riskalloc.engine.behaviour import FIGURES, Likeness, likeness
from riskalloc.engine.holding_classes import STAND_INS, TOPS, US_BONDS, HoldingClass
from riskalloc.engine.market import LEAST_COVERED

UNCLASSIFIED = "unclassified"
A_BASIS_POINT, A_POINT = 10**4, 10**6  # in units of a band's width
BEYOND = 10**9  # wider than everything
DRIFT_UNITS = 10**6 // 200  # half of the spread, in percent, with six decimals
A_TENTH = int(1 / (1 - LEAST_COVERED))
NEAR = 1e-9  # so near to a border, as a part of it, a double is not asked


def measured_sql(source: str, *, has_likeness: bool = True) -> str:
    """`source` (a name, or a SELECT in brackets) with `unclassified`, `drift`, `fires_band`,
    `fires_guard_rail`, `fires_portfolio_drift`, `behaves_like`, and for each of `row_names()` the deviation
    from the target `d_` and the width of the band `w_`.

    What needs a target is null without one, and where there is nothing. Without its likeness there is no
    `behaves_like`, and the other database can read it as well, but for names of functions.
    """
    parts = swing = exact = likeness = ""
    if has_likeness:
        parts = f", {parts_sql()}"
        swing, exact = f", {swing_sql()} AS swing", f", {exact_sql()} AS exact"
        likeness = f", {behaves_like_sql()} AS behaves_like"
    deviations = ", ".join(f"{sql} AS d_{name}" for name, sql, _ in rows_sql())
    widths = ", ".join(f"{width_sql(target)} AS w_{name}" for name, _, target in rows_sql())
    return f"""
    SELECT *, {drift_sql()} AS drift, {fires_band_sql()} AS fires_band,
        {fires_guard_rail_sql()} AS fires_guard_rail,
        {fires_portfolio_drift_sql()} AS fires_portfolio_drift{likeness}
    FROM (
        SELECT *, {spread_sql()} AS spread{exact}
        FROM (
            SELECT *, {deviations}, {widths}{swing}
            FROM (
                SELECT *, {unclassified_sql()} AS {UNCLASSIFIED}, {band_sql()}{parts}
                FROM {source} source OFFSET 0
            ) divided OFFSET 0
        ) compared OFFSET 0
    ) measured OFFSET 0
    """  # noqa: S608  # names of columns only; OFFSET 0 has each expression worked out once


# -- Against the target -----------------------------------------------------------------------------------


def unclassified_sql() -> str:
    return f"value * 10000 - ({' + '.join(f'v_{name}' for name in CLASSES)})"


def row_names() -> tuple[str, ...]:
    return tuple(name for name, _, _ in rows_sql())


@cache
def rows_sql() -> tuple[tuple[str, str, str], ...]:
    """Name, deviation from the target and target of every row of both levels, after stand-ins."""
    return tuple(_rows_sql())


def _rows_sql() -> Iterator[tuple[str, str, str]]:
    for name in CLASSES:
        target, value = counted_sql("t_", name), counted_sql("v_", name)
        yield name, f"({value}) - ({target}) * value", f"({target})"
    yield UNCLASSIFIED, f"CASE WHEN t_cash IS NOT NULL THEN {UNCLASSIFIED} END", "0"
    for top in Top:
        target, value = total_of(top, "t_"), total_of(top, "v_")
        yield f"top_{top}", f"({value}) - ({target}) * value", f"({target})"


def counted_sql(prefix: str, name: str) -> str:
    """A class with those that it stands in for, less itself where another stands in for it."""
    held = HoldingClass(name)
    own = f"{prefix}{name}"
    if held in STAND_INS:
        own = f"CASE WHEN {moved_sql(held)} THEN 0 ELSE {own} END"
    parts = [
        f"CASE WHEN {moved_sql(other)} THEN {prefix}{other} ELSE 0 END"
        for other, stand_in in STAND_INS.items()
        if stand_in is held
    ]
    return " + ".join([own, *parts])


def moved_sql(held: HoldingClass) -> str:
    """Whether a class is counted in its stand-in; see `holding_classes.counted_in`."""
    if held not in STAND_INS:
        return "FALSE"
    stand_in = STAND_INS[held]
    is_row = f"t_{stand_in} > 0"
    if stand_in not in US_BONDS:
        return f"(t_{held} = 0 AND {is_row})"
    bond_row = "(t_government > 0 AND t_ig_corporate > 0)"
    if held in US_BONDS:
        return f"({bond_row} OR (t_{held} = 0 AND {is_row}))"
    return f"(t_{held} = 0 AND ({is_row} OR {bond_row}))"


def total_of(top: Top, prefix: str) -> str:
    return " + ".join(f"{prefix}{name}" for name in CLASSES if TOPS[HoldingClass(name)] == top)


def spread_sql() -> str:
    """How far all classes are from their targets, together; null without any."""
    return " + ".join(f"abs(d_{name})" for name in (*CLASSES, UNCLASSIFIED))


def drift_sql() -> str:
    """Half of the spread as a part of the whole, in millionths of a point, cut off."""
    return (
        f"CASE WHEN value > 0 THEN {DRIFT_UNITS} * (spread / value)"
        f" + {DRIFT_UNITS} * mod(spread, value) / value END"
    )


# -- What fires -------------------------------------------------------------------------------------------


def band_sql() -> str:
    """Every kind of band in the same four numbers; see `bands.Band` and `width_sql`."""
    kinds = {
        "5/25": (STRAY * A_POINT, f"{QUARTER} * 100", "0", MOST_POINTS * A_POINT),
        "absolute": (f"band_points * {A_BASIS_POINT}", "0", f"band_points * {A_BASIS_POINT}", BEYOND),
        "relative": ("0", "band_percent", "0", BEYOND),
        "hybrid": (
            f"band_floor * {A_BASIS_POINT}", "band_percent", f"band_floor * {A_BASIS_POINT}", BEYOND,
        ),
    }  # fmt: skip
    names = ("band_stray", "band_part", "band_least", "band_most")
    cases = (
        " ".join(f"WHEN '{kind}' THEN {numbers[place]}" for kind, numbers in kinds.items())
        for place in range(len(names))
    )
    return ", ".join(
        f"CASE band {case} END AS {name}" for name, case in zip(names, cases, strict=True)
    )


def width_sql(target: str) -> str:
    """Half the width of a row's band; null where there is none."""
    within = f"least(greatest({target} * band_part, band_least), band_most)"
    return (
        "band_stray"
        if target == "0"
        else f"CASE WHEN {target} > 0 THEN {within} ELSE band_stray END"
    )


def fires_band_sql() -> str:
    """|d| x 10,000 > w x value, without the overflow."""
    edge = "w_{0} * (value / 10000) + w_{0} * mod(value, 10000) / 10000"
    rows = " OR ".join(f"abs(d_{name}) > {edge.format(name)}" for name in row_names())
    return when_measured(f"band <> 'none' AND ({rows})")


def fires_guard_rail_sql() -> str:
    return when_measured(f"{total_of(Top.STOCKS, 'v_')} > stocks_ceiling * value")


def fires_portfolio_drift_sql() -> str:
    return when_measured("spread >= drift_points * 2 * value")


def when_measured(condition: str) -> str:
    """False where the policy does not say; null where there is nothing to measure."""
    return f"CASE WHEN value > 0 AND spread IS NOT NULL THEN coalesce({condition}, FALSE) END"


# -- What it behaves like ---------------------------------------------------------------------------------


@cache
def rule() -> Likeness:
    """Labels stand for mixes of this method, whatever method the answers were scored by."""
    return likeness(methodology.load(methodology.DEFAULT_VERSION))


def parts_sql() -> str:
    """What is held of each class that has figures, in double precision (`f_`), and of all of them."""
    parts = [f"({held_sql(asset)})::float8 AS f_{asset}" for asset in AssetClass]
    return ", ".join([*parts, f"{' + '.join(f'v_{held}' for held in FIGURES)} AS covered"])


def held_sql(asset: AssetClass) -> str:
    return " + ".join(f"v_{held}" for held, figure in FIGURES.items() if figure is asset)


def variance_sql(parts: Mapping[AssetClass, str], kind: str) -> str:
    """w' C w, in the unit of `Likeness`."""
    assets, of = list(parts), rule().covariances
    lines = []
    for place, one in enumerate(assets):
        terms = [f"{of[one, one]}::{kind} * {parts[one]}"]
        terms += [
            f"{2 * of[one, other]}::{kind} * {parts[other]}"
            for other in assets[place + 1 :]
            if of[one, other]
        ]
        lines.append(f"{parts[one]} * ({' + '.join(terms)})")
    return " + ".join(lines)


def swing_sql() -> str:
    """The variance of what has figures, in double precision; null where too little has."""
    variance = variance_sql({asset: f"f_{asset}" for asset in AssetClass}, "float8")
    return f"""CASE WHEN covered > 0 AND value * 10000 - covered <= value * 10000 / {A_TENTH}
        THEN ({variance}) / covered::float8 ^ 2 END"""


def exact_sql() -> str:
    """The same without rounding or division, only where a border is near."""
    borders = (border for border in rule().borders.values() if border is not None)
    near = " OR ".join(f"abs(swing / {float(border)!r} - 1) < {NEAR}" for border in borders)
    parts = {asset: f"({held_sql(asset)})::numeric" for asset in AssetClass}
    return f"CASE WHEN {near} THEN {variance_sql(parts, 'numeric')} END"


def behaves_like_sql() -> str:
    """Null where too little of it has figures."""
    labels = " ".join(
        f"WHEN {within_sql(border)} THEN '{label}'" for label, border in rule().borders.items()
    )
    return f"CASE WHEN swing IS NOT NULL THEN CASE {labels} END END"


def within_sql(border: Decimal | None) -> str:
    if border is None:
        return "TRUE"
    exactly = f"exact <= {border:f} * covered::numeric * covered"
    return f"CASE WHEN exact IS NULL THEN swing <= {float(border)!r} ELSE {exactly} END"
