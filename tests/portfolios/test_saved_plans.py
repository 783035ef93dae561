"""Plans that are kept: facts for good, marked line by line, and held against today."""

import csv
import io
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from portfolios.display.plan_csv import cell
from portfolios.models import Plan, PlanMark
from portfolios.services.plan_records import as_json, inputs_of, result_of
from portfolios.services.planning import plan_for
from portfolios.services.plans import again, prices_moved
from portfolios.services.securities import set_price
from portfolios.services.standing import keep
from riskalloc.firms.audit import By
from riskalloc.firms.models import AuditEntry, Role
from tests.factories import UserFactory, assign
from tests.firms.people import browser_of, queries
from tests.portfolios.factories import PRICED_ON, AccountFactory, rate
from tests.portfolios.planned import (
    aim,
    article,
    browser_for,
    empty_portfolio,
    fund,
    hold,
    keep_plan,
    kept_fields,
    plan_address,
    words,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    """The article's example in its person's browser, with its full plan kept."""
    portfolio = article()
    browser = browser_for(portfolio)
    browser.portfolio = portfolio
    assert keep_plan(browser, portfolio).status_code == 303
    browser.plan = Plan.objects.get()
    browser.address = f"/p/{portfolio.pk}/plans/{browser.plan.pk}/"
    return browser


def reprice(portfolio, symbol, price):
    """As a person does, in the client's own firm."""
    holding = portfolio.holdings.select_related("security").get(security__symbol=symbol)
    set_price(
        security=holding.security,
        version=holding.security.version,
        price=Decimal(price),
        priced_on=PRICED_ON,
        source="typed",
        about=portfolio.client,
        by=By(name="demo@example.org"),
    )


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


# -- Keeping ----------------------------------------------------------------------------------------------


def test_a_kept_plan_says_what_the_page_said(desk):
    live = words(desk.get(plan_address(desk.portfolio, kind="full")))
    kept = words(desk.get(desk.address))
    for said in (
        "Sell $4,000 of US large-cap",
        "63.64% → 60%, which takes off 1.82 points of drift",
        "Sells $4,000.00 + new cash $0.00 = buys $4,000.00 + cash left $0.00",
    ):
        assert said in live
        assert said in kept
    assert "typed, 30 Sep 2026" in kept
    assert "Target: 60% US large-cap, 15% International, 10% US bonds, 15% Real estate" in kept
    assert "Calculated by riskalloc" in kept


def test_sent_five_times_it_is_kept_once():
    portfolio = article()
    browser = browser_for(portfolio)
    sent = kept_fields(browser.get(plan_address(portfolio, kind="full")))
    answers = [browser.post(f"/p/{portfolio.pk}/plans/", sent) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer["Location"] for answer in answers}) == 1
    assert Plan.objects.count() == 1
    assert AuditEntry.objects.filter(action="plan saved").count() == 1


def test_an_id_of_somebody_else_s_plan_makes_a_plan_of_one_s_own(desk):
    other = article()
    browser = browser_for(other)
    sent = kept_fields(browser.get(plan_address(other, kind="full")))
    answer = browser.post(f"/p/{other.pk}/plans/", sent | {"id": str(desk.plan.pk)})
    assert answer.status_code == 303
    assert str(desk.plan.pk) not in answer["Location"]
    assert Plan.objects.filter(portfolio=other).count() == 1


def test_what_has_changed_since_the_page_was_made_is_shown_before_it_is_kept():
    portfolio = article()
    browser = browser_for(portfolio)
    sent = kept_fields(browser.get(plan_address(portfolio, kind="full")))
    reprice(portfolio, "VOO", "600")
    answer = browser.post(f"/p/{portfolio.pk}/plans/", sent)
    assert answer.status_code == 409
    assert "Something has changed since this page was made" in words(answer)
    assert not Plan.objects.exists()
    assert browser.post(f"/p/{portfolio.pk}/plans/", kept_fields(answer)).status_code == 303


@pytest.mark.parametrize(
    "change",
    [
        {"id": "x"},
        {"kind": "nonsense"},
        {"cash_flow": "1e5"},
        {"cash_flow": ""},
        {"seen": ""},
        {"seen": "x" * 100},
    ],
)
def test_a_broken_form_keeps_nothing(change):
    portfolio = article()
    browser = browser_for(portfolio)
    sent = kept_fields(browser.get(plan_address(portfolio, kind="full"))) | change
    answer = browser.post(f"/p/{portfolio.pk}/plans/", sent)
    assert answer.status_code == 422
    assert "Nothing is saved" in words(answer)
    assert not Plan.objects.exists()


