"""The review packet: what changed since the last meeting, what is open, before and after."""

import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from portfolios.models import DayValue, Plan, PlanMark, Security
from portfolios.services.standing import keep_many
from questionnaire.services.owning import own
from questionnaire.services.reviewing import mark_reviewed, write_note
from riskalloc.firms.audit import By
from riskalloc.firms.models import Role
from tests.factories import ClientFactory, assign, make_assessment, make_own_client
from tests.firms.people import browser_of, member, queries
from tests.portfolios.people import account_for, aimed, held, portfolio_for, security_of
from tests.questionnaire.lives import assessed

pytestmark = pytest.mark.django_db
BY = By(name="demo-advisor@example.org")


@pytest.fixture
def desk():
    client = ClientFactory(name="Demo Robert")
    browser = browser_of(assign(client))
    browser.looks_after, browser.address = client, f"/a/clients/{client.pk}/packet/"
    return browser


def page_of(browser, query: str = "") -> str:
    answer = browser.get(browser.address + query)
    assert answer.status_code == 200
    return answer.content.decode()


def with_history(client, *, portfolios: int = 1) -> None:
    """Answered 300 and 10 days ago, met 100 days ago; each portfolio is far from its target."""
    assessed(client, timezone.localdate() - timedelta(days=300))
    met = timezone.localdate() - timedelta(days=100)
    mark_reviewed(client=client, review_id=uuid4(), held_on=met, summary="Save more", by=BY)
    assessed(client, timezone.localdate() - timedelta(days=10), horizon_years="4")
    for number in range(portfolios):
        with_portfolio(client, number)


def with_portfolio(client, number: int) -> None:
    portfolio = portfolio_for(client, name=f"Demo purpose {number}")
    aimed(portfolio)
    held(account_for(portfolio), security_of(portfolio), str(100 + number))
    for days, value in ((102, 7_000), (101, 8_000 + number), (99, 9_000)):
        DayValue.objects.create(
            firm=client.firm,
            client=client,
            portfolio=portfolio,
            day=timezone.localdate() - timedelta(days=days),
            value=Decimal(value),
            drift=Decimal("1.5"),
        )
    keep_many([portfolio.pk])


# -- What it says ------------------------------------------------------------------------------------------


def test_before_anything_is_calculated_it_says_what_to_do(desk):
    page = page_of(desk)
    assert "Nothing has been calculated yet" in page
    assert "Mark as reviewed" not in page


def test_since_the_last_meeting(desk):
    with_history(desk.looks_after)
    page = page_of(desk)
    assert "Since you met on" in page
    assert "Save more" in page
    assert "in stocks" in page  # what the newer answers changed
    assert "Demo purpose 0" in page
    assert "$8,000" in page
    assert "$10,000" in page
    assert "VTI" in page
    assert "Calculated by RiskAlloc" in page
    assert "Mark as reviewed" in page
    assert "Reviewed together" not in page  # the meeting itself is no change since it


def test_open_questions_come_from_the_answers_and_the_portfolios(desk):
    with_history(desk.looks_after)
    page = page_of(desk)
    assert "VTI is 100.0% of the portfolio. Is so much in one holding meant?" in page
    assert "Outside the band" in page


def test_old_prices_are_open_questions(desk):
    with_history(desk.looks_after)
    old = timezone.localdate() - timedelta(days=45)
    Security.objects.update(priced_on=old)
    keep_many(desk.looks_after.portfolios.values_list("pk", flat=True))
    assert "The oldest price is 45 days old." in page_of(desk)


def test_the_plan_that_would_bring_it_back_is_in_it(desk):
    with_history(desk.looks_after)
    page = page_of(desk)
    assert "To come back to target" in page
    assert "Sell" in page
    assert "hx-get" not in page  # nothing to open on paper


def test_the_same_answers_say_so(desk):
    own(assessment=make_assessment(), client=desk.looks_after, by=BY)
    page = page_of(desk)
    assert "The first review" in page
    assert "The answers are the same" in page


