"""The portfolio page: where it stands, what is owned, how far that is from the target."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from portfolios.models import CLASSES, Holding, HoldingRole, Security
from portfolios.services.portfolios import archive_portfolio
from portfolios.services.rows import Entry, add_row
from riskalloc.firms.models import Role
from tests.factories import ClientFactory, UserFactory, assign
from tests.firms.people import browser_of, queries
from tests.portfolios.editing import example, holding_of, htmx, ids_in, page_of, text_of
from tests.portfolios.people import (
    BY,
    account_for,
    aimed,
    desk_browser,
    held,
    own_browser,
    portfolio_for,
    security_of,
)

pytestmark = pytest.mark.django_db


def read(browser, query: str = "") -> str:
    answer = browser.get(page_of(browser.portfolio) + query)
    assert answer.status_code == 200
    return text_of(answer)


# -- The article's example ---------------------------------------------------------------------------------


def test_the_page_says_how_far_the_portfolio_is_from_its_target():
    text = read(example())
    assert "3.6 points from target" in text
    assert "US large-cap is $4,000 over its share." in text
    assert "A rebalance is due: the portfolio drifts by 3 points or more." in text


def test_every_class_is_shown_in_dollars_points_and_with_its_band():
    text = read(example())
    assert "US large-cap 60% 55–65% 63.64% +$4,000 +3.64 points In band" in text
    assert "Stocks 75% 70–80% 77.27% +$2,500 +2.27 points In band" in text
    assert "Every class is inside its band." in text


def test_what_fired_and_how_far_the_others_are_is_said():
    text = read(example())
    assert "The portfolio has drifted 3.64 points; the limit is 3." in text
    assert "Nothing is above its ceiling. 2.73 points to go" in text
    assert "Every class is inside its band. 1.36 points to go" in text


def test_shares_add_up_to_the_whole():
    text = read(example())
    assert "125 $560.00 $70,000.00 63.64%" in text
    assert "160 $93.75 $15,000.00 13.63%" in text
    assert "Together $110,000.00 100%" in text


def test_what_is_outside_its_band_is_counted():
    browser = own_browser()
    browser.portfolio = portfolio_for(browser.profile)
    account = account_for(browser.portfolio)
    held(account, security_of(browser.portfolio, "VOO", "90"), "100")
    held(account, security_of(browser.portfolio, "AGG", "10"), "100")
    aimed(browser.portfolio)
    text = read(browser)
    assert "3 of 4 classes are outside their band." in text
    assert "Warning. Above the ceiling: Stocks 90% (ceiling 80%)." in text


def test_the_answer_is_never_kept_and_depends_on_what_htmx_asks_for():
    browser = example()
    answer = browser.get(page_of(browser.portfolio))
    assert "no-store" in answer["Cache-Control"]
    assert {"HX-Request", "HX-Target"} <= set(answer["Vary"].split(", "))


@pytest.mark.parametrize("target", ["main", "owned", "drift", "<script>"])
def test_an_unknown_target_gets_the_page(target):
    browser = example()
    answer = browser.get(page_of(browser.portfolio), headers=htmx(target))
    assert b"<!doctype html>" in answer.content


def test_no_id_stands_twice():
    browser = example()
    ids = ids_in(browser.get(page_of(browser.portfolio)))
    assert sorted(ids) == sorted(set(ids))


# -- Other states ------------------------------------------------------------------------------------------


def test_an_empty_portfolio_says_how_to_fill_it():
    browser = own_browser()
    browser.portfolio = portfolio_for(browser.profile)
    text = read(browser)
    assert "No holdings yet" in text
    for button in ("Add one by hand", "Paste or upload a file", "Try with sample data"):
        assert button in text
    assert "Delete all" not in text


def test_without_a_target_the_value_stands_there_and_what_to_do():
    text = read(example(has_target=False))
    assert "$110,000.00 There is no target yet." in text
    assert "Choose a target" in text


def test_cash_alone_is_a_portfolio_too():
    browser = own_browser()
    browser.portfolio = portfolio_for(browser.profile)
    account_for(browser.portfolio, cash=Decimal("2500.50"))
    aimed(browser.portfolio)
    text = read(browser)
    assert "Cash in Brokerage $2,500.50 100%" in text
    assert "100 points from target" in text


def test_everything_frozen_is_counted_as_ever():
    browser = example()
    Holding.objects.update(role=HoldingRole.FROZEN, reason="pension")
    text = read(browser)
    assert "3.6 points from target" in text
    assert "Never traded: pension" in text


def test_everything_left_out_leaves_nothing_to_compare():
    browser = example()
    Holding.objects.update(role=HoldingRole.EXCLUDED, reason="")
    text = read(browser)
    assert "Nothing is counted" in text
    assert "VOO, VEA, AGG and 1 more not counted" in text


def test_a_lock_with_a_day_is_said():
    browser = example()
    Holding.objects.update(role=HoldingRole.FROZEN, frozen_until="2031-05-03")
    assert "Not traded until 3 May 2031" in read(browser)


def test_old_prices_are_said():
    browser = example()
    day = timezone.localdate() - timedelta(days=45)
    Security.objects.filter(symbol="AGG").update(priced_on=day)
    text = read(browser)
    assert "The oldest price is 45 days old" in text
    assert "$100.00 45 days old" in text


def test_a_price_of_a_month_ago_is_not_old():
    browser = example()
    day = timezone.localdate() - timedelta(days=30)
    Security.objects.update(priced_on=day)
    assert "The oldest price" not in read(browser)


def test_what_is_not_classed_is_said_and_counted():
    browser = example()
    Security.objects.filter(symbol="AGG").update(**dict.fromkeys(CLASSES, 0))
    text = read(browser)
    assert "$10,000 is not in any class yet (AGG)." in text
    assert "Unclassified 0% 0–1% 9.09%" in text


def test_another_currency_is_shown_as_what_it_is():
    browser = own_browser()
    browser.portfolio = portfolio_for(browser.profile, currency="EUR")
    account = account_for(browser.portfolio)
    values = {"quantity": None, "typed_value": Decimal(1000)}
    entry = Entry(account=account, symbol="VTI", currency="EUR", values=values)
    add_row(portfolio=browser.portfolio, holding_id=uuid4(), entry=entry, by=BY)
    text = read(browser)
    assert "€1,000.00" in text
    assert "$1,000" not in text


@pytest.mark.parametrize("markup", ["<script>alert(1)</script>", '"><img src=x>', "&lt;b&gt;"])
def test_markup_in_a_symbol_stays_text(markup):
    browser = example()
    Security.objects.filter(symbol="AGG").update(symbol=markup, name=markup)
    answer = browser.get(page_of(browser.portfolio))
    assert markup not in answer.content.decode()


# -- The base and its switches -----------------------------------------------------------------------------


@pytest.fixture
def with_reserve():
    browser = example()
    account_for(browser.portfolio, name="Here", cash=Decimal(1000))
    account_for(
        browser.portfolio,
        name="Savings",
        cash=Decimal(5000),
        is_counted=False,
        reason="emergency fund",
    )
    return browser


def test_the_base_is_said_in_words(with_reserve):
    text = read(with_reserve)
    assert "$111,000.00 , cash counted ( leave it out" in text
    assert "emergency fund not counted ( count it" in text


@pytest.mark.parametrize(
    ("query", "total"),
    [("?cash=no", "$110,000.00"), ("?left_out=yes", "$116,000.00"), ("?cash=no&left_out=yes", "$115,000.00")],
)  # fmt: skip
def test_a_switch_recomputes_and_stores_nothing(with_reserve, query, total):
    text = read(with_reserve, query)
    assert f"Together {total}" in text
    assert "Nothing is stored." in text
    assert "Together $111,000.00" in read(with_reserve)


@pytest.mark.parametrize("query", ["?cash=maybe", "?page=x", "?page=-1", "?page=99999", "?page=²"])
def test_what_cannot_be_read_in_an_address_is_as_usual(with_reserve, query):
    assert "Together $111,000.00" in read(with_reserve, query)


def test_the_cash_of_an_account_that_is_left_out_has_no_share(with_reserve):
    assert "Cash in Savings Not counted: emergency fund $5,000.00 –" in read(with_reserve)


# -- Who may see it ----------------------------------------------------------------------------------------


def test_an_advisor_sees_the_page_of_a_client():
    browser = example(desk_browser())
    assert "Edit" in read(browser)


def test_a_reader_looks_and_changes_nothing():
    practice = ClientFactory()
    portfolio = portfolio_for(practice)
    held(account_for(portfolio), security_of(portfolio))
    reader = browser_of(assign(practice, Role.READER))
    text = text_of(reader.get(page_of(portfolio)))
    assert "VTI" in text
    assert "Edit" not in text
    assert "Add a holding" not in text


@pytest.mark.parametrize("who", ["stranger", "nobody"])
def test_others_get_the_page_of_a_portfolio_that_is_not_there(who):
    browser = example()
    if who == "stranger":
        foreign = browser_of(UserFactory())
        there = foreign.get(page_of(browser.portfolio))
        missing = foreign.get(f"/p/{uuid4()}/")
        assert (there.status_code, there.content) == (404, missing.content)
    else:
        browser.logout()
        assert browser.get(page_of(browser.portfolio)).status_code == 302


def test_an_archived_portfolio_can_be_looked_at():
    browser = example()
    archive_portfolio(portfolio=browser.portfolio, by=BY)
    text = read(browser)
    assert "nothing here can be changed" in text
    assert "Add a holding" not in text


def test_only_reading_is_allowed():
    browser = example()
    assert browser.post(page_of(browser.portfolio)).status_code == 405


# -- Many rows ---------------------------------------------------------------------------------------------


def fill(browser, count: int) -> None:
    account = browser.account
    security = Security.objects.get(symbol="VOO", firm=account.firm)
    Holding.objects.bulk_create(
        Holding(
            firm=account.firm,
            client=account.client,
            portfolio=browser.portfolio,
            account=account,
            security=security,
            quantity=Decimal(1),
            value=Decimal(560),
        )
        for _ in range(count)
    )


def test_queries_do_not_grow_with_the_rows():
    few, many = example(), example()
    fill(many, 496)
    assert queries(many, page_of(many.portfolio)) == queries(few, page_of(few.portfolio))


def test_a_page_has_a_hundred_rows_and_totals_have_all():
    browser = example()
    fill(browser, 246)
    answer = browser.get(page_of(browser.portfolio) + "?page=2")
    text = text_of(answer)
    assert "Holdings 101 to 200 of 250; totals are of all" in text
    assert "Together $247,760.00 100%" in text
    assert sum(one.startswith("h-") for one in ids_in(answer)) == 100
    assert "Page 2 of 3" in text


def test_a_page_beyond_the_last_is_the_last():
    browser = example()
    fill(browser, 100)
    assert "Holdings 101 to 104 of 104" in read(browser, "?page=77")


def test_the_look_goes_along_to_the_other_pages_and_rows():
    browser = example()
    fill(browser, 100)
    page = browser.get(page_of(browser.portfolio) + "?cash=no").content.decode()
    assert 'href="/p/' in page
    assert "?cash=no&amp;page=2" in page
    assert f"{holding_of(browser, 'VEA').pk}/edit/?cash=no" in page
