"""The page of a security: its price and its classes, for all who hold it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from portfolios.models import Security
from portfolios.services.holdings import delete_holding
from riskalloc.firms.models import Firm, Role
from tests.factories import ClientFactory, UserFactory, assign, make_own_client
from tests.firms.people import browser_of
from tests.portfolios.people import (
    BY,
    account_for,
    desk_browser,
    held,
    own_browser,
    portfolio_for,
    security_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(db):
    return with_security(own_browser())


def with_security(browser):
    browser.portfolio = portfolio_for(browser.profile)
    browser.security = security_of(browser.portfolio, "VTI")
    held(account_for(browser.portfolio), browser.security)
    browser.address = f"/p/{browser.portfolio.pk}/s/{browser.security.pk}/"
    return browser


def price(security, **fields):
    fields = {"price": "245.50", "priced_on": "2026-03-03", "price_source": ""} | fields
    return {"what": "price", "version": security.version} | fields


def classes(security, **percents):
    return {"what": "classes", "version": security.version, "name": "All of it"} | percents


# -- The price --------------------------------------------------------------------------------------------


def test_a_new_price_revalues_everybody_who_holds_it(browser):
    answer = browser.post(browser.address, price(browser.security))
    assert (answer.status_code, answer["Location"]) == (303, f"/p/{browser.portfolio.pk}/")
    security = Security.objects.get()
    assert (security.price, str(security.priced_on), security.price_source) == (
        Decimal("245.5"), "2026-03-03", "typed",
    )  # fmt: skip
    browser.portfolio.standing.refresh_from_db()
    assert browser.portfolio.standing.value == 2455
    assert "$245.50" in browser.get(browser.address).content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"price": "0"}, "Enter more than 0"),
        ({"price": "-1"}, "Enter more than 0"),
        ({"price": ""}, "Enter a number, like 245.50"),
        ({"price": "1e3"}, "Use plain digits"),
        ({"price": "1.123456789"}, "Use at most 8 decimals"),
        ({"price": "1" + "0" * 30}, "Enter at most 1,000,000,000"),
        ({"priced_on": ""}, "Enter a date, like"),
        ({"priced_on": str(timezone.localdate() + timedelta(days=2))}, "in the future"),
        ({"price_source": "x" * 100}, "at most 40 characters"),
        ({"version": ""}, "This form is out of date"),
    ],
)
def test_a_bad_price_gets_a_sentence(browser, fields, sentence):
    answer = browser.post(browser.address, price(browser.security, **fields))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Security.objects.get().price == 100


def test_a_price_that_makes_somebody_too_rich_is_refused(browser):
    portfolio = portfolio_for(browser.profile, "House")
    held(account_for(portfolio), browser.security, "5000000000")
    answer = browser.post(browser.address, price(browser.security, price="1,000,000"))
    assert answer.status_code == 422
    assert "more than can be reckoned with" in answer.content.decode()


def test_the_same_price_sent_five_times_is_set_once(browser):
    for _ in range(5):
        assert browser.post(browser.address, price(browser.security)).status_code == 303
    assert Security.objects.get().version == browser.security.version + 1


def test_a_price_that_somebody_set_meanwhile_is_not_replaced_unseen(browser):
    browser.post(browser.address, price(browser.security, price="200"))
    answer = browser.post(browser.address, price(browser.security, price="300"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<b>$200</b>" in page
    assert 'value="300"' in page
    now = Security.objects.get()
    assert f'name="version" value="{now.version}"' in page
    assert browser.post(browser.address, price(now, price="300")).status_code == 303


# -- The classes ------------------------------------------------------------------------------------------


def test_classes_are_typed_in_percent_and_the_rest_is_unclassified(browser):
    answer = browser.post(browser.address, classes(browser.security, us_large_cap="99.99"))
    assert answer.status_code == 303
    security = Security.objects.get()
    assert (security.per_class(), security.unclassified) == ({"us_large_cap": 9999}, 1)
    assert not security.is_guessed
    page = browser.get(browser.address).content.decode()
    assert "0.01%" in page
    assert "Unclassified" in page


def test_what_was_guessed_is_confirmed_by_saving_it(browser):
    assert Security.objects.get().is_guessed
    page = browser.get(browser.address).content.decode()
    assert "Guessed." in page
    now = Security.objects.get()
    percents = {name: str(Decimal(units) / 100) for name, units in now.per_class().items()}
    browser.post(browser.address, classes(browser.security, **percents))
    assert not Security.objects.get().is_guessed


@pytest.mark.parametrize(
    ("percents", "sentence"),
    [
        ({"us_large_cap": "100.01"}, "Enter at most 100"),
        (
            {"us_large_cap": "60", "cash": "40.01"},
            "The classes add up to 100.01%. Take away 0.01 points.",
        ),
        ({"us_large_cap": "60", "cash": "41"}, "add up to 101%. Take away 1 point."),
        ({"us_large_cap": "-1"}, "Enter 0 or more"),
        ({"us_large_cap": "1e1"}, "Use plain digits"),
        ({"us_large_cap": "33.333"}, "Use at most 2 decimals"),
        ({"us_large_cap": "1" + "0" * 30}, "Enter at most 100"),
        ({"name": "x" * 300}, "at most 200 characters"),
    ],
)
def test_bad_classes_get_a_sentence(browser, percents, sentence):
    before = Security.objects.get().per_class()
    answer = browser.post(browser.address, classes(browser.security, **percents))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Security.objects.get().per_class() == before


def test_nothing_at_all_is_all_unclassified(browser):
    assert browser.post(browser.address, classes(browser.security)).status_code == 303
    assert Security.objects.get().unclassified == 10_000


# -- Who may ----------------------------------------------------------------------------------------------


def test_an_advisor_is_told_how_many_it_touches():
    desk = with_security(desk_browser())
    held(account_for(portfolio_for(ClientFactory(firm=desk.profile.firm))), desk.security)
    page = desk.get(desk.address).content.decode()
    assert "2 portfolios of this firm hold it." in page
    assert "Save the price" in page


def test_a_client_of_a_practice_changes_no_price_that_others_depend_on():
    firm = Firm.objects.create(name="Demo practice")
    profile = make_own_client(firm=firm)
    browser = browser_of(profile.membership.user)
    browser.profile = profile
    with_security(browser)
    assert "Save the price" in browser.get(browser.address).content.decode()
    held(account_for(portfolio_for(ClientFactory(firm=firm))), browser.security)
    page = browser.get(browser.address).content.decode()
    assert "its price is for your advisor to set" in page
    assert "1 of your portfolios holds it." in page
    assert "Save the price" not in page
    assert browser.post(browser.address, price(browser.security)).status_code == 404
    assert browser.post(browser.address, classes(browser.security)).status_code == 404
    assert Security.objects.get().price == 100


def test_readers_look_and_strangers_do_not(browser):
    reader = browser_of(assign(browser.profile, Role.READER))
    page = reader.get(browser.address)
    assert page.status_code == 200
    assert "You may look, not change." in page.content.decode()
    assert reader.post(browser.address, price(browser.security)).status_code == 404
    stranger = browser_of(UserFactory())
    assert stranger.get(browser.address).status_code == 404
    assert stranger.post(browser.address, price(browser.security)).status_code == 404


def test_a_security_of_another_firm_is_not_found_here(browser):
    theirs = with_security(own_browser())
    address = f"/p/{browser.portfolio.pk}/s/{theirs.security.pk}/"
    assert browser.get(address).status_code == 404
    assert browser.post(address, price(theirs.security)).status_code == 404
    assert browser.get(f"/p/{theirs.portfolio.pk}/s/{browser.security.pk}/").status_code == 404


def test_a_client_of_a_practice_sees_what_they_hold_and_nothing_else_of_the_firm():
    firm = Firm.objects.create(name="Demo practice")
    profile = make_own_client(firm=firm)
    browser = browser_of(profile.membership.user)
    browser.profile = profile
    with_security(browser)
    address = f"/p/{browser.portfolio.pk}/s/{{}}/".format
    house = security_of(browser.portfolio, "12 Elm Street", "1")
    held(account_for(portfolio_for(ClientFactory(firm=firm))), house)
    assert browser.get(address(browser.security.pk)).status_code == 200
    assert browser.get(address(house.pk)).status_code == 404
    assert browser.post(address(house.pk), classes(house)).status_code == 404
    advisor = browser_of(assign(profile))
    assert advisor.get(address(house.pk)).status_code == 200


def test_what_a_client_deleted_is_still_theirs_to_see():
    profile = make_own_client(firm=Firm.objects.create(name="Demo practice"))
    browser = browser_of(profile.membership.user)
    browser.profile = profile
    with_security(browser)
    delete_holding(holding=browser.portfolio.holdings.get(), by=BY)
    assert browser.get(browser.address).status_code == 200
