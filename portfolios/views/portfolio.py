"""The portfolio page: where it stands, what is owned, how far that is from the target."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from portfolios import snapshots
from portfolios.display import drift as drift_shown, holdings as holdings_shown
from portfolios.display.looking import Look
from portfolios.display.summary import summary
from portfolios.forms.holdings import AddForm
from portfolios.models import Account, Holding, Portfolio
from portfolios.views.finding import may_change, portfolio_of
from portfolios.views.plans import plan_figures
from riskalloc.firms.access import signed_in
from riskalloc.web.fragments import page_or_fragment


@dataclass(frozen=True, slots=True)
class Shown:
    """A portfolio as somebody looks at it at the moment."""

    portfolio: Portfolio
    look: Look
    now: snapshots.Snapshot

    @property
    def address(self) -> str:
        return reverse("portfolio", kwargs={"portfolio_id": self.portfolio.pk})


def shown(
    request: HttpRequest, portfolio: Portfolio, read: snapshots.Snapshot | None = None
) -> Shown:
    """`read` is the portfolio as a change has just left it."""
    look, today = Look.of(request.GET.dict()), timezone.localdate()
    switches = look.switches(snapshots.switches_of(portfolio.policy))
    occasions = snapshots.occasions_of(portfolio, today)
    if read is not None:
        return Shown(portfolio, look, snapshots.looked_at(read, switches, occasions))
    now = snapshots.snapshot(portfolio, today, switches=switches, occasions=occasions)
    return Shown(portfolio, look, now)


def accounts_of(portfolio: Portfolio) -> list[Account]:
    return list(portfolio.accounts.order_by("created_at", "pk"))


@require_GET
@signed_in
def portfolio(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    view = shown(request, portfolio_of(request, portfolio_id))
    return show_page(request, view)


def show_page(
    request: HttpRequest,
    view: Shown,
    *,
    add_form: AddForm | None = None,
    deleted: Holding | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """`problem` says why what was deleted did not come back."""
    shown_now = figures(view)
    context = {
        **shown_now,
        "is_first": not (shown_now["table"].count or shown_now["table"].cash),
        "can_change": may_change(view.portfolio),
        "add_form": add_form or new_add_form(view.portfolio),
        "form": add_form,  # for the summary of what is wrong with it
        "deleted": deleted or deleted_holding(request, view.portfolio),
        "problem": problem,
    }
    return page_or_fragment(
        request, "portfolios/portfolio.html", context, fragments={}, status=status
    )


def figures(view: Shown, symbol: str = "") -> dict[str, Any]:
    """What every change moves: the top of the page, the table with its totals, the drift, the plan.

    With a symbol only its rows are made anew, and the shares of the others.
    """
    stands = standing(view, symbol)
    table = stands["table"]
    return {
        **stands,
        "rows": table.rows,
        "earlier": view.look.query(page=str(table.earlier)),
        "later": view.look.query(page=str(table.later)),
        **plan_figures(view.portfolio, view.now, view.look),
    }


def standing(view: Shown, symbol: str = "") -> dict[str, Any]:
    """What changes while a row is typed: the same without the rows and the plan."""
    return {
        **place(view.portfolio, view.look),
        "summary": summary(view.portfolio, view.now, view.look),
        "table": holdings_shown.table(view.portfolio, view.now, view.look.page, symbol),
        "drift": drift_shown.panel(view.portfolio, view.now),
        "is_preview": False,
    }


def place(portfolio: Portfolio, look: Look) -> dict[str, Any]:
    """Where a row's links go: to the same look at the same portfolio."""
    return {
        "portfolio": portfolio,
        "client": portfolio.client,
        "look": look,
        "base": reverse("portfolio", kwargs={"portfolio_id": portfolio.pk}),
        "query": look.query(),
    }


def new_add_form(portfolio: Portfolio) -> AddForm:
    return AddForm(accounts_of(portfolio), portfolio.currency, auto_id="add_%s")


def deleted_holding(request: HttpRequest, portfolio: Portfolio) -> Holding | None:
    """What was deleted a moment ago without JavaScript, so that it can be undone."""
    try:
        key = UUID(request.GET.get("deleted", ""))
    except ValueError:
        return None
    gone = portfolio.holdings.filter(pk=key, deleted_at__isnull=False)
    return gone.select_related("security").first()


def back_to(
    portfolio: Portfolio, look: Look, holding: Holding | None = None, **query: str
) -> HttpResponse:
    """To the page as it was looked at, at the row where something happened."""
    address = reverse("portfolio", kwargs={"portfolio_id": portfolio.pk}) + look.query(**query)
    anchor = f"#h-{holding.pk}" if holding else ""
    response = HttpResponseRedirect(address + anchor)
    response.status_code = 303
    return response
