"""Where a portfolio would stand with what somebody types: nothing is stored, and nothing is locked."""

from copy import copy
from datetime import date
from decimal import Decimal

from portfolios.models import WHOLE, Holding, Portfolio, Security
from portfolios.services.rows import TYPED, Entry
from portfolios.services.securities import new_security, put_price
from portfolios.services.standing import check_size
from portfolios.snapshots import HeldRow, Snapshot, held_row, known_of_each, worked_out
from portfolios.valuing import MOST_VALUE, value_of

Rates = dict[str, Decimal]


def preview_row(*, holding: Holding, entry: Entry, typed: Rates, today: date) -> Snapshot:
    """As `change_row` would leave it, with the rates that were typed.

    Raises NeedsPrice, NeedsRate or TooLarge.
    """
    portfolio = holding.portfolio
    (known,) = known_of_each([portfolio])
    rates, account = known.rates | typed, entry.account or holding.account
    security = security_with(entry, portfolio)
    mine = Holding(pk=holding.pk, account=account, security=security, **entry.values)
    mine.value = value_of(mine, security, account, rates)
    held = [held_row(mine) if row.id == mine.pk else follow(row, mine, rates) for row in known.held]
    now = worked_out(known._replace(rates=rates, held=held), portfolio.policy, today)
    check_size(now.value > MOST_VALUE)
    return now


def security_with(entry: Entry, portfolio: Portfolio) -> Security:
    """The security, with the price and the class that were typed for all who hold it."""
    security = copy(entry.security) or new_security(
        firm=portfolio.client.firm, symbol=entry.symbol, currency=entry.currency
    )
    if entry.price is not None:
        assert entry.priced_on is not None
        put_price(security, entry.price, entry.priced_on, TYPED)
    if entry.held_class:
        security.put_per_class({entry.held_class: WHOLE})
    return security


def follow(row: HeldRow, mine: Holding, rates: Rates) -> HeldRow:
    """Another row; where it is of the same security, at its price and in its classes."""
    if row.symbol != mine.security.symbol:
        return row
    now = held_row(mine)
    row = row._replace(price=now.price, priced_on=now.priced_on, classes=now.classes)
    if row.quantity is None:
        return row
    units = Holding(quantity=row.quantity)
    return row._replace(value=value_of(units, mine.security, mine.account, rates))
