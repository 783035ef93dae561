"""What watches over a portfolio, and what its plans keep to."""

from decimal import Decimal

import pytest

from portfolios.models import Policy
from riskalloc.firms.models import AuditEntry, Role
from tests.factories import ClientFactory, UserFactory, assign
from tests.firms.people import browser_of
from tests.portfolios.people import (
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
    browser.address = f"/p/{browser.portfolio.pk}/policy/"
    return browser


def sent(**fields):
    return {
        "version": 1, "band": "5/25", "band_points": "5", "band_percent": "20", "band_floor": "1",
        "stocks_ceiling": "80", "drift_points": "3", "watches_calendar": "on",
        "watches_life_events": "on", "minimum_trade": "", "cash_to_keep": "", "counts_cash": "on",
        "usual_deposit": "",
    } | fields  # fmt: skip


def test_the_usual_rules_are_shown(browser):
    page = browser.get(browser.address).content.decode()
    assert 'name="stocks_ceiling" value="80"' in page
    assert 'name="drift_points" value="3"' in page
    assert "the 5/25 rule" in page


def test_rules_are_changed(browser):
    fields = {
        "band": "hybrid", "band_percent": "25", "band_floor": "1.5", "stocks_ceiling": "",
        "drift_points": "4.5", "watches_calendar": "", "minimum_trade": "100", "whole_shares": "on",
        "cash_to_keep": "1,000.50", "counts_cash": "", "usual_deposit": "500",
    }  # fmt: skip
    answer = browser.post(browser.address, sent(**fields))
    assert (answer.status_code, answer["Location"]) == (303, f"/p/{browser.portfolio.pk}/")
    policy = Policy.objects.get()
    assert (policy.band, policy.band_percent, policy.band_floor) == ("hybrid", 25, Decimal("1.5"))
    assert (policy.stocks_ceiling, policy.drift_points) == (None, Decimal("4.5"))
    assert (policy.watches_calendar, policy.counts_cash, policy.whole_shares) == (
        False,
        False,
        True,
    )
    assert (policy.cash_to_keep, policy.usual_deposit) == (Decimal("1000.50"), 500)
    assert AuditEntry.objects.get(action="policy changed").before["band"] == "5/25"


def test_what_is_due_follows_the_rules(browser):
    held(account_for(browser.portfolio), security_of(browser.portfolio))
    aimed(browser.portfolio)
    browser.portfolio.standing.refresh_from_db()
    assert browser.portfolio.standing.fires_guard_rail
    browser.post(browser.address, sent(stocks_ceiling=""))
    browser.portfolio.standing.refresh_from_db()
    assert not browser.portfolio.standing.fires_guard_rail


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"band": "absolute", "band_points": ""}, "Enter a number from 0 to 100"),
        ({"band": "absolute", "band_points": "-1"}, "Enter 0 or more"),
        ({"band": "relative", "band_percent": "100.01"}, "Enter at most 100"),
        ({"band": "hybrid", "band_floor": "1e1"}, "Use plain digits"),
        ({"band": "tight"}, "Select a kind of band"),
        ({"band": ""}, "Select a kind of band"),
        ({"stocks_ceiling": "101"}, "Enter at most 100"),
        ({"stocks_ceiling": "80.001"}, "Use at most 2 decimals"),
        ({"drift_points": "0"}, "Enter more than 0"),
        ({"drift_points": "1" + "0" * 30}, "Enter at most 100"),
        ({"minimum_trade": "-5"}, "Enter 0 or more"),
        ({"cash_to_keep": "1" + "0" * 30}, "Enter at most 1,000,000,000,000"),
        ({"usual_deposit": "500.005"}, "Use at most 2 decimals"),
        ({"version": "x"}, "This form is out of date"),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(browser, fields, name):
    answer = browser.post(browser.address, sent(**fields))
    assert answer.status_code == 422
    assert name in answer.content.decode()
    assert Policy.objects.get().version == 1


def test_the_numbers_of_other_kinds_of_bands_are_in_nobodys_way(browser):
    fields = {"band": "none", "band_points": "a lot", "band_percent": "-1", "band_floor": ""}
    assert browser.post(browser.address, sent(**fields)).status_code == 303
    policy = Policy.objects.get()
    assert (policy.band_points, policy.band_percent, policy.band_floor) == (5, 20, 1)


def test_a_usual_deposit_of_nothing_is_none(browser):
    assert browser.post(browser.address, sent(usual_deposit="0")).status_code == 303
    assert Policy.objects.get().usual_deposit is None


def test_the_same_rules_sent_five_times_are_saved_once(browser):
    for _ in range(5):
        assert browser.post(browser.address, sent(band="none")).status_code == 303
    assert Policy.objects.get().version == 2
    assert AuditEntry.objects.filter(action="policy changed").count() == 1


def test_rules_that_somebody_changed_meanwhile_are_shown_beside_mine(browser):
    browser.post(browser.address, sent(drift_points="4", band="none"))
    answer = browser.post(browser.address, sent(drift_points="5", whole_shares="on"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<td><bdi>4</bdi></td><td><bdi>5</bdi></td>" in page
    assert "<td><bdi>No</bdi></td><td><bdi>Yes</bdi></td>" in page
    assert "<td><bdi>No bands</bdi></td>" in page
    assert 'name="version" value="2"' in page
    assert Policy.objects.get().drift_points == 4
    assert browser.post(browser.address, sent(drift_points="5", version=2)).status_code == 303


def test_readers_and_strangers_get_a_404():
    portfolio = portfolio_for(ClientFactory())
    reader = browser_of(assign(portfolio.client, Role.READER))
    for browser in (reader, browser_of(UserFactory())):
        assert browser.get(f"/p/{portfolio.pk}/policy/").status_code == 404
        assert browser.post(f"/p/{portfolio.pk}/policy/", sent(band="none")).status_code == 404
    assert Policy.objects.get().band == "5/25"
