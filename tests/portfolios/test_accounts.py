"""Accounts of a portfolio, and what currencies are worth."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from portfolios.models import Account, ExchangeRate
from riskalloc.firms.models import AuditEntry, Role
from tests.factories import ClientFactory, UserFactory, assign
from tests.firms.people import browser_of, queries
from tests.portfolios.people import (
    account_for,
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
    browser.accounts = f"/p/{browser.portfolio.pk}/accounts/"
    browser.rates = f"/p/{browser.portfolio.pk}/rates/"
    return browser


def sent(**fields):
    return {
        "id": uuid4(), "name": "Schwab", "kind": "brokerage", "tax": "", "currency": "USD",
        "cash": "2,500.50", "is_counted": "on",
    } | fields  # fmt: skip


def changed(account, **fields):
    return sent(version=account.version, **fields)


# -- Adding -----------------------------------------------------------------------------------------------


def test_an_account_is_added_with_its_cash(browser):
    assert browser.post(browser.accounts, sent(custodian="Schwab")).status_code == 303
    account = Account.objects.get()
    assert (account.cash, account.tax, account.custodian) == (
        Decimal("2500.50"),
        "taxable",
        "Schwab",
    )
    browser.portfolio.standing.refresh_from_db()
    assert browser.portfolio.standing.value == Decimal("2500.50")
    page = browser.get(browser.accounts).content.decode()
    assert "$2,500.50" in page


@pytest.mark.parametrize(
    ("kind", "tax"),
    [
        ("brokerage", "taxable"), ("bank", "taxable"), ("ira", "tax_deferred"),
        ("roth_ira", "tax_free"), ("401k", "tax_deferred"), ("roth_401k", "tax_free"),
        ("hsa", "tax_free"), ("education", "tax_free"), ("pension", "tax_deferred"),
        ("other", "taxable"),
    ],
)  # fmt: skip
def test_each_kind_is_taxed_as_usual_unless_somebody_says_otherwise(browser, kind, tax):
    browser.post(browser.accounts, sent(kind=kind))
    assert Account.objects.get().tax == tax


def test_how_it_is_taxed_can_be_said(browser):
    browser.post(browser.accounts, sent(kind="other", tax="tax_free"))
    assert Account.objects.get().tax == "tax_free"


def test_sent_five_times_it_is_added_once(browser):
    form = sent()
    for _ in range(5):
        assert browser.post(browser.accounts, form).status_code == 303
    assert Account.objects.count() == 1


def test_an_id_that_is_somebody_elses_makes_another_one(browser):
    theirs = account_for(portfolio_for(ClientFactory()), name="Theirs")
    assert browser.post(browser.accounts, sent(id=theirs.pk)).status_code == 303
    theirs.refresh_from_db()
    assert theirs.name == "Theirs"
    assert browser.portfolio.accounts.get().name == "Schwab"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "Enter a name"),
        ({"kind": "piggy bank"}, "Select a kind"),
        ({"tax": "none"}, "Select how it is taxed"),
        ({"currency": "XXX"}, "Select a currency"),
        ({"cash": "-1"}, "Enter 0 or more"),
        ({"cash": "1e3"}, "Use plain digits"),
        ({"cash": "1_000"}, "Use plain digits"),
        ({"cash": "1.005"}, "Use at most 2 decimals"),
        ({"cash": "1" + "0" * 30}, "Enter at most 1,000,000,000,000"),
        ({"cash": "9" * 100}, "Enter a number, like 2,500"),
        ({"cash": "NaN"}, "Use plain digits"),
        ({"is_counted": ""}, "Say why it is left out"),
        ({"reason": "x" * 300}, "at most 200 characters"),
        ({"currency": "EUR"}, "There is no exchange rate for EUR yet"),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(browser, fields, sentence):
    answer = browser.post(browser.accounts, sent(**fields))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Account.objects.exists()


def test_more_than_can_be_reckoned_with_is_refused(browser):
    browser.post(browser.accounts, sent(cash="1,000,000,000,000"))
    answer = browser.post(browser.accounts, sent(cash="1"))
    assert answer.status_code == 422
    assert "more than can be reckoned with" in answer.content.decode()
    assert Account.objects.count() == 1


def test_there_is_room_for_so_many(browser, monkeypatch):
    monkeypatch.setattr("portfolios.services.portfolios.MOST_ACCOUNTS", 1)
    account_for(browser.portfolio)
    answer = browser.post(browser.accounts, sent())
    assert "There is room for 1 accounts" in answer.content.decode()


def test_one_that_is_left_out_says_why_and_is_not_in_the_total(browser):
    browser.post(browser.accounts, sent(is_counted="", reason="emergency fund"))
    assert "emergency fund" in browser.get(browser.accounts).content.decode()
    browser.portfolio.standing.refresh_from_db()
    assert browser.portfolio.standing.value == 0


# -- Changing ---------------------------------------------------------------------------------------------


def test_an_account_is_changed(browser):
    account = account_for(browser.portfolio)
    address = f"{browser.accounts}{account.pk}/"
    assert browser.get(address).status_code == 200
    assert browser.post(address, changed(account, kind="ira", tax="")).status_code == 303
    account.refresh_from_db()
    assert (account.name, account.tax, account.version) == ("Schwab", "tax_deferred", 2)


def test_the_same_change_sent_five_times_is_made_once(browser):
    account = account_for(browser.portfolio)
    form = changed(account)
    for _ in range(5):
        assert browser.post(f"{browser.accounts}{account.pk}/", form).status_code == 303
    account.refresh_from_db()
    assert account.version == 2


def test_a_change_of_somebody_else_is_shown_beside_mine(browser):
    account = account_for(browser.portfolio)
    address = f"{browser.accounts}{account.pk}/"
    browser.post(address, changed(account, name="Theirs", cash="10"))
    answer = browser.post(address, changed(account, name="Mine", cash="20"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<td><bdi>Theirs</bdi></td><td><bdi>Mine</bdi></td>" in page
    assert "<td><bdi>10</bdi></td><td><bdi>20</bdi></td>" in page
    account.refresh_from_db()
    assert account.name == "Theirs"
    assert browser.post(address, changed(account, name="Mine")).status_code == 303


def test_a_bad_change_is_refused(browser):
    account = account_for(browser.portfolio)
    address = f"{browser.accounts}{account.pk}/"
    assert browser.post(address, changed(account, cash="-1")).status_code == 422
    assert browser.post(address, sent()).status_code == 422  # without a version
    assert browser.post(address, changed(account, currency="EUR")).status_code == 422


def test_an_account_of_another_portfolio_is_not_found_here(browser):
    theirs = account_for(portfolio_for(ClientFactory()))
    address = f"{browser.accounts}{theirs.pk}/"
    assert browser.get(address).status_code == 404
    assert browser.post(address, changed(theirs)).status_code == 404
    browser.post(f"{address}remove/")
    assert Account.objects.filter(pk=theirs.pk).exists()


# -- Removing ---------------------------------------------------------------------------------------------


def test_an_empty_account_is_removed_once(browser):
    account = account_for(browser.portfolio)
    for _ in range(3):
        assert browser.post(f"{browser.accounts}{account.pk}/remove/").status_code == 303
    assert not Account.objects.exists()
    assert AuditEntry.objects.filter(action="account removed").count() == 1


def test_one_with_holdings_stays_and_says_why(browser):
    account = account_for(browser.portfolio)
    held(account, security_of(browser.portfolio))
    answer = browser.post(f"{browser.accounts}{account.pk}/remove/")
    assert answer.status_code == 422
    assert "“Brokerage” is not empty" in answer.content.decode()
    assert Account.objects.exists()


# -- Exchange rates ---------------------------------------------------------------------------------------


def rate(**fields):
    return {"rate_currency": "EUR", "rate": "1.0832", "typed_on": "2026-03-03"} | fields


def test_a_rate_is_typed_and_revalues_what_is_in_that_currency(browser):
    assert browser.post(browser.rates, rate()).status_code == 303
    assert browser.post(browser.accounts, sent(currency="EUR", cash="100")).status_code == 303
    browser.post(browser.rates, rate(rate="1.1"))
    browser.portfolio.standing.refresh_from_db()
    assert browser.portfolio.standing.value == 110
    page = browser.get(browser.accounts).content.decode()
    assert "1 EUR = 1.1 USD" in page
    assert "€100" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"rate": "0"}, "Enter more than 0"),
        ({"rate": "-1"}, "Enter more than 0"),
        ({"rate": "1e3"}, "Use plain digits"),
        ({"rate": "1.123456789"}, "Use at most 8 decimals"),
        ({"rate": "1" + "0" * 30}, "Enter at most 1,000,000"),
        ({"rate": ""}, "Enter a number, like 1.0832"),
        ({"rate_currency": "USD"}, "Select a currency"),
        ({"typed_on": "soon"}, "Enter a date, like"),
        ({"typed_on": "0001-01-01"}, "Check the year"),
        ({"typed_on": str(timezone.localdate() + timedelta(days=2))}, "in the future"),
    ],
)
def test_a_bad_rate_gets_a_sentence(browser, fields, sentence):
    answer = browser.post(browser.rates, rate(**fields))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ExchangeRate.objects.exists()


def test_a_rate_that_makes_too_much_of_it_is_refused(browser):
    browser.post(browser.rates, rate())
    browser.post(browser.accounts, sent(currency="EUR", cash="900,000,000,000"))
    answer = browser.post(browser.rates, rate(rate="1,000,000"))
    assert answer.status_code == 422
    assert "more than can be reckoned with" in answer.content.decode()
    assert ExchangeRate.objects.get().rate == Decimal("1.0832")


# -- Who may, and how much it asks ------------------------------------------------------------------------


def test_readers_look_and_strangers_do_not():
    account = account_for(portfolio_for(ClientFactory()), cash=Decimal(5))
    address = f"/p/{account.portfolio_id}/accounts/"
    reader = browser_of(assign(account.client, Role.READER))
    page = reader.get(address)
    assert page.status_code == 200
    assert "Add an account" not in page.content.decode()
    assert reader.post(address, sent()).status_code == 404
    assert reader.post(f"/p/{account.portfolio_id}/rates/", rate()).status_code == 404
    assert reader.get(f"{address}{account.pk}/").status_code == 404
    assert browser_of(UserFactory()).get(address).status_code == 404
    assert Account.objects.count() == 1


def test_many_accounts_take_as_many_queries_as_one(browser):
    account_for(browser.portfolio)
    few = queries(browser, browser.accounts)
    for number in range(8):
        account_for(browser.portfolio, name=f"Account {number}")
    assert queries(browser, browser.accounts) == few


def test_markup_in_a_name_stays_text(browser):
    browser.post(browser.accounts, sent(name="<script>alert(1)</script>"))
    assert "<script>alert(1)" not in browser.get(browser.accounts).content.decode()
