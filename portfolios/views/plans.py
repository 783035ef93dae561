"""Plans: asked for, looked at, saved, carried out line by line, downloaded."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portfolios import snapshots
from portfolios.display import plan_csv, plan_panel, plans as plans_shown, saved_plans
from portfolios.display.looking import Look
from portfolios.forms.plans import MarkForm, PlanForm, SavePlanForm
from portfolios.models import Plan, Portfolio
from portfolios.services.plan_records import inputs_of, result_of
from portfolios.services.planning import NoTarget, Wanted, plan_for
from portfolios.services.plans import OtherPlan, mark_line, save_plan
from portfolios.snapshots import Snapshot
from portfolios.views.finding import changeable_portfolio, may_change, portfolio_of
from questionnaire.views.clients import by_for
from riskalloc.engine.amounts import EngineError
from riskalloc.firms.access import signed_in
from riskalloc.web.fragments import go_to, htmx_target, page_or_fragment

ASKED = ("kind", "way", "cash_flow")
CHANGED = _(
    "Something has changed since this page was made, and with it the plan. Nothing is saved. "
    "Here is the plan as it is now."
)
PANEL, LINES_ID = "portfolios/_plan.html", "plan-lines"


# -- The panel --------------------------------------------------------------------------------------------


def plan_figures(
    portfolio: Portfolio, now: Snapshot, look: Look, form: PlanForm | None = None
) -> dict[str, Any]:
    """What the panel shows; without a form, what is shown before anybody asks."""
    wanted = wanted_of(form) if form else plan_panel.usual(now)
    panel = plan_panel.panel(portfolio, now, look, wanted)
    if form is not None and panel.problem:
        has_flow = wanted is not None and wanted.cash_flow
        form.add_error("cash_flow" if has_flow else "kind", panel.problem)
    return {
        "plan": panel,
        "plan_form": form or PlanForm.of(portfolio.currency, wanted),
        "plan_id": uuid4(),
    }


def wanted_of(form: PlanForm) -> Wanted | None:
    return form.wanted() if form.is_valid() else None


def asked_form(request: HttpRequest, portfolio: Portfolio) -> PlanForm | None:
    is_asked = any(name in request.GET for name in ASKED)
    return PlanForm(portfolio.currency, request.GET) if is_asked else None


def snapshot_of(portfolio: Portfolio, look: Look) -> Snapshot:
    today = timezone.localdate()
    return snapshots.snapshot(
        portfolio,
        today,
        switches=look.switches(snapshots.switches_of(portfolio.policy)),
        occasions=snapshots.occasions_of(portfolio, today),
    )


@require_GET
@signed_in
def plan(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    """By the address; nothing is stored."""
    portfolio = portfolio_of(request, portfolio_id)
    return show_planner(request, portfolio, asked_form(request, portfolio))


def show_planner(
    request: HttpRequest,
    portfolio: Portfolio,
    form: PlanForm | None,
    *,
    conflict: str = "",
    status: int = 200,
) -> HttpResponse:
    look = Look.of(request.GET.dict() or request.POST.dict())
    figures = plan_figures(portfolio, snapshot_of(portfolio, look), look, form)
    if form is not None and form.errors:
        status = 422
    context = {
        **figures,
        "portfolio": portfolio,
        "can_change": may_change(portfolio),
        "form": form,
        "is_asked": form is not None,
        "conflict": conflict,
    }
    return page_or_fragment(
        request, "portfolios/planner.html", context, fragments={"plan": PANEL}, status=status
    )


@require_GET
@signed_in
def plan_as_csv(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    """What the panel shows for the same address."""
    portfolio = portfolio_of(request, portfolio_id)
    look, form = Look.of(request.GET.dict()), asked_form(request, portfolio)
    now = snapshot_of(portfolio, look)
    wanted = form.wanted() if form and form.is_valid() else plan_panel.usual(now)
    if wanted is None or (form and form.errors):
        return show_planner(request, portfolio, form)
    try:
        result = plan_for(portfolio, now, wanted)
    except (NoTarget, EngineError):
        return show_planner(request, portfolio, form)
    return as_csv(plan_csv.table(result), f"plan-{now.today.isoformat()}.csv")


def as_csv(text: str, name: str) -> HttpResponse:
    """With the mark by which spreadsheets know UTF-8."""
    response = HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# -- Saved plans ------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@signed_in
def plans(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    """The list; and saving one, once, as it was shown."""
    if request.method == "GET":
        portfolio = portfolio_of(request, portfolio_id)
        context = {"portfolio": portfolio, "rows": saved_plans.rows_of(portfolio)}
        return render(request, "portfolios/plans.html", context)
    portfolio = changeable_portfolio(request, portfolio_id)
    form = SavePlanForm(request.POST)
    if not form.is_valid():
        return show_planner(request, portfolio, None, conflict=CHANGED, status=422)
    return save(request, portfolio, form)


def save(request: HttpRequest, portfolio: Portfolio, form: SavePlanForm) -> HttpResponse:
    look, wanted = Look.of(request.POST.dict()), form.wanted()
    try:
        saved = save_plan(
            portfolio=portfolio,
            plan_id=form.cleaned_data["id"],
            wanted=wanted,
            switches=look.switches(snapshots.switches_of(portfolio.policy)),
            seen=form.cleaned_data["seen"],
            by=by_for(request, portfolio.client),
        )
    except (OtherPlan, NoTarget, EngineError):
        again = form_of(portfolio, wanted)
        return show_planner(request, portfolio, again, conflict=CHANGED, status=409)
    return go_to("plan", portfolio_id=portfolio.pk, plan_id=saved.pk)


def form_of(portfolio: Portfolio, wanted: Wanted) -> PlanForm:
    """As if it had been asked for."""
    flow = wanted.cash_flow
    sent = {"kind": wanted.kind.value, "way": "out" if flow < 0 else "in"}
    if flow:
        sent["cash_flow"] = f"{abs(flow):f}"
    return PlanForm(portfolio.currency, sent)


def plan_in(portfolio: Portfolio, plan_id: UUID) -> Plan:
    """A plan of a portfolio that the viewer has been found to see or change."""
    found = get_object_or_404(portfolio.plans.all(), pk=plan_id)
    found.portfolio = portfolio
    return found


@require_GET
@signed_in
def saved(request: HttpRequest, portfolio_id: UUID, plan_id: UUID) -> HttpResponse:
    """As it was saved, and beside it what has moved since."""
    return show_saved(request, plan_in(portfolio_of(request, portfolio_id), plan_id))


@require_POST
@signed_in
def mark(request: HttpRequest, portfolio_id: UUID, plan_id: UUID, line: int) -> HttpResponse:
    """A line is done, or not after all."""
    portfolio = changeable_portfolio(request, portfolio_id)
    found, form = plan_in(portfolio, plan_id), MarkForm(request.POST)
    if not form.is_valid():
        return show_saved(request, found, status=422)
    mark_line(
        plan=found,
        mark_id=form.cleaned_data["id"],
        line=line,
        is_done=form.cleaned_data["done"] == "yes",
        by=by_for(request, portfolio.client),
    )
    if htmx_target(request) == LINES_ID:
        return show_saved(request, found)
    response = go_to("plan", portfolio_id=portfolio.pk, plan_id=found.pk)
    response["Location"] += f"#line-{line}"
    return response


def show_saved(request: HttpRequest, found: Plan, status: int = 200) -> HttpResponse:
    """The page, or its lines with what was done of them."""
    result, marks = result_of(found), saved_plans.marks_of([found]).get(found.pk, {})
    context = {
        "portfolio": found.portfolio,
        "saved": found,
        "shown": plans_shown.shown(result, Look(), saved_plans.line_marks(result, marks)),
        "progress": saved_plans.progress_of(result, marks),
        "can_change": may_change(found.portfolio),
    }
    if htmx_target(request) != LINES_ID:
        inputs = inputs_of(found)
        context["inputs"] = saved_plans.inputs_shown(inputs, result)
        context["since"] = saved_plans.today(found.portfolio, found, result, inputs)
    fragments = {LINES_ID: "portfolios/_plan_done.html"}
    return page_or_fragment(
        request, "portfolios/plan.html", context, fragments=fragments, status=status
    )


@require_GET
@signed_in
def saved_as_csv(request: HttpRequest, portfolio_id: UUID, plan_id: UUID) -> HttpResponse:
    found = plan_in(portfolio_of(request, portfolio_id), plan_id)
    result = result_of(found)
    marks = saved_plans.marks_of([found]).get(found.pk, {})
    done = {line: mark.is_done for line, mark in marks.items()}
    day = timezone.localtime(found.made_at).date()
    return as_csv(plan_csv.table(result, done), f"plan-{day.isoformat()}.csv")
