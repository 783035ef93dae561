"""Holdings: added, changed, deleted and brought back."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from portfolios.models import Account, Holding, Portfolio, Security
from portfolios.services.locking import ChangedMeanwhile, lock_portfolio, note
from portfolios.services.standing import keep
from portfolios.snapshots import Snapshot
from portfolios.valuing import rates_of, value_of
from riskalloc.engine.amounts import plain
from riskalloc.firms.audit import By, changes, plain_values
from riskalloc.firms.tenancy import unless_hidden
from riskalloc.web.errors import Gone

HOLDING_VALUES = (
    "quantity",
    "typed_value",
    "role",
    "frozen_until",
    "reason",
    "cost_basis",
    "acquired_on",
)
IN_THE_TRAIL = ("account_id", "security_id", *HOLDING_VALUES, "value")
MOST_HOLDINGS = 5_000  # in one portfolio


class TooManyHoldings(Exception):
    """There is no room for another one."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A holding, and the portfolio as it was read to write where it stands.

    `now` is None where there was nothing to do.
    """

    holding: Holding
    now: Snapshot | None = None


@transaction.atomic
def add_holding(
    *, account: Account, security: Security, holding_id: UUID, values: Mapping[str, Any], by: By
) -> Saved:
    """Sent twice, added once. Raises NeedsPrice, NeedsRate, TooLarge or TooManyHoldings."""
    portfolio = lock_portfolio(account.portfolio, [security.pk])
    known = Holding.objects.filter(pk=holding_id).first()
    if known and known.portfolio_id == portfolio.pk:
        return Saved(known)
    _check_room(portfolio)
    holding = Holding(
        # An id that is somebody else's says nothing here.
        pk=uuid4() if known else unless_hidden(Holding, holding_id),
        firm=portfolio.firm,
        client=portfolio.client,
        portfolio=portfolio,
        account=_account_in(portfolio, account),
        security=_security_in(portfolio, security),
        **values,
    )
    holding.value = value_of(holding, holding.security, holding.account, rates_of(portfolio))
    holding.save(force_insert=True)
    saved = Saved(holding, keep(portfolio))
    note(portfolio, "holding added", holding, by, after=said_of(holding))
    return saved


@transaction.atomic
def change_holding(
    *,
    holding: Holding,
    version: int,
    account: Account,
    security: Security,
    values: Mapping[str, Any],
    by: By,
) -> Saved:
    """As it is now. Raises NeedsPrice, NeedsRate, TooLarge, Gone, or ChangedMeanwhile (with theirs).

    Where what somebody else saved is the same, nobody has to be asked.
    """
    portfolio = lock_portfolio(holding.portfolio, [security.pk])
    locked = _kept(portfolio, holding.pk)
    before = said_of(locked)
    if account.pk != locked.account_id:
        locked.account = _account_in(portfolio, account)
    if security.pk != locked.security_id:
        locked.security = _security_in(portfolio, security)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.value = value_of(locked, locked.security, locked.account, rates_of(portfolio))
    was, now = changes(before, said_of(locked))
    if not now:
        return Saved(locked)
    if locked.version != version:
        raise ChangedMeanwhile(_kept(portfolio, holding.pk))
    locked.version += 1
    locked.save()
    saved = Saved(locked, keep(portfolio))
    note(portfolio, "holding changed", locked, by, before=was, after=now)
    return saved


@transaction.atomic
def delete_holding(*, holding: Holding, by: By) -> Saved:
    """Out of all figures, until somebody brings it back. Deleted twice, it is deleted once."""
    return _set_deleted(holding, by, is_deleted=True)


@transaction.atomic
def restore_holding(*, holding: Holding, by: By) -> Saved:
    """Back into all figures. Raises NeedsPrice, NeedsRate, TooLarge or TooManyHoldings."""
    return _set_deleted(holding, by, is_deleted=False)


@transaction.atomic
def delete_all(*, portfolio: Portfolio, by: By) -> int:
    """Every holding, as if deleted one by one; how many there were. Each can be brought back."""
    locked = lock_portfolio(portfolio)
    found = list(locked.holdings.kept().order_by("pk"))
    now = timezone.now()
    for holding in found:
        holding.deleted_at, holding.version = now, holding.version + 1
    Holding.objects.bulk_update(found, ["deleted_at", "version"], batch_size=200)
    if found:
        keep(locked)
        note(locked, "all holdings deleted", locked, by, after={"count": len(found)})
    return len(found)


def _set_deleted(holding: Holding, by: By, *, is_deleted: bool) -> Saved:
    portfolio = lock_portfolio(holding.portfolio, [holding.security_id])
    locked = _of(portfolio, holding.pk)
    if (locked.deleted_at is not None) == is_deleted:
        return Saved(locked)
    if not is_deleted:
        _check_room(portfolio)
    locked.deleted_at = timezone.now() if is_deleted else None
    if not is_deleted:  # a price may have changed meanwhile
        locked.value = value_of(locked, locked.security, locked.account, rates_of(portfolio))
    locked.version += 1
    locked.save(update_fields=["deleted_at", "value", "version"])
    saved = Saved(locked, keep(portfolio))
    action = "holding deleted" if is_deleted else "holding restored"
    note(portfolio, action, locked, by, after={"value": plain(locked.value)})
    return saved


def said_of(holding: Holding) -> dict[str, Any]:
    """What the trail keeps of it; 5 and 5.00 are one number."""
    said = plain_values(holding, IN_THE_TRAIL)
    numbers = {name: getattr(holding, name) for name in IN_THE_TRAIL}
    return said | {name: plain(n) for name, n in numbers.items() if isinstance(n, Decimal)}


def _check_room(portfolio: Portfolio) -> None:
    if portfolio.holdings.kept().count() >= MOST_HOLDINGS:
        raise TooManyHoldings


def _account_in(portfolio: Portfolio, account: Account) -> Account:
    """As it is now; Gone where it was removed meanwhile."""
    found = Account.objects.filter(pk=account.pk, portfolio=portfolio).first()
    if found is None:
        raise Gone
    return found


def _security_in(portfolio: Portfolio, security: Security) -> Security:
    """As it is now; Gone where it went with the last who held it."""
    found = Security.objects.filter(pk=security.pk, firm=portfolio.firm_id).first()
    if found is None:
        raise Gone
    return found


def _of(portfolio: Portfolio, holding_id: UUID) -> Holding:
    rows = Holding.objects.select_related("security", "account")
    found = rows.filter(pk=holding_id, portfolio=portfolio).first()
    if found is None:
        raise Gone
    return found


def _kept(portfolio: Portfolio, holding_id: UUID) -> Holding:
    found = _of(portfolio, holding_id)
    if found.deleted_at is not None:
        raise ChangedMeanwhile(found)
    return found
