"""A client's page as the desk sees it: a few figures, the next step, and everything that happened."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from portfolios.models import Plan
from questionnaire.display.timeline import MOST_PAGES, PER_PAGE, page_number
from questionnaire.models import Note
from questionnaire.services.owning import own
from questionnaire.services.reviewing import mark_reviewed, write_note
from riskalloc.firms.audit import By
from riskalloc.firms.models import Role
from tests.factories import ClientFactory, FirmFactory, assign, make_assessment, make_own_client
from tests.firms.people import browser_of, queries
from tests.portfolios.people import account_for, aimed, held, portfolio_for, security_of
from tests.portfolios.whole import make_whole as make_whole_portfolio
from tests.questionnaire.lives import assessed

pytestmark = pytest.mark.django_db
BY = By(name="demo-advisor@example.org")


@pytest.fixture
def desk():
    client = ClientFactory(name="Demo Robert")
    browser = browser_of(assign(client))
    browser.looks_after, browser.address = client, f"/c/{client.pk}/"
    return browser


def page_of(browser, query: str = "") -> str:
    answer = browser.get(browser.address + query)
    assert answer.status_code == 200
    return answer.content.decode()


# -- Summary and next step ---------------------------------------------------------------------------------


def test_who_is_not_assessed_gets_a_link(desk):
    page = page_of(desk)
    assert "Nothing is calculated yet." in page
    assert "Prepare the review" not in page


def test_figures_of_a_quiet_client(desk):
    own(assessment=make_assessment(), client=desk.looks_after, by=BY)
    page = page_of(desk)
    assert "Nothing needs you" in page
    assert "no portfolio yet" in page


def next_step(page: str) -> str:
    return page.partition('<p class="next-step">')[2].partition("</p>")[0]


def test_an_overdue_review_asks_for_the_packet(desk):
    assessed(desk.looks_after, timezone.localdate() - timedelta(days=400))
    step = next_step(page_of(desk))
    assert f'<a href="/a/clients/{desk.looks_after.pk}/packet/">Prepare the review</a>' in step
    assert "Review overdue. The review was due on " in step


def test_a_portfolio_that_is_due_asks_for_its_plan(desk):
    own(assessment=make_assessment(), client=desk.looks_after, by=BY)
    portfolio = portfolio_for(desk.looks_after)
    aimed(portfolio)
    held(account_for(portfolio), security_of(portfolio), "100")
    page = page_of(desk)
    assert f'<a href="/p/{portfolio.pk}/plan/">See a plan</a>' in next_step(page)
    assert "$10,000" in page


def test_the_next_step_is_that_of_the_list(desk):
    """Out of band and overdue: what the list puts first comes first here."""
    assessed(desk.looks_after, timezone.localdate() - timedelta(days=400))
    portfolio = portfolio_for(desk.looks_after)
    aimed(portfolio)
    held(account_for(portfolio), security_of(portfolio), "100")
    link = f'<a href="/p/{portfolio.pk}/plan/">See a plan'
    assert link in next_step(page_of(desk))
    assert link in desk.get("/a/clients/").content.decode()


def test_a_portfolio_without_a_target_asks_for_one(desk):
    own(assessment=make_assessment(), client=desk.looks_after, by=BY)
    portfolio = portfolio_for(desk.looks_after)
    account = account_for(portfolio)
    for symbol in ("VTI", "VOO", "ITOT", "SCHB", "VEA", "VXUS"):
        held(account, security_of(portfolio, symbol))
    assert "Set the target of Retirement" in next_step(page_of(desk))


def test_the_last_plan_of_each_portfolio_stands_beside_it(desk):
    make_whole_portfolio(desk.looks_after)
    page = page_of(desk)
    assert "Plan of " in page
    assert str(Plan.objects.get().pk) in page


def test_their_own_page_stays_as_it_was():
    client = make_own_client(born_on=timezone.localdate() - timedelta(days=15_000))
    own(assessment=make_assessment(), client=client, by=BY)
    page = browser_of(client.membership.user).get(f"/c/{client.pk}/").content.decode()
    assert "Valid for" in page
    assert "Answer all questions again" in page
    for desks in ("at-a-glance", "New note", "Prepare the review", "years old", "Mark as reviewed"):
        assert desks not in page


def test_a_reader_looks_and_writes_nothing(desk):
    own(assessment=make_assessment(), client=desk.looks_after, by=BY)
    reader = browser_of(assign(desk.looks_after, Role.READER))
    page = reader.get(desk.address).content.decode()
    assert "at-a-glance" in page
    for deed in ("Keep this note", "Prepare the review", "Mark as reviewed"):
        assert deed not in page


def test_a_reader_is_told_what_is_due_without_a_deed(desk):
    assessed(desk.looks_after, timezone.localdate() - timedelta(days=400))
    reader = browser_of(assign(desk.looks_after, Role.READER))
    step = next_step(reader.get(desk.address).content.decode())
    assert "Review overdue." in step
    assert "<a " not in step


# -- What has happened -------------------------------------------------------------------------------------


def test_everything_stands_in_one_list_newest_first(desk):
    client = desk.looks_after
    assessed(client, timezone.localdate() - timedelta(days=300))
    make_whole_portfolio(client)
    mark_reviewed(client=client, review_id=uuid4(), held_on=timezone.localdate(), by=BY)
    write_note(client=client, note_id=uuid4(), text="Calls in the evening", by=BY)
    page = page_of(desk).partition('id="timeline"')[2]
    order = [
        "Calls in the evening",
        "Reviewed together",
        "Plan saved",
        "Target decided",
        "First assessment",
    ]
    places = [page.index(text) for text in order]
    assert places == sorted(places)


def test_a_long_life_is_shown_in_pages_and_takes_as_many_queries(desk):
    client = desk.looks_after
    assessed(client, timezone.localdate() - timedelta(days=300))
    write_note(client=client, note_id=uuid4(), text="Demo first", by=BY)
    few = queries(desk, desk.address)
    for number in range(60):
        write_note(client=client, note_id=uuid4(), text=f"Demo {number}", by=BY)
    assert queries(desk, desk.address) == few
    assert queries(desk, f"{desk.address}?page=2") == few
    seen = [page_of(desk, f"?page={number}").count("for the desk alone") for number in (1, 2, 3, 4)]
    assert seen == [PER_PAGE, PER_PAGE, 61 - 2 * PER_PAGE, 0]
    assert "?page=2#timeline" in page_of(desk)
    assert Note.objects.count() == 61


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", "٣", "1.5", ""])
def test_a_page_that_is_none_is_the_nearest(desk, page):
    assert 1 <= page_number(page) <= MOST_PAGES
    assert desk.get(desk.address, {"page": page}).status_code == 200


def test_what_belongs_to_another_client_is_not_told(desk):
    other = ClientFactory(firm=desk.looks_after.firm)
    write_note(client=other, note_id=uuid4(), text="Of somebody else", by=BY)
    make_whole_portfolio(ClientFactory(firm=FirmFactory()))
    page = page_of(desk)
    assert "Of somebody else" not in page
    assert "Plan saved" not in page
