"""What if, for the whole book: what the page answers, for whom, and what it does with nonsense."""

import re
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portfolios.models import DayValue, Portfolio, Security, Standing, Target
from questionnaire.models import ClientProfile
from riskalloc.firms.models import Role
from tests.factories import UserFactory, make_own_client
from tests.firms.people import browser_of, everything, queries
from tests.portfolios.advisors.desks import Desk, stand
from tests.portfolios.factories import SecurityFactory

pytestmark = pytest.mark.django_db
PAGE = "/a/whatif/"
A_DOLLAR = 10**6
OWN_TABLES = (Standing, DayValue, Security, Target)


def aimed(client: ClientProfile, stocks: int = 600, bonds: int = 400, **more: Any) -> Portfolio:
    """So many dollars of stocks and bonds, against a target of 60 and 40, with the usual policy."""
    fields: dict[str, Any] = {
        "value": Decimal(stocks + bonds),
        "us_large_cap": stocks * A_DOLLAR,
        "us_aggregate": bonds * A_DOLLAR,
        "drift": Decimal(0),
        **more,
    }
    portfolio = stand(client, **fields)
    of = {"firm": client.firm, "client": client, "portfolio": portfolio}
    Target.objects.create(**of, us_large_cap=6_000, us_aggregate=4_000)
    return portfolio


def page_of(browser: Client, query: str = "", status: int = 200, **headers: str) -> str:
    response = browser.get(f"{PAGE}{query}", headers=headers)
    assert response.status_code == status
    return response.content.decode()


def names_in(page: str) -> list[str]:
    return re.findall(r'<th scope="row" role="rowheader"><a [^>]*><bdi>Demo ([^<]*)</bdi>', page)


def sentence_of(page: str) -> str:
    section = page[page.index('class="outcome"') :]
    found = re.search(r'<p class="lede">(.*?)</p>', section)
    assert found
    return found[1].replace("\u00a0", " ")


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


# -- The answer -------------------------------------------------------------------------------------------


def test_the_page_says_how_many_would_pass_which_limit_and_by_how_much() -> None:
    desk = Desk()
    portfolio = aimed(desk.client("Demo Robert"))
    aimed(desk.client("Demo Cash"), stocks=0, bonds=0, value=Decimal(500), cash=500 * A_DOLLAR)
    page = page_of(desk.browser, "?stocks=-50")
    assert sentence_of(page) == (
        "2 of 2 portfolios would pass a limit that they keep now."
        " The book would be worth $1,200, $300 less."
    )
    said = text_of(page)
    # 300 of 700 in stocks: 42.86 % instead of 60 %.
    for words in (
        "Stocks −50%", "$700 now $1,000", "17.1 now 0.0", "14.1",
        "Out of band: US large-cap 12.1 points below its band",
        "Far from target: drift 14.1 points above the limit",
        "Out of band 0 2 2 0", "Too much in stocks 0 0 0 0", "Any of them 0 2 2 0",
    ):  # fmt: skip
        assert words in said, words
    assert f'href="{reverse("portfolio", args=[portfolio.pk])}"' in page
    assert f'href="{reverse("client", args=[portfolio.client_id])}"' in page


def test_a_rise_lifts_stocks_over_their_ceiling() -> None:
    desk = Desk()
    aimed(desk.client("Demo Robert"), stocks=780, bonds=220, drift=Decimal(18), fires_band=True,
          fires_portfolio_drift=True)  # fmt: skip
    page = page_of(desk.browser, "?stocks=20")
    assert "Too much in stocks: 1.0 points above the ceiling" in text_of(page)
    assert "1 of them is past another limit already." in page
    assert "Out of band 1 1 0 0" in text_of(page)


def test_a_class_of_its_own_wins_over_its_group() -> None:
    desk = Desk()
    aimed(desk.client())
    page = page_of(desk.browser, "?stocks=-50&us_large_cap=0")
    assert "worth as much as now, $1,000" in sentence_of(page)
    assert "would pass no limit" in sentence_of(page)


def test_what_no_longer_fires_is_counted() -> None:
    desk = Desk()
    far = {"drift": Decimal(20), "fires_band": True, "fires_portfolio_drift": True}
    aimed(desk.client(), stocks=800, bonds=200, **far)
    said = text_of(page_of(desk.browser, "?stocks=-62.5"))
    assert "Out of band 1 0 0 1" in said
    assert "Any of them 1 0 0 1" in said


def test_portfolios_without_target_or_value_are_counted_apart() -> None:
    desk = Desk()
    aimed(desk.client())
    stand(desk.client(), value=Decimal(100), us_large_cap=100 * A_DOLLAR, drift=None)
    aimed(desk.client(), stocks=0, bonds=0, drift=None)
    page = page_of(desk.browser, "?stocks=-10")
    assert "1 portfolio has no target: only its value counts." in page
    assert "1 portfolio holds nothing." in page
    assert "$1,030, $70 less" in sentence_of(page)
    assert sentence_of(page).startswith("The one portfolio with a target would")


