"""What a holding comes to in the portfolio's currency."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from portfolios.models import Account, ExchangeRate, Holding, Portfolio, Security
from riskalloc.engine.amounts import half_up
from riskalloc.engine.exact import EXACT

ONE = Decimal(1)
MOST_VALUE = Decimal(10) ** 12  # of one holding, and of one portfolio


class NeedsRate(Exception):
    """There is no exchange rate for `currency`."""

    def __init__(self, currency: str) -> None:
        super().__init__(f"There is no exchange rate for {currency}.")
        self.currency = currency


class NeedsPrice(Exception):
    """A quantity of something that has no price yet."""


class TooLarge(Exception):
    """More than can be reckoned with."""


def rates_of(portfolio: Portfolio) -> dict[str, Decimal]:
    """What one unit of each currency is worth, the portfolio's own included."""
    return rates_of_each([portfolio])[portfolio.pk]


def rates_of_each(portfolios: Iterable[Portfolio]) -> dict[UUID, dict[str, Decimal]]:
    """One query."""
    found = {portfolio.pk: {portfolio.currency: ONE} for portfolio in portfolios}
    typed = ExchangeRate.objects.filter(portfolio__in=found)
    for key, currency, rate in typed.values_list("portfolio_id", "currency", "rate"):
        found[key][currency] = rate
    return found


def rate_for(rates: dict[str, Decimal], currency: str) -> Decimal:
    try:
        return rates[currency]
    except KeyError:
        raise NeedsRate(currency) from None


def value_of(
    holding: Holding, security: Security, account: Account, rates: dict[str, Decimal]
) -> Decimal:
    """Rounded half up to the cent. Raises NeedsPrice, NeedsRate or TooLarge."""
    if holding.quantity is None:
        value = EXACT.multiply(holding.typed_value, rate_for(rates, account.currency))
    elif security.price is None:
        raise NeedsPrice
    else:
        units = EXACT.multiply(holding.quantity, security.price)
        value = EXACT.multiply(units, rate_for(rates, security.currency))
    value = half_up(value, 2)
    if value > MOST_VALUE:
        raise TooLarge
    return value


def is_tradable(holding: Holding, today: date) -> bool:
    """A lock with a day ends on that day."""
    if holding.role == "frozen":
        return holding.frozen_until is not None and holding.frozen_until <= today
    return holding.role == "tradable"
