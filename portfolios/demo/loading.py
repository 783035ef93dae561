"""Portfolios for the demo's people, once: as the services write them, then moved into the past."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from portfolios.demo.funds import FUNDS
from portfolios.demo.history import add_past
from portfolios.demo.personas import PERSONAS
from portfolios.demo.practice import PRACTICE
from portfolios.demo.shapes import DemoAccount, DemoPortfolio, Fund, Held
from portfolios.models import (
    Account,
    Holding,
    Portfolio,
    SavedFilter,
    Security,
    Standing,
    Target,
)
from portfolios.services.locking import lock_portfolio, note
from portfolios.services.mixes import Decision
from portfolios.services.plan_records import digest_of
from portfolios.services.planning import Wanted, plan_for
from portfolios.services.plans import save_plan
from portfolios.services.portfolios import add_account, create_portfolio, set_rate
from portfolios.services.securities import IN_A_PERCENT, new_security, securities_for
from portfolios.services.standing import keep
from portfolios.services.targets import POINTS, change_policy
from portfolios.snapshots import snapshot
from portfolios.valuing import rates_of, value_of
from questionnaire.demo.loading import own_firms
from questionnaire.demo.practice import ADVISOR, OWNER
from questionnaire.demo.telling import LOADING
from questionnaire.models import Assessment, ClientProfile
from riskalloc.engine.plans import Kind
from riskalloc.firms.models import Firm, Membership

SOURCE = "demo"
# What the desk of the practice looks for again and again: who, its name, the list's address.
FILTERS = (
    (OWNER, "Far from their targets", "status=drift&sort=-drift"),
    (ADVISOR, "Reviews that are late", "status=overdue&sort=reviewed"),
    (ADVISOR, "Far from their targets", "status=drift&sort=-drift"),
)
TAKEN_OVER = timedelta(minutes=30)  # after a decision, somebody made it the target


@transaction.atomic
def load_once() -> None:
    """Nothing where somebody of the demo has a portfolio; those who were deleted stay deleted."""
    if Portfolio.objects.filter(firm__in=own_firms()).exists():
        return
    people = ClientProfile.objects.filter(firm__in=own_firms()).select_related("firm")
    by_address = {client.email: client for client in people}
    for story in (*PERSONAS, *PRACTICE):
        if client := by_address.get(story.owner):
            load(client, story)
    add_filters()


def add_filters() -> None:
    for email, name, query in FILTERS:
        for desk in Membership.objects.filter(firm__in=own_firms(), user__email=email):
            values = {"firm_id": desk.firm_id, "query": query}
            SavedFilter.objects.get_or_create(membership=desk, name=name, defaults=values)


def load(client: ClientProfile, story: DemoPortfolio) -> Portfolio:
    values = {"name": story.name, "currency": "USD"}
    portfolio = create_portfolio(client=client, portfolio_id=uuid4(), values=values, by=LOADING)
    for currency, rate in story.rates.items():
        today = timezone.localdate()
        set_rate(
            portfolio=portfolio, currency=currency, rate=Decimal(rate), typed_on=today, by=LOADING
        )
    fill(portfolio, story)
    if story.usual_deposit:
        usual = {"usual_deposit": Decimal(story.usual_deposit)}
        change_policy(portfolio=portfolio, version=1, values=usual, by=LOADING)
    set_targets(portfolio, story)
    put_into_the_past(portfolio, story)
    if story.has_saved_plan:
        save_a_plan(portfolio)
    return portfolio


# -- What is owned -----------------------------------------------------------------------------------------


def fill(portfolio: Portfolio, story: DemoPortfolio) -> None:
    held = {row.symbol for account in story.accounts for row in account.holdings}
    by_symbol = securities(portfolio.firm, (FUNDS[symbol] for symbol in held))
    for account in story.accounts:
        add_with_holdings(portfolio, account, by_symbol)


def securities(firm: Firm, funds: Iterable[Fund]) -> dict[str, Security]:
    return securities_for(firm=firm, wanted=[security_of(firm, fund) for fund in funds])


def security_of(firm: Firm, fund: Fund) -> Security:
    security = new_security(firm=firm, symbol=fund.symbol, name=fund.name)
    if fund.name:
        units = {name: percent * IN_A_PERCENT for name, percent in fund.classes.items()}
        security.put_per_class(units)
        security.is_guessed = False
    if fund.price:
        security.price, security.price_source = Decimal(fund.price), SOURCE
        security.priced_on = timezone.localdate() - timedelta(days=fund.priced_days_ago)
    return security


def add_with_holdings(
    portfolio: Portfolio, story: DemoAccount, by_symbol: dict[str, Security]
) -> None:
    account = add_account(
        portfolio=portfolio, account_id=uuid4(), values=account_values(story), by=LOADING
    )
    locked = lock_portfolio(portfolio, [by_symbol[row.symbol].pk for row in story.holdings])
    rates = rates_of(locked)
    holdings = []
    for row in story.holdings:
        holding = holding_of(account, by_symbol[row.symbol], row)
        holding.value = value_of(holding, holding.security, account, rates)
        holdings.append(holding)
    Holding.objects.bulk_create(holdings)  # what they come to is kept with the target
    after = {"holdings": [[row.symbol, row.quantity, row.value] for row in story.holdings]}
    note(locked, "demo holdings added", account, LOADING, after=after)


def account_values(story: DemoAccount) -> dict[str, object]:
    return {
        "name": story.name,
        "kind": story.kind,
        "tax": story.tax,
        "currency": story.currency,
        "cash": Decimal(story.cash),
        "is_counted": not story.left_out_because,
        "reason": story.left_out_because,
    }


def holding_of(account: Account, security: Security, row: Held) -> Holding:
    today = timezone.localdate()
    return Holding(
        firm_id=account.firm_id,
        client_id=account.client_id,
        portfolio_id=account.portfolio_id,
        account=account,
        security=security,
        quantity=Decimal(row.quantity) if row.quantity else None,
        typed_value=Decimal(row.value) if row.value else None,
        cost_basis=Decimal(row.cost) if row.cost else None,
        acquired_on=today - timedelta(days=row.bought_days_ago) if row.bought_days_ago else None,
        role=row.role,
        frozen_until=today + timedelta(days=row.frozen_for_days) if row.frozen_for_days else None,
        reason=row.reason,
    )


# -- What it is meant to be --------------------------------------------------------------------------------


def set_targets(portfolio: Portfolio, story: DemoPortfolio) -> None:
    """What was typed, or each of the answers from its own day on."""
    targets = list(typed(portfolio, story) if story.typed_target else followed(portfolio, story))
    Target.objects.bulk_create(targets)
    keep(lock_portfolio(portfolio))
    for target in targets:
        result = target.assessment.public_id if target.assessment else None
        note(
            portfolio, "target set", target, LOADING, after=target.per_class() | {"result": result}
        )


def typed(portfolio: Portfolio, story: DemoPortfolio) -> Iterator[Target]:
    percents = {name: Decimal(percent) for name, percent in story.typed_target.items()}
    yield target_of(portfolio, percents, made_at=portfolio.client.created_at + TAKEN_OVER)


def followed(portfolio: Portfolio, story: DemoPortfolio) -> Iterator[Target]:
    answers = Assessment.objects.filter(ownership__client=portfolio.client_id)
    latest_first = list(answers.order_by("-created_at"))[story.ignores_latest_answers :]
    for assessment in reversed(latest_first):
        decision = Decision(assessment=assessment, override=assessment.overrides.first())
        yield target_of(
            portfolio,
            decision.percents(),
            assessment=assessment,
            override=decision.override,
            made_at=decision.at + TAKEN_OVER,
        )


def target_of(portfolio: Portfolio, percents: Mapping[str, Decimal], **values: Any) -> Target:
    return Target(
        firm_id=portfolio.firm_id,
        client_id=portfolio.client_id,
        portfolio=portfolio,
        made_by=LOADING.name,
        **{name: int(percent / POINTS) for name, percent in percents.items()},
        **values,
    )


def save_a_plan(portfolio: Portfolio) -> None:
    portfolio = lock_portfolio(portfolio)
    now, wanted = snapshot(portfolio, timezone.localdate()), Wanted(kind=Kind.FULL)
    save_plan(
        portfolio=portfolio,
        plan_id=uuid4(),
        wanted=wanted,
        switches=now.switches,
        seen=digest_of(plan_for(portfolio, now, wanted)),
        by=LOADING,
    )


# -- What was ----------------------------------------------------------------------------------------------


def put_into_the_past(portfolio: Portfolio, story: DemoPortfolio) -> None:
    """All of it was typed in when the client came."""
    since = timezone.now() - portfolio.client.created_at - TAKEN_OVER
    for rows in (
        Portfolio.objects.filter(pk=portfolio.pk),
        Account.objects.filter(portfolio=portfolio),
        Holding.objects.filter(portfolio=portfolio),
    ):
        rows.update(created_at=F("created_at") - since)
    add_past(portfolio, Standing.objects.get(portfolio=portfolio), Decimal(story.put_in))
