"""The owner of a firm says who looks after a client."""

from uuid import uuid4

import pytest
from django.test import Client

from questionnaire.models import Assignment, ClientProfile
from questionnaire.services.assigning import assign_advisor, unassign_advisor
from riskalloc.firms.audit import By
from riskalloc.firms.models import AuditEntry, Firm, Membership, Role, User
from tests.factories import ClientFactory, FirmFactory, assign, make_own_client
from tests.firms.people import browser_of, every_field, everything, member, queries

pytestmark = pytest.mark.django_db


def page(client: ClientProfile) -> str:
    return f"/c/{client.pk}/advisors/"


def looked_after_by(client: ClientProfile) -> set[Membership]:
    return {assignment.membership for assignment in client.assignments.all()}


@pytest.fixture
def owner() -> Membership:
    return member()


@pytest.fixture
def client_of_firm(owner: Membership) -> ClientProfile:
    return ClientFactory(firm=owner.firm, name="Demo <i>\u202emrif\u202c")


def test_the_owner_ticks_who_looks_after_a_client(
    owner: Membership, client_of_firm: ClientProfile
) -> None:
    advisor, reader = member(owner.firm, Role.ADVISOR), member(owner.firm, Role.READER)
    browser = browser_of(owner.user)
    text = browser.get(page(client_of_firm)).content.decode()
    assert text.count('type="checkbox"') == 3
    assert " checked" not in text
    assert "Demo &lt;i&gt;" in text
    response = browser.post(page(client_of_firm), {"advisors": [str(advisor.pk), str(reader.pk)]})
    assert (response.status_code, response["Location"]) == (303, page(client_of_firm))
    assert looked_after_by(client_of_firm) == {advisor, reader}
    assert browser.get(page(client_of_firm)).content.decode().count(" checked") == 2
    browser.post(page(client_of_firm), {"advisors": [str(reader.pk)]})
    assert looked_after_by(client_of_firm) == {reader}
    entries = AuditEntry.objects.order_by("seq")
    assert [entry.action for entry in entries] == [
        "advisor assigned",
        "advisor assigned",
        "advisor unassigned",
    ]
    assert {entry.about for entry in entries} == {client_of_firm.pk}


def test_sending_it_twice_assigns_once(owner: Membership, client_of_firm: ClientProfile) -> None:
    browser = browser_of(owner.user)
    for _ in range(2):
        browser.post(page(client_of_firm), {"advisors": [str(owner.pk)]})
    assert Assignment.objects.get().firm == owner.firm
    assert AuditEntry.objects.count() == 1


def test_only_people_of_the_firms_own_desk_can_be_ticked(
    owner: Membership, client_of_firm: ClientProfile
) -> None:
    elsewhere = member()
    client = make_own_client(firm=owner.firm).membership
    before_count = AuditEntry.objects.count()
    browser = browser_of(owner.user)
    for wrong in (str(elsewhere.pk), str(client.pk), str(uuid4()), "nonsense"):
        response = browser.post(page(client_of_firm), {"advisors": [wrong]})
        assert response.status_code == 422
        assert "Reload the page" in response.content.decode()
    assert not Assignment.objects.exists()
    assert AuditEntry.objects.count() == before_count


@pytest.mark.parametrize("who", ["advisor", "reader", "client", "stranger", "nobody here"])
def test_for_everybody_but_the_owner_there_is_no_such_page(
    who: str, client_of_firm: ClientProfile
) -> None:
    user = {
        "advisor": lambda: assign(client_of_firm),
        "reader": lambda: assign(client_of_firm, Role.READER),
        "client": lambda: make_own_client(firm=client_of_firm.firm).membership.user,
        "stranger": lambda: member().user,
        "nobody here": lambda: make_own_client().membership.user,
    }[who]()
    browser = browser_of(user)
    before = everything()
    for act in (browser.get, browser.post):
        foreign, missing = act(page(client_of_firm)), act(f"/c/{uuid4()}/advisors/")
        assert foreign.status_code == missing.status_code == 404
        assert foreign.content == missing.content
    assert everything() == before


def test_whoever_has_not_signed_in_does_that_first(client_of_firm: ClientProfile) -> None:
    for act in (Client().get, Client().post):
        response = act(page(client_of_firm))
        assert response.status_code == 302
        assert response["Location"].startswith("/account/login/")


@pytest.mark.parametrize("method", ["put", "delete"])
def test_the_page_refuses_other_methods(
    method: str, owner: Membership, client_of_firm: ClientProfile
) -> None:
    browser = browser_of(owner.user)
    assert getattr(browser, method)(page(client_of_firm)).status_code == 405


def test_posting_every_field_there_is_changes_assignments_only(
    owner: Membership, client_of_firm: ClientProfile
) -> None:
    advisor = member(owner.firm, Role.ADVISOR)
    browser = browser_of(owner.user)
    before = everything()
    extra = every_field(Firm, Membership, User, ClientProfile, Assignment)
    browser.post(page(client_of_firm), {**extra, "advisors": [str(advisor.pk)]})
    after = everything()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"questionnaire.Assignment", "firms.AuditEntry", "firms.AuditHead"}


def test_the_page_asks_as_often_for_thirty_people_as_for_one(
    owner: Membership, client_of_firm: ClientProfile
) -> None:
    browser = browser_of(owner.user)
    few = queries(browser, page(client_of_firm))
    for _ in range(30):
        assign(client_of_firm)
    assert queries(browser, page(client_of_firm)) == few


def test_the_service_assigns_nobody_of_another_firm(client_of_firm: ClientProfile) -> None:
    with pytest.raises(AssertionError):
        assign_advisor(client=client_of_firm, membership=member(FirmFactory()), by=By())


def test_taking_away_who_was_never_there_changes_nothing(
    owner: Membership, client_of_firm: ClientProfile
) -> None:
    unassign_advisor(client=client_of_firm, membership=owner, by=By())
    assert not AuditEntry.objects.exists()
