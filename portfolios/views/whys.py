"""Where a figure of a portfolio comes from."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from portfolios.display import whys
from portfolios.display.looking import Look
from portfolios.models import Portfolio
from portfolios.services.plan_records import Result
from portfolios.services.planning import NoTarget, plan_for
from portfolios.snapshots import Snapshot
from portfolios.views.finding import portfolio_of
from portfolios.views.plans import asked_form, snapshot_of
from riskalloc.engine.amounts import EngineError
from riskalloc.firms.access import signed_in
from riskalloc.web.fragments import page_or_fragment

PLACES = ("thread-plan", "thread-drift", "thread-holdings")


@require_GET
@signed_in
def why(request: HttpRequest, portfolio_id: UUID, what: str) -> HttpResponse:
    """A class by its name, or a holding by its key; with a plan in the address, its line first."""
    portfolio = portfolio_of(request, portfolio_id)
    look = Look.of(request.GET.dict())
    now = snapshot_of(portfolio, look)
    key = key_of(what)
    if key is None:
        found = whys.why_class(portfolio, now, what, plan_of(request, portfolio, now))
    else:
        found = whys.why_holding(portfolio, now, key)
    if found is None:
        raise Http404
    context = {"portfolio": portfolio, "why": found, "what": what}
    fragments = dict.fromkeys(PLACES, "portfolios/_why.html")
    return page_or_fragment(request, "portfolios/why.html", context, fragments=fragments)


def key_of(what: str) -> UUID | None:
    try:
        return UUID(what)
    except ValueError:
        return None


def plan_of(request: HttpRequest, portfolio: Portfolio, now: Snapshot) -> Result | None:
    """What cannot be read, and a plan that cannot be, says nothing here."""
    form = asked_form(request, portfolio)
    if form is None or not form.is_valid():
        return None
    try:
        return plan_for(portfolio, now, form.wanted())
    except (NoTarget, EngineError):
        return None
