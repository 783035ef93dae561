"""Filters with a name: one's own, found again, named anew, deleted."""

from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils.http import urlencode

from portfolios.advisors.saving import MOST_FILTERS
from portfolios.models import SavedFilter
from riskalloc.firms.models import Membership
from tests.factories import UserFactory
from tests.firms.people import browser_of
from tests.portfolios.advisors.desks import Desk

pytestmark = pytest.mark.django_db
SAVE, LIST = "/a/filters/save/", "/a/clients/"


def save(browser: Client, name: str = "Demo", query: str = "status=drift", **more) -> HttpResponse:
    return browser.post(SAVE, {"id": uuid4(), "name": name, "query": query, **more})


def test_a_filter_is_kept_as_the_list_writes_it_and_found_on_the_list() -> None:
    desk = Desk()
    asked = "page=7&status=drift&risk=odd&q=Demo&sort=-value"
    response = save(desk.browser, "Far ones", asked)
    assert (response.status_code, response["Location"]) == (303, f"{LIST}?{KEPT}")
    saved = SavedFilter.objects.get()
    assert (saved.query, saved.firm_id) == (KEPT, desk.firm.pk)
    page = desk.browser.get(LIST).content.decode()
    assert f'href="{LIST}?{KEPT.replace("&", "&amp;")}"><bdi>Far ones</bdi>' in page


KEPT = "q=Demo&status=drift&sort=-value"


def test_its_page_says_what_is_saved() -> None:
    address = f"{SAVE}?{urlencode({'query': 'status=drift&drift=2.5&q=ann'})}"
    page = Desk().browser.get(address).content.decode()
    assert "name has “ann”, rebalance due, drift 2.5 points or more." in page


def test_sent_twice_it_is_saved_once() -> None:
    desk, form_id = Desk(), uuid4()
    for _ in range(2):
        assert save(desk.browser, id=form_id).status_code == 303
    assert SavedFilter.objects.count() == 1


def test_an_id_of_somebody_else_says_nothing() -> None:
    other, desk, form_id = Desk(), Desk(), uuid4()
    save(other.browser, "Theirs", id=form_id)
    assert save(desk.browser, "Mine", id=form_id).status_code == 303
    assert set(SavedFilter.objects.values_list("name", flat=True)) == {"Theirs", "Mine"}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "Give the filter a name"),
        ({"name": "x" * 61}, "A name has at most 60 characters"),
        ({"name": "There"}, "You have a filter of that name already"),
    ],
)
def test_what_cannot_be_a_name_is_said(fields: dict, said: str) -> None:
    desk = Desk()
    save(desk.browser, "There")
    response = save(desk.browser, **fields)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert SavedFilter.objects.count() == 1


def test_thirty_are_enough() -> None:
    desk = Desk()
    membership = Membership.objects.get(user=desk.user)
    for number in range(MOST_FILTERS):
        SavedFilter.objects.create(firm=desk.firm, membership=membership, name=str(number))
    response = save(desk.browser)
    assert response.status_code == 422
    assert "You have 30 filters already" in response.content.decode()


def test_it_is_renamed_and_deleted_by_its_owner_and_missing_for_others() -> None:
    desk = Desk()
    save(desk.browser)
    saved = SavedFilter.objects.get()
    address = f"/a/filters/{saved.pk}/"
    colleague = browser_of(desk.advisor(desk.client()))
    for browser in (colleague, Desk().browser, browser_of(UserFactory())):
        assert browser.get(address).status_code == 404
        assert browser.post(address, {"name": "Stolen"}).status_code == 404
        assert browser.post(f"{address}delete/").status_code == 404
        assert "<bdi>Demo</bdi>" not in browser.get(LIST).content.decode()
    assert desk.browser.get(address).status_code == 200
    assert desk.browser.post(address, {"name": ""}).status_code == 422
    assert desk.browser.post(address, {"name": "Renamed"}).status_code == 303
    assert SavedFilter.objects.get().name == "Renamed"
    assert desk.browser.get(f"{address}delete/").status_code == 405
    assert desk.browser.post(f"{address}delete/").status_code == 303
    assert not SavedFilter.objects.exists()


def test_two_have_not_the_same_name() -> None:
    desk = Desk()
    save(desk.browser, "One")
    save(desk.browser, "Two")
    two = SavedFilter.objects.get(name="Two")
    response = desk.browser.post(f"/a/filters/{two.pk}/", {"name": "One"})
    assert response.status_code == 422
    assert "You have a filter of that name already" in response.content.decode()


def test_who_has_no_desk_saves_nothing(client: Client) -> None:
    assert client.get(SAVE).status_code == 302
    assert browser_of(UserFactory()).get(SAVE).status_code == 404


def test_it_goes_with_the_desk() -> None:
    desk = Desk()
    save(desk.browser)
    desk.membership.delete()
    assert not SavedFilter.objects.exists()


def test_a_filter_of_all_is_the_list_itself() -> None:
    desk = Desk()
    response = save(desk.browser, query="")
    assert response["Location"] == LIST
