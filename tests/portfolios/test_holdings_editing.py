"""Rows of the table: opened, saved, added, deleted, brought back, with htmx and without."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portfolios.models import Account, Holding, HoldingRole, Security, Standing
from portfolios.services import holdings
from riskalloc.firms.models import AuditEntry, Role
from tests.factories import ClientFactory, FirmFactory, UserFactory, assign, make_own_client
from tests.firms.people import browser_of
from tests.portfolios.editing import (
    a_change,
    an_entry,
    example,
    holding_of,
    htmx,
    in_row,
    out_of_band,
    page_of,
    row_of,
    text_of,
)
from tests.portfolios.people import (
    account_for,
    desk_browser,
    held,
    own_browser,
    portfolio_for,
    security_of,
)

pytestmark = pytest.mark.django_db
MOVED = {"totals", "summary", "drift", "live"}


@pytest.fixture
def browser():
    return example()


@pytest.fixture
def voo(browser):
    return holding_of(browser)


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("seq").values_list("action", flat=True))


# -- Opening a row -----------------------------------------------------------------------------------------


def test_htmx_gets_the_row_with_a_form_that_has_what_is_saved(browser, voo):
    answer = browser.get(row_of(voo, "edit"), headers=in_row(voo))
    page = answer.content.decode()
    assert page.lstrip().startswith(f'<tr id="h-{voo.pk}"')
    assert "<html" not in page
    assert 'value="125"' in page
    assert 'value="560"' in page
    assert page.count("data-focus") == 1


def test_without_javascript_the_form_is_a_page(browser, voo):
    answer = browser.get(row_of(voo, "edit"))
    assert "<h1" in answer.content.decode()
    assert "Vanguard S&amp;P 500 ETF" in text_of(answer)


def test_cancel_brings_the_row_back(browser, voo):
    answer = browser.get(row_of(voo), headers=in_row(voo))
    assert "125 $560.00 $70,000.00 63.64%" in text_of(answer)
    assert "data-focus" in answer.content.decode()


def test_without_javascript_cancel_is_the_page(browser, voo):
    answer = browser.get(row_of(voo) + "?cash=no")
    assert answer.status_code == 303
    assert answer["Location"] == f"{page_of(browser.portfolio)}?cash=no#h-{voo.pk}"


# -- Saving ------------------------------------------------------------------------------------------------


def test_a_save_answers_with_the_row_and_all_that_it_moved(browser, voo):
    answer = browser.post(row_of(voo, "edit"), a_change(voo, quantity="130"), headers=in_row(voo))
    assert answer.status_code == 200
    assert "130 $560.00 $72,800.00 64.54%" in text_of(answer)
    others = Holding.objects.exclude(pk=voo.pk).values_list("pk", flat=True)
    assert out_of_band(answer) >= MOVED | {f"s-{key}" for key in others}
    assert "Saved VOO. Stocks: now 77.8%, 2.8 points over target." in text_of(answer)


def test_a_save_is_kept_and_moves_what_lists_show(browser, voo):
    browser.post(row_of(voo, "edit"), a_change(voo, quantity="130"), headers=in_row(voo))
    voo.refresh_from_db()
    assert (voo.quantity, voo.value, voo.version) == (130, 72_800, 2)
    assert Standing.objects.get(portfolio=browser.portfolio).value == 112_800
    entry = AuditEntry.objects.get(action="holding changed")
    assert entry.before == {"quantity": "125", "value": "70000"}
    assert entry.after == {"quantity": "130", "value": "72800"}


def test_without_javascript_a_save_leads_back_to_the_row(browser, voo):
    answer = browser.post(row_of(voo, "edit") + "?page=1", a_change(voo, quantity="130"))
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"{page_of(browser.portfolio)}#h-{voo.pk}",
    )
    assert Holding.objects.get(pk=voo.pk).quantity == 130


def test_a_quantity_can_become_a_value(browser, voo):
    change = a_change(voo, quantity="", price="", value="$71,000.50")
    browser.post(row_of(voo, "edit"), change)
    voo.refresh_from_db()
    assert (voo.quantity, voo.typed_value, voo.value) == (
        None,
        Decimal("71000.50"),
        Decimal("71000.50"),
    )


def test_the_price_that_was_shown_may_stay_when_a_value_is_typed(browser, voo):
    browser.post(row_of(voo, "edit"), a_change(voo, quantity="", value="71000"))
    assert Holding.objects.get(pk=voo.pk).typed_value == 71_000
    assert Security.objects.get(symbol="VOO").price == 560


def test_a_new_price_holds_for_every_row_of_the_security(browser, voo):
    other = held(browser.account, voo.security, "1")
    answer = browser.post(row_of(voo, "edit"), a_change(voo, price="600"), headers=in_row(voo))
    assert "125 $600.00 $75,000.00" in text_of(answer)
    assert f"h-{other.pk}" in out_of_band(answer)
    assert Holding.objects.get(pk=other.pk).value == 600
    security = Security.objects.get(pk=voo.security_id)
    assert (security.price, security.priced_on) == (600, timezone.localdate())
    assert "price set" in actions()
    assert Holding.objects.get(pk=voo.pk).version == 1  # its own columns are as they were


def test_a_price_can_be_confirmed_with_its_day(browser, voo):
    Security.objects.filter(pk=voo.security_id).update(priced_on=date(2026, 9, 1))
    browser.post(row_of(voo, "edit"), a_change(voo, priced_on="2026-10-01"))
    assert Security.objects.get(pk=voo.security_id).priced_on == date(2026, 10, 1)


def test_a_price_that_was_not_touched_is_not_written(browser, voo):
    Security.objects.filter(pk=voo.security_id).update(price=600, version=9)
    change = a_change(voo, quantity="126", price="560", shown_price="560", security_version=3)
    assert browser.post(row_of(voo, "edit"), change).status_code == 303
    assert Security.objects.get(pk=voo.security_id).price == 600
    assert Holding.objects.get(pk=voo.pk).value == 126 * 600


def test_a_guessed_class_can_be_confirmed_or_changed(browser, voo):
    assert voo.security.is_guessed
    answer = browser.post(
        row_of(voo, "edit"), a_change(voo, held_class="gold"), headers=in_row(voo)
    )
    security = Security.objects.get(pk=voo.security_id)
    assert (security.per_class(), security.is_guessed) == ({"gold": 10_000}, False)
    assert "Guessed" not in text_of(answer).partition("Edit")[0]


def test_price_and_class_can_change_at_once(browser, voo):
    change = a_change(voo, held_class="gold", price="601")
    assert browser.post(row_of(voo, "edit"), change).status_code == 303
    security = Security.objects.get(pk=voo.security_id)
    assert (security.per_class(), security.price) == ({"gold": 10_000}, 601)


def test_another_symbol_is_another_security(browser, voo):
    browser.post(row_of(voo, "edit"), a_change(voo, symbol="IVV"))
    voo.refresh_from_db()
    assert voo.security.symbol == "IVV"
    assert voo.security.price == 560  # it had none: the one on the row is what was meant
    assert Security.objects.get(symbol="VOO").price == 560


def test_another_symbol_keeps_the_price_that_it_has(browser, voo):
    browser.post(row_of(voo, "edit"), a_change(voo, symbol="VEA"))
    voo.refresh_from_db()
    assert (voo.security.symbol, voo.security.price, voo.value) == ("VEA", 75, 125 * 75)


def test_role_cost_and_dates_are_kept(browser, voo):
    change = a_change(
        voo,
        role="frozen",
        frozen_until="2031-05-03",
        reason="lock-up",
        cost_basis="50,000",
        acquired_on="2020-02-29",
    )
    answer = browser.post(row_of(voo, "edit"), change, headers=in_row(voo))
    voo.refresh_from_db()
    assert (voo.role, voo.frozen_until, voo.reason) == ("frozen", date(2031, 5, 3), "lock-up")
    assert (voo.cost_basis, voo.acquired_on) == (50_000, date(2020, 2, 29))
    assert "Not traded until 3 May 2031: lock-up" in text_of(answer)


def test_a_lock_goes_with_its_role(browser, voo):
    Holding.objects.update(role=HoldingRole.FROZEN, frozen_until=date(2031, 5, 3))
    browser.post(row_of(voo, "edit"), a_change(voo, role="tradable"))
    voo.refresh_from_db()
    assert (voo.role, voo.frozen_until) == ("tradable", None)


def test_nothing_changed_is_nothing_done(browser, voo):
    before = actions()
    browser.post(row_of(voo, "edit"), a_change(voo, quantity="125.0"), headers=in_row(voo))
    assert actions() == before
    assert Holding.objects.get(pk=voo.pk).version == 1


def test_the_same_change_sent_five_times_is_done_once(browser, voo):
    change = a_change(voo, quantity="130", price="561", held_class="gold")
    answers = [
        browser.post(row_of(voo, "edit"), change, headers=in_row(voo)).status_code for _ in range(5)
    ]
    assert answers == [200] * 5
    assert actions().count("holding changed") == actions().count("price set") - 4 == 1
    assert Holding.objects.get(pk=voo.pk).version == 2


# -- Somebody was faster -----------------------------------------------------------------------------------


@pytest.fixture
def mine(browser, voo):
    """A form that was made before somebody else saved 150."""
    change = a_change(voo, quantity="130")
    browser.post(row_of(voo, "edit"), a_change(voo, quantity="150"))
    return change


def test_a_conflict_says_what_changed_and_what_was_typed(browser, voo, mine):
    answer = browser.post(row_of(voo, "edit"), mine, headers=in_row(voo))
    text = text_of(answer)
    assert answer.status_code == 409
    assert "Somebody changed VOO at" in text
    assert "Now: quantity 125 → 150 . Your entry: quantity 130 ." in text
    assert Holding.objects.get(pk=voo.pk).quantity == 150


def test_without_javascript_a_conflict_is_a_page(browser, voo, mine):
    answer = browser.post(row_of(voo, "edit"), mine)
    assert answer.status_code == 409
    assert "<h1" in answer.content.decode()
    assert "Keep mine Take theirs" in text_of(answer)


def kept_in(answer) -> dict[str, str]:
    """The hidden fields that Keep mine sends."""
    pairs = re.findall(
        r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.content.decode()
    )
    return dict(pairs)


def test_keep_mine_saves_mine(browser, voo, mine):
    conflict = browser.post(row_of(voo, "edit"), mine, headers=in_row(voo))
    answer = browser.post(row_of(voo, "edit"), kept_in(conflict), headers=in_row(voo))
    assert answer.status_code == 200
    assert Holding.objects.get(pk=voo.pk).quantity == 130


def test_keep_mine_is_no_free_pass_for_a_third_one(browser, voo, mine):
    conflict = browser.post(row_of(voo, "edit"), mine, headers=in_row(voo))
    browser.post(row_of(voo, "edit"), a_change(voo, quantity="160"))
    assert browser.post(row_of(voo, "edit"), kept_in(conflict)).status_code == 409
    assert Holding.objects.get(pk=voo.pk).quantity == 160


def test_two_who_save_the_same_do_not_disagree(browser, voo, mine):
    answer = browser.post(row_of(voo, "edit"), mine | {"quantity": "150"}, headers=in_row(voo))
    assert answer.status_code == 200


def test_a_conflict_about_the_price_says_both(browser, voo):
    change = a_change(voo, price="570")
    browser.post(row_of(voo, "edit"), a_change(voo, price="565"))
    answer = browser.post(row_of(voo, "edit"), change, headers=in_row(voo))
    assert answer.status_code == 409
    assert "Now: price $560.00 → $565.00 . Your entry: price $570.00 ." in text_of(answer)
    assert browser.post(row_of(voo, "edit"), kept_in(answer)).status_code == 303
    assert Security.objects.get(pk=voo.security_id).price == 570


def test_nothing_of_a_refused_change_is_kept(browser, voo, mine):
    browser.post(row_of(voo, "edit"), mine | {"price": "999"}, headers=in_row(voo))
    assert Security.objects.get(pk=voo.security_id).price == 560


def test_what_was_deleted_meanwhile_can_be_brought_back_with_mine(browser, voo):
    change = a_change(voo, quantity="130")
    browser.post(row_of(voo, "delete"))
    answer = browser.post(row_of(voo, "edit"), change, headers=in_row(voo))
    assert answer.status_code == 409
    assert "Somebody deleted VOO" in text_of(answer)
    browser.post(row_of(voo, "edit"), kept_in(answer))
    voo.refresh_from_db()
    assert (voo.deleted_at, voo.quantity) == (None, 130)


# -- What cannot be saved ----------------------------------------------------------------------------------

BAD_NUMBERS = [
    ("quantity", "-5", "Quantity must be more than 0"),
    ("quantity", "0", "Quantity must be more than 0"),
    ("quantity", "1" + "0" * 30, "Quantity must be at most 10,000,000,000"),
    ("quantity", "1e3", "Use plain digits"),
    ("quantity", "0.123456789", "Use at most 8 decimals."),
    ("quantity", "ten", "Use plain digits"),
    ("quantity", "NaN", "Use plain digits"),
    ("quantity", "1_000", "Use plain digits"),
    ("quantity", "٣", "Use plain digits"),
    ("price", "-5", "Price must be more than 0"),
    ("price", "0", "Price must be more than 0"),
    ("price", "9" * 31, "Price must be at most 1,000,000,000"),
    ("price", "5E2", "Use plain digits"),
    ("price", "1.123456789", "Use at most 8 decimals."),
    ("cost_basis", "-1", "Enter 0 or more"),
    ("cost_basis", "1.234", "Use at most 2 decimals."),
    ("acquired_on", "yesterday", "Enter a date"),
    ("acquired_on", "2999-01-01", "This day is in the future."),
    ("priced_on", "2999-01-01", "This day is in the future."),
    ("role", "owner", "Select one of these"),
    ("held_class", "bricks", "Select a class"),
    ("symbol", "", "Enter a symbol, like VTI, or a name"),
    ("symbol", " \u200b ", "Enter a symbol, like VTI, or a name"),
    ("symbol", "A" * 65, "A symbol has at most 64 characters."),
    ("version", "x", "This form is out of date."),
    ("shown_price", "1e5", "This form is out of date."),
    ("price_currency", "XYZ", "This form is out of date."),
]


@pytest.mark.parametrize(("field", "typed", "says"), BAD_NUMBERS)
def test_what_cannot_be_taken_is_said_and_nothing_saved(browser, voo, field, typed, says):
    before = actions()
    for headers in ({}, in_row(voo)):
        answer = browser.post(row_of(voo, "edit"), a_change(voo, **{field: typed}), headers=headers)
        assert answer.status_code == 422
        assert says in text_of(answer)
        assert actions() == before


def test_the_row_with_what_is_wrong_names_its_field(browser, voo):
    answer = browser.post(row_of(voo, "edit"), a_change(voo, quantity="-5"), headers=in_row(voo))
    page = answer.content.decode()
    assert page.lstrip().startswith(f'<tr id="h-{voo.pk}"')
    assert 'value="-5"' in page
    assert 'aria-invalid="true"' in page
    assert 'id="id_quantity_error"' in page
    assert page.count("data-focus") == 1


BAD_WORTH = [
    ({"value": "5"}, "Enter a quantity and a price, or a value. Empty one of them."),
    ({"quantity": ""}, "Enter a value, like 25,000, or a quantity and a price."),
    ({"quantity": "", "price": "561"}, "Enter the quantity too, or empty the price."),
    ({"quantity": "9" * 10, "price": "9" * 9}, "That is more than can be reckoned with"),
]


@pytest.mark.parametrize(("fields", "says"), BAD_WORTH)
def test_what_does_not_go_together_is_said(browser, voo, fields, says):
    answer = browser.post(row_of(voo, "edit"), a_change(voo, **fields))
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert Security.objects.get(pk=voo.security_id).price == 560


def test_a_quantity_without_any_price_asks_for_one(browser, voo):
    change = a_change(voo, symbol="Barn", price="", shown_price="")
    answer = browser.post(row_of(voo, "edit"), change)
    assert answer.status_code == 422
    assert "There is no price for" in text_of(answer)
    assert not Security.objects.filter(symbol__iexact="barn").exists()


def test_a_foreign_account_is_none_of_ones_own(browser, voo):
    foreign = account_for(portfolio_for(make_own_client()))
    for address, sent in (
        (row_of(voo, "edit"), a_change(voo, account=foreign.pk)),
        (f"{page_of(browser.portfolio)}h/add/", an_entry(foreign)),
    ):
        answer = browser.post(address, sent)
        assert answer.status_code == 422
        assert "Select one of your accounts" in text_of(answer)
    assert not foreign.holdings.exists()


def test_another_currency_asks_for_its_rate_in_the_row(browser, voo):
    Security.objects.filter(pk=voo.security_id).update(currency="EUR")
    change = a_change(voo, quantity="130")
    answer = browser.post(row_of(voo, "edit"), change, headers=in_row(voo))
    assert answer.status_code == 422
    assert "There is no exchange rate for EUR yet." in text_of(answer)
    assert "1 EUR in USD" in text_of(answer)
    rated = change | {"rate": "1.10", "rate_currency": "EUR"}
    assert browser.post(row_of(voo, "edit"), rated).status_code == 303
    assert Holding.objects.get(pk=voo.pk).value == Decimal("80080.00")


def test_a_price_is_never_taken_in_another_currency_than_was_asked_for(browser, voo):
    portfolio = portfolio_for(browser.profile, "Abroad", currency="EUR")
    account = account_for(portfolio)
    address = f"{page_of(portfolio)}h/add/"
    entry = an_entry(account, symbol="VOO", quantity="2", price="480", value="")
    answer = browser.post(address, entry, headers=htmx("add"))
    assert answer.status_code == 422
    assert "VOO is priced in USD. Enter that price" in text_of(answer)
    assert Security.objects.get(pk=voo.security_id).price == 560
    again = entry | {"price": "565", "price_currency": "USD"}
    assert "There is no exchange rate for USD yet." in text_of(browser.post(address, again))
    rated = again | {"rate_currency": "USD", "rate": "0.9"}
    assert browser.post(address, rated).status_code == 303
    assert Holding.objects.get(portfolio=portfolio).value == Decimal("1017.00")


# -- Adding ------------------------------------------------------------------------------------------------


def adding(browser) -> str:
    return f"{page_of(browser.portfolio)}h/add/"


def test_a_symbol_and_a_value_are_enough(browser):
    answer = browser.post(adding(browser), an_entry(browser.account), headers=htmx("add"))
    assert answer.status_code == 200
    added = holding_of(browser, "VTI")
    assert (added.typed_value, added.value, added.quantity) == (12_000, 12_000, None)
    text = text_of(answer)
    assert "Guessed: US large-cap 88%, US small-cap 12%. Change" in text
    assert "Added VTI." in text
    assert out_of_band(answer) >= MOVED | {"rows"}
    page = answer.content.decode()
    assert page.lstrip().startswith('<form id="add"')
    assert page.count("data-focus") == 1


def test_without_javascript_adding_leads_to_the_new_row(browser):
    answer = browser.post(adding(browser), an_entry(browser.account))
    added = holding_of(browser, "VTI")
    assert answer["Location"] == f"{page_of(browser.portfolio)}#h-{added.pk}"


def test_the_same_entry_sent_five_times_is_added_once(browser):
    entry = an_entry(browser.account, quantity="3", price="300", value="")
    answers = [browser.post(adding(browser), entry).status_code for _ in range(5)]
    assert answers == [303] * 5
    assert Holding.objects.filter(security__symbol="VTI").count() == 1
    assert actions().count("holding added") == 5  # four of the example and this one


def test_an_id_of_somebody_elses_holding_says_nothing(browser, voo):
    other = example()
    answer = other.post(adding(other), an_entry(other.account, id=voo.pk))
    assert answer.status_code == 303
    assert holding_of(other, "VTI").pk != voo.pk
    assert Holding.objects.get(pk=voo.pk).quantity == 125


def test_a_quantity_takes_the_price_that_is_known(browser):
    browser.post(adding(browser), an_entry(browser.account, symbol="voo", quantity="2", value=""))
    added = Holding.objects.order_by("created_at").last()
    assert (added.security.symbol, added.value) == ("VOO", 1120)


def test_the_first_holding_makes_its_account():
    browser = own_browser()
    browser.portfolio = portfolio_for(browser.profile)
    entry = an_entry(is_first="yes")
    answers = [browser.post(adding(browser), entry, headers=htmx("add")) for _ in range(2)]
    account = Account.objects.get()
    assert (account.name, account.tax) == ("My account", "taxable")
    assert holding_of(browser, "VTI").account == account
    assert "owned" in out_of_band(answers[0])


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"symbol": ""}, "Enter a symbol"),
        ({"symbol": "A" * 65}, "at most 64 characters"),
        ({"value": ""}, "Enter a value, like 25,000, or a quantity and a price."),
        ({"value": "-1"}, "Value must be more than 0"),
        ({"value": "0"}, "Value must be more than 0"),
        ({"value": "1" + "0" * 30}, "Value must be at most 1,000,000,000,000"),
        ({"value": "1e5"}, "Use plain digits"),
        ({"value": "1.234"}, "Use at most 2 decimals."),
        ({"id": "x"}, "This form is out of date."),
        ({"account": ""}, "Select one of your accounts"),
        ({"symbol": "Barn", "quantity": "2", "value": ""}, "There is no price for"),
        ({"value": "1" + "0" * 12}, "That is more than can be reckoned with"),
    ],
)
def test_what_cannot_be_added_is_said_with_or_without_htmx(browser, fields, says):
    entry = an_entry(browser.account, **fields)
    for headers in ({}, htmx("add")):
        answer = browser.post(adding(browser), entry, headers=headers)
        assert answer.status_code == 422
        assert says in text_of(answer)
    assert Holding.objects.count() == 4


def test_a_refused_entry_stands_on_the_whole_page_without_javascript(browser):
    page = browser.post(adding(browser), an_entry(browser.account, value="x")).content.decode()
    assert "There is a problem" in page
    assert 'href="#add_value"' in page
    assert "VNQ" in page


@pytest.mark.parametrize("symbol", ["<b>bold</b>", "=1+1", "A" * 64, "Ü & Co", "50% \"off\" 'x'"])
def test_any_text_can_be_a_symbol_and_stays_text(browser, symbol):
    answer = browser.post(
        adding(browser), an_entry(browser.account, symbol=symbol), headers=htmx("add")
    )
    assert answer.status_code == 200
    assert Holding.objects.filter(security__symbol=symbol).exists()
    assert "<b>bold" not in answer.content.decode()


def test_there_is_room_for_so_many_and_no_more(browser, monkeypatch):
    monkeypatch.setattr(holdings, "MOST_HOLDINGS", 4)
    answer = browser.post(adding(browser), an_entry(browser.account))
    assert answer.status_code == 422
    assert "There is room for 4 holdings in a portfolio. Delete one first." in text_of(answer)


# -- Deleting and bringing back ----------------------------------------------------------------------------


def test_a_deleted_row_offers_to_undo(browser, voo):
    answer = browser.post(row_of(voo, "delete"), headers=in_row(voo))
    assert "VOO deleted. Undo" in text_of(answer)
    assert out_of_band(answer) >= MOVED
    assert Standing.objects.get(portfolio=browser.portfolio).value == 40_000


def test_undo_brings_the_row_back(browser, voo):
    browser.post(row_of(voo, "delete"), headers=in_row(voo))
    answer = browser.post(row_of(voo, "restore"), headers=in_row(voo))
    assert "125 $560.00 $70,000.00 63.64%" in text_of(answer)
    assert "VOO is back." in text_of(answer)
    assert actions()[-2:] == ["holding deleted", "holding restored"]


def test_without_javascript_undo_stands_on_the_page(browser, voo):
    answer = browser.post(row_of(voo, "delete"), follow=True)
    assert "VOO deleted. Undo" in text_of(answer)
    answer = browser.post(row_of(voo, "restore"))
    assert answer["Location"].endswith(f"#h-{voo.pk}")
    assert Holding.objects.get(pk=voo.pk).deleted_at is None


def test_deleted_or_brought_back_five_times_is_once(browser, voo):
    for verb, action in (("delete", "holding deleted"), ("restore", "holding restored")):
        for _ in range(5):
            assert browser.post(row_of(voo, verb), headers=in_row(voo)).status_code == 200
        assert actions().count(action) == 1


def test_what_came_to_too_much_meanwhile_does_not_come_back(browser, voo):
    browser.post(row_of(voo, "delete"))
    Security.objects.filter(pk=voo.security_id).update(price=10**9)
    Holding.objects.filter(pk=voo.pk).update(quantity=10**5)
    for headers in ({}, in_row(voo)):
        answer = browser.post(row_of(voo, "restore"), headers=headers)
        assert answer.status_code == 422
        assert "That is more than can be reckoned with" in text_of(answer)
    assert Holding.objects.get(pk=voo.pk).deleted_at


def test_a_deleted_row_is_not_opened(browser, voo):
    browser.post(row_of(voo, "delete"))
    assert browser.get(row_of(voo, "edit"), headers=in_row(voo)).status_code == 404
    assert "VOO deleted. Undo" in text_of(browser.get(row_of(voo), headers=in_row(voo)))


def test_deleting_all_asks_for_their_number(browser):
    address = f"{page_of(browser.portfolio)}h/delete-all/"
    assert "All 4 holdings" in text_of(browser.get(address))
    for wrong in ("", "3", "five", "-4"):
        assert browser.post(address, {"count": wrong}).status_code == 422
    assert browser.post(address, {"count": "4"}).status_code == 303
    assert not Holding.objects.kept().exists()
    assert actions()[-1] == "all holdings deleted"
    assert "There is nothing to delete" in text_of(browser.get(address))


# -- Who may change ----------------------------------------------------------------------------------------


def every_request(browser, holding):
    """Each address with what it takes."""
    return [
        ("get", row_of(holding, "edit"), {}),
        ("post", row_of(holding, "edit"), a_change(holding, quantity="999")),
        ("post", f"{page_of(holding.portfolio)}h/add/", an_entry(browser.account)),
        ("post", row_of(holding, "delete"), {}),
        ("post", row_of(holding, "restore"), {}),
        ("get", f"{page_of(holding.portfolio)}h/delete-all/", {}),
        ("post", f"{page_of(holding.portfolio)}h/delete-all/", {"count": "4"}),
    ]


@pytest.mark.parametrize("who", ["stranger", "reader", "another client"])
def test_others_change_nothing(who):
    browser = example(desk_browser())
    holding, profile = holding_of(browser), browser.profile
    if who == "stranger":
        user = UserFactory()
    elif who == "reader":
        user = assign(profile, Role.READER)
    else:
        user = make_own_client(firm=profile.firm).membership.user
    other, before = browser_of(user), actions()
    for verb, address, sent in every_request(browser, holding):
        for headers in ({}, in_row(holding), htmx("add")):
            assert getattr(other, verb)(address, sent, headers=headers).status_code == 404
    assert actions() == before


def test_a_row_of_another_portfolio_is_not_there(browser, voo):
    other = portfolio_for(browser.profile, "House")
    address = f"/p/{other.pk}/h/{voo.pk}/edit/"
    assert browser.get(address).status_code == 404
    assert browser.post(address, a_change(voo)).status_code == 404


def test_whoever_has_not_signed_in_is_sent_to(browser, voo):
    browser.logout()
    for verb, address, sent in every_request(browser, voo):
        assert getattr(browser, verb)(address, sent).status_code == 302


@pytest.mark.parametrize("verb", ["delete", "restore"])
def test_a_look_changes_nothing(browser, voo, verb):
    assert browser.get(row_of(voo, verb)).status_code == 405


def test_a_client_of_a_practice_does_not_set_a_price_that_others_depend_on():
    firm = FirmFactory()
    client = own_browser(firm=firm)
    neighbour = portfolio_for(ClientFactory(firm=firm))
    held(account_for(neighbour), security_of(neighbour, "VOO", "560"))
    example(client)
    voo = holding_of(client)
    page = client.get(row_of(voo, "edit")).content.decode()
    assert 'name="price"' not in page
    assert 'name="held_class"' not in page
    client.post(row_of(voo, "edit"), a_change(voo, price="1", held_class="gold", quantity="126"))
    security = Security.objects.get(symbol="VOO", firm=firm)
    assert (security.price, security.per_class()) == (560, {"us_large_cap": 10_000})
    assert Holding.objects.get(pk=voo.pk).quantity == 126
    entry = an_entry(client.account, symbol="VOO", quantity="1", price="1", value="")
    answer = client.post(f"{page_of(client.portfolio)}h/add/", entry)
    assert answer.status_code == 422
    assert "sets the price of VOO for everybody: $560.00." in text_of(answer)


# -- How often the database is asked -----------------------------------------------------------------------


def test_a_save_asks_no_more_of_five_hundred_rows(browser, voo):
    def asked(quantity: str) -> int:
        change = a_change(voo, quantity=quantity)
        with CaptureQueriesContext(connection) as context:
            browser.post(row_of(voo, "edit"), change, headers=in_row(voo))
        return len(context)

    asked("126")
    few = asked("127")
    Holding.objects.bulk_create(
        Holding(
            firm=voo.firm,
            client=voo.client,
            portfolio=voo.portfolio,
            account=voo.account,
            security=voo.security,
            quantity=Decimal(1),
            value=Decimal(560),
        )
        for _ in range(496)
    )
    assert asked("128") == few
    assert few <= 60


def test_the_figures_of_a_save_are_those_of_the_page(browser):
    voo = holding_of(browser)
    answer = browser.post(row_of(voo, "edit"), a_change(voo, quantity="130"), headers=in_row(voo))
    page = text_of(browser.get(page_of(browser.portfolio)))
    for figure in ("4.5 points from target", "US large-cap is $5,120 over", "Together $112,800.00"):
        assert figure in text_of(answer)
        assert figure in page


def test_a_target_is_not_needed():
    browser = example(has_target=False)
    voo = holding_of(browser)
    answer = browser.post(row_of(voo, "edit"), a_change(voo, quantity="130"), headers=in_row(voo))
    assert "Saved VOO. The portfolio is now worth $112,800." in text_of(answer)
