"""A whole book after its classes have moved, against its targets: worked out inside the database.

Each standing's classes are multiplied, and measured by the same expressions as a refresh. A fund that spans
classes is taken apart: each part moves by its class. What nobody has classed, and cash, stays as it is.

After a move there are fractions of a cent: a class is cut off to a millionth of a unit of currency, and the
value goes up to the next whole cent, so that less than a cent is added to what is unclassified. A portfolio
that really moved so is rounded too, holding by holding; the two drifts differ by these cents.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from portfolios.advisors.book import Book
from portfolios.models import CLASSES
from portfolios.models.targets import IS_LATEST
from portfolios.services.drift_sql import measured_sql, row_names, total_of
from portfolios.valuing import MOST_VALUE
from riskalloc.engine.assets import Top

WHOLE = 10_000  # basis points
CENTS = 100
A_CENT = 10_000  # millionths
TRIGGERS = ("band", "guard_rail", "portfolio_drift")
BUCKETS = (0, 1, 2, 3, 5, 10)  # points of drift, from each of these to the next
# What the portfolios are sorted by, and the direction that it starts with.
SORTS: Mapping[str, tuple[str, str]] = {
    "name": ("name_folded", ""),
    "value": ("value", "-"),
    "drift": ("drift", "-"),
    "over": ("over", "-"),
}
USUAL_SORT = "-over"


@dataclass(frozen=True, slots=True)
class Moves:
    """What becomes of each class, in basis points of what it was: 8,000 where it falls by 20 %."""

    factors: Mapping[str, int]

    @property
    def most(self) -> int:
        """The largest value, in cents, that can be reckoned with after the move."""
        return int(MOST_VALUE) * CENTS * WHOLE // max(WHOLE, *self.factors.values())


# -- What is asked ----------------------------------------------------------------------------------------


# Totals by kind of portfolio (see `totals_sql`), and rows of a page by the names of `page_columns`.
Found = tuple[list[tuple[Any, ...]], list[dict[str, Any]]]


def ask_what_if(book: Book, moves: Moves, sort: str, *, start: int, count: int) -> Found:
    """One query, so that the book is moved once. On the page are those who would newly go over a limit."""
    found = book.ask(portable(what_if_sql(moves, sort)), {"start": start, "count": count})
    names = page_columns()
    rows = [dict(zip(names, row, strict=False)) for nth, *row in found if nth is not None]
    kinds = [row[1 + len(names) :] for row in found if row[0] is None and row[-1] is not None]
    return kinds, rows


def what_if_sql(moves: Moves, sort: str) -> str:
    """To stand behind a book's `client`. A row is of the page, or of the totals; what it is not is null.

    Both are made of `moved`: what a statement names twice is worked out once, by either database.
    """
    return f"""
    , moved AS (SELECT {needed_sql()} FROM ({moved_sql(moves)}) whole)
    SELECT page.*, kinds.* FROM (SELECT 'page' AS part UNION ALL SELECT 'kinds') parts
    LEFT JOIN ({page_sql(sort)}) page ON part = 'page'
    LEFT JOIN ({totals_sql(moves)}) kinds ON part = 'kinds'
    ORDER BY nth
    """  # noqa: S608  # names of columns and whole numbers


def needed_sql() -> str:
    """What page and totals are made of: half of what a portfolio has, and it is kept for a whole book."""
    names = (
        "client_id", "client_name", "name_folded", "portfolio_id", "portfolio_name", "currency",
        "now_value", "value", "now_drift", "drift", "t_cash", "stocks_ceiling", "drift_points",
        *(f"{part}_{name}" for part in ("now", "fires") for name in TRIGGERS),
        *(f"{part}_{name}" for part in ("d", "w") for name in row_names()),
    )  # fmt: skip
    return f"{', '.join(names)}, {total_of(Top.STOCKS, 'v_')} AS stocks"


def totals_sql(moves: Moves) -> str:
    """One row for each kind of portfolio: currency, whether it has a target, whether it could be reckoned,
    bucket of its drift and each trigger before and after, how many, and what they are worth in cents."""
    flags = ", ".join(f"now_{name}, fires_{name}" for name in TRIGGERS)
    kinds = f"currency, t_cash IS NOT NULL, TRUE, {bucket_sql('now_drift')}, {bucket_sql('drift')}, {flags}"
    places = ", ".join(str(place + 1) for place in range(5 + 2 * len(TRIGGERS)))
    nothing = ", ".join(["NULL"] * (2 + 2 * len(TRIGGERS)))
    return f"""
    SELECT {kinds}, COUNT(*), SUM(now_value), SUM(value) FROM moved GROUP BY {places}
    UNION ALL
    SELECT p.currency, TRUE, FALSE, {nothing}, COUNT(*), SUM(s.value), SUM(s.value)
    {OWNED} WHERE s.value > {moves.most} GROUP BY p.currency
    """  # noqa: S608  # names of columns and whole numbers


def page_sql(sort: str) -> str:
    """Numbered behind the limit: to number all of them, all would have to be sorted."""
    order = order_of(sort)
    return f"""
    SELECT ROW_NUMBER() OVER (ORDER BY {order}) AS nth, {", ".join(page_columns())} FROM (
        {newly_sql()} ORDER BY {order} LIMIT %(count)s OFFSET %(start)s
    ) few
    """  # noqa: S608  # names of columns


def newly_sql() -> str:
    newly = {name: f"(fires_{name} AND NOT COALESCE(now_{name}, FALSE))" for name in TRIGGERS}
    overs = ", ".join(f"{over} AS over_{name}" for name, over in over_sql().items())
    marks = ", ".join(f"{sql} AS newly_{name}" for name, sql in newly.items())
    greatest = ", ".join(f"CASE WHEN newly_{name} THEN over_{name} ELSE 0 END" for name in TRIGGERS)
    return f"""
    SELECT *, greatest({greatest}) AS over FROM (
        SELECT *, {marks}, {overs} FROM moved WHERE {" OR ".join(newly.values())}
    ) newly
    """  # noqa: S608  # names of columns


def page_columns() -> tuple[str, ...]:
    return (
        "client_id", "client_name", "portfolio_id", "portfolio_name", "currency",
        "now_value", "value", "now_drift", "drift", "over",
        *(f"{part}_{name}" for part in ("newly", "over") for name in TRIGGERS),
        *(f"{part}_{name}" for part in ("d", "w") for name in row_names()),
    )  # fmt: skip


def order_of(sort: str) -> str:
    column, way = sort.removeprefix("-"), "DESC" if sort.startswith("-") else "ASC"
    return f"{SORTS[column][0]} {way}, name_folded, portfolio_id"


# -- The book after the move ------------------------------------------------------------------------------

OWNED = """
FROM client
JOIN portfolios_portfolio p ON p.client_id = client.id AND p.archived_at IS NULL
JOIN portfolios_standing s ON s.portfolio_id = p.id
"""


def moved_sql(moves: Moves) -> str:
    """Every portfolio that can be reckoned, measured as it would be; `now_` is how it stands today."""
    held = ", ".join(f"{part_sql(name, moves)} AS v_{name}" for name in CLASSES)
    targets = ", ".join(f"t.{name} AS t_{name}" for name in CLASSES)
    fires = ", ".join(f"s.fires_{name} AS now_{name}" for name in TRIGGERS)
    total = " + ".join(f"v_{name}" for name in CLASSES)
    source = f"""(
        SELECT *, ({total} + left_over + {A_CENT - 1}) / {A_CENT} AS value FROM (
            SELECT client.id AS client_id, client.name AS client_name, client.name_folded,
                p.id AS portfolio_id, p.name AS portfolio_name, p.currency,
                s.value AS now_value, s.drift AS now_drift, {fires}, s.unclassified AS left_over,
                {held}, {targets},
                y.band, y.band_points, y.band_percent, y.band_floor, y.stocks_ceiling, y.drift_points
            {OWNED}
            JOIN portfolios_policy y ON y.portfolio_id = p.id
            LEFT JOIN portfolios_target t ON t.portfolio_id = p.id AND {IS_LATEST}
            WHERE s.value <= {moves.most}
        ) held
    )"""  # noqa: S608  # names of columns and whole numbers
    return measured_sql(source, has_likeness=False)


def part_sql(name: str, moves: Moves) -> str:
    """A class after its move, cut off; in two parts, so that nothing overflows."""
    factor, held = moves.factors.get(name, WHOLE), f"s.{name}"
    if factor == WHOLE:
        return held
    return f"({held} / {WHOLE} * {factor} + mod({held}, {WHOLE}) * {factor} / {WHOLE})"


def bucket_sql(drift: str) -> str:
    places = sorted(enumerate(BUCKETS), reverse=True)
    cases = " ".join(f"WHEN {drift} >= {edge * 10**6} THEN {place}" for place, edge in places)
    return f"CASE {cases} END"


def over_sql() -> dict[str, str]:
    """By how many points each limit is passed; below 0 inside it."""
    beyond = ", ".join(
        f"abs(d_{name}) - (w_{name} * (value / 10000) + w_{name} * mod(value, 10000) / 10000)"
        for name in row_names()
    )
    return {
        "band": f"CAST(greatest({beyond}) AS double precision) / value / 100",
        "guard_rail": "CAST(stocks - stocks_ceiling * value AS double precision) / value / 100",
        "portfolio_drift": "CAST(drift - drift_points * 10000 AS double precision) / 1000000",
    }


# -- Both databases ---------------------------------------------------------------------------------------

# What one of them calls otherwise. Its whole numbers have 64 bits as well.
OTHERWISE: Sequence[tuple[str, str]] = (
    (r"\bmod\(([\w.]+), ([\w.]+)\)", r"(\1 %% \2)"),
    (r"\bleast\(", "min("),
    (r"\bgreatest\(", "max("),
    (r"\bOFFSET 0\b", "LIMIT -1 OFFSET 0"),
)


def portable(sql: str) -> str:
    if connection.vendor == "sqlite":
        for pattern, words in OTHERWISE:
            sql = re.sub(pattern, words, sql)
    return sql


def cents(units: Any) -> Decimal:
    return Decimal(int(units or 0)).scaleb(-2)
