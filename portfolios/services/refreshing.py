"""Where many portfolios stand, worked out inside PostgreSQL: the work of `snapshots` and the engine at once.

Everything is a whole number: values in cents, weights in basis points, so that a value times a weight is in
millionths of a unit of currency. A class's weight is compared with its target as value x 10,000 against
target x total, which nothing rounds. A test holds the two ways equal; SQLite goes by the engine.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from uuid import UUID

from django.db import connection
from django.utils import timezone

from portfolios.models import CLASSES
from riskalloc.engine.assets import Top
from riskalloc.engine.bands import MOST_POINTS, QUARTER, STRAY
from riskalloc.engine.holding_classes import STAND_INS, TOPS, US_BONDS, HoldingClass

UNCLASSIFIED = "unclassified"
RATE_UNITS = 10**8
IN_BASIS_POINTS = 100


def refresh(portfolio_ids: Iterable[UUID], today: date) -> None:
    """Write the standings and today's values of these; the caller has locked the portfolios."""
    keys = list(portfolio_ids)
    with connection.cursor() as cursor:
        cursor.execute(standings_sql(), {"keys": keys, "now": timezone.now()})
        cursor.execute(DAYS_SQL, {"keys": keys, "today": today})


DAYS_SQL = """
INSERT INTO portfolios_dayvalue (firm_id, client_id, portfolio_id, day, value, drift)
SELECT firm_id, client_id, portfolio_id, %(today)s, value, drift
FROM portfolios_standing WHERE portfolio_id = ANY(%(keys)s)
ON CONFLICT (portfolio_id, day) DO UPDATE
SET firm_id = excluded.firm_id, client_id = excluded.client_id, value = excluded.value, drift = excluded.drift
"""


@cache
def standings_sql() -> str:
    """The whole statement: what is held, by class, in rows after stand-ins, and against the target."""
    columns = (
        "portfolio_id", "firm_id", "client_id", "value", *CLASSES, UNCLASSIFIED, "drift", "fires_band",
        "fires_guard_rail", "fires_portfolio_drift", "oldest_price_on", "refreshed_at",
    )  # fmt: skip
    changed = ", ".join(f"{name} = excluded.{name}" for name in columns[1:])
    return f"""
    WITH held AS ({held_sql()}), cash AS ({CASH_SQL}), aim AS ({AIM_SQL}),
    known AS MATERIALIZED ({known_sql()}), measured AS MATERIALIZED ({measured_sql()})
    INSERT INTO portfolios_standing ({", ".join(columns)})
    SELECT portfolio_id, firm_id, client_id, value, {", ".join(CLASSES)}, {UNCLASSIFIED},
        CASE WHEN has_drift THEN trunc(spread * 1000000 / (200.0 * total)) END,
        CASE WHEN has_drift THEN coalesce({fires_band_sql()}, FALSE) END,
        CASE WHEN has_drift
            THEN coalesce(stocks * 10000::numeric > stocks_ceiling * total::numeric, FALSE) END,
        CASE WHEN has_drift
            THEN coalesce(spread >= drift_points * 2 * total::numeric, FALSE) END,
        oldest_price_on, %(now)s
    FROM measured
    ON CONFLICT (portfolio_id) DO UPDATE SET {changed}
    """  # noqa: S608  # names of columns only


# -- What is held -----------------------------------------------------------------------------------------


def held_sql() -> str:
    """Per portfolio: cents, and each class in millionths."""
    sums = ", ".join(f"sum(h.value * s.{name}) AS {name}" for name in CLASSES)
    return f"""
    SELECT h.portfolio_id, sum(h.value) AS value, {sums},
        min(s.priced_on) FILTER (WHERE h.quantity <> 0) AS oldest_price_on
    FROM portfolios_holding h
    JOIN portfolios_security s ON s.id = h.security_id
    JOIN portfolios_account a ON a.id = h.account_id
    WHERE h.portfolio_id = ANY(%(keys)s)
        AND h.deleted_at IS NULL AND h.role <> 'excluded' AND a.is_counted
    GROUP BY h.portfolio_id
    """  # noqa: S608


CASH_SQL = f"""
SELECT a.portfolio_id,
    sum(CASE WHEN a.currency = p.currency THEN a.cash
        ELSE round(a.cash::numeric * r.rate / {RATE_UNITS}) END) AS value
FROM portfolios_account a
JOIN portfolios_portfolio p ON p.id = a.portfolio_id
LEFT JOIN portfolios_exchangerate r ON r.portfolio_id = p.id AND r.currency = a.currency
WHERE a.portfolio_id = ANY(%(keys)s) AND a.is_counted
GROUP BY a.portfolio_id
"""  # noqa: S608

