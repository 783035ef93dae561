"""The morning page: who comes first, with which reason, number, age and action; tiles and pictures."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portfolios.models import DayValue, Plan
from questionnaire.models import ClientProfile
from riskalloc.firms.models import Role
from tests.factories import UserFactory, assign, make_own_client
from tests.firms.people import browser_of, queries
from tests.portfolios.advisors.desks import Desk, answered, days_from_now, stand

pytestmark = pytest.mark.django_db
MORNING = "/a/"


def page_of(browser: Client, address: str = MORNING, **headers: str) -> str:
    response = browser.get(address, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def lines(page: str) -> list[tuple[str, str, str, str]]:
    """Name, reason, age and action of each."""
    found = re.findall(
        r'named-client" href="[^"]*"><bdi>Demo (.*?)</bdi>.*?<p class="why"><b>(.*?)</b>.*?</p>'
        r'.*?<span class="age">(.*?)</span>.*?<a class="do" href="(.*?)"',
        page,
        re.DOTALL,
    )
    return [(name, word.rstrip("."), age, action) for name, word, age, action in found]


def test_each_line_has_a_reason_with_its_number_its_age_and_one_action() -> None:
    desk = Desk()
    client = desk.quiet("Demo far", drift=Decimal("6.24"), fires_portfolio_drift=True)
    portfolio = client.portfolios.get()
    of = {"firm": client.firm, "client": client, "portfolio": portfolio, "value": 1}
    for days, drift in ((40, "6.1"), (30, "2.9"), (12, "3"), (2, "6.24")):
        DayValue.objects.create(day=days_from_now(-days), drift=Decimal(drift), **of)
    page = page_of(desk.browser)
    plan = reverse("portfolio_plan", args=[portfolio.pk])
    assert lines(page) == [("far", "Far from target", "for 12 days", plan)]
    assert "The mix is 6.2 points from its target." in page
    assert "Your client needs a look." in page


def test_the_more_urgent_comes_first_and_within_it_the_larger() -> None:
    desk = Desk()
    late = desk.quiet("Demo late")
    ClientProfile.objects.filter(pk=late.pk).update(review_due_on=days_from_now(-263))
    desk.quiet("Demo little", fires_band=True, drift=Decimal(4))
    desk.quiet("Demo lot", fires_band=True, drift=Decimal(9))
    desk.quiet("Demo risky", fires_guard_rail=True, drift=Decimal(1))
    desk.quiet("Demo fine")
    found = lines(page_of(desk.browser))
    assert [line[0] for line in found] == ["risky", "lot", "little", "late"]
    packet = reverse("desk_packet", args=[late.pk])
    assert found[-1][1:] == ("Review overdue", "263 days late", packet)


def test_there_are_ten_lines_at_most_and_no_client_has_two_while_others_wait() -> None:
    desk = Desk()
    for number in range(12):
        desk.quiet(f"Demo {number}", fires_band=True, behaves_like="moderate")
    page = page_of(desk.browser)
    found = lines(page)
    assert len(found) == len({line[0] for line in found}) == 10
    assert "12 of your 12 clients need a look. These ten are the most urgent of each kind." in page


def test_no_reason_hides_behind_one_that_many_clients_have() -> None:
    desk = Desk()
    for number in range(12):
        desk.quiet(f"Demo {number}", fires_band=True, drift=Decimal(30 - number))
    desk.quiet("Demo old", oldest_price_on=days_from_now(-45))
    late = desk.quiet("Demo late")
    ClientProfile.objects.filter(pk=late.pk).update(review_due_on=days_from_now(-3))
    found = [line[0] for line in lines(page_of(desk.browser))]
    assert found == [*map(str, range(8)), "late", "old"]


def test_where_there_is_room_a_client_has_a_second_line() -> None:
    desk = Desk()
    desk.quiet(
        "Demo both", fires_band=True, fires_portfolio_drift=True, behaves_like="moderate",
        largest=Decimal(587),
    )  # fmt: skip
    page = page_of(desk.browser)
    words = [line[1] for line in lines(page)]
    assert words == ["Out of band", "Unlike the score", "Much in one holding"]
    assert "Behaves like moderate; the score says aggressive, 18 of 25." in page
    assert "58.7% of " in page


def test_nobody_needs_anything() -> None:
    desk = Desk()
    desk.quiet()
    assert "Nobody. Your client needs no look today." in page_of(desk.browser)


def test_an_empty_desk_says_what_will_be_there_and_how() -> None:
    desk = Desk()
    page = page_of(desk.browser)
    assert "No clients yet" in page
    assert reverse("client_new", args=[desk.firm.pk]) in page
    reader = browser_of(assign(desk.client(archived_at=timezone.now()), Role.READER))
    assert "has not given you any" in page_of(reader)
    assert "no firm’s desk" in page_of(browser_of(UserFactory()))


def test_everybody_sees_only_their_own_clients_figures() -> None:
    desk = Desk()
    mine = desk.quiet("Demo mine", fires_band=True)
    desk.quiet("Demo other", fires_band=True)
    for role in (Role.ADVISOR, Role.READER):
        page = page_of(browser_of(assign(mine, role)))
        assert [line[0] for line in lines(page)] == ["mine"]
        assert "Your client needs a look." in page
        assert "Demo other" not in page


def test_who_has_not_signed_in_is_sent_to_sign_in_and_nothing_is_posted(client: Client) -> None:
    for address in (MORNING, "/a/assets/"):
        assert client.get(address).status_code == 302
        assert Desk().browser.post(address).status_code == 405


def test_each_reason_leads_to_where_something_can_be_done_about_it() -> None:
    desk = Desk()
    client = desk.quiet(
        "Demo all",
        behaves_like="moderate",
        largest=Decimal(587),
        oldest_price_on=days_from_now(-45),
    )
    ClientProfile.objects.filter(pk=client.pk).update(review_due_on=days_from_now(-1))
    portfolio = client.portfolios.get().pk
    page = page_of(desk.browser)
    assert [(word, age, action) for _name, word, age, action in lines(page)] == [
        ("Unlike the score", "answered 10 days ago", f"/p/{portfolio}/look/"),
        ("Review overdue", "1 day late", f"/a/clients/{client.pk}/packet/"),
        ("Much in one holding", "prices 45 days old", f"/p/{portfolio}/"),
        ("Old prices", "45 days old", f"/p/{portfolio}/"),
    ]
    for _name, _word, _age, action in lines(page):
        assert desk.browser.get(action).status_code == 200


def test_a_plan_that_is_not_done_is_looked_for_in_the_portfolio_that_has_it() -> None:
    desk = Desk()
    client = desk.quiet("Demo planned")
    planned = stand(client)
    Plan.objects.create(
        portfolio=planned, firm=client.firm, client=client, kind="full", inputs={}, software="1",
        plan_format=1, result={"orders": [{"number": 1}]}, made_by="demo",
        made_at=timezone.now() - timedelta(days=20),
    )  # fmt: skip
    ((_name, word, _age, action),) = lines(page_of(desk.browser))
    assert (word, action) == ("Plan not done", reverse("portfolio_plans", args=[planned.pk]))


# -- Tiles ------------------------------------------------------------------------------------------------


def tiles(page: str) -> dict[str, tuple[int, bool]]:
    """Number of each, and whether it is pressed."""
    found = re.findall(r'id="tile-(\w+)"[^>]*?( class="on")?><b>(\d+)</b>', page)
    return {key: (int(count), bool(is_on)) for key, is_on, count in found}


def test_tiles_count_and_several_narrow_down() -> None:
    desk = Desk()
    desk.quiet("Demo a", fires_band=True, behaves_like="moderate")
    desk.quiet("Demo b", fires_portfolio_drift=True)
    desk.quiet("Demo c", behaves_like="moderate")
    usual = page_of(desk.browser)
    assert {key: count for key, (count, _on) in tiles(usual).items()} == {
        "mismatch": 2, "drift": 2, "overdue": 0, "cash": 0, "concentration": 0,
    }  # fmt: skip
    pressed = page_of(desk.browser, "/a/?status=mismatch")
    assert tiles(pressed)["mismatch"] == (2, True)
    assert tiles(pressed)["drift"] == (1, False)
    both = page_of(desk.browser, "/a/?status=mismatch&status=drift")
    assert 'href="/a/clients/?status=mismatch&amp;status=drift">Show this client</a>' in both
    listed = page_of(desk.browser, "/a/clients/?status=mismatch&status=drift")
    assert "Demo a" in listed
    assert "<b>1 client</b>" in listed


def test_a_pressed_tile_is_let_go_by_its_own_address() -> None:
    desk = Desk()
    desk.quiet()
    page = page_of(desk.browser, "/a/?status=mismatch&status=drift")
    assert re.search(r'id="tile-mismatch" href="/a/\?status=drift"', page)
    assert re.search(r'id="tile-drift" href="/a/\?status=mismatch"', page)


def test_htmx_gets_the_tiles_alone() -> None:
    desk = Desk()
    desk.quiet()
    headers = {"HX-Request": "true", "HX-Target": "tiles"}
    response = desk.browser.get("/a/?status=drift&sort=&x=1", headers=headers)
    text = response.content.decode()
    assert text.strip().startswith('<div id="tiles">')
    assert 'hx-swap-oob="innerHTML"' in text
    assert response["HX-Push-Url"] == "/a/?status=drift"
    assert "There is no filter “x”" in text


# -- Pictures ---------------------------------------------------------------------------------------------


def test_the_book_is_drawn_by_label_status_and_drift_with_the_same_numbers_in_tables() -> None:
    desk = Desk()
    desk.quiet("Demo a", drift=Decimal("0.9"))
    desk.quiet("Demo b", drift=Decimal(12), fires_band=True)
    calm = desk.quiet("Demo c", drift=Decimal(2), behaves_like="conservative")
    answered(calm, rti=8, raw_rti=8)
    desk.client("Demo new")
    page = page_of(desk.browser)
    assert "By risk label: Conservative 1, Moderate 0, Aggressive 2, Not assessed 1" in page
    assert "Rebalance due 1, Answers or review 0" in page
    assert "0–1: 1, 1–2: 0, 2–3: 1, 3–5: 0, 5–10: 0, 10+: 1" in page
    assert "2 of 3 clients with a target are less than 3 points from it." in page
    assert "Nothing is due for 2 of 4." in page


def test_assets_are_added_up_week_by_week_as_each_portfolio_last_was() -> None:
    desk = Desk()
    first, second = desk.quiet("Demo a"), desk.quiet("Demo b")
    stand(second, currency="EUR")
    for client, days, value in ((first, 20, 100), (first, 3, 150), (second, 9, 1000)):
        DayValue.objects.create(
            firm=client.firm, client=client, portfolio=client.portfolios.earliest("created_at"),
            day=days_from_now(-days), value=Decimal(value),
        )  # fmt: skip
    page = page_of(desk.browser, "/a/assets/")
    rows = re.findall(r'<th scope="row">[^<]*</th><td class="n">([^<]*)</td>', page)
    assert rows == ["$1,150", "$1,100", "$100"]  # today, a week and two weeks ago
    assert "$1,150 now, $1,050 more than on" in page
    assert "1 in other currencies is not in it" in page


def test_assets_without_any_say_so() -> None:
    desk = Desk()
    assert "Nobody owns anything yet." in page_of(desk.browser, "/a/assets/")
    headers = {"HX-Request": "true", "HX-Target": "assets"}
    assert page_of(desk.browser, "/a/assets/", **headers).strip().startswith('<div id="assets">')


# -- Around -----------------------------------------------------------------------------------------------


def test_more_clients_ask_no_more_of_the_database() -> None:
    few, many = Desk(), Desk()
    few.quiet(fires_band=True)
    for number in range(12):
        stand(many.quiet(f"Demo {number}", fires_band=True))
    for address in (MORNING, "/a/assets/"):
        counts = {queries(desk.browser, address) for desk in (few, many)}
        assert len(counts) == 1, address
        assert counts.pop() <= 12


def test_an_advisor_arrives_at_the_desk_and_a_person_at_their_own_money() -> None:
    assert Desk().browser.get("/arrive/")["Location"] == MORNING
    own = browser_of(make_own_client().membership.user)
    assert own.get("/arrive/")["Location"] == "/today/"
    page = own.get("/today/").content.decode()
    assert 'href="/today/" aria-current="page">Today</a>' in page
    assert "/a/clients/" not in page


def test_an_advisor_who_is_a_client_too_finds_both() -> None:
    desk = Desk()
    make_own_client(user=desk.user)
    desk.quiet()
    assert 'href="/today/">Your own money</a>' in page_of(desk.browser)
    assert 'href="/a/">who needs you today</a>' in page_of(desk.browser, "/today/")


def test_a_year_is_as_far_back_as_an_age_goes() -> None:
    desk = Desk()
    client = desk.quiet("Demo far", drift=Decimal(9), fires_band=True)
    DayValue.objects.create(
        firm=client.firm, client=client, portfolio=client.portfolios.get(), value=1, drift=Decimal(9),
        day=timezone.localdate() - timedelta(days=400),
    )  # fmt: skip
    assert lines(page_of(desk.browser))[0][2] == ""