def test_a_withdrawal_is_kept_with_its_sign_and_its_look():
    portfolio = article()
    portfolio.accounts.update(cash=Decimal(700))
    query = {"kind": "cash_flow", "way": "out", "cash_flow": "3000", "cash": "no"}
    assert keep_plan(browser_for(portfolio), portfolio, **query).status_code == 303
    plan = Plan.objects.get()
    assert (plan.kind, plan.cash_flow) == ("cash_flow", Decimal("-3000.00"))
    assert inputs_of(plan).counts_cash is False
    assert inputs_of(plan).value == Decimal(110_000)


def test_every_input_is_kept_with_its_source(desk):
    inputs = inputs_of(desk.plan)
    by_symbol = {position.symbol: position for position in inputs.positions}
    assert by_symbol["VOO"].price == Decimal(560)
    assert by_symbol["VOO"].quantity == Decimal(125)
    assert (by_symbol["VOO"].priced_on, by_symbol["VOO"].price_source) == (PRICED_ON, "typed")
    assert inputs.target.percents["us_large_cap"] == Decimal(60)
    assert inputs.target.result
    assert inputs.policy["band"] == "5/25"
    assert desk.plan.software.startswith("riskalloc ")
    assert desk.plan.plan_format == 1


def test_what_is_kept_reads_back_bit_for_bit(desk):
    now, wanted = again(desk.portfolio, desk.plan, inputs_of(desk.plan))
    assert result_of(desk.plan) == plan_for(desk.portfolio, now, wanted)
    assert as_json(result_of(desk.plan)) == desk.plan.result
    assert as_json(inputs_of(desk.plan)) == desk.plan.inputs


