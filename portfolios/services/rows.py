"""One row of the table as somebody typed it: the holding, and of its security what the firm shares."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from portfolios.models import WHOLE, Account, Holding, Portfolio, Security
from portfolios.services.holdings import Saved, add_holding, change_holding
from portfolios.services.locking import lock_securities
from portfolios.services.portfolios import add_account
from portfolios.services.securities import (
    find_security,
    lock_portfolios,
    security_for,
    set_classes,
    set_price,
)
from questionnaire.models import ClientProfile
from questionnaire.services.locking import lock
from riskalloc.firms.audit import By

TYPED = "typed"
FIRST_ACCOUNT = _("My account")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What was typed. Without an account, the portfolio's first one is made.

    `security` is the firm's one of this symbol, where it was found. `price` and `held_class` are None and
    empty where they stay as they are; `security_version` is that of the security when the form was made, 0
    where the form did not show it.
    """

    account: Account | None
    symbol: str
    currency: str
    values: Mapping[str, Any]
    security_version: int = 0
    price: Decimal | None = None
    priced_on: date | None = None
    held_class: str = ""
    security: Security | None = None


@transaction.atomic
def add_row(*, portfolio: Portfolio, holding_id: UUID, entry: Entry, by: By) -> Saved:
    """Sent twice, added once. Raises what `add_holding` and `set_price` do."""
    lock(portfolio.client)
    known = Holding.objects.filter(pk=holding_id, portfolio=portfolio).first()
    if known:
        return Saved(known)
    security = shared(portfolio, entry, by)
    account = entry.account or first_account(portfolio, entry.currency, by)
    values = entry.values
    return add_holding(
        account=account, security=security, holding_id=holding_id, values=values, by=by
    )


@transaction.atomic
def change_row(*, holding: Holding, version: int, entry: Entry, by: By) -> Saved:
    """All of it or nothing. Raises what `change_holding` and `set_price` do."""
    security = shared(holding.portfolio, entry, by)
    return change_holding(
        holding=holding,
        version=version,
        account=entry.account or holding.account,
        security=security,
        values=entry.values,
        by=by,
    )


def shared(portfolio: Portfolio, entry: Entry, by: By) -> Security:
    """The security, with the price and the class that were typed for all who hold it.

    The trail is locked last of all, so whatever else the row needs is locked before the first entry.
    """
    stays = entry.price is None and not entry.held_class
    if entry.security and entry.account and stays:
        return entry.security
    client = lock(portfolio.client)
    known = find_security(firm=client.firm, symbol=entry.symbol)
    if known and entry.account and stays:
        return known
    if known:
        lock_securities([known.pk])
    holders = Holding.objects.kept().filter(security=known).values_list("portfolio", flat=True)
    lock_portfolios({portfolio.pk, *(holders if known else ())})
    security = security_for(
        firm=client.firm, symbol=entry.symbol, currency=entry.currency, by=by, about=client
    )
    version = entry.security_version or security.version
    put_shared(security, entry, by, client, version=version)
    return security


def put_shared(
    security: Security, entry: Entry, by: By, client: ClientProfile, *, version: int
) -> None:
    if entry.price is not None:
        assert entry.priced_on is not None
        priced = set_price(
            security=security,
            price=entry.price,
            priced_on=entry.priced_on,
            source=TYPED,
            version=version,
            by=by,
            about=client,
        )
        version += priced.version - security.version
    if entry.held_class:
        set_classes(
            security=security,
            per_class={entry.held_class: WHOLE},
            name=security.name,
            version=version,
            by=by,
            about=client,
        )


def first_account(portfolio: Portfolio, currency: str, by: By) -> Account:
    """Where somebody starts with a holding; always the same one, however often it is asked for."""
    account_id = uuid5(portfolio.pk, "first account")
    values = {"name": FIRST_ACCOUNT, "currency": currency}
    return add_account(portfolio=portfolio, account_id=account_id, values=values, by=by)
