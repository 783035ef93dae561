"""The thread: each figure opens down to prices with their source, and to the answers."""

from decimal import Decimal

import pytest

from portfolios.services.standing import keep
from tests.portfolios.factories import AccountFactory, rate
from tests.portfolios.planned import (
    aim,
    article,
    browser_for,
    empty_portfolio,
    fund,
    hold,
    words,
)

pytestmark = pytest.mark.django_db


def why(portfolio, what, browser=None, **query):
    browser = browser or browser_for(portfolio)
    return browser.get(f"/p/{portfolio.pk}/why/{what}/", query)


def test_a_difference_opens_down_to_the_price_and_to_the_answers():
    portfolio = article()
    browser = browser_for(portfolio)
    answer = why(portfolio, "us_large_cap", browser)
    page = words(answer)
    assert "+$4,000.00" in page
    assert "$70,000.00 is held. 60% of $110,000.00 would be $66,000.00." in page
    assert "VOO: 125 × $560.00, typed, 30 Sep 2026 $70,000.00" in page
    assert "From your answers of" in page
    result = portfolio.targets.get().assessment.public_id
    address = f"/r/{result}/why/us_large_cap/"
    assert f'href="{address}"' in answer.content.decode()
    assert "60%" in words(browser.get(address))


def test_a_line_of_a_plan_opens_to_its_rule_first():
    portfolio = article()
    page = words(why(portfolio, "us_large_cap", kind="full"))
    assert "−$4,000.00 Sell $4,000 of US large-cap Every class goes to its target" in page
    assert "here 60% of $110,000. From $70,000 to $66,000, 60% of $110,000." in page
    flow = words(why(portfolio, "reit", kind="cash_flow", cash_flow="6666.67"))
    assert "New cash goes where least of the target is filled" in flow
    out = words(why(portfolio, "us_large_cap", kind="cash_flow", way="out", cash_flow="500"))
    assert "Cash is raised where most of the target is filled" in out


def test_what_cannot_be_planned_opens_without_a_plan():
    portfolio = article()
    for query in ({"kind": "nonsense"}, {"kind": "full", "way": "out", "cash_flow": "999999"}):
        answer = why(portfolio, "us_large_cap", **query)
        assert answer.status_code == 200
        assert "Every class goes" not in words(answer)


def test_a_top_class_opens_to_all_its_classes():
    page = words(why(article(), "stocks"))
    assert "$85,000.00" in page
    assert "What is in US large-cap and International, largest first." in page
    assert "75% The target" in page


def test_look_through_weights_and_stand_ins_are_said():
    portfolio = empty_portfolio()
    account = AccountFactory(portfolio=portfolio)
    vti = fund(portfolio.client, "VTI", "312.50", us_large_cap=88, us_small_cap=12)
    hold(account, vti, "32")
    hold(account, fund(portfolio.client, "BAL", "50", us_large_cap=60, us_aggregate=40), "100")
    aim(portfolio, us_large_cap=60, us_aggregate=40)
    keep(portfolio)
    page = words(why(portfolio, "us_large_cap"))
    assert "What is in US large-cap and US small-cap, largest first. They count as one row." in page
    assert "VTI: 32 × $312.50" in page
    assert "60% of BAL: 100 × $50.00" in page
    assert "$13,000.00" in page  # 10,000 + 60 % of 5,000
    assert "Typed by demo@example.org" in page


def test_a_holding_opens_to_its_price_its_rate_and_what_is_in_it():
    portfolio = empty_portfolio()
    rate(portfolio, "EUR", "1.12")
    security = fund(portfolio.client, "EXS1", "100", intl_developed=73, emerging=20)
    type(security).objects.filter(pk=security.pk).update(currency="EUR")
    security.refresh_from_db()
    holding = hold(AccountFactory(portfolio=portfolio), security, "10")
    aim(portfolio, intl_developed=100)
    keep(portfolio)
    page = words(why(portfolio, holding.pk))
    assert "$1,120.00 The value 10 × €100.00 × 1.12, rounded to the cent." in page
    assert "€100.00 The price Of 30 Sep 2026; where from: typed." in page
    assert "1.12 The exchange rate What 1 EUR is worth in USD, typed on 30 Sep 2026." in page
    assert "International 73%" in page
    assert "Unclassified 7%" in page


def test_a_value_that_was_typed_says_so():
    portfolio = article()
    holding = portfolio.holdings.get(security__symbol="VOO")
    portfolio.holdings.filter(pk=holding.pk).update(quantity=None, typed_value=Decimal(70_000))
    assert "Typed as a value." in words(why(portfolio, holding.pk))
    assert "VOO: typed as a value $70,000.00" in words(why(portfolio, "us_large_cap"))


def test_cash_opens_to_the_accounts_that_hold_it():
    portfolio = article()
    portfolio.accounts.update(cash=Decimal(1_234))
    page = words(why(portfolio, "cash"))
    assert "Cash in Brokerage $1,234.00" in page
    assert why(portfolio, "cash", cash="no").status_code == 404


def test_without_a_target_a_class_opens_to_its_value_alone():
    portfolio = empty_portfolio()
    security = fund(portfolio.client, "VOO", "560", us_large_cap=100)
    hold(AccountFactory(portfolio=portfolio), security, "1")
    keep(portfolio)
    page = words(why(portfolio, "us_large_cap"))
    assert "The value now" in page
    assert "The target" not in page


def test_htmx_gets_the_thread_alone():
    portfolio = article()
    answer = browser_for(portfolio).get(
        f"/p/{portfolio.pk}/why/reit/",
        headers={"HX-Request": "true", "HX-Target": "thread-drift"},
    )
    part = answer.content.decode()
    assert part.lstrip().startswith('<div class="thread" id="why-reit"')
    assert "data-close" in part
    assert "<h1" not in part


@pytest.mark.parametrize("what", ["gold", "nonsense", "<b>", "a" * 200, "0" * 32])
def test_there_is_no_thread_of_what_is_not_there(what):
    portfolio = article()
    assert browser_for(portfolio).get(f"/p/{portfolio.pk}/why/{what}/").status_code == 404


def test_a_holding_of_another_portfolio_is_not_opened():
    portfolio = article()
    other = article(client=portfolio.client)
    holding = other.holdings.first()
    assert why(portfolio, holding.pk).status_code == 404
    assert why(other, holding.pk).status_code == 200


def test_every_difference_on_the_page_opens():
    portfolio = article()
    browser = browser_for(portfolio)
    page = browser.get(f"/p/{portfolio.pk}/").content.decode()
    for what in ("stocks", "us_large_cap", "intl_developed", "us_aggregate", "reit"):
        assert f'/p/{portfolio.pk}/why/{what}/"' in page
    for holding in portfolio.holdings.all():
        assert f'/p/{portfolio.pk}/why/{holding.pk}/"' in page