def test_a_portfolio_that_loses_everything_is_named_and_breaks_nothing() -> None:
    desk = Desk()
    aimed(desk.client())
    page = page_of(desk.browser, "?stocks=-100&bonds=-100&alternatives=-100")
    assert "1 portfolio would be worth nothing." in page
    assert "would be worth $0, $1,000 less" in sentence_of(page)


def test_currencies_are_never_added_up() -> None:
    desk = Desk()
    for currency in ("USD", "USD", "EUR"):
        aimed(desk.client(), currency=currency)
    page = page_of(desk.browser, "?stocks=-10")
    assert "What is in USD would be worth $1,880, $120 less." in sentence_of(page)
    assert "EUR 1 portfolio €940 now €1,000 change −€60 −€60" in text_of(page)


def test_millions_are_said_in_words() -> None:
    desk = Desk()
    aimed(desk.client(), stocks=6_000_000, bonds=36_300_000)
    page = page_of(desk.browser, "?stocks=-68.3")
    assert "The book would be worth $38.2 million, $4.1 million less." in sentence_of(page)


# -- Whose book -------------------------------------------------------------------------------------------


def test_everybody_asks_about_their_own_clients_only() -> None:
    desk, other = Desk(), Desk("Another practice")
    mine, not_mine = desk.client("Demo mine"), desk.client("Demo not mine")
    foreign, archived = other.client("Demo foreign"), desk.client("Demo archived")
    for client in (mine, not_mine, foreign, archived):
        aimed(client)
    archived.archived_at = timezone.now()
    archived.save()
    aimed(mine, value=Decimal(9)).archived_at = timezone.now()
    Portfolio.objects.filter(standing__value=9).update(archived_at=timezone.now())
    advisor, reader = desk.advisor(mine), desk.advisor(mine, role=Role.READER)
    for browser, names in (
        (desk.browser, ["mine", "not mine"]),
        (other.browser, ["foreign"]),
        (browser_of(advisor), ["mine"]),
        (browser_of(reader), ["mine"]),
    ):
        page = page_of(browser, "?stocks=-50&sort=name")
        assert names_in(page) == names
        assert f"{len(names) * 700:,}" in text_of(page)


def test_whoever_sits_at_no_desk_finds_no_page() -> None:
    person = make_own_client().membership.user
    for browser in (browser_of(person), browser_of(UserFactory())):
        assert browser.get(PAGE).status_code == 404
        assert browser.get(f"{PAGE}?stocks=1").status_code == 404
    assert Client().get(PAGE).status_code == 302


def test_nothing_is_stored_and_no_price_changes() -> None:
    desk = Desk()
    aimed(desk.client())
    SecurityFactory(firm=desk.firm)
    page_of(desk.browser, "?stocks=-1")

    def rows() -> list[Any]:
        return [list(model._base_manager.order_by("pk").values()) for model in OWN_TABLES]

    before, others = rows(), everything()
    with CaptureQueriesContext(connection) as asked:
        page_of(desk.browser, "?stocks=-50")
    assert rows() == before
    assert everything() == others
    verbs = {query["sql"].split()[0].upper() for query in asked}
    assert not verbs & {"INSERT", "UPDATE", "DELETE"}


def test_a_large_book_costs_as_many_queries_as_a_small_one() -> None:
    desk = Desk()
    aimed(desk.client())
    few = queries(desk.browser, f"{PAGE}?stocks=-50")
    for number in range(60):
        aimed(desk.client(f"Demo {number:02}"))
    assert queries(desk.browser, f"{PAGE}?stocks=-50&page=2") == few


# -- The list of those who would pass a limit -------------------------------------------------------------


def test_the_worst_comes_first_and_every_column_sorts_both_ways() -> None:
    desk = Desk()
    for name, stocks, bonds in (("b", 600, 400), ("a", 1300, 700), ("c", 2200, 1800)):
        aimed(desk.client(f"Demo {name}"), stocks=stocks, bonds=bonds)
    orders = {
        "": "cba",  # 55 % in stocks now, then 60, then 65: the lowest falls the furthest
        "&sort=over": "abc",
        "&sort=name": "abc",
        "&sort=-name": "cba",
        "&sort=value": "bac",
        "&sort=-value": "cab",
        "&sort=-drift": "cba",
    }
    for sort, order in orders.items():
        page = page_of(desk.browser, f"?stocks=-50{sort}")
        assert "".join(names_in(page)) == order, sort
    assert 'aria-sort="descending"' in page


