"""The page of a firm's trail: its owner's, in plain words, in steady pages."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from riskalloc.firms.audit import By, record
from riskalloc.firms.display import LONGEST_SHOWN, PER_PAGE, entries_page, shown_entry, value_text
from riskalloc.firms.models import AuditEntry, Firm, Membership, Role
from tests.factories import FirmFactory
from tests.firms.people import browser_of, member, queries
from tests.firms.trails import make_trail

RIGHT_TO_LEFT = "demo\u202egro.elpmaxe\u202c"


@pytest.fixture
def owner(db: None) -> Membership:
    return member(FirmFactory(name="Demo practice of the trail"))


@pytest.fixture
def browser(owner: Membership) -> Client:
    return browser_of(owner.user)


def page_of(firm: Firm) -> str:
    return reverse("firm_trail", args=[firm.pk])


def write(firm: Firm, **values: Any) -> AuditEntry:
    return record(
        **{"by": By(), "firm_id": firm.pk, "action": "firm changed", "of": firm, **values}
    )


def without_token(text: str) -> str:
    """The token of a form is another one each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)


# -- Who may see it ---------------------------------------------------------------------------------------


def test_the_owner_reads_what_was_done(browser: Client, owner: Membership) -> None:
    by = By(name="advisor@example.org", on_behalf_of="Demo client")
    write(owner.firm, by=by, action="profile changed", before={"name": "A"}, after={"name": "B"})
    response = browser.get(page_of(owner.firm))
    text = " ".join(re.sub("<[^>]+>", " ", response.content.decode()).split())
    assert response.status_code == 200
    assert "Who did what in Demo practice of the trail" in text
    assert "Profile changed by advisor@example.org , for Demo client" in text
    assert "What Before After Name A B" in text
    assert re.search(r"\d{1,2} [A-Z][a-z]{2} \d{4}, \d\d:\d\d UTC", text)


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.READER, Role.CLIENT])
def test_others_of_the_firm_do_not(owner: Membership, role: Role) -> None:
    other = member(owner.firm, role=role)
    assert browser_of(other.user).get(page_of(owner.firm)).status_code == 404


def test_a_strange_firm_looks_like_a_missing_one(browser: Client) -> None:
    foreign = FirmFactory(name="Demo practice of somebody else")
    make_trail(foreign, 1)
    answers = [browser.get(page_of(foreign)), browser.get(reverse("firm_trail", args=[uuid4()]))]
    assert [answer.status_code for answer in answers] == [404, 404]
    foreign_text, missing_text = (without_token(answer.content.decode()) for answer in answers)
    assert foreign_text == missing_text


def test_a_visitor_is_asked_to_sign_in(owner: Membership) -> None:
    response = Client().get(page_of(owner.firm))
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('account_login')}?next={page_of(owner.firm)}"


def test_it_is_only_read(browser: Client, owner: Membership) -> None:
    assert browser.post(page_of(owner.firm)).status_code == 405


def test_no_entry_of_another_firm_appears(browser: Client, owner: Membership) -> None:
    second = member(user=owner.user)
    write(second.firm, action="of another firm")
    assert "Of another firm" not in browser.get(page_of(owner.firm)).content.decode()
    assert "Of another firm" in browser.get(page_of(second.firm)).content.decode()


# -- Pages ------------------------------------------------------------------------------------------------


def numbers(entries: Any, before: str = "") -> tuple[list[str], str]:
    page = entries_page(entries, before, by="seq")
    return [entry.changes[0].after for entry in page.entries], page.older


def test_pages_are_newest_first_and_stay_where_they_are(owner: Membership) -> None:
    def write_numbers(first: int, last: int) -> None:
        for number in range(first, last + 1):
            write(owner.firm, after={"number": number})

    entries = AuditEntry.objects.filter(firm=owner.firm)
    write_numbers(1, 2 * PER_PAGE + 10)
    newest, older = numbers(entries)
    assert newest == [str(number) for number in range(110, 60, -1)]
    write_numbers(111, 130)  # while somebody reads
    middle, oldest = numbers(entries, older)
    assert middle == [str(number) for number in range(60, 10, -1)]
    assert numbers(entries, oldest) == ([str(number) for number in range(10, 0, -1)], "")


