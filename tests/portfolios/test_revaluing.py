"""New values at new prices: the statement of PostgreSQL beside the holdings' own arithmetic."""

from datetime import date
from decimal import Decimal
from random import Random

import pytest
from django.utils import timezone

from portfolios.models import Account, ExchangeRate, Holding, Portfolio, Security
from portfolios.services.revaluing import revalue_securities
from portfolios.valuing import MOST_VALUE, NeedsPrice, NeedsRate, TooLarge, rates_of, value_of
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db
LAST = Decimal("0.00000001")


def portfolio_of(currency: str = "USD", **rates: str) -> Portfolio:
    client = ClientFactory()
    portfolio = Portfolio.objects.create(
        firm=client.firm, client=client, name="Demo", currency=currency
    )
    for other, rate in rates.items():
        ExchangeRate.objects.create(
            firm=client.firm, client=client, portfolio=portfolio,
            currency=other, rate=Decimal(rate), typed_on=timezone.localdate(),
        )  # fmt: skip
    return portfolio


def priced(
    portfolio: Portfolio, price: Decimal | None, currency: str = "USD", symbol: str = "DEMO"
) -> Security:
    return Security.objects.create(
        firm=portfolio.firm, symbol=symbol, currency=currency, price=price,
        priced_on=date(2025, 1, 2) if price is not None else None,
    )  # fmt: skip


def held(portfolio: Portfolio, security: Security, quantity: Decimal) -> Holding:
    of = {"firm": portfolio.firm, "client": portfolio.client, "portfolio": portfolio}
    account, _ = Account.objects.get_or_create(name="Demo", **of)
    return Holding.objects.create(account=account, security=security, quantity=quantity, **of)


@pytest.mark.parametrize("seed", range(6))
def test_every_value_is_what_the_holding_by_itself_comes_to(seed: int) -> None:
    draw = Random(seed)
    portfolio = portfolio_of(EUR="1.08345678", JPY="0.00642719")
    securities = [
        priced(portfolio, draw.randrange(10**13) * LAST, currency, f"DEMO{number}")
        for number, currency in enumerate(("USD", "EUR", "JPY"))
    ]
    for security in securities:
        for _ in range(40):
            held(portfolio, security, draw.randrange(10 ** draw.randrange(1, 14)) * LAST)
    revalue_securities(securities, [portfolio.pk])
    rates = rates_of(portfolio)
    for row in Holding.objects.select_related("security", "account"):
        assert row.value == value_of(row, row.security, row.account, rates)
    assert Holding.objects.exclude(value=0).exists()


@pytest.mark.parametrize(
    ("quantity", "price", "rate", "value"),
    [
        ("1", "0.005", "1", "0.01"),
        ("1", "0.00499999", "1", "0"),
        ("3", "2.115", "1", "6.35"),
        ("0.50000001", "0.00999999", "1", "0"),
        # 58915315622.954999999999999999999999, which 28 digits take for the half of a cent
        ("35049951083.94450679", "2.30601137", "0.72891913", "58915315622.95"),
    ],
)
def test_half_a_cent_is_rounded_up_and_less_is_not(
    quantity: str, price: str, rate: str, value: str
) -> None:
    portfolio = portfolio_of(EUR=rate)
    security = priced(portfolio, Decimal(price), "EUR")
    holding = held(portfolio, security, Decimal(quantity))
    revalue_securities([security], [portfolio.pk])
    holding.refresh_from_db()
    assert holding.value == Decimal(value)


@pytest.mark.parametrize("beyond", [0, 1])
def test_the_most_is_kept_and_a_cent_more_is_refused(beyond: int) -> None:
    portfolio = portfolio_of()
    security = priced(portfolio, Decimal(100))
    holding = held(portfolio, security, MOST_VALUE / 100 + beyond * Decimal("0.0001"))
    if beyond:
        with pytest.raises(TooLarge):
            revalue_securities([security], [portfolio.pk])
        return
    revalue_securities([security], [portfolio.pk])
    holding.refresh_from_db()
    assert holding.value == MOST_VALUE


def test_a_missing_price_or_rate_is_named() -> None:
    portfolio = portfolio_of()
    held(portfolio, foreign := priced(portfolio, Decimal(5), "EUR"), Decimal(1))
    with pytest.raises(NeedsRate):
        revalue_securities([foreign], [portfolio.pk])
    held(portfolio, without := priced(portfolio, None, symbol="NONE"), Decimal(1))
    with pytest.raises(NeedsPrice):
        revalue_securities([without], [portfolio.pk])


def test_other_portfolios_and_deleted_holdings_keep_their_values() -> None:
    portfolio = portfolio_of()
    security = priced(portfolio, Decimal(5))
    deleted = held(portfolio, security, Decimal(1))
    Holding.objects.filter(pk=deleted.pk).update(deleted_at=timezone.now())
    other = Portfolio.objects.create(firm=portfolio.firm, client=portfolio.client, name="Other")
    held(other, security, Decimal(1))
    revalue_securities([security], [portfolio.pk])
    assert set(Holding.objects.values_list("value", flat=True)) == {0}
