"""Where a portfolio would stand with what is typed into an open row: shown, marked, and never stored."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolios.models import Holding, HoldingRole
from portfolios.services.holdings import delete_holding
from portfolios.services.portfolios import archive_portfolio, set_rate
from portfolios.services.securities import security_for
from riskalloc.firms.models import Role
from tests.access.cells import is_write
from tests.attacks.posting import tables
from tests.factories import UserFactory, assign
from tests.firms.people import browser_of
from tests.portfolios.editing import (
    a_change,
    example,
    in_row,
    out_of_band,
    row_of,
    text_of,
)
from tests.portfolios.factories import PRICED_ON
from tests.portfolios.people import BY, account_for, held, own_browser, security_of

pytestmark = pytest.mark.django_db
STANDING = {"summary", "drift", "totals"}
MARK = "Preview: not saved yet"
ONLY_HERE = (MARK, "The plan and the pictures still show what is saved.")
ONLY_SAVED = ("Every underlined number opens: see where it comes from.",)
PARTS = {
    "summary": r'<section id="summary".*?</section>',
    "totals": r'<tfoot id="totals".*?</tfoot>',
    "drift": r'<div id="drift".*?(?=<div id="plan"|</template>)',
}


@pytest.fixture
def browser():
    """The article's example, with VOO once more elsewhere, and accounts of every kind."""
    browser = example()
    portfolio = browser.portfolio
    browser.ira = account_for(portfolio, name="Roth IRA", cash=Decimal("812.37"))
    browser.aside = account_for(portfolio, name="Aside", is_counted=False, reason="rainy days")
    set_rate(portfolio=portfolio, currency="EUR", rate=Decimal("1.12"), typed_on=PRICED_ON, by=BY)
    browser.abroad = account_for(portfolio, name="Abroad", currency="EUR")
    held(browser.ira, security_of(portfolio, "VOO", "560"), "3.5")
    return browser


@pytest.fixture
def voo(browser):
    return Holding.objects.get(account=browser.account, security__symbol="VOO")


def preview(browser, holding, **typed):
    query = typed.pop("query", "")
    return browser.post(
        row_of(holding, "preview") + query, a_change(holding, **typed), headers=in_row(holding)
    )


def said_in(answer):
    """The words of each part, without those that say which of the two it is."""
    found = {}
    for name, pattern in PARTS.items():
        answer_part = re.search(pattern, answer.content.decode(), re.DOTALL)[0]
        seen = re.sub(r'<span class="vh">[^<]*</span>', "", answer_part)
        text = re.sub(r"<[^>]*>", " ", seen)
        for words in (*ONLY_HERE, *ONLY_SAVED):
            text = text.replace(words, "")
        found[name] = " ".join(text.split())
    return found


def test_an_entry_shows_where_it_would_lead_and_says_that_it_is_not_saved(browser, voo):
    answer = preview(browser, voo, quantity="130")
    assert answer.status_code == 200
    assert out_of_band(answer) == STANDING
    assert text_of(answer).count(MARK) == len(STANDING)
    assert "Together Preview: not saved yet $115,572.37" in text_of(answer)
    assert "see where it comes from" not in answer.content.decode()  # which would be what is saved


@pytest.mark.parametrize("typed", [{"quantity": "130"}, {"quantity": "130", "price": "600"}])
def test_nothing_is_written_and_nothing_locked(browser, voo, typed):
    before = tables()
    with CaptureQueriesContext(connection) as queries:
        preview(browser, voo, symbol="A new one", held_class="gold", **typed)
        preview(browser, voo, held_class="gold", **typed)
    assert tables() == before
    asked = [query["sql"] for query in queries]
    assert [sql for sql in asked if is_write(sql) or "FOR UPDATE" in sql] == []


@pytest.mark.parametrize(
    "typed",
    [
        {"quantity": ""},
        {"quantity": "-3"},
        {"quantity": "12x"},
        {"symbol": ""},
        {"value": "5"},  # beside a quantity
        {"symbol": "A new one", "price": ""},
        {"quantity": "9,999,999,999", "price": "999,999,999"},
        {"quantity": "1,785,714,285"},  # alone not too large, but with the others
        {"price": "12", "role": "nothing known"},
    ],
)
def test_what_cannot_be_saved_yet_says_nothing(browser, voo, typed):
    answer = preview(browser, voo, **typed)
    assert (answer.status_code, answer.content) == (204, b"")


