"""Invented holdings to try things out with."""

from decimal import Decimal
from uuid import uuid4

import pytest

from portfolios.models import Account, Holding, Security
from portfolios.services.holdings import add_holding
from riskalloc.firms.models import AuditEntry, Role
from tests.factories import ClientFactory, UserFactory, assign
from tests.firms.people import browser_of
from tests.portfolios.people import (
    BY,
    account_for,
    aimed,
    held,
    own_browser,
    portfolio_for,
    security_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(db):
    browser = own_browser()
    browser.portfolio = portfolio_for(browser.profile)
    browser.address = f"/p/{browser.portfolio.pk}/sample/"
    return browser


def standing_of(portfolio):
    portfolio.standing.refresh_from_db()
    return portfolio.standing


def test_the_sample_is_the_articles_example_and_says_what_it_is(browser):
    aimed(browser.portfolio)
    answer = browser.post(browser.address)
    assert (answer.status_code, answer["Location"]) == (303, f"/p/{browser.portfolio.pk}/")
    account = Account.objects.get()
    assert (account.name, account.is_sample) == ("Sample account", True)
    standing = standing_of(browser.portfolio)
    assert standing.value == 110_000
    assert standing.drift == Decimal("3.636363")
    assert standing.fires_portfolio_drift
    assert "Sample" in browser.get(f"/p/{browser.portfolio.pk}/accounts/").content.decode()
    assert "This is a sample." in browser.get(f"/p/{browser.portfolio.pk}/").content.decode()


def test_pressed_five_times_it_comes_once(browser):
    for _ in range(5):
        assert browser.post(browser.address).status_code == 303
    assert Holding.objects.count() == 4
    assert AuditEntry.objects.filter(action="sample added").count() == 1


def test_the_real_funds_of_the_firm_keep_their_prices(browser):
    real = security_of(browser.portfolio, "VOO", "612.34")
    browser.post(browser.address)
    real.refresh_from_db()
    assert (real.symbol, real.price) == ("VOO", Decimal("612.34"))
    assert standing_of(browser.portfolio).value == 110_000


def test_it_is_gone_without_a_trace_in_any_figure(browser):
    browser.post(browser.address)
    for _ in range(3):
        assert browser.post(f"{browser.address}remove/").status_code == 303
    assert not Holding.objects.exists()
    assert not Account.objects.exists()
    assert not Security.objects.exists()
    assert standing_of(browser.portfolio).value == 0
    assert AuditEntry.objects.filter(action="sample removed").count() == 1
    assert browser.post(browser.address).status_code == 303


def test_what_somebody_added_by_hand_stays(browser):
    browser.post(browser.address)
    account = Account.objects.get()
    add_holding(
        account=account,
        security=security_of(browser.portfolio, "VTI", "100"),
        holding_id=uuid4(),
        values={"quantity": Decimal(3)},
        by=BY,
    )
    browser.post(f"{browser.address}remove/")
    account.refresh_from_db()
    assert (account.name, account.is_sample) == ("My account", False)
    assert standing_of(browser.portfolio).value == 300


def test_another_portfolio_keeps_its_own_sample(browser):
    other = portfolio_for(browser.profile, "House")
    browser.post(browser.address)
    browser.post(f"/p/{other.pk}/sample/")
    browser.post(f"{browser.address}remove/")
    assert standing_of(other).value == 110_000


def test_it_does_not_mix_with_what_is_there(browser):
    held(account_for(browser.portfolio), security_of(browser.portfolio))
    answer = browser.post(browser.address)
    assert answer.status_code == 409
    assert "The sample is for an empty portfolio" in answer.content.decode()
    assert Holding.objects.count() == 1


def test_a_portfolio_in_euros_needs_to_know_what_a_dollar_is(browser):
    portfolio = portfolio_for(browser.profile, "Haus", currency="EUR")
    answer = browser.post(f"/p/{portfolio.pk}/sample/")
    assert answer.status_code == 422
    assert "Type first what 1 USD is worth" in answer.content.decode()
    rate = {"rate_currency": "USD", "rate": "0.5", "typed_on": "2026-03-03"}
    browser.post(f"/p/{portfolio.pk}/rates/", rate)
    browser.post(f"/p/{portfolio.pk}/sample/")
    assert standing_of(portfolio).value == 55_000


def test_readers_and_strangers_add_and_remove_nothing():
    portfolio = portfolio_for(ClientFactory())
    reader = browser_of(assign(portfolio.client, Role.READER))
    for browser in (reader, browser_of(UserFactory())):
        for address in (f"/p/{portfolio.pk}/sample/", f"/p/{portfolio.pk}/sample/remove/"):
            assert browser.post(address).status_code == 404
            assert browser.get(address).status_code == 405
    assert not Account.objects.exists()
