"""A portfolio with a row in every table, and what must not change where it goes along with its client."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import models
from django.utils import timezone

from portfolios.models import (
    Account,
    DayValue,
    Holding,
    Paste,
    Plan,
    Portfolio,
    PriceImport,
    SavedFilter,
    Security,
    Standing,
)
from portfolios.services.holdings import add_holding, delete_holding
from portfolios.services.plan_records import digest_of
from portfolios.services.planning import Wanted, plan_for
from portfolios.services.plans import mark_line, save_plan
from portfolios.services.portfolios import add_account, create_portfolio, set_rate
from portfolios.services.securities import security_for, set_price
from portfolios.services.standing import computed
from portfolios.services.targets import set_target
from portfolios.snapshots import snapshot
from portfolios.valuing import rates_of, value_of
from questionnaire.models import ClientProfile
from riskalloc.engine.plans import Kind
from riskalloc.firms.audit import By
from riskalloc.firms.models import TenantModel
from tests.factories import make_assessment

MADE_BY = "canary-client@example.org"
BY = By(name=MADE_BY)
PRICED_ON = date(2026, 9, 30)
TARGET = {"us_large_cap": 60, "intl_developed": 15, "us_aggregate": 10, "reit": 15}
DERIVED = ("value", "unclassified", "drift", "oldest_price_on", "fires_band")
OF_THE_DESK = (PriceImport, SavedFilter)  # hang on no client
TENANTS = tuple(
    model
    for model in apps.get_app_config("portfolios").get_models()
    if issubclass(model, TenantModel) and model not in OF_THE_DESK
)
OF_CLIENT = tuple(model for model in TENANTS if model is not Security)


def make_whole(client: ClientProfile, **fields: Any) -> Portfolio:
    """Two accounts in two currencies; holdings by units, by value, and deleted; the rest once each."""
    values = {"name": "Retirement", "currency": "USD", **fields}
    portfolio = create_portfolio(client=client, portfolio_id=uuid4(), values=values, by=BY)
    set_rate(portfolio=portfolio, currency="EUR", rate=Decimal("1.12"), typed_on=PRICED_ON, by=BY)
    brokerage, abroad = account(portfolio, "Brokerage"), account(portfolio, "Abroad", "EUR")
    hold(brokerage, priced(portfolio, "VOO", "560"), quantity=Decimal(125))
    hold(brokerage, priced(portfolio, "VXUS", "75"), quantity=Decimal("200.12345678"))
    hold(abroad, priced(portfolio, "My house, 12 Elm Street", "1"), typed_value=Decimal("1234.56"))
    gone = hold(brokerage, priced(portfolio, "VNQ", "93.75"), quantity=Decimal(160))
    delete_holding(holding=gone, by=BY)
    percents = {name: Decimal(part) for name, part in TARGET.items()}
    set_target(
        portfolio=portfolio,
        target_id=uuid4(),
        percents=percents,
        assessment=client_assessment(client),
        by=BY,
    )
    plan = saved_plan(portfolio)
    line = plan.result["orders"][0]["number"]
    mark_line(plan=plan, mark_id=uuid4(), line=line, is_done=True, by=BY)
    of_client = {"firm": client.firm, "client": client, "portfolio": portfolio}
    Paste.objects.create(
        **of_client, account=brokerage, digest="d" * 64, rows=1, effect={}, made_by=MADE_BY
    )
    DayValue.objects.create(
        **of_client, day=timezone.localdate() - timedelta(days=30), value=Decimal("98765.43")
    )
    return portfolio


def client_assessment(client: ClientProfile) -> Any:
    owned = client.ownerships.select_related("assessment").first()
    if owned is None:
        owned = client.ownerships.create(firm=client.firm, assessment=make_assessment())
    return owned.assessment


def account(portfolio: Portfolio, name: str, currency: str = "USD") -> Account:
    values = {"name": name, "currency": currency, "cash": Decimal("100.50")}
    return add_account(portfolio=portfolio, account_id=uuid4(), values=values, by=BY)


def priced(portfolio: Portfolio, symbol: str, price: str) -> Security:
    security = security_for(firm=portfolio.firm, symbol=symbol, by=BY)
    return set_price(
        security=security,
        price=Decimal(price),
        priced_on=PRICED_ON,
        source="typed",
        version=security.version,
        by=BY,
    )


def hold(in_account: Account, security: Security, **values: Any) -> Holding:
    saved = add_holding(
        account=in_account, security=security, holding_id=uuid4(), values=values, by=BY
    )
    return saved.holding


def saved_plan(portfolio: Portfolio) -> Plan:
    portfolio = Portfolio.objects.select_related("policy", "client").get(pk=portfolio.pk)
    now, wanted = snapshot(portfolio, timezone.localdate()), Wanted(kind=Kind.FULL)
    return save_plan(
        portfolio=portfolio,
        plan_id=uuid4(),
        wanted=wanted,
        switches=now.switches,
        seen=digest_of(plan_for(portfolio, now, wanted)),
        by=BY,
    )


# -- What holds everywhere ---------------------------------------------------------------------------------


def strays() -> list[str]:
    """Rows that are not of the firm, or not of the client, of what they hang on."""
    found = {}
    for model in TENANTS:
        for field in model._meta.concrete_fields:
            parent = field.related_model
            if parent is None:
                continue
            for owner in ("firm", "client"):
                rows = differing(model, field, owner)
                found[f"{model.__name__}.{field.name}: {owner}"] = rows.count() if rows else 0
    return [name for name, count in found.items() if count]


def differing(
    model: type[models.Model], field: models.Field, owner: str
) -> models.QuerySet[models.Model] | None:
    parents = {one.name for one in field.related_model._meta.concrete_fields}
    mine = {one.name for one in model._meta.concrete_fields}
    if owner not in parents & mine or field.name == owner:
        return None
    hanging = model._base_manager.filter(**{f"{field.name}__isnull": False})
    return hanging.exclude(**{owner: models.F(f"{field.name}__{owner}")})


def figures(client: ClientProfile) -> dict[str, Any]:
    """Every figure of a client's portfolios, without who owns them."""
    standings = Standing.objects.filter(client=client).order_by("pk")
    holdings = Holding.objects.filter(client=client).order_by("pk")
    days = DayValue.objects.filter(client=client).order_by("day", "pk")
    return {
        "standings": [
            ({name: getattr(row, name) for name in DERIVED}, row.per_class()) for row in standings
        ],
        "holdings": [
            (row.pk, row.value, row.quantity, row.typed_value, row.deleted_at, row.version)
            for row in holdings
        ],
        "securities": [
            (s.symbol, s.name, s.currency, s.price, s.priced_on, s.price_source, s.is_guessed,
             s.per_class())
            for s in Security.objects.filter(holdings__client=client).distinct().order_by("symbol")
        ],
        "days": list(days.values_list("day", "value", "drift")),
    }  # fmt: skip


def wrong_figures() -> list[str]:
    """What is kept and is not what comes out anew."""
    found = []
    for holding in Holding.objects.kept().select_related("security", "account", "portfolio"):
        rates = rates_of(holding.portfolio)
        if holding.value != value_of(holding, holding.security, holding.account, rates):
            found.append(f"{holding}: {holding.value}")
    for standing in Standing.objects.select_related("portfolio__policy", "portfolio__client"):
        anew = computed(standing.portfolio)
        names = (*DERIVED, "firm_id", "client_id")
        if any(getattr(anew, name) != getattr(standing, name) for name in names):
            found.append(f"{standing}: {anew.value}")
        if anew.per_class() != standing.per_class():
            found.append(f"{standing}: classes")
    return found


def stored() -> dict[str, list[object]]:
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in TENANTS}
