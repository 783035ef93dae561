"""Plans: saved as they were shown, their lines marked as done or not, and held against today."""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portfolios.models import Plan, PlanMark, Portfolio, Security
from portfolios.services.locking import lock_portfolio, note
from portfolios.services.plan_records import (
    PLAN_FORMAT,
    Inputs,
    PositionInput,
    Result,
    as_json,
    digest_of,
)
from portfolios.services.planning import Wanted, inputs_for, plan_for
from portfolios.snapshots import Snapshot, snapshot
from portfolios.valuing import rates_of
from riskalloc.engine.amounts import half_up, plain
from riskalloc.engine.exact import EXACT, cents, quotient
from riskalloc.engine.plans import Kind
from riskalloc.engine.positions import Role, Switches
from riskalloc.firms.audit import By
from riskalloc.firms.tenancy import unless_hidden
from riskalloc.web.errors import Gone

NOTHING = Decimal(0)


class OtherPlan(Exception):
    """What would be saved is not what was shown: something has changed meanwhile."""


@transaction.atomic
def save_plan(
    *, portfolio: Portfolio, plan_id: UUID, wanted: Wanted, switches: Switches, seen: str, by: By
) -> Plan:
    """The plan that was shown, for good. Sent twice, saved once.

    `seen` is the digest of what the page showed; OtherPlan where it would be another one by now. Raises
    what `plan_for` raises.
    """
    locked = lock_portfolio(portfolio)
    known = Plan.objects.filter(pk=plan_id).first()
    if known and known.portfolio_id == locked.pk:
        return known
    now = snapshot(locked, timezone.localdate(), switches=switches)
    result = plan_for(locked, now, wanted)
    if digest_of(result) != seen:
        raise OtherPlan
    plan = Plan(
        # An id that is somebody else's says nothing here.
        pk=uuid4() if known else unless_hidden(Plan, plan_id),
        firm=locked.firm,
        client=locked.client,
        portfolio=locked,
        kind=wanted.kind.value,
        cash_flow=wanted.cash_flow,
        inputs=as_json(inputs_for(locked, now)),
        result=as_json(result),
        software=software(),
        plan_format=PLAN_FORMAT,
        made_by=by.name,
    )
    plan.save(force_insert=True)
    note(locked, "plan saved", plan, by, after=said_of(result))
    return plan


@transaction.atomic
def mark_line(*, plan: Plan, mark_id: UUID, line: int, is_done: bool, by: By) -> None:
    """A line was done, or not after all. Sent twice, marked once; what is so already stays."""
    locked = lock_portfolio(plan.portfolio)
    numbers = {
        order["number"]: order["symbol"] or order["label"] for order in plan.result["orders"]
    }
    if line not in numbers:
        raise Gone
    known = PlanMark.objects.filter(pk=mark_id).first()
    if known and known.plan_id == plan.pk:
        return
    latest = plan.marks.filter(line=line).order_by("-made_at").first()
    if (latest is not None and latest.is_done) == is_done:
        return
    mark = PlanMark.objects.create(
        pk=uuid4() if known else unless_hidden(PlanMark, mark_id),
        firm=locked.firm,
        client=locked.client,
        plan=plan,
        line=line,
        is_done=is_done,
        made_by=by.name,
    )
    action = "plan line done" if is_done else "plan line not done"
    after = {"plan": str(plan.pk), "line": line, "holding": numbers[line]}
    note(locked, action, mark, by, after=after)


def said_of(result: Result) -> dict[str, object]:
    """What the trail keeps of it."""
    return {
        "kind": result.kind,
        "cash_flow": plain(result.cash_flow),
        "sells": plain(result.sells),
        "buys": plain(result.buys),
        "lines": len(result.orders),
    }


@cache
def software() -> str:
    """Our name and version, as pyproject.toml has them."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
    return f"{project['name']} {project['version']}"


# -- Against today ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What the priced positions of a plan were worth then, and are worth at today's prices."""

    then: Decimal
    now: Decimal

    @property
    def percent(self) -> Decimal:
        """Cut off after 12 decimals."""
        return quotient(100 * cents(self.now - self.then), cents(self.then))


def again(portfolio: Portfolio, plan: Plan, inputs: Inputs) -> tuple[Snapshot, Wanted]:
    """Where the portfolio stands today, counted as the plan counted; and what the plan was of."""
    switches = Switches(counts_cash=inputs.counts_cash, counts_excluded=inputs.counts_excluded)
    now = snapshot(portfolio, timezone.localdate(), switches=switches)
    return now, Wanted(kind=Kind(plan.kind), cash_flow=plan.cash_flow)


def prices_moved(portfolio: Portfolio, inputs: Inputs) -> Moved | None:
    """How far prices have moved since a plan was made; two queries. None where nothing in it had a price.

    Over the positions that the plan counted, and that had a quantity and a price: what they came to in the
    plan, against the plan's quantities at the prices and exchange rates of today, each position rounded half
    up to the cent as everywhere. So nothing that was bought or sold since plays a part, nor do cash and
    holdings of which only a value was typed. A position that has no price or no rate any more is in neither
    sum.
    """
    priced = [p for p in inputs.positions if p.quantity and p.price and is_counted(p, inputs)]
    rates = rates_of(portfolio)
    rows = Security.objects.filter(
        firm=portfolio.firm_id, symbol__in={position.symbol for position in priced}
    )  # by symbol: who has left a firm has the same ones in another
    today = {
        symbol: (price, currency)
        for symbol, price, currency in rows.values_list("symbol", "price", "currency")
    }
    then = now = NOTHING
    for position in priced:
        price, currency = today.get(position.symbol, (None, ""))
        rate = rates.get(currency)
        if price is not None and rate is not None and position.quantity is not None:
            then += position.value
            now += half_up(EXACT.multiply(EXACT.multiply(position.quantity, price), rate), 2)
    return Moved(then=then, now=now) if then else None


def is_counted(position: PositionInput, inputs: Inputs) -> bool:
    return position.role != Role.EXCLUDED or inputs.counts_excluded
