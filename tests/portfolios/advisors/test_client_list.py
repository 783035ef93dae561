"""The client list: what it shows, how it is narrowed and sorted, and what it does with nonsense."""

import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questionnaire.models import ClientProfile
from riskalloc.firms.models import Membership, Role
from tests.factories import ClientFactory, UserFactory, assign, make_own_client
from tests.firms.people import browser_of, queries
from tests.portfolios.advisors.desks import Desk, answered, days_from_now, stand

pytestmark = pytest.mark.django_db
LIST = "/a/clients/"


def page_of(browser: Client, query: str = "", **headers: str) -> str:
    response = browser.get(f"{LIST}{query}", headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def names_in(page: str) -> list[str]:
    return re.findall(r'<th scope="row" role="rowheader"><a [^>]*><bdi>Demo ([^<]*)</bdi>', page)


def names(desk: Desk, query: str = "") -> list[str]:
    return names_in(page_of(desk.browser, query))


def test_a_client_stands_there_with_everything_and_one_action() -> None:
    desk = Desk()
    client = desk.quiet(
        "Demo Robert", value=Decimal("1234567.89"), drift=Decimal("6.25"), fires_band=True
    )
    page = page_of(desk.browser)
    for said in ("Aggressive", ">18<", "High", ">20<", "$1,234,568", "6.3", "Out of band"):
        assert said in page, said
    plan = reverse("portfolio_plan", args=[client.portfolios.get().pk])
    assert page.count(f'href="{plan}"') == 1
    assert "<b>1 client</b>" in page


def test_an_advisor_and_a_reader_find_theirs_and_a_stranger_nobody() -> None:
    desk = Desk()
    mine, other = desk.client("Demo mine"), desk.client("Demo other")
    for role in (Role.ADVISOR, Role.READER):
        assert names_in(page_of(browser_of(assign(mine, role)))) == ["mine"]
    page = page_of(browser_of(UserFactory()))
    assert "Demo" not in page
    assert "no firm’s desk" in page
    assert other.name in page_of(desk.browser)


def test_who_has_not_signed_in_is_sent_to_sign_in(client: Client) -> None:
    assert client.get(LIST).status_code == 302


def test_only_get_is_answered() -> None:
    assert Desk().browser.post(LIST).status_code == 405


def test_htmx_gets_the_list_alone_with_the_count_for_whoever_listens() -> None:
    desk = Desk()
    desk.client("Demo Robert")
    headers = {"HX-Request": "true", "HX-Target": "list"}
    response = desk.browser.get(f"{LIST}?q=rob&risk=&status=", headers=headers)
    text = response.content.decode()
    assert text.strip().startswith('<div id="list">')
    assert '<div id="live" hx-swap-oob="innerHTML">1 client</div>' in text
    assert "<h1" not in text
    assert response["HX-Push-Url"] == f"{LIST}?q=rob"
    assert "HX-Request" in response["Vary"]


def test_back_gets_the_whole_page() -> None:
    headers = {"HX-Request": "true", "HX-Target": "list", "HX-History-Restore-Request": "true"}
    assert "<h1" in page_of(Desk().browser, **headers)


def test_the_old_address_leads_here_with_what_was_asked() -> None:
    response = Desk().browser.get("/clients/?q=%C3%A9&archived=1")
    assert (response.status_code, response["Location"]) == (301, f"{LIST}?q=%C3%A9&archived=1")


# -- Searching --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("jose", ["José-María Ñandú"]),
        ("MARIA", ["José-María Ñandú"]),
        ("nan jo", ["José-María Ñandú"]),
        ("o'br", ["Brian O’Brien"]),
        ("brien", ["Brian O’Brien"]),
        ("bri", ["Brian O’Brien"]),
        ("ose", []),
        ("łu", ["Łukasz Strauß"]),
        ("lu strauss", ["Łukasz Strauß"]),
        ("100%", []),
    ],
)
def test_any_word_of_a_name_is_found_by_how_it_begins(typed: str, found: list[str]) -> None:
    desk = Desk()
    for name in ("José-María Ñandú", "Brian O’Brien", "Łukasz Strauß"):
        desk.client(f"Demo {name}")
    assert names(desk, f"?q={typed.replace('%', '%25')}") == found


# -- Narrowing --------------------------------------------------------------------------------------------


