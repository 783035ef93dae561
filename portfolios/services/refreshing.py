"""Where many portfolios stand, worked out inside PostgreSQL: the work of `snapshots` and the engine at once.

A test holds the two ways equal; SQLite goes by the engine. What is owned is summed here, and compared with
the target by the expressions of `drift_sql`. Rows are written only where they say something else now.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from portfolios.models import CLASSES
from portfolios.models.fixed import MONEY_PLACES
from portfolios.models.targets import IS_LATEST
from portfolios.services.drift_sql import UNCLASSIFIED, measured_sql
from riskalloc.engine.holding_classes import HoldingClass

RATE_UNITS = 10**8
CENT = 10**4  # in millionths
BITS, WORDS = 64, 4
# A batch is hashed, not sorted, and found by its keys; what is really taken grows with the batch alone.
MANY = 500
SETTINGS = {"work_mem": "'256MB'", "random_page_cost": "1.1", "enable_sort": "off", "jit": "off"}
# Where the database believes that tables are nearly empty, as after much was undone or deleted, it would go
# through all of one for each row of another, and take hours: it learns of new rows only a minute later.
UNKNOWN_SQL = """
SELECT set_config('enable_nestloop', 'off', true) FROM pg_class
WHERE oid = ANY(%(tables)s::regclass[]) AND reltuples BETWEEN 0 AND %(count)s - 1 LIMIT 1
"""
TABLES = [f"portfolios_{name}" for name in ("portfolio", "policy", "account", "holding", "target")]
FIGURES = (
    "firm_id", "client_id", "value", *CLASSES, UNCLASSIFIED, "largest", "behaves_like", "drift",
    "fires_band", "fires_guard_rail", "fires_portfolio_drift", "oldest_price_on",
)  # fmt: skip
OF_A_DAY = ("firm_id", "client_id", "value", "drift")


def refresh(portfolio_ids: Iterable[UUID], today: date) -> Decimal:
    """Write the standings and today's values of these, each named once; the caller has locked the portfolios.

    Says the largest value that was written. One far beyond what can be reckoned with comes out of the
    database as a DataError.
    """
    keys = list(portfolio_ids)
    named: dict[str, Any] = {"keys": array_of(keys), "now": timezone.now(), "today": today}
    with connection.cursor() as cursor, settled_for(len(keys)):
        cursor.execute(standings_sql(), named)
        (largest,) = cursor.fetchone()
    return Decimal(largest).scaleb(-MONEY_PLACES)


@contextmanager
def settled_for(count: int) -> Iterator[None]:
    """The settings under which so many are worked out."""
    if count < MANY:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET LOCAL {name} = {to}" for name, to in SETTINGS.items()))
        cursor.execute(UNKNOWN_SQL, {"tables": TABLES, "count": count})
        yield
        names = (*SETTINGS, "enable_nestloop")
        cursor.execute("; ".join(f"SET LOCAL {name} TO DEFAULT" for name in names))


def array_of(keys: Iterable[UUID]) -> str:
    """As PostgreSQL reads it: one text, instead of a list whose parts are made into text one by one."""
    return f"{{{','.join(map(str, keys))}}}"


@cache
def standings_sql() -> str:
    """The whole statement: what is held, by class, against the target, and written where it differs."""
    names, days = ", ".join(FIGURES), ", ".join(OF_A_DAY)
    return f"""
    WITH wanted AS MATERIALIZED ({WANTED_SQL}), priced AS MATERIALIZED ({priced_sql()}),
    left_out AS MATERIALIZED ({LEFT_OUT_SQL}), held AS ({held_sql()}), cash AS ({CASH_SQL}),
    aim AS ({AIM_SQL}),
    found AS MATERIALIZED ({found_sql()}),
    kept AS (
        INSERT INTO portfolios_standing (portfolio_id, {names}, refreshed_at)
        SELECT portfolio_id, {names}, %(now)s FROM found
        ON CONFLICT (portfolio_id) DO UPDATE SET {put(*FIGURES, "refreshed_at")}
    ),
    day AS (
        INSERT INTO portfolios_dayvalue (portfolio_id, day, {days})
        SELECT portfolio_id, %(today)s, {days} FROM found
        ON CONFLICT (portfolio_id, day) DO UPDATE SET {put(*OF_A_DAY)}
    )
    SELECT coalesce(max(value), 0) FROM found
    """  # noqa: S608  # names of columns only


def put(*names: str) -> str:
    return ", ".join(f"{name} = excluded.{name}" for name in names)


def found_sql() -> str:
    """Those of which the standing says something else, or that have none."""
    columns = ", ".join(f"v_{name} AS {name}" if name in CLASSES else name for name in FIGURES)
    was, now = (", ".join(f"{of}.{name}" for name in FIGURES) for of in ("s", "f"))
    return f"""
    SELECT f.* FROM (
        SELECT portfolio_id, {columns} FROM ({measured_sql(f"({known_sql()})")}) found
    ) f
    LEFT JOIN portfolios_standing s ON s.portfolio_id = f.portfolio_id
    WHERE ({was}) IS DISTINCT FROM ({now})
    """  # noqa: S608  # names of columns only


# -- What is owned ----------------------------------------------------------------------------------------


WANTED_SQL = """
SELECT p.id AS portfolio_id, p.firm_id, p.client_id, p.currency
FROM unnest(%(keys)s::uuid[]) key JOIN portfolios_portfolio p ON p.id = key
"""

LEFT_OUT_SQL = """
SELECT a.id FROM portfolios_account a JOIN wanted w ON w.portfolio_id = a.portfolio_id WHERE NOT a.is_counted
"""


def priced_sql() -> str:
    """The firms' securities: which classes they have at all, and a bit of its own in one of the words,
    the first 256 of them.
    """
    has = ", ".join(f"{name} <> 0 AS has_{name}" for name in CLASSES)
    words = ", ".join(
        f"CASE WHEN mod(place, {BITS * WORDS}) / {BITS} = {word}"
        f" THEN 1::bigint << mod(place, {BITS})::int ELSE 0 END AS word{word}"
        for word in range(WORDS)
    )
    return f"""
    SELECT *, {has}, {words} FROM (
        SELECT *, row_number() OVER () - 1 AS place FROM portfolios_security
        WHERE firm_id IN (SELECT firm_id FROM wanted)
    ) numbered
    """  # noqa: S608  # names of columns only


def held_sql() -> str:
    """Per portfolio: cents, each class in millionths, and the largest security over all accounts.

    Where a security comes twice, fewer bits are set than there are holdings; only there they are added up.
    """
    sums = ", ".join(
        f"sum(h.value * s.{name}) FILTER (WHERE s.has_{name})::bigint AS {name}" for name in CLASSES
    )
    bits = " + ".join(f"bit_count(bit_or(s.word{word})::bit({BITS}))" for word in range(WORDS))
    return f"""
    SELECT h.portfolio_id, sum(h.value)::bigint AS value, {sums},
        CASE WHEN {bits} = count(*) THEN max(h.value) ELSE (
            SELECT max(value) FROM (
                SELECT sum(same.value)::bigint AS value FROM portfolios_holding same
                WHERE same.portfolio_id = h.portfolio_id AND {counted_sql("same")}
                GROUP BY same.security_id
            ) by_security
        ) END AS largest,
        min(s.priced_on) FILTER (WHERE h.quantity <> 0) AS oldest_price_on
    FROM portfolios_holding h
    JOIN wanted w ON w.portfolio_id = h.portfolio_id
    JOIN priced s ON s.id = h.security_id
    WHERE {counted_sql("h")}
    GROUP BY h.portfolio_id
    """  # noqa: S608  # names of columns only


def counted_sql(row: str) -> str:
    return f"""{row}.deleted_at IS NULL AND {row}.role <> 'excluded'
        AND {row}.account_id NOT IN (SELECT id FROM left_out)"""  # noqa: S608  # an alias


CASH_SQL = f"""
SELECT a.portfolio_id,
    sum(CASE WHEN a.currency = w.currency THEN a.cash
        ELSE round(a.cash::numeric * r.rate / {RATE_UNITS})::bigint END)::bigint AS value