def test_a_kept_plan_never_changes(desk):
    before = words(desk.get(desk.address)).split("Against today")[0]
    reprice(desk.portfolio, "VOO", "700")
    desk.portfolio.holdings.filter(security__symbol="AGG").update(value=Decimal(1))
    aim(desk.portfolio, us_large_cap=100)
    assert words(desk.get(desk.address)).split("Against today")[0] == before
    for statement in (
        "UPDATE portfolios_plan SET kind = 'cash_flow'",
        "DELETE FROM portfolios_plan",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_readers_look_and_keep_nothing():
    portfolio = article()
    reader = browser_of(assign(portfolio.client, role=Role.READER))
    page = reader.get(plan_address(portfolio, kind="full"))
    assert page.status_code == 200
    assert "Keep this plan" not in words(page)
    sent = kept_fields(browser_for(portfolio).get(plan_address(portfolio, kind="full")))
    assert reader.post(f"/p/{portfolio.pk}/plans/", sent).status_code == 404
    assert not Plan.objects.exists()


# -- Lists ------------------------------------------------------------------------------------------------


def test_kept_plans_are_listed_with_what_was_done_of_them(desk):
    line = f"{desk.address}lines/1/"
    desk.post(line, {"id": uuid4(), "done": "yes"})
    for page in (f"/p/{desk.portfolio.pk}/", f"/p/{desk.portfolio.pk}/plans/"):
        assert "1 of 4 lines done" in words(desk.get(page))


def test_an_empty_list_says_what_will_be_there():
    portfolio = article()
    page = words(browser_for(portfolio).get(f"/p/{portfolio.pk}/plans/"))
    assert "Plans that you keep stand here" in page


def test_queries_do_not_grow_with_plans_or_marks(desk):
    addresses = [f"/p/{desk.portfolio.pk}/plans/", desk.address, f"/p/{desk.portfolio.pk}/"]
    few = [queries(desk, address) for address in addresses]
    for number in range(6):
        keep_plan(desk, desk.portfolio, kind="cash_flow", cash_flow=str(1000 + number))
    for line in range(1, 5):
        desk.post(f"{desk.address}lines/{line}/", {"id": uuid4(), "done": "yes"})
    assert [queries(desk, address) for address in addresses] == few


# -- Marks ------------------------------------------------------------------------------------------------


def test_a_line_is_marked_as_done_and_not_after_all(desk):
    line = f"{desk.address}lines/1/"
    answer = desk.post(line, {"id": uuid4(), "done": "yes"})
    assert answer.status_code == 303
    assert answer["Location"].endswith("#line-1")
    assert "1 of 4 lines done" in words(desk.get(desk.address))
    desk.post(line, {"id": uuid4(), "done": "no"})
    assert "0 of 4 lines done" in words(desk.get(desk.address))
    assert [mark.is_done for mark in PlanMark.objects.order_by("made_at")] == [True, False]
    actions = AuditEntry.objects.filter(object_type="portfolios.planmark").order_by("seq")
    assert [entry.action for entry in actions] == ["plan line done", "plan line not done"]


def test_htmx_gets_the_lines_and_the_button_keeps_its_name(desk):
    answer = desk.post(
        f"{desk.address}lines/2/",
        {"id": uuid4(), "done": "yes"},
        headers={"HX-Request": "true", "HX-Target": "plan-lines"},
    )
    part = answer.content.decode()
    assert part.lstrip().startswith('<div id="plan-lines"')
    assert 'id="mark-2">Undo' in part
    assert "says" in words(answer)


def test_marked_five_times_it_is_marked_once(desk):
    sent = {"id": str(uuid4()), "done": "yes"}
    for _ in range(5):
        assert desk.post(f"{desk.address}lines/1/", sent).status_code == 303
    desk.post(f"{desk.address}lines/1/", {"id": uuid4(), "done": "yes"})  # it is so already
    assert PlanMark.objects.count() == 1


def test_a_late_copy_of_an_old_mark_does_not_bring_it_back(desk):
    done = {"id": str(uuid4()), "done": "yes"}
    desk.post(f"{desk.address}lines/1/", done)
    desk.post(f"{desk.address}lines/1/", {"id": uuid4(), "done": "no"})
    desk.post(f"{desk.address}lines/1/", done)
    assert "0 of 4 lines done" in words(desk.get(desk.address))


@pytest.mark.parametrize(
    ("line", "sent", "status"),
    [
        (0, {"done": "yes"}, 404),
        (99, {"done": "yes"}, 404),
        (1, {"done": "perhaps"}, 422),
        (1, {"id": "x", "done": "yes"}, 422),
        (1, {}, 422),
    ],
)
def test_marks_of_no_line_or_of_no_sense_are_refused(desk, line, sent, status):
    answer = desk.post(f"{desk.address}lines/{line}/", {"id": str(uuid4())} | sent)
    assert answer.status_code == status
    assert not PlanMark.objects.exists()


def test_a_plan_is_found_under_its_own_portfolio_only(desk):
    other = article(client=desk.portfolio.client)
    for path in ("", "plan.csv"):
        assert desk.get(f"/p/{other.pk}/plans/{desk.plan.pk}/{path}").status_code == 404
    mark = f"/p/{other.pk}/plans/{desk.plan.pk}/lines/1/"
    assert desk.post(mark, {"id": uuid4(), "done": "yes"}).status_code == 404


def test_strangers_and_readers_mark_nothing(desk):
    sent = {"id": uuid4(), "done": "yes"}
    reader = browser_of(assign(desk.portfolio.client, role=Role.READER))
    assert reader.get(desk.address).status_code == 200
    for browser in (reader, browser_of(UserFactory())):
        assert browser.post(f"{desk.address}lines/1/", sent).status_code == 404
    assert not PlanMark.objects.exists()


# -- Against today ----------------------------------------------------------------------------------------


def test_where_nothing_has_moved_every_line_would_be_the_same(desk):
    page = words(desk.get(desk.address))
    assert "Prices have not moved since." in page
    assert "Planned again today, every line would be the same." in page


def test_prices_that_moved_are_said_with_the_lines_that_differ(desk):
    reprice(desk.portfolio, "VOO", "567.04")  # 125 x 7.04 = 880 of 110,000
    page = words(desk.get(desk.address))
    assert (
        "Prices rose 0.8% since: what the plan counted by price was $110,000.00,"
        " and is $110,880.00 today." in page
    )
    assert "Planned again today, 4 lines would differ." in page
    assert "Sell 7.1428 VOO, $4,000.00" in page
    assert "VOO, $4,352.00" in page  # 70,880 - 60 % of 110,880
    assert "?cash=yes&left_out=no&kind=full" in desk.get(desk.address).content.decode().replace(
        "&amp;", "&"
    )


def test_prices_that_fell_a_little_are_said_so(desk):
    reprice(desk.portfolio, "VNQ", "93.74")
    assert "Prices fell less than 0.1% since" in words(desk.get(desk.address))


def test_what_was_bought_since_moves_no_price(desk):
    voo = desk.portfolio.holdings.get(security__symbol="VOO")
    hold(desk.portfolio.accounts.get(), voo.security, "50")
    keep(desk.portfolio)
    moved = prices_moved(desk.portfolio, inputs_of(desk.plan))
    assert (moved.then, moved.now) == (Decimal(110_000), Decimal(110_000))
    assert "would differ" in words(desk.get(desk.address))


def test_exchange_rates_are_prices_too():
    portfolio = empty_portfolio()
    typed = rate(portfolio, "EUR", "1.10")
    account = AccountFactory(portfolio=portfolio, cash=Decimal(5_000))
    security = fund(portfolio.client, "EXS1", "100", intl_developed=100)
    type(security).objects.filter(pk=security.pk).update(currency="EUR")
    security.refresh_from_db()
    hold(account, security, "10")
    aim(portfolio, us_large_cap=60, intl_developed=40)
    keep(portfolio)
    keep_plan(browser_for(portfolio), portfolio)
    typed.rate = Decimal("1.21")
    typed.save()
    moved = prices_moved(portfolio, inputs_of(Plan.objects.get()))
    assert (moved.then, moved.now, moved.percent) == (Decimal(1_100), Decimal(1_210), Decimal(10))


def test_a_plan_without_prices_says_nothing_of_them():
    portfolio = empty_portfolio()
    account = AccountFactory(portfolio=portfolio)
    security = fund(portfolio.client, "VOO", "1", us_large_cap=100)
    hold(account, security, "1")
    portfolio.holdings.update(quantity=None, typed_value=Decimal(900), value=Decimal(900))
    aim(portfolio, us_aggregate=100)
    keep(portfolio)
    browser = browser_for(portfolio)
    answer = keep_plan(browser, portfolio)
    assert (
        "Prices"
        not in words(browser.get(answer["Location"]))
        .split("Against today")[1]
        .split("What it was made of")[0]
    )


def test_where_today_there_is_no_such_plan_that_is_said():
    portfolio = article()
    browser = browser_for(portfolio)
    query = {"kind": "cash_flow", "way": "out", "cash_flow": "100000"}
    answer = keep_plan(browser, portfolio, **query)
    portfolio.holdings.filter(security__symbol="VOO").delete()
    keep(portfolio)
    page = words(browser.get(answer["Location"]))
    assert "Today there is no such plan. There is $40,000, and $100,000 is to be taken out." in page


# -- Files ------------------------------------------------------------------------------------------------


def test_a_file_has_every_line_and_numbers_that_are_numbers(desk):
    desk.post(f"{desk.address}lines/1/", {"id": uuid4(), "done": "yes"})
    answer = desk.get(f"{desk.address}plan.csv")
    assert answer["Content-Type"].startswith("text/csv")
    assert "attachment" in answer["Content-Disposition"]
    rows = rows_of(answer)
    sold = next(row for row in rows if row["Holding"] == "VOO")
    assert (sold["Amount"], sold["Shares"], sold["Done"]) == ("-4000.00", "-7.1428", "yes")
    large = next(row for row in rows if row["Class"] == "US large-cap")
    assert (large["Class amount"], large["Weight before, %"]) == ("-4000.00", "63.64")
    live = rows_of(desk.get(f"/p/{desk.portfolio.pk}/plan.csv?kind=full"))
    assert [row["Amount"] for row in live] == [row["Amount"] for row in rows]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_text_is_taken_for_a_formula(start):
    assert cell(f"{start}1+1") == f"'{start}1+1"
    assert cell(Decimal("-4000.00")) == "-4000.00"


def test_names_that_are_formulas_are_text_in_the_file():
    portfolio = article()
    portfolio.accounts.update(name='=HYPERLINK("http://example.org")')
    portfolio.holdings.get(security__symbol="VOO").security.__class__.objects.filter(
        symbol="VOO", firm=portfolio.firm
    ).update(symbol="-VOO+1")
    rows = rows_of(browser_for(portfolio).get(f"/p/{portfolio.pk}/plan.csv?kind=full"))
    orders = [row for row in rows if row["Line"]]
    assert {row["Account"] for row in orders} == {'\'=HYPERLINK("http://example.org")'}
    assert orders[0]["Holding"] == "'-VOO+1"


def test_names_are_text_on_the_page():
    portfolio = article()
    portfolio.accounts.update(name="<img src=x>")
    browser = browser_for(portfolio)
    AccountFactory(portfolio=portfolio, name="Second")
    answer = keep_plan(browser, portfolio)
    for page in (plan_address(portfolio, kind="full"), answer["Location"]):
        body = browser.get(page).content.decode()
        assert "<img src=x>" not in body
        assert "&lt;img src=x&gt;" in body