ENTRIES = {
    "quantity": {"quantity": "130"},
    "less": {"quantity": "0.125"},
    "price, of two rows": {"price": "601.55"},
    "value": {"quantity": "", "price": "", "value": "$71,000.50"},
    "class, of two rows": {"held_class": "gold"},
    "class and price": {"held_class": "reit", "price": "12.5", "quantity": "3"},
    "not counted": {"role": HoldingRole.EXCLUDED, "reason": "pension"},
    "not traded": {"role": HoldingRole.FROZEN, "frozen_until": "2030-01-01"},
    "what another row holds": {"symbol": "agg", "quantity": "12", "price": ""},
    "the price of what another row holds": {"symbol": "AGG", "quantity": "12", "price": "90"},
    "what is listed": {"symbol": "gld", "quantity": "12.5", "price": "371.05"},
    "what nobody knows": {"symbol": "Demo barn", "quantity": "", "price": "", "value": "90000"},
    "nobody knows it, but classed": {"symbol": "Demo barn", "price": "7", "held_class": "reit"},
    "elsewhere": {"account": "ira"},
    "where it is not counted": {"account": "aside"},
    "in another currency": {"account": "abroad", "quantity": "", "price": "", "value": "100.05"},
    "as it is": {},
}


@pytest.mark.parametrize("query", ["", "?cash=no", "?left_out=yes"])
@pytest.mark.parametrize("typed", ENTRIES.values(), ids=ENTRIES)
def test_a_save_then_answers_what_the_preview_said(browser, voo, typed, query):
    if "account" in typed:
        typed = typed | {"account": getattr(browser, typed["account"]).pk}
    seen = preview(browser, voo, query=query, **typed)
    saved = browser.post(row_of(voo, "edit") + query, a_change(voo, **typed), headers=in_row(voo))
    assert (seen.status_code, saved.status_code) == (200, 200)
    assert said_in(seen) == said_in(saved)


def test_a_rate_that_is_asked_for_counts_as_well(browser, voo):
    security_for(firm=browser.portfolio.firm, symbol="NESN", currency="CHF", by=BY)
    typed = {"symbol": "NESN", "quantity": "10", "price": "80", "price_currency": "CHF"}
    assert preview(browser, voo, **typed).status_code == 204
    typed |= {"rate_currency": "CHF", "rate": "1.25"}
    seen = preview(browser, voo, **typed)
    saved = browser.post(row_of(voo, "edit"), a_change(voo, **typed), headers=in_row(voo))
    assert said_in(seen) == said_in(saved)


def test_it_shows_what_is_saved_by_now_whoever_was_faster(browser, voo):
    """That it was changed meanwhile is said when it is saved."""
    typed = a_change(voo, quantity="130")
    browser.post(row_of(voo, "edit"), a_change(voo, quantity="150"), headers=in_row(voo))
    answer = browser.post(row_of(voo, "preview"), typed, headers=in_row(voo))
    assert "$115,572.37" in text_of(answer)


# -- Cancel ------------------------------------------------------------------------------------------------


def test_cancel_brings_back_what_a_preview_has_covered(browser, voo):
    preview(browser, voo, quantity="130")
    answer = browser.get(row_of(voo) + "?previewed=yes", headers=in_row(voo))
    assert out_of_band(answer) == STANDING
    assert "$112,772.37" in text_of(answer)
    assert MARK not in text_of(answer)
    assert "125 $560.00 $70,000.00" in text_of(answer)


def test_cancel_alone_brings_the_row_alone(browser, voo):
    assert out_of_band(browser.get(row_of(voo), headers=in_row(voo))) == set()


def test_what_was_deleted_meanwhile_is_left_so_with_the_figures_as_they_are(browser, voo):
    browser.post(row_of(voo, "delete"))
    answer = browser.get(row_of(voo) + "?previewed=yes", headers=in_row(voo))
    assert "VOO deleted." in text_of(answer)
    assert out_of_band(answer) == STANDING


# -- Who, how, and how often -------------------------------------------------------------------------------


def test_strangers_and_readers_find_nothing(browser, voo):
    reader = browser_of(assign(browser.profile, Role.READER))
    for other in (browser_of(UserFactory()), own_browser(), reader):
        assert preview(other, voo, quantity="130").status_code == 404


def test_nothing_is_previewed_where_nothing_can_be_saved(browser, voo):
    archive_portfolio(portfolio=browser.portfolio, by=BY)
    assert preview(browser, voo, quantity="130").status_code == 404


def test_what_was_deleted_is_not_there(browser, voo):
    delete_holding(holding=voo, by=BY)
    assert preview(browser, voo, quantity="130").status_code == 404


def test_an_address_alone_does_nothing(browser, voo):
    assert browser.get(row_of(voo, "preview")).status_code == 405


def test_as_many_queries_for_three_rows_as_for_three_hundred(browser, voo):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert preview(browser, voo, quantity="130", price="600").status_code == 200
        return len(queries)

    asked()  # what a process reads once
    few = asked()
    of = {"firm": voo.firm, "client": voo.client, "portfolio": voo.portfolio}
    vti = security_of(browser.portfolio, "VTI", "100")
    Holding.objects.bulk_create(
        Holding(**of, account=voo.account, security=security, quantity=1, value=security.price)
        for security in (vti, voo.security) * 150
    )
    assert asked() == few
