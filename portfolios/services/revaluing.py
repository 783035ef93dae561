"""What holdings are worth at new prices: on PostgreSQL by one statement, else row by row.

A test holds the two ways equal.
"""

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from portfolios.models import ExchangeRate, Holding, Portfolio, Security
from portfolios.models.fixed import MONEY_PLACES, PRICE_PLACES, QUANTITY_PLACES, RATE_PLACES
from portfolios.services.refreshing import array_of
from portfolios.valuing import MOST_VALUE, ONE, TooLarge, value_of

BATCH = 200
MOST_CENTS = int(MOST_VALUE.scaleb(MONEY_PLACES))
RATE_OF_ONE = 10**RATE_PLACES
# Never divided: a product has as many decimals as it needs, a quotient as many as PostgreSQL thinks fit.
CENT = Decimal(1).scaleb(MONEY_PLACES - QUANTITY_PLACES - PRICE_PLACES - RATE_PLACES)

WORTH_SQL = f"""
WITH worth AS MATERIALIZED (
    SELECT h.id, h.value, round(
        h.quantity::numeric * s.price * {CENT:f}
            * CASE WHEN s.currency = p.currency THEN {RATE_OF_ONE} ELSE r.rate END
    ) AS now
    FROM portfolios_holding h
    JOIN portfolios_security s ON s.id = h.security_id
    JOIN portfolios_portfolio p ON p.id = h.portfolio_id
    LEFT JOIN portfolios_exchangerate r ON r.portfolio_id = p.id AND r.currency = s.currency
    WHERE s.id = ANY(%(securities)s::uuid[]) AND h.deleted_at IS NULL AND h.quantity IS NOT NULL
        AND p.id IN (SELECT unnest(%(portfolios)s::uuid[]))
),
changed AS (
    UPDATE portfolios_holding h SET value = w.now FROM worth w
    WHERE h.id = w.id AND w.now <> w.value AND w.now <= {MOST_CENTS}
)
SELECT count(*) FILTER (WHERE now IS NULL), coalesce(max(now), 0) FROM worth
"""  # noqa: S608  # numbers only


def revalue_securities(securities: Iterable[Security], portfolios: Collection[UUID]) -> None:
    """What holdings of these are worth at their saved prices, in locked portfolios. Raises TooLarge."""
    by_key = {security.pk: security for security in securities}
    if not by_key or not portfolios:
        return
    if connection.vendor != "postgresql" or not _at_once(by_key, portfolios):
        _one_by_one(by_key, portfolios)


def _at_once(securities: Iterable[UUID], portfolios: Iterable[UUID]) -> bool:
    """False where a price or a rate is missing: row by row it is found out which."""
    named: dict[str, Any] = {"securities": array_of(securities), "portfolios": array_of(portfolios)}
    with connection.cursor() as cursor:
        cursor.execute(WORTH_SQL, named)
        missing, largest = cursor.fetchone()
    if largest > MOST_CENTS:
        raise TooLarge
    return not missing


def _one_by_one(securities: dict[UUID, Security], portfolios: Collection[UUID]) -> None:
    currencies = Portfolio.objects.filter(pk__in=portfolios).values_list("pk", "currency")
    rates: dict[UUID, dict[str, Decimal]] = {key: {currency: ONE} for key, currency in currencies}
    typed = ExchangeRate.objects.filter(portfolio__in=portfolios)
    for key, currency, rate in typed.values_list("portfolio", "currency", "rate"):
        rates[key][currency] = rate
    rows = Holding.objects.kept().filter(security__in=securities, portfolio__in=portfolios)
    changed = []
    for holding in rows.filter(quantity__isnull=False).select_related("account"):
        security = securities[holding.security_id]
        value = value_of(holding, security, holding.account, rates[holding.portfolio_id])
        if value != holding.value:
            holding.value = value
            changed.append(holding)
    Holding.objects.bulk_update(changed, ["value"], batch_size=BATCH)