AIM_SQL = """
SELECT DISTINCT ON (portfolio_id) *
FROM portfolios_target WHERE portfolio_id = ANY(%(keys)s)
ORDER BY portfolio_id, made_at DESC, id DESC
"""


def known_sql() -> str:
    """One row for each portfolio, with nothing missing: values by class (v_), targets (t_), the policy."""
    cash = "CASE WHEN y.counts_cash THEN coalesce(c.value, 0) ELSE 0 END"
    values = ", ".join(
        f"coalesce(h.{name}, 0) + {cash} * 10000 AS v_{name}"
        if name == HoldingClass.CASH
        else f"coalesce(h.{name}, 0) AS v_{name}"
        for name in CLASSES
    )
    targets = ", ".join(f"t.{name} AS t_{name}" for name in CLASSES)
    return f"""
    SELECT p.id AS portfolio_id, p.firm_id, p.client_id,
        coalesce(h.value, 0) + {cash} AS value, {values}, {targets},
        t.id IS NOT NULL AND coalesce(h.value, 0) + {cash} > 0 AS has_drift,
        y.band, y.band_points, y.band_percent, y.band_floor, y.stocks_ceiling, y.drift_points,
        h.oldest_price_on
    FROM portfolios_portfolio p
    JOIN portfolios_policy y ON y.portfolio_id = p.id
    LEFT JOIN held h ON h.portfolio_id = p.id
    LEFT JOIN cash c ON c.portfolio_id = p.id
    LEFT JOIN aim t ON t.portfolio_id = p.id
    WHERE p.id = ANY(%(keys)s)
    """  # noqa: S608


# -- Against the target -----------------------------------------------------------------------------------


def measured_sql() -> str:
    """The classes, top classes and rows after stand-ins: `d_` is a row's deviation, `w_` its band."""
    unclassified = f"value * 10000 - ({' + '.join(f'v_{name}' for name in CLASSES)})"
    classes = ", ".join(f"v_{name} AS {name}" for name in CLASSES)
    rows = ", ".join(
        f"{deviation} AS d_{name}, {width_sql(target)} AS w_{name}"
        for name, deviation, target in rows_sql()
    )
    return f"""
    SELECT *, {" + ".join(f"abs(d_{name})" for name in (*CLASSES, UNCLASSIFIED))} AS spread
    FROM (
        SELECT *, {rows} FROM (
            SELECT *, {classes}, {unclassified} AS {UNCLASSIFIED}, value * 10000 AS total,
                {total_of(Top.STOCKS, "v_")} AS stocks
            FROM known
        ) summed
    ) compared
    """  # noqa: S608


def rows_sql() -> Iterator[tuple[str, str, str]]:
    """Name, deviation from the target (in basis points x total) and target of every row of both levels."""
    for name in CLASSES:
        target = counted_sql("t_", name)
        value = counted_sql("v_", name)
        yield name, f"(({value}) * 10000::numeric - ({target}) * total::numeric)", f"({target})"
    yield UNCLASSIFIED, f"({UNCLASSIFIED} * 10000::numeric)", "0"
    for top in Top:
        target, value = total_of(top, "t_"), total_of(top, "v_")
        deviation = f"(({value}) * 10000::numeric - ({target}) * total::numeric)"
        yield f"top_{top}", deviation, f"({target})"


def counted_sql(prefix: str, name: str) -> str:
    """A class with those that it stands in for, less itself where another stands in for it."""
    held = HoldingClass(name)
    parts = [f"CASE WHEN {moved_sql(held)} THEN 0 ELSE {prefix}{name} END"]
    parts += [
        f"CASE WHEN {moved_sql(other)} THEN {prefix}{other} ELSE 0 END"
        for other, stand_in in STAND_INS.items()
        if stand_in is held
    ]
    return " + ".join(parts)


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


def width_sql(target: str) -> str:
    """Half the width of a row's band in basis points; null where there is none. See `bands.Band`."""
    most, stray = MOST_POINTS * IN_BASIS_POINTS, STRAY * IN_BASIS_POINTS
    relative = f"{target} * band_percent / 10000.0"
    return f"""
    CASE band WHEN '5/25'
        THEN CASE WHEN {target} > 0 THEN least({most}, {target} * {QUARTER} / 100.0) ELSE {stray} END
        WHEN 'absolute' THEN band_points
        WHEN 'relative' THEN {relative}
        WHEN 'hybrid' THEN greatest({relative}, band_floor) END
    """


def fires_band_sql() -> str:
    return " OR ".join(f"abs(d_{name}) > w_{name} * total" for name, _, _ in rows_sql())