FROM portfolios_account a
JOIN wanted w ON w.portfolio_id = a.portfolio_id
LEFT JOIN portfolios_exchangerate r ON r.portfolio_id = a.portfolio_id AND r.currency = a.currency
WHERE a.is_counted
GROUP BY a.portfolio_id
"""  # noqa: S608  # names of columns only

AIM_SQL = f"""
SELECT t.* FROM portfolios_target t JOIN wanted w ON w.portfolio_id = t.portfolio_id
WHERE {IS_LATEST}
"""  # noqa: S608  # names of columns only


def known_sql() -> str:
    """One row for each portfolio, with nothing missing: values by class (v_), targets (t_), the policy."""
    cash = "CASE WHEN y.counts_cash THEN coalesce(c.value, 0) ELSE 0 END"
    values = ", ".join(
        f"coalesce(h.{name}, 0){f' + {cash} * {CENT}' if name == HoldingClass.CASH else ''} AS v_{name}"
        for name in CLASSES
    )
    targets = ", ".join(f"t.{name} AS t_{name}" for name in CLASSES)
    return f"""
    SELECT w.portfolio_id, w.firm_id, w.client_id,
        coalesce(h.value, 0) + {cash} AS value, {values}, {targets},
        coalesce(h.largest, 0) AS largest, h.oldest_price_on,
        y.band, y.band_points, y.band_percent, y.band_floor, y.stocks_ceiling, y.drift_points
    FROM wanted w
    JOIN portfolios_policy y ON y.portfolio_id = w.portfolio_id
    LEFT JOIN held h ON h.portfolio_id = w.portfolio_id
    LEFT JOIN cash c ON c.portfolio_id = w.portfolio_id
    LEFT JOIN aim t ON t.portfolio_id = w.portfolio_id
    """  # noqa: S608  # names of columns only
