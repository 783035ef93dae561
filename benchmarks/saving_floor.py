"""The floor of saving a row: the same queries, locks and writes, of values that were there before.

What it leaves out is what the product adds: the form and its checks, what things are worth, drift, plan and
pictures, and the templates.
"""

from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from portfolios.models import Holding, Portfolio, Standing
from portfolios.services.locking import lock_portfolio, note
from portfolios.services.standing import computed, write
from portfolios.snapshots import known_of_each, occasions_of
from portfolios.valuing import rates_of
from portfolios.views.finding import changeable_portfolio
from portfolios.views.portfolio import accounts_of
from portfolios.views.rows import holding_in
from questionnaire.models import Assessment
from questionnaire.views.clients import by_for
from riskalloc.firms.access import signed_in
from riskalloc.firms.audit import By

SHOWN = ("pk", "security__name", "security__is_guessed", "security__currency", "account__name")
SAID = {"quantity": "100.5", "value": "12345.67"}
WORTH = Decimal("12345.67")

kept: dict[UUID, Standing] = {}  # where a portfolio stood when it was first asked for
bodies: dict[int, str] = {}


@require_POST
@signed_in
def saving(request: HttpRequest, portfolio_id: UUID, holding_id: UUID, size: int) -> HttpResponse:
    portfolio = changeable_portfolio(request, portfolio_id)
    holding = holding_in(portfolio, holding_id, is_kept=False)
    accounts_of(portfolio)
    save(holding, Decimal(request.POST["quantity"]), by_for(request, portfolio.client))
    look_up(portfolio, holding)
    return HttpResponse(bodies.setdefault(size, "x" * size))


@transaction.atomic
def nested(holding: Holding) -> Portfolio:
    return lock_portfolio(holding.portfolio, [holding.security_id])


@transaction.atomic
def save(holding: Holding, quantity: Decimal, by: By) -> None:
    portfolio = nested(holding)
    locked = Holding.objects.select_related("security", "account").get(pk=holding.pk)
    rates_of(portfolio)
    locked.quantity, locked.value, locked.version = quantity, WORTH, locked.version + 1
    locked.save()
    known_of_each([portfolio])
    if portfolio.pk not in kept:
        kept[portfolio.pk] = computed(portfolio)
    write([kept[portfolio.pk]])
    note(portfolio, "holding changed", locked, by, before=SAID, after=SAID)


def look_up(portfolio: Portfolio, holding: Holding) -> None:
    """What the answer needs besides what was read to write where the portfolio stands."""
    occasions_of(portfolio, kept[portfolio.pk].refreshed_at.date())
    same = Holding.objects.filter(portfolio=portfolio, security=holding.security_id)
    list(same.values_list(*SHOWN))
    Standing.objects.get(portfolio=portfolio)
    list(portfolio.days.order_by("day").values_list("day", "value", "drift"))
    Assessment.objects.only("method", "rti", "created_at", "public_id").latest_of(portfolio.client)