def test_each_filter_keeps_those_whom_it_names() -> None:
    desk = Desk()
    calm = desk.quiet("Demo calm", drift=Decimal("2.5"), behaves_like="conservative")
    answered(calm, rti=8, raw_rti=8, iss=9)
    ClientProfile.objects.filter(pk=calm.pk).update(review_due_on=days_from_now(30))
    bold = desk.quiet("Demo bold", drift=Decimal("2.49"), fires_portfolio_drift=True)
    ClientProfile.objects.filter(pk=bold.pk).update(review_due_on=days_from_now(31))
    desk.client("Demo new")
    for query, found in {
        "": ["bold", "calm", "new"],
        "?risk=conservative": ["calm"],
        "?income=low": ["calm"],
        "?income=high": ["bold"],
        "?drift=2.5": ["calm"],
        f"?due={days_from_now(31)}": ["calm"],
        "?status=drift": ["bold"],
        "?status=portfolio_drift&status=drift": ["bold"],
        "?status=unassessed": ["new"],
        "?status=fine": ["calm"],
        "?status=fine&status=drift": [],
        "?risk=aggressive&q=bo": ["bold"],
    }.items():
        assert names(desk, query) == found, query


def test_the_archived_are_listed_alone() -> None:
    desk = Desk()
    desk.client("Demo here")
    desk.client("Demo gone", archived_at=timezone.now())
    assert names(desk) == ["here"]
    assert names(desk, "?archived=1") == ["gone"]


def test_an_owner_asks_for_whom_somebody_looks_after() -> None:
    desk = Desk()
    mine, _nobodys = desk.client("Demo mine"), desk.client("Demo nobody’s")
    advisor = Membership.objects.get(user=desk.advisor(mine))
    assert names(desk, f"?advisor={advisor.pk}") == ["mine"]
    assert names(desk, "?advisor=none") == ["nobody’s"]
    elsewhere = Membership.objects.get(user=Desk().advisor(Desk().client()))
    page = page_of(desk.browser, f"?advisor={elsewhere.pk}")
    assert "no such advisor" in page
    assert len(names_in(page)) == 2
    theirs = page_of(browser_of(advisor.user), "?advisor=none")
    assert "no such advisor" in theirs
    assert 'name="advisor"' not in theirs


# -- Sorting and paging -----------------------------------------------------------------------------------


def test_every_column_sorts_both_ways_with_those_who_have_nothing_last() -> None:
    desk = Desk()
    low = desk.quiet("Demo low", value=Decimal(5), drift=Decimal(1), behaves_like="conservative")
    answered(low, days_ago=50, rti=6, raw_rti=6, iss=7)
    desk.quiet("Demo high", value=Decimal(50), drift=Decimal(9), fires_band=True)
    desk.client("Demo none")
    for column in ("risk", "income", "value", "drift", "reviewed", "due"):
        assert names(desk, f"?sort={column}") == ["low", "high", "none"], column
        assert names(desk, f"?sort=-{column}") == ["high", "low", "none"], column
    assert names(desk, "?sort=name") == ["high", "low", "none"]
    assert names(desk, "?sort=-name") == ["none", "low", "high"]
    assert names(desk, "?sort=status") == ["high", "low", "none"]


def test_what_is_next_sorts_by_urgency_and_the_larger_first_within() -> None:
    desk = Desk()
    desk.client("Demo new")  # not assessed yet
    desk.quiet("Demo a little", fires_band=True, drift=Decimal("5.5"))
    desk.quiet("Demo much", fires_band=True, drift=Decimal("9.5"))
    desk.quiet("Demo stocks", fires_guard_rail=True, drift=Decimal(4))
    desk.quiet("Demo fine")
    urgent_first = ["stocks", "much", "a little", "new", "fine"]
    assert names(desk, "?sort=next") == urgent_first
    assert names(desk, "?sort=-next") == ["fine", "new", "much", "a little", "stocks"]


@pytest.mark.parametrize("sort", ["next", "-next"])
def test_pages_by_urgency_hold_everybody_once(sort: str) -> None:
    desk = Desk()
    ClientFactory.create_batch(103, firm=desk.firm, name="Demo same")
    pages = [page_of(desk.browser, f"?sort={sort}&page={number}") for number in (1, 2, 3)]
    seen = [key for page in pages for key in re.findall(r'rowheader"><a href="/c/([^/]*)/', page)]
    assert (len(seen), len(set(seen))) == (103, 103)


def test_every_heading_is_a_way_to_sort() -> None:
    desk = Desk()
    desk.quiet()
    head = page_of(desk.browser, "?sort=next").split("</thead>")[0].rsplit("<thead", 1)[1]
    assert len(re.findall(r"<th [^>]*(?<!tick-box\")>", head)) == head.count('<a id="by-') == 8
    found = re.search(r'<th [^>]*aria-sort="ascending"><a id="by-next" href="([^"]*)"', head)
    assert found
    assert found.group(1) == f"{LIST}?sort=-next"


