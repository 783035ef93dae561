"""A year behind an invented book: what portfolios were worth every other week, and saved plans."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from random import Random

from django.db import connection
from django.utils import timezone

from portfolios.demo.history import THOUSAND, WEEKS_A_YEAR, weeks
from portfolios.models import CLASSES, Plan, PlanMark, Portfolio, Standing
from portfolios.services.plan_records import PLAN_FORMAT, as_json
from portfolios.services.planning import Wanted, inputs_for, plan_for
from portfolios.services.plans import software
from portfolios.snapshots import snapshot
from questionnaire.demo.telling import LOADING, moment
from riskalloc.engine.holding_classes import TOPS, HoldingClass
from riskalloc.engine.plans import Kind
from riskalloc.firms.models import Firm

IN_STOCKS = [name for name in CLASSES if TOPS[HoldingClass(name)] in ("stocks", "alternatives")]
MOST_PLANS, CLIENTS_A_PLAN = 40, 50
UNITS = 10_000  # millionths in a cent


def add_weeks(firm: Firm) -> None:
    """One statement for each, for the portfolios that were there: stocks and the rest moved as they did."""
    key = Standing._meta.get_field("firm").get_db_prep_value(firm.pk, connection)
    with connection.cursor() as cursor:
        for week in weeks():
            if week.weeks_ago <= WEEKS_A_YEAR and week.weeks_ago % 2 == 0:
                day = timezone.localdate() - timedelta(weeks=week.weeks_ago)
                grown = 5 + 95 * (WEEKS_A_YEAR - week.weeks_ago % WEEKS_A_YEAR) // WEEKS_A_YEAR
                stocks, calm = int(week.stocks * THOUSAND), int(week.calm * THOUSAND)
                cursor.execute(WEEK_SQL, [day, stocks, calm, grown, key, day + timedelta(days=1)])


WEEK_SQL = f"""
INSERT INTO portfolios_dayvalue (firm_id, client_id, portfolio_id, day, value, drift)
SELECT s.firm_id, s.client_id, s.portfolio_id, %s,
    (({" + ".join(f"s.{name}" for name in IN_STOCKS)}) / {UNITS} * %s
        + (s.value - ({" + ".join(f"s.{name}" for name in IN_STOCKS)}) / {UNITS}) * %s) / {THOUSAND},
    s.drift * %s / 100
FROM portfolios_standing s JOIN portfolios_portfolio p ON p.id = s.portfolio_id
WHERE s.firm_id = %s AND p.created_at < %s
"""  # noqa: S608  # names of columns only


def add_plans(chance: Random, firm: Firm, clients: int) -> None:
    """Some weeks ago; a third of them was begun, none was finished."""
    due = Portfolio.objects.filter(firm=firm, standing__fires_band=True, client__archived_at=None)
    rows = due.select_related("policy", "client", "firm").order_by("pk")
    plans = list(plans_for(chance, rows[: min(MOST_PLANS, 1 + clients // CLIENTS_A_PLAN)]))
    Plan.objects.bulk_create(plans)
    PlanMark.objects.bulk_create(
        PlanMark(
            firm=firm,
            client=plan.client,
            plan=plan,
            line=plan.result["orders"][0]["number"],
            is_done=True,
            made_by=LOADING.name,
            made_at=plan.made_at + timedelta(days=1),
        )
        for plan in plans[::3]
    )


def plans_for(chance: Random, portfolios: Iterable[Portfolio]) -> Iterator[Plan]:
    for portfolio in portfolios:
        now = snapshot(portfolio, timezone.localdate())
        result = plan_for(portfolio, now, Wanted(kind=Kind.FULL))
        if result.orders:
            yield Plan(
                firm=portfolio.firm,
                client=portfolio.client,
                portfolio=portfolio,
                kind=Kind.FULL.value,
                inputs=as_json(inputs_for(portfolio, now)),
                result=as_json(result),
                software=software(),
                plan_format=PLAN_FORMAT,
                made_by=LOADING.name,
                made_at=moment(chance.randint(3, 45)),
            )
