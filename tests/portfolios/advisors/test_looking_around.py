"""Made-up clients at an empty desk: brought once, out of the way of real ones, and gone at a press."""

from time import process_time

import pytest
from django.test import Client

from portfolios.advisors.book import book_of
from portfolios.demo.looking_around import demo_desks
from portfolios.models import DayValue, Portfolio, SavedFilter
from questionnaire.models import Assessment, ClientProfile, Tombstone
from riskalloc.firms.models import AuditEntry, Firm, Membership, Role, User
from riskalloc.firms.verification import verify
from tests.factories import ClientFactory, MembershipFactory, UserFactory
from tests.firms.people import browser_of, everything, queries
from tests.portfolios.advisors.desks import Desk

pytestmark = pytest.mark.django_db
LOAD, REMOVE = "/a/demo/", "/a/demo/remove/"
BUTTON = "Look around with 12 demo clients"
NOTICE = "These 12 clients are made up."


def page_of(browser: Client, address: str = "/a/") -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


def loaded() -> Desk:
    desk = Desk(name="Own practice")
    assert desk.browser.post(LOAD).status_code == 303
    return desk


def demo_of(desk: Desk) -> Firm:
    return demo_desks(desk.user).get().firm


@pytest.mark.parametrize("address", ["/a/", "/a/clients/"])
def test_an_empty_desk_offers_them_and_shows_them_as_made_up(address: str) -> None:
    desk = Desk(name="Own practice")
    assert BUTTON in page_of(desk.browser, address)
    response = desk.browser.post(LOAD)
    assert (response.status_code, response["Location"]) == (303, "/a/")
    page = page_of(desk.browser, address)
    assert NOTICE in page
    assert "Remove them" in page
    assert BUTTON not in page
    assert "12 clients" in page


def test_they_have_answers_portfolios_and_a_past_in_a_practice_that_is_marked() -> None:
    firm = demo_of(loaded())
    assert (firm.name, firm.is_demo) == ("Demo practice", True)
    clients = ClientProfile.objects.filter(firm=firm)
    assert clients.active().count() == clients.count() == 12
    assert all(client.name.endswith("(demo)") for client in clients)
    assert not any(client.email for client in clients)  # nobody is written to
    assert Assessment.objects.filter(ownership__firm=firm).count() >= 11
    assert Portfolio.objects.filter(firm=firm).count() >= 12
    assert DayValue.objects.filter(firm=firm).count() > 100
    assert [one.role for one in Membership.objects.filter(firm=firm)] == [Role.OWNER]


def test_nobody_gets_an_account_by_it() -> None:
    desk = Desk()
    before = User.objects.count()
    desk.browser.post(LOAD)
    assert User.objects.count() == before


def test_pressed_twice_it_is_one_practice() -> None:
    desk = loaded()
    assert desk.browser.post(LOAD).status_code == 303
    assert Firm.objects.filter(is_demo=True).count() == 1
    assert ClientProfile.objects.count() == 12


def test_it_takes_less_than_two_seconds() -> None:
    desk = Desk()
    started = process_time()
    desk.browser.post(LOAD)
    assert process_time() - started < 2


def test_a_client_of_ones_own_puts_them_away_everywhere() -> None:
    desk = loaded()
    desk.client("Demo first of my own")
    for address in ("/a/", "/a/clients/"):
        page = page_of(desk.browser, address)
        assert NOTICE not in page
        assert "12 made-up clients are out of your lists" in page
        assert "(demo)" not in page
    assert "<b>1 client</b>" in page
    book = book_of(desk.user)
    assert [one.firm for one in book.desks] == [desk.firm]
    assert "(demo)" not in page_of(desk.browser, "/a/whatif/?stocks=-30")
    sent = desk.browser.post("/a/clients/chosen/", {"do": "csv", "all": "1"})
    assert "(demo)" not in sent.content.decode()


def test_new_clients_are_added_to_ones_own_practice_only() -> None:
    desk = loaded()
    page = page_of(desk.browser)
    assert str(desk.firm.pk) in page
    assert f"/firm/{demo_of(desk).pk}/clients/" not in page
    assert [one.firm for one in book_of(desk.user).can_add] == [desk.firm]


