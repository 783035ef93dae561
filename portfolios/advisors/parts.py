"""What is known about each client of a book, as parts of one query.

`client` is whom somebody sees; every other part has at most one row for each of them and is joined to it only
where a column of it is asked for, so that a page sorted by name never looks at a single holding. Both
databases know all of this: no lateral joins, no FILTER.
"""

from collections.abc import Callable, Mapping, Sequence

from django.db import connection

from portfolios.models.targets import IS_LATEST
from riskalloc import methodology
from riskalloc.engine.bands import MOST_POINTS, QUARTER, STRAY
from riskalloc.engine.rules import LabelRow

IN_BASIS_POINTS = 100
CLIENT_COLUMNS = """
c.id, c.firm_id, c.name, c.name_folded, c.currency, c.review_due_on, c.archived_at, c.membership_id
""".strip()


def needed_by(sql: str) -> list[str]:
    """The parts whose columns a piece of SQL names, with those that they need themselves, in order."""
    wanted = {name for name in PARTS if f"{name}." in sql}
    for name in reversed(list(PARTS)):
        if name in wanted:
            wanted |= {other for other in PARTS if other != name and f"{other}." in PARTS[name]()}
    return [name for name in PARTS if name in wanted]


# -- What is owned ----------------------------------------------------------------------------------------


def stands() -> str:
    """The portfolios that are not archived, one row each."""
    return """
    SELECT s.client_id, s.portfolio_id, p.currency, s.value, s.drift, s.fires_band, s.fires_guard_rail,
        s.fires_portfolio_drift, s.largest, s.behaves_like, s.oldest_price_on, s.cash,
        CASE WHEN p.currency = client.currency THEN 1 ELSE 0 END AS is_own
    FROM client
    JOIN portfolios_portfolio p ON p.client_id = client.id AND p.archived_at IS NULL
    JOIN portfolios_standing s ON s.portfolio_id = p.id
    """


def owned() -> str:
    """The sums, and the worst of each kind. `total` adds up whatever the currency, `own` the client's."""
    fires = ", ".join(
        f"MAX(CASE WHEN stands.fires_{name} THEN 1 ELSE 0 END) AS {name}"
        for name in ("band", "guard_rail", "portfolio_drift")
    )
    return f"""
    SELECT stands.client_id, COUNT(*) AS portfolios, SUM(stands.value) AS total,
        SUM(stands.value * stands.is_own) AS own,
        MIN(stands.currency) AS low_currency, MAX(stands.currency) AS high_currency,
        SUM(1 - stands.is_own) AS elsewhere, MAX(stands.drift) AS drift, {fires},
        MAX(CASE WHEN stands.value > 0 THEN stands.largest * 10000 / stands.value ELSE 0 END) AS largest,
        MAX(CASE WHEN stands.largest * 5 > stands.value THEN 1 ELSE 0 END) AS concentrated,
        MIN(stands.behaves_like) AS low_likeness, MAX(stands.behaves_like) AS high_likeness,
        MIN(stands.oldest_price_on) AS oldest_price_on
    FROM stands
    GROUP BY stands.client_id
    """  # noqa: S608  # names of columns only


def cash() -> str:
    """Portfolios whose cash is above its target by more than the band allows; `over` in basis points.

    A standing's cash is in millionths of a unit and its value in cents: their quotient is in basis points.
    Whole numbers are compared first: it is quicker, and leaves out whoever has no more than the target.
    """
    return f"""
    SELECT stands.client_id, MAX(stands.cash / stands.value - t.cash) AS over
    FROM stands
    JOIN portfolios_policy y ON y.portfolio_id = stands.portfolio_id
    JOIN portfolios_target t ON t.portfolio_id = stands.portfolio_id AND {IS_LATEST}
    WHERE stands.value > 0 AND stands.cash > t.cash * stands.value
        AND stands.cash > (t.cash + {width_sql()}) * stands.value
    GROUP BY stands.client_id
    """  # noqa: S608  # names of columns only


