"""Where portfolios stand: kept with every change, and recomputed for many at once."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from portfolios.models import (
    WHOLE,
    Account,
    BandKind,
    DayValue,
    Holding,
    Policy,
    Portfolio,
    Security,
    Standing,
    Target,
)
from portfolios.services.standing import COLUMNS, computed, keep, keep_many
from portfolios.valuing import TooLarge
from tests.factories import ClientFactory
from tests.portfolios.books import book

pytestmark = pytest.mark.django_db
FIGURES = [name for name in COLUMNS if name != "refreshed_at"]


def figures(standing: Standing) -> dict[str, Any]:
    return {name: getattr(standing, name) for name in FIGURES}


@pytest.mark.parametrize("seed", range(12))
def test_many_at_once_stand_exactly_where_each_stands_by_itself(seed: int) -> None:
    portfolios = list(book(ClientFactory(), seed, 25))
    assert keep_many(portfolio.pk for portfolio in portfolios) == 25
    stored = {row.pk: row for row in Standing.objects.all()}
    rows = Portfolio.objects.select_related("policy", "client", "firm")
    for portfolio in rows:
        assert figures(stored[portfolio.pk]) == figures(computed(portfolio)), portfolio.name
    assert any(row.fires_band for row in stored.values())
    assert any(row.drift is None for row in stored.values())


def test_classes_and_what_is_not_classed_add_up_to_the_value() -> None:
    for portfolio in book(ClientFactory(), 7, 20):
        keep(portfolio)
        standing = Standing.objects.get(portfolio=portfolio)
        units = sum(standing.per_class().values()) + standing.unclassified
        assert Decimal(units).scaleb(-6) == standing.value


def test_the_largest_security_is_added_up_over_accounts_and_cash_is_none() -> None:
    (portfolio,) = book(ClientFactory(), 2, 1)
    portfolio.accounts.all().delete()
    hold(portfolio, us_large_cap=500, us_aggregate=300)
    other = portfolio.accounts.create(
        firm=portfolio.firm, client=portfolio.client, name="Other", cash=Decimal(5_000)
    )
    bonds = Security.objects.get(symbol="us_aggregate")
    Holding.objects.create(
        firm=portfolio.firm, client=portfolio.client, portfolio=portfolio, account=other,
        security=bonds, typed_value=Decimal(250), value=Decimal(250),
    )  # fmt: skip
    keep_many([portfolio.pk])
    assert Standing.objects.get().largest == 550
    assert computed(Portfolio.objects.select_related("policy").get()).largest == 550


def test_what_is_far_beyond_reckoning_is_refused_before_it_is_kept() -> None:
    (portfolio,) = book(ClientFactory(), 2, 1)
    portfolio.accounts.all().delete()
    hold(portfolio, **dict.fromkeys(("us_large_cap", "reit", "tips", "cash", "gold"), 10**12))
    Holding.objects.update(value=Decimal(10) ** 15)
    with pytest.raises(TooLarge):
        keep_many([portfolio.pk])


@pytest.mark.parametrize("stocks", range(3_000, 9_001, 250))
def test_both_ways_name_the_same_label(stocks: int) -> None:
    (portfolio,) = book(ClientFactory(), 2, 1)
    portfolio.accounts.all().delete()
    hold(portfolio, us_large_cap=stocks, us_aggregate=10_000 - stocks)
    keep_many([portfolio.pk])
    found = Portfolio.objects.select_related("policy").get()
    assert Standing.objects.get().behaves_like == computed(found).behaves_like


def test_an_empty_portfolio_is_worth_nothing_and_has_no_drift() -> None:
    (portfolio,) = book(ClientFactory(), 3, 1)
    Holding.objects.all().delete()
    portfolio.accounts.update(cash=0)
    for _ in range(2):
        keep_many([portfolio.pk])
    standing = Standing.objects.get()
    assert (standing.value, standing.drift, standing.fires_band) == (0, None, None)


def test_a_day_has_one_value_the_last_one() -> None:
    (portfolio,) = book(ClientFactory(), 11, 1)
    keep(portfolio)
    earlier = timezone.localdate() - timedelta(days=3)
    DayValue.objects.update(day=earlier)
    keep(portfolio)
    portfolio.holdings.all().delete()
    keep_many([portfolio.pk])
    days = {row.day: row.value for row in DayValue.objects.all()}
    assert sorted(days) == [earlier, timezone.localdate()]
    assert days[timezone.localdate()] == Standing.objects.get().value


def test_keeping_costs_the_same_queries_for_few_holdings_and_for_many(
    django_assert_num_queries: Any,
) -> None:
    few, many = list(book(ClientFactory(), 5, 2))
    account = many.accounts.first() or few.accounts.first()
    assert account is not None
    row = Holding.objects.first()
    assert row is not None
    Holding.objects.bulk_create(
        Holding(
            firm=few.firm, client=few.client, portfolio=account.portfolio, account=account,
            security=row.security, typed_value=Decimal(5), value=Decimal(5),
        )
        for _ in range(300)
    )  # fmt: skip
    for portfolio in (few, many):
        found = Portfolio.objects.select_related("policy").get(pk=portfolio.pk)
        with django_assert_num_queries(6):
            keep(found)


@pytest.mark.parametrize(("moved", "fires"), [(299, False), (300, True), (301, True)])
def test_drift_fires_from_its_limit_on_and_not_below(moved: int, fires: bool) -> None:
    (portfolio,) = book(ClientFactory(), 2, 1)
    portfolio.accounts.all().delete()
    hold(portfolio, us_large_cap=6_000 + moved, us_aggregate=4_000 - moved)
    Policy.objects.filter(portfolio=portfolio).update(drift_points=Decimal(3), band=BandKind.NONE)
    aim(portfolio, us_large_cap=6_000, us_aggregate=4_000)
    keep_many([portfolio.pk])
    standing = Standing.objects.get()
    assert standing.drift == Decimal(moved) / 100
    assert standing.fires_portfolio_drift is fires
    assert not standing.fires_band


@pytest.mark.parametrize(("moved", "fires"), [(499, False), (500, False), (501, True)])
def test_a_band_fires_outside_its_edge_and_not_on_it(moved: int, fires: bool) -> None:
    (portfolio,) = book(ClientFactory(), 2, 1)
    portfolio.accounts.all().delete()
    hold(portfolio, us_large_cap=6_000 + moved, us_aggregate=4_000 - moved)
    Policy.objects.filter(portfolio=portfolio).update(band=BandKind.FIVE_TWENTY_FIVE)
    aim(portfolio, us_large_cap=6_000, us_aggregate=4_000)
    keep_many([portfolio.pk])
    assert Standing.objects.get().fires_band is fires


def hold(portfolio: Portfolio, **dollars: int) -> None:
    of = {"firm": portfolio.firm, "client": portfolio.client}
    account = Account.objects.create(portfolio=portfolio, name="Demo", **of)
    for name, value in dollars.items():
        security = Security.objects.create(firm=portfolio.firm, symbol=name, **{name: WHOLE})
        Holding.objects.create(
            portfolio=portfolio, account=account, security=security,
            typed_value=Decimal(value), value=Decimal(value), **of,
        )  # fmt: skip


def aim(portfolio: Portfolio, **parts: int) -> None:
    Target.objects.create(
        portfolio=portfolio,
        firm=portfolio.firm,
        client=portfolio.client,
        made_at=timezone.now() + timedelta(days=1),
        **parts,
    )