@pytest.mark.parametrize("has_own", [False, True])
def test_one_press_removes_all_of_it_and_leaves_the_rest(has_own: bool) -> None:
    desk, other = Desk(name="Own practice"), Desk()
    other.quiet("Demo of others")
    if has_own:
        desk.browser.post(LOAD)
        desk.quiet("Demo of my own")
    kept = {name: rows for name, rows in everything().items() if "Audit" not in name}
    if not has_own:
        desk.browser.post(LOAD)
    firm = demo_of(desk)
    assert desk.browser.post(REMOVE).status_code == 303
    assert not Firm.objects.filter(pk=firm.pk).exists()
    assert not AuditEntry.objects.filter(firm_id=firm.pk).exists()
    assert not Tombstone.objects.exists()
    if not has_own:
        traces = ("Erasure", "ClosedFirm", "Audit")
        now = everything()
        for name, rows in kept.items():
            if not any(trace in name for trace in traces):
                assert now[name] == rows, name
        assert BUTTON in page_of(desk.browser)
    assert desk.browser.post(REMOVE).status_code == 303
    assert not verify().faults


def test_they_can_be_brought_again_after_they_were_removed() -> None:
    desk = loaded()
    desk.browser.post(REMOVE)
    desk.browser.post(LOAD)
    assert NOTICE in page_of(desk.browser)


def test_the_practice_trail_says_who_brought_and_removed_them() -> None:
    desk = loaded()
    desk.browser.post(REMOVE)
    entries = AuditEntry.objects.filter(firm=desk.firm, action__startswith="demo clients")
    assert list(entries.order_by("seq").values_list("action", "actor", "after")) == [
        ("demo clients loaded", desk.user.pk, {"clients": 12}),
        ("demo clients removed", desk.user.pk, {"clients": 12}),
    ]


def test_who_was_added_there_by_hand_is_not_removed_unseen() -> None:
    desk = loaded()
    own = ClientFactory(firm=demo_of(desk), name="Demo by hand")
    response = desk.browser.post(REMOVE)
    assert response.status_code == 422
    assert "You added a client of your own" in response.content.decode()
    assert ClientProfile.objects.filter(firm=own.firm).count() == 13


def test_what_was_kept_and_invited_there_goes_with_it() -> None:
    desk = loaded()
    firm = demo_of(desk)
    colleague = MembershipFactory(firm=firm, role=Role.ADVISOR)
    SavedFilter.objects.create(firm=firm, membership=colleague, name="Demo", query="q=a")
    assert desk.browser.post(REMOVE).status_code == 303
    assert User.objects.filter(pk=colleague.user_id).exists()
    assert not SavedFilter.objects.exists()


def test_who_may_not_add_clients_is_offered_nothing() -> None:
    reader = MembershipFactory(firm=Desk().firm, role=Role.READER)
    nobody = UserFactory()
    for user in (reader.user, nobody):
        browser = browser_of(user)
        assert BUTTON not in page_of(browser)
        assert browser.post(LOAD).status_code == 404
    assert browser_of(nobody).post(REMOVE).status_code == 404
    assert Client().post(LOAD).status_code == 302
    assert browser_of(reader.user).get(LOAD).status_code == 405


def test_where_the_practice_has_clients_of_others_none_are_brought() -> None:
    """An advisor who has not been given anybody yet: they would be put away at once."""
    desk = Desk()
    desk.client()
    advisor = MembershipFactory(firm=desk.firm, role=Role.ADVISOR)
    browser = browser_of(advisor.user)
    assert BUTTON not in page_of(browser)
    browser.post(LOAD)
    assert not Firm.objects.filter(is_demo=True).exists()


def test_a_desk_with_clients_asks_no_more_of_the_database() -> None:
    few, many = Desk(), Desk()
    few.quiet()
    for number in range(6):
        many.quiet(f"Demo {number}")
    assert queries(few.browser, "/a/") == queries(many.browser, "/a/")