def test_the_column_that_sorts_says_so_and_turns_round() -> None:
    desk = Desk()
    desk.quiet()
    page = page_of(desk.browser, "?sort=-drift&q=demo")
    assert page.count("aria-sort=") == 1
    head = re.search(r'<th [^>]*aria-sort="descending"><a id="by-drift" href="([^"]*)"', page)
    assert head
    assert head.group(1) == f"{LIST}?q=demo&amp;sort=drift"
    assert f'href="{LIST}?q=demo&amp;sort=-value"' in page  # the largest come first


def test_pages_hold_fifty_and_nobody_is_on_two_or_on_none() -> None:
    desk = Desk()
    ClientFactory.create_batch(103, firm=desk.firm, name="Demo same")
    seen = []
    for number in (1, 2, 3):
        page = page_of(desk.browser, f"?sort=-drift&page={number}")
        seen += re.findall(r'rowheader"><a href="/c/([^/]*)/', page)
        assert "<b>103 clients</b>" in page
        assert f"Page {number} of 3" in page
    assert (len(seen), len(set(seen))) == (103, 103)


# -- Nonsense ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?sort=shoe_size", "There is no column “shoe_size” to sort by. It was left out."),
        ("?sort=--name", "There is no column “--name”"),
        ("?shoes=9", "There is no filter “shoes”. It was left out."),
        ("?status=odd", "There is no status “odd”"),
        ("?risk=reckless", "There is no risk label “reckless”"),
        ("?income=none", "There is no income label “none”"),
        ("?drift=much", "A drift is a number of points from 0 to 100, like 2.5; “much” is none."),
        ("?drift=-1", "“-1” is none"),
        ("?drift=1e9", "“1e9” is none"),
        ("?drift=101", "“101” is none"),
        ("?due=2026-02-30", "A day looks like 2026-12-31; “2026-02-30” is none."),
        ("?due=tomorrow", "“tomorrow” is none"),
        ("?page=99", "There is no page 99; this is the last one."),
        ("?page=0", "There is no page “0”"),
        ("?page=-3", "There is no page “-3”"),
        ("?page=9999999999999999999999", "There is no page “9999999999999999999999”"),
        ("?q=%2C%2C", "Type letters or digits"),
        ("?advisor=x", "no such advisor"),
    ],
)
def test_what_cannot_be_understood_is_left_out_and_said(query: str, said: str) -> None:
    desk = Desk()
    desk.client("Demo here")
    page = page_of(desk.browser, query)
    assert said in page
    assert names_in(page) == ["here"]


@pytest.mark.parametrize(
    "query",
    ["?q=%FF%FE", "?q=" + "x" * 5000, "?q=%25%5F", "?" + "&".join(["status=x"] * 90),
     "?due=0000-00-00", "?due=9999-12-31", "?page=%EF%BC%91", "?sort=%27;--", "?drift=%C2%B2"],
)  # fmt: skip
def test_nothing_that_is_typed_into_an_address_breaks_it(query: str) -> None:
    page_of(Desk().browser, query)


def test_markup_in_a_name_and_in_a_search_is_only_text() -> None:
    desk = Desk()
    desk.client("<script>alert(1)</script>")
    assert "<script>alert" not in page_of(desk.browser, "?q=script&sort=<script>alert(2)")


# -- Counting ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?sort=status", "?status=drift&sort=-value&q=demo"])
def test_more_clients_ask_no_more_of_the_database(query: str) -> None:
    few, many = Desk(), Desk()
    few.quiet(fires_band=True)
    for number in range(12):
        stand(many.quiet(f"Demo {number}", fires_band=True))
    counts = {queries(desk.browser, f"{LIST}{query}") for desk in (few, many)}
    assert len(counts) == 1
    assert counts.pop() <= 12


# -- States -----------------------------------------------------------------------------------------------


def test_an_empty_list_says_what_will_be_there() -> None:
    desk = Desk()
    assert "No clients yet" in page_of(desk.browser)
    assert "Nobody is archived" in page_of(desk.browser, "?archived=1")
    desk.client()
    assert "Nobody: <bdi>name has “zz”" in page_of(desk.browser, "?q=zz")


def test_ones_own_profile_is_not_at_ones_own_desk_as_a_reader() -> None:
    client = make_own_client()
    user = client.membership.user
    desk = Membership.objects.create(firm=client.firm, user=user, role=Role.READER)
    client.assignments.create(firm=client.firm, membership=desk)
    assert names_in(page_of(browser_of(user))) == []