def test_fifty_to_a_page_and_beyond_the_last_the_last() -> None:
    desk = Desk()
    for number in range(53):
        aimed(desk.client(f"Demo {number:02}"))
    first = names_in(page_of(desk.browser, "?stocks=-50&sort=name"))
    page = page_of(desk.browser, "?stocks=-50&sort=name&page=2")
    assert len(first) == 50
    assert first + names_in(page) == [f"{number:02}" for number in range(53)]
    assert "51 to 53 of 53" in page
    far = page_of(desk.browser, "?stocks=-50&sort=name&page=9999999")
    assert "There is no page 9,999,999; this is the last one." in far
    assert names_in(far) == names_in(page)


def test_the_picture_has_a_table_with_the_same_numbers() -> None:
    desk = Desk()
    aimed(desk.client())
    aimed(desk.client(), stocks=620, bonds=380, drift=Decimal(2))
    page = page_of(desk.browser, "?stocks=-50")
    assert "0–1: 1 and 0, 1–2: 0 and 0, 2–3: 1 and 0" in page
    assert re.search(r"10\+ 0 2", text_of(page))


# -- The form ---------------------------------------------------------------------------------------------


def test_the_page_begins_with_a_form_and_moves_to_begin_with() -> None:
    desk = Desk()
    aimed(desk.client())
    page = page_of(desk.browser)
    assert 'class="outcome"' not in page
    presets = re.findall(r'id="preset-\d+" href="([^"]*)"[^>]*>([^<]*)<', page)
    assert [text for _href, text in presets] == [
        "Stocks fall 20%, bonds rise 3%",
        "Interest rates rise: bonds fall 10%",
        "2007 to 2009 again",
        "Spring 2020 again",
        "2022 again",
    ]
    for href, text in presets:
        answered = page_of(desk.browser, href.removeprefix(PAGE).replace("&amp;", "&"))
        assert "The book would be worth" in sentence_of(answered)
        assert re.search(rf'aria-current="true">{text}<', answered)
    again = parse_qs(urlsplit(presets[2][0].replace("&amp;", "&")).query)
    assert again["us_large_cap"] == ["-55.2"]
    assert again["municipal"] == again["us_aggregate"]
    assert "cash" not in again


@pytest.mark.parametrize(
    "text",
    ["x", "1e30", "9" * 30, "NaN", "inf", "-100.01", "1000.01", "1.234", "٣", "--5", "9" * 400],
)
def test_what_is_no_move_gets_a_sentence(text: str) -> None:
    desk = Desk()
    aimed(desk.client())
    for name in ("stocks", "crypto"):
        page = page_of(desk.browser, f"?{name}={text}", status=422)
        assert "Enter a percentage from −100 to 1,000, like −20 or 3.5" in page
        assert f'href="#{name}"' in page
        assert f'id="{name}"' in page
        assert 'class="outcome"' not in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?stocks=1&stocks=2", "This is in the address more than once. Enter it once"),
        ("?stocks=&bonds=", "Enter how far at least one class moves, like −20"),
    ],
)
def test_a_doubled_field_and_an_empty_form_get_a_sentence(query: str, said: str) -> None:
    assert said in page_of(Desk().browser, query, status=422)


@pytest.mark.parametrize("text", ["-20", "−20", "-20%", "- 20.00 %", "(20)"])
def test_a_move_is_read_as_people_write_it(text: str) -> None:
    desk = Desk()
    aimed(desk.client())
    response = desk.browser.get(PAGE, {"stocks": text})
    assert "$880, $120 less" in response.content.decode()


def test_unknown_columns_and_pages_are_left_out_and_said() -> None:
    desk = Desk()
    aimed(desk.client("Demo Robert"))
    page = page_of(desk.browser, "?stocks=-50&sort=salary&page=zero&other=1")
    assert "There is no column “salary” to sort by. It was left out." in page
    assert "There is no page “zero”. It was left out." in page
    assert names_in(page) == ["Robert"]


def test_an_empty_book_says_so() -> None:
    assert "Nobody owns anything yet" in page_of(Desk().browser, "?stocks=-50")


def test_htmx_gets_the_part_and_an_address_without_what_is_empty() -> None:
    desk = Desk()
    aimed(desk.client())
    headers = {"HX-Request": "true", "HX-Target": "whatif"}
    response = desk.browser.get(f"{PAGE}?stocks=-50&bonds=&gold=&page=1", headers=headers)
    part = response.content.decode()
    assert part.startswith('<div id="whatif"')
    assert "<html" not in part
    assert 'id="live" hx-swap-oob="innerHTML">The one portfolio' in part
    assert response["HX-Push-Url"] == f"{PAGE}?stocks=-50"
