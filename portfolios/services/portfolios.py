"""Portfolios, their accounts and exchange rates: made, changed, put aside."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from portfolios.models import Account, ExchangeRate, Policy, Portfolio
from portfolios.services.locking import ChangedMeanwhile, lock_portfolio, note
from portfolios.services.standing import keep
from portfolios.valuing import rate_for, rates_of, value_of
from questionnaire.models import ClientProfile
from questionnaire.services.locking import lock
from riskalloc.firms.audit import By, changes, plain_values, record
from riskalloc.firms.tenancy import unless_hidden
from riskalloc.web.errors import Gone

PORTFOLIO_VALUES = ("name", "currency")
ACCOUNT_VALUES = (
    "name",
    "kind",
    "tax",
    "currency",
    "cash",
    "custodian",
    "is_counted",
    "reason",
)
MOST_PORTFOLIOS = 20
MOST_ACCOUNTS = 50


class TooMany(Exception):
    """There is no room for another one."""


class StillHolds(Exception):
    """An account with holdings is not removed."""


@transaction.atomic
def create_portfolio(
    *, client: ClientProfile, portfolio_id: UUID, values: Mapping[str, Any], by: By
) -> Portfolio:
    """A new portfolio with the usual policy. Sent twice, it is created once."""
    client = lock(client)
    known = Portfolio.objects.filter(pk=portfolio_id).first()
    if known and known.client_id == client.pk:
        return known
    if client.portfolios.count() >= MOST_PORTFOLIOS:
        raise TooMany
    # An id that is somebody else's says nothing here.
    pk = uuid4() if known else unless_hidden(Portfolio, portfolio_id)
    portfolio = Portfolio.objects.create(pk=pk, firm=client.firm, client=client, **values)
    Policy.objects.create(portfolio=portfolio, firm=client.firm, client=client)
    keep(portfolio)
    record(
        by=by,
        firm_id=client.firm_id,
        action="portfolio created",
        of=portfolio,
        about=client.pk,
        after=plain_values(portfolio, PORTFOLIO_VALUES),
    )
    return portfolio


@transaction.atomic
def rename_portfolio(*, portfolio: Portfolio, version: int, name: str, by: By) -> None:
    """Raises ChangedMeanwhile, unless it is called that by now."""
    locked = lock_portfolio(portfolio)
    if locked.name == name:
        return
    if locked.version != version:
        raise ChangedMeanwhile(locked)
    before, locked.name = {"name": locked.name}, name
    locked.version += 1
    locked.save(update_fields=["name", "version"])
    note(locked, "portfolio renamed", locked, by, before=before, after={"name": name})


@transaction.atomic
def archive_portfolio(*, portfolio: Portfolio, by: By) -> None:
    """Put aside: on no list; nothing is lost."""
    locked = lock_portfolio(portfolio)
    if locked.archived_at is None:
        locked.archived_at = timezone.now()
        locked.save(update_fields=["archived_at"])
        note(locked, "portfolio archived", locked, by)


@transaction.atomic
def restore_portfolio(*, portfolio: Portfolio, by: By) -> None:
    locked = lock_portfolio(portfolio)
    if locked.archived_at is not None:
        locked.archived_at = None
        locked.save(update_fields=["archived_at"])
        note(locked, "portfolio restored", locked, by)


# -- Accounts ---------------------------------------------------------------------------------------------


@transaction.atomic
def add_account(
    *, portfolio: Portfolio, account_id: UUID, values: Mapping[str, Any], by: By
) -> Account:
    """Sent twice, added once. Raises TooMany, or NeedsRate for a currency that has none."""
    locked = lock_portfolio(portfolio)
    known = Account.objects.filter(pk=account_id).first()
    if known and known.portfolio_id == locked.pk:
        return known
    if locked.accounts.count() >= MOST_ACCOUNTS:
        raise TooMany
    account = Account.objects.create(
        # An id that is somebody else's says nothing here.
        pk=uuid4() if known else unless_hidden(Account, account_id),
        firm=locked.firm,
        client=locked.client,
        portfolio=locked,
        **values,
    )
    rate_for(rates_of(locked), account.currency)
    keep(locked)
    note(locked, "account added", account, by, after=plain_values(account, ACCOUNT_VALUES))
    return account


@transaction.atomic
def change_account(*, account: Account, version: int, values: Mapping[str, Any], by: By) -> None:
    """Raises ChangedMeanwhile unless it says the same by now, NeedsRate, TooLarge or Gone."""
    portfolio = lock_portfolio(account.portfolio)
    locked = _account_of(portfolio, account)
    before = plain_values(locked, ACCOUNT_VALUES)
    for name, value in values.items():
        setattr(locked, name, value)
    was, now = changes(before, plain_values(locked, ACCOUNT_VALUES))
    if not now:
        return
    if locked.version != version:
        raise ChangedMeanwhile(_account_of(portfolio, account))
    locked.version += 1
    locked.save(update_fields=[*values, "version"])
    if "currency" in now:
        revalue(portfolio)
    rate_for(rates_of(portfolio), locked.currency)
    keep(portfolio)
    note(portfolio, "account changed", locked, by, before=was, after=now)


@transaction.atomic
def remove_account(*, account: Account, by: By) -> None:
    """An empty one; StillHolds where something is in it, deleted holdings that can come back included."""
    portfolio = lock_portfolio(account.portfolio)
    locked = Account.objects.filter(pk=account.pk).first()
    if locked is None:
        return
    if locked.holdings.exists():
        raise StillHolds
    before = plain_values(locked, ACCOUNT_VALUES)
    locked.delete()
    keep(portfolio)
    locked.pk = account.pk
    note(portfolio, "account removed", locked, by, before=before)


def _account_of(portfolio: Portfolio, account: Account) -> Account:
    found = Account.objects.filter(pk=account.pk, portfolio=portfolio).first()
    if found is None:
        raise Gone
    return found


# -- Exchange rates ---------------------------------------------------------------------------------------


@transaction.atomic
def set_rate(*, portfolio: Portfolio, currency: str, rate: Decimal, typed_on: date, by: By) -> None:
    """What one unit of `currency` is worth from now on."""
    locked = lock_portfolio(portfolio)
    row = ExchangeRate.objects.filter(portfolio=locked, currency=currency).first()
    before = plain_values(row, ("currency", "rate", "typed_on")) if row else None
    row = row or ExchangeRate(
        firm=locked.firm, client=locked.client, portfolio=locked, currency=currency
    )
    row.rate, row.typed_on = rate, typed_on
    row.save()
    revalue(locked)
    keep(locked)
    after = plain_values(row, ("currency", "rate", "typed_on"))
    note(locked, "exchange rate typed", row, by, before=before, after=after)


def revalue(portfolio: Portfolio) -> None:
    """Every holding anew, after a rate or a currency has changed; the portfolio is locked."""
    rates = rates_of(portfolio)
    holdings = list(portfolio.holdings.select_related("security", "account"))
    for holding in holdings:
        holding.value = value_of(holding, holding.security, holding.account, rates)
    portfolio.holdings.bulk_update(holdings, ["value"], batch_size=200)