def test_notes_are_on_a_page_of_their_own_that_can_be_left_out(desk):
    with_history(desk.looks_after)
    write_note(client=desk.looks_after, note_id=uuid4(), text="Thinks of moving", by=BY)
    assert "Thinks of moving" in page_of(desk)
    assert "Take this page out" in page_of(desk)
    assert "Thinks of moving" not in page_of(desk, "?notes=no")


def test_of_two_portfolios_each_picture_has_its_own_name(desk):
    with_history(desk.looks_after, portfolios=2)
    page = page_of(desk)
    ids = [part.partition('"')[0] for part in page.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


# -- Who ---------------------------------------------------------------------------------------------------


def test_a_reader_reads_it_and_marks_nothing(desk):
    with_history(desk.looks_after)
    reader = browser_of(assign(desk.looks_after, Role.READER))
    page = reader.get(desk.address).content.decode()
    assert "Since you met on" in page
    assert "After the meeting" not in page


def test_an_owner_reads_it_a_client_and_a_stranger_do_not(desk):
    own(assessment=make_assessment(), client=desk.looks_after, by=BY)
    assert browser_of(member(firm=desk.looks_after.firm).user).get(desk.address).status_code == 200
    client = make_own_client(firm=desk.looks_after.firm)
    address = f"/a/clients/{client.pk}/packet/"
    assert browser_of(client.membership.user).get(address).status_code == 404
    colleague = member(firm=desk.looks_after.firm, role=Role.ADVISOR).user
    for user in (member().user, colleague):
        assert browser_of(user).get(desk.address).status_code == 404
    assert desk.post(desk.address).status_code == 405


def test_as_many_queries_however_much_has_happened(desk):
    client = desk.looks_after
    with_history(client)
    few = queries(desk, desk.address)
    portfolio = client.portfolios.get()
    account = portfolio.accounts.get()
    for number in range(20):
        write_note(client=client, note_id=uuid4(), text=f"Demo {number}", by=BY)
        held(account, security_of(portfolio, symbol=f"DEMO{number}"))
        aimed(portfolio)
    for number in range(5):
        own(assessment=make_assessment(amount=str(10_000 + number)), client=client, by=BY)
    assert queries(desk, desk.address) <= few + 1  # a newer mix is proposed by now


def test_as_many_queries_for_ten_portfolios_as_for_one(desk):
    """And each of them says its own."""
    client = desk.looks_after
    with_history(client)
    of_one = queries(desk, desk.address)
    for number in range(1, 10):
        with_portfolio(client, number)
    page = page_of(desk)
    for number in range(10):
        part = page[page.index(f"<h2><bdi>Demo purpose {number}</bdi></h2>") :]
        for value in (f"$8,00{number}", f"$10,{number}00"):
            assert value in part[: part.index("</table>")], (number, value)
    assert queries(desk, desk.address) == of_one


def test_the_last_plan_of_each_portfolio_is_asked_about_by_its_own_marks(desk):
    with_history(desk.looks_after, portfolios=3)
    first, second, third = desk.looks_after.portfolios.order_by("created_at")
    planned(first, days_ago=9, lines=9)
    planned(first, days_ago=3, lines=2)
    planned(second, days_ago=4, lines=4, done=1)
    planned(third, days_ago=5, lines=1, done=1)
    page = page_of(desk)
    found = re.findall(r"<bdi>(Demo purpose \d)</bdi></b> Of the plan of ([^,]*), (\d)", page)
    assert found == [
        ("Demo purpose 0", day_text(days_ago=3), "2"),
        ("Demo purpose 1", day_text(days_ago=4), "3"),
    ]


def planned(portfolio, *, days_ago: int, lines: int, done: int = 0) -> None:
    of = {"firm": portfolio.firm, "client": portfolio.client, "made_by": "demo"}
    plan = Plan.objects.create(
        portfolio=portfolio, kind="full", inputs={}, software="1", plan_format=1,
        result={"orders": [{"number": number} for number in range(lines)]},
        made_at=timezone.now() - timedelta(days=days_ago), **of,
    )  # fmt: skip
    for line in range(done):
        PlanMark.objects.create(plan=plan, line=line, is_done=True, **of)


def day_text(*, days_ago: int) -> str:
    return date_format(timezone.localdate() - timedelta(days=days_ago), "j M Y")
