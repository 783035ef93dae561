"""The panel with the plan on a portfolio's page: what is shown before anybody asks, and why there is none."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portfolios.display.looking import WORDS, Look
from portfolios.display.plans import PlanShown, query_of, shown
from portfolios.models import Portfolio
from portfolios.services.plan_records import digest_of
from portfolios.services.planning import NoTarget, Wanted, in_currency, plan_for
from portfolios.snapshots import Snapshot
from riskalloc.engine.amounts import EngineError
from riskalloc.engine.plans import Kind

DUE = _("To come back to target")
NOT_DUE = _("Plan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a form sends to save the plan that is shown."""

    kind: str
    cash_flow: str
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """`problem` says why there is no plan; `lacks_target` that a target is the way out."""

    title: str
    sentence: str
    problem: str
    lacks_target: bool
    look: tuple[tuple[str, str], ...]
    query: str
    plan: PlanShown | None
    kept: Kept | None


def usual(now: Snapshot) -> Wanted | None:
    """What is shown before anybody asks: what is due, and nothing where nothing is."""
    return Wanted(kind=Kind.FULL) if now.drift is not None and now.drift.is_due else None


def panel(portfolio: Portfolio, now: Snapshot, look: Look, wanted: Wanted | None) -> Panel:
    """`wanted` is None where nothing was asked for, or nothing that can be read."""
    result = problem = None
    if wanted is not None:
        try:
            result = plan_for(portfolio, now, wanted)
        except NoTarget:
            pass
        except EngineError as error:
            problem = in_currency(str(error), portfolio.currency)
    is_due = now.drift is not None and now.drift.is_due
    return Panel(
        title=DUE if is_due else NOT_DUE,
        sentence=sentence_of(now, is_due=is_due),
        problem=problem or "",
        lacks_target=now.target is None,
        look=look_of(look),
        query=query_of(wanted.kind, wanted.cash_flow, look) if wanted else look.query(),
        plan=shown(result, look) if result else None,
        kept=Kept(kind=result.kind, cash_flow=f"{result.cash_flow:f}", seen=digest_of(result))
        if result
        else None,
    )


def sentence_of(now: Snapshot, *, is_due: bool) -> str:
    if now.target is None:
        return _("Without a target there is nothing to plan for.")
    if now.drift is None:
        return _("Nothing is counted here yet. List what is owned, or plan with new cash.")
    if not is_due:
        return _("Nothing is due. A plan is most useful after a deposit, or before a withdrawal.")
    return ""


def look_of(look: Look) -> tuple[tuple[str, str], ...]:
    """Hidden fields, so that a plan is made of what is looked at."""
    said = {"cash": look.cash, "left_out": look.left_out}
    return tuple((name, WORDS[value]) for name, value in said.items() if value is not None)