def test_exactly_one_page_has_no_next_one(owner: Membership) -> None:
    make_trail(owner.firm, PER_PAGE)
    assert entries_page(AuditEntry.objects.all()).older == ""
    write(owner.firm)
    assert entries_page(AuditEntry.objects.all()).older != ""


def test_entries_of_several_firms_are_paged_by_their_ids(db: None) -> None:
    """A client may leave a firm: the numbers of two chains overlap."""
    client, firms = uuid4(), FirmFactory.create_batch(2)
    for number in range(PER_PAGE + 5):
        write(firms[number % 2], about=client, after={"number": number})
        write(firms[0], after={"number": "not about the client"})
    entries = AuditEntry.objects.about_client(client)
    first = entries_page(entries)
    second = entries_page(entries, first.older)
    found = [entry.changes[0].after for entry in (*first.entries, *second.entries)]
    assert found == [str(number) for number in range(PER_PAGE + 4, -1, -1)]
    assert (first.is_newest, second.is_newest, second.older) == (True, False, "")


@pytest.mark.parametrize("before", ["", "x", "-1", "1.5", "٣", "1" * 30, "1; DROP"])
def test_an_address_that_makes_no_sense_shows_the_newest(
    browser: Client, owner: Membership, before: str
) -> None:
    make_trail(owner.firm, 3)
    response = browser.get(page_of(owner.firm), {"before": before})
    assert response.status_code == 200
    assert response.context["page"].is_newest
    assert len(response.context["page"].entries) == 3


def test_the_links_lead_to_older_and_to_newest_entries(browser: Client, owner: Membership) -> None:
    make_trail(owner.firm, PER_PAGE + 1)
    first = browser.get(page_of(owner.firm)).content.decode()
    assert 'href="?before=2"' in first
    assert "Newest entries" not in first
    second = browser.get(page_of(owner.firm), {"before": "2"}).content.decode()
    assert f'href="{page_of(owner.firm)}">Newest entries' in second
    assert "Older entries" not in second
    past_the_end = browser.get(page_of(owner.firm), {"before": "1"}).content.decode()
    assert "There are no older entries." in past_the_end


def test_an_empty_trail_says_what_will_be_there(browser: Client, owner: Membership) -> None:
    assert "Nothing is recorded yet." in browser.get(page_of(owner.firm)).content.decode()


def test_queries_do_not_grow(browser: Client, owner: Membership) -> None:
    make_trail(owner.firm, 1)
    few = queries(browser, page_of(owner.firm))
    make_trail(owner.firm, 2 * PER_PAGE)
    assert queries(browser, page_of(owner.firm)) == few


# -- Words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        ("1970-02-01", "1 Feb 1970"),
        ("1970-02-31", "1970-02-31"),
        ("2026-11-21 14:32:00.123456+00:00", "21 Nov 2026, 14:32 UTC"),
        (["a", 1, None], "a, 1, "),
        ({"stocks": 60, "bonds": 40}, "stocks: 60, bonds: 40"),
        ("x" * LONGEST_SHOWN, "x" * LONGEST_SHOWN),
        ("x" * 1234, "x" * LONGEST_SHOWN + "… (1,234 characters)"),
    ],
)
def test_a_value_in_plain_words(value: object, text: str) -> None:
    assert value_text(value) == text


def test_what_was_made_has_no_before_and_what_was_removed_no_after(owner: Membership) -> None:
    made = shown_entry(write(owner.firm, after={"born_on": "1970-02-01"}))
    removed = shown_entry(write(owner.firm, before={"born_on": "1970-02-01"}))
    plain = shown_entry(write(owner.firm))
    sides = [(entry.has_before, entry.has_after) for entry in (made, removed, plain)]
    assert sides == [(False, True), (True, False), (False, False)]
    assert (made.changes[0].label, made.changes[0].after) == ("Date of birth", "1 Feb 1970")
    assert plain.changes == ()


def test_markup_is_escaped_and_directions_stay_inside(browser: Client, owner: Membership) -> None:
    hostile = f"<img src=x onerror=alert(1)>{RIGHT_TO_LEFT}"
    by = By(name=RIGHT_TO_LEFT, on_behalf_of=hostile)
    write(owner.firm, by=by, before={hostile: hostile}, after={hostile: "B"})
    text = browser.get(page_of(owner.firm)).content.decode()
    assert "<img" not in text
    assert text.count(RIGHT_TO_LEFT) == text.count(f"{RIGHT_TO_LEFT}</bdi>") == 4