def width_sql() -> str:
    """Half the width of the band of cash in basis points; null where there is none. See `bands.Band`."""
    most, stray = MOST_POINTS * IN_BASIS_POINTS, STRAY * IN_BASIS_POINTS
    quarter, relative = f"(t.cash * {QUARTER} / 100.0)", "(t.cash * y.band_percent / 10000.0)"
    return f"""
    CASE y.band
        WHEN '5/25' THEN CASE
            WHEN t.cash = 0 THEN {stray} WHEN {quarter} < {most} THEN {quarter} ELSE {most} END
        WHEN 'absolute' THEN y.band_points
        WHEN 'relative' THEN {relative}
        WHEN 'hybrid' THEN CASE WHEN {relative} > y.band_floor THEN {relative} ELSE y.band_floor END
    END
    """


def plans() -> str:
    """The last plan that was saved for each portfolio, where lines of it are not marked as done."""
    lines = "jsonb_array_length(n.result -> 'orders')"
    if connection.vendor == "sqlite":
        lines = "json_array_length(n.result, '$.orders')"
    return f"""
    SELECT n.client_id, MIN(n.made_at) AS made_at, SUM({lines} - COALESCE(d.done, 0)) AS lines
    FROM (
        SELECT plan.id, plan.client_id, plan.made_at, plan.result, ROW_NUMBER() OVER (
            PARTITION BY plan.portfolio_id ORDER BY plan.made_at DESC, plan.id DESC) AS nth
        FROM stands JOIN portfolios_plan plan ON plan.portfolio_id = stands.portfolio_id
    ) n
    LEFT JOIN (
        SELECT m.plan_id, COUNT(*) AS done FROM (
            SELECT mark.plan_id, mark.is_done, ROW_NUMBER() OVER (
                PARTITION BY mark.plan_id, mark.line ORDER BY mark.made_at DESC, mark.id DESC) AS nth
            FROM client JOIN portfolios_planmark mark ON mark.client_id = client.id
        ) m WHERE m.nth = 1 AND m.is_done GROUP BY m.plan_id
    ) d ON d.plan_id = n.id
    WHERE n.nth = 1 AND {lines} > COALESCE(d.done, 0)
    GROUP BY n.client_id
    """  # noqa: S608  # names of columns only


# -- Who the client is ------------------------------------------------------------------------------------


def latest() -> str:
    """The last assessment, and what its scores are called by the method that made them.

    Of an assessment only what stands in the index `assessment_scores`: its row is mostly answers.
    """
    return f"""
    SELECT a.*, {label_sql("rti")} AS label, {label_sql("iss")} AS income FROM (
        SELECT o.client_id, a.public_id, a.created_at, a.method, a.rti, a.iss, a.kept_contradictions,
            ROW_NUMBER() OVER (PARTITION BY o.client_id ORDER BY a.created_at DESC, a.id DESC) AS nth
        FROM client
        JOIN questionnaire_ownership o ON o.client_id = client.id
        JOIN questionnaire_assessment a ON a.id = o.assessment_id
    ) a WHERE nth = 1
    """  # noqa: S608  # names of columns only


def label_sql(score: str) -> str:
    cases = " ".join(
        f"WHEN a.method = '{version}' AND a.{score} <= {row.last} THEN '{row.label}'"
        for version in methodology.versions()
        for row in label_rows(version, score)
    )
    return f"CASE {cases} END"


def label_rows(version: str, score: str) -> Sequence[LabelRow]:
    """From the lowest score on."""
    method = methodology.load(version)
    return method.rti_labels if score == "rti" else method.iss_labels


REVIEWED = """
SELECT r.client_id, MAX(r.held_on) AS held_on, MAX(r.recorded_at) AS recorded_at
FROM client JOIN questionnaire_review r ON r.client_id = client.id
GROUP BY r.client_id
"""

EVENTS = """
SELECT e.client_id, MAX(e.recorded_at) AS recorded_at
FROM client
JOIN questionnaire_lifeevent e ON e.client_id = client.id
LEFT JOIN reviewed ON reviewed.client_id = e.client_id
WHERE reviewed.recorded_at IS NULL OR reviewed.recorded_at < e.recorded_at
GROUP BY e.client_id
"""

# Not one row for each client: others are made of it.
NOT_JOINED = ("stands",)
# In the order in which they can be written: a part uses only those before it.
PARTS: Mapping[str, Callable[[], str]] = {
    "stands": stands,
    "owned": owned,
    "cash": cash,
    "plans": plans,
    "latest": latest,
    "reviewed": lambda: REVIEWED,
    "events": lambda: EVENTS,
}
