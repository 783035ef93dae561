"""What each person at the desk may do, and their leaving."""

from threading import Event
from time import sleep
from uuid import uuid4

import pytest

from questionnaire.models import Assignment, ClientProfile
from riskalloc.firms.audit import By
from riskalloc.firms.models import AuditEntry, Invitation, Membership, Role
from riskalloc.firms.services import inviting
from riskalloc.firms.services.members import LastOwner, change_role, remove_member
from tests.erasing import erase_facts
from tests.factories import ClientFactory, assign, make_own_client
from tests.firms.people import at_the_same_time, browser_of, everything, invitation, member

pytestmark = pytest.mark.django_db
OTHERS_FIRST = "Make somebody else owner first."


def page(membership: Membership, end: str = "") -> str:
    return f"/firm/{membership.firm_id}/members/{membership.pk}/{end}"


def test_the_owner_changes_a_role() -> None:
    owner = member()
    other = member(owner.firm, Role.READER)
    browser = browser_of(owner.user)
    assert "checked" in browser.get(page(other)).content.decode()
    response = browser.post(page(other), {"role": "advisor"})
    assert (response.status_code, response["Location"]) == (303, f"/firm/{owner.firm_id}/")
    other.refresh_from_db()
    assert other.role == Role.ADVISOR
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.before["role"], entry.after["role"]) == (
        "role changed",
        "reader",
        "advisor",
    )
    browser.post(page(other), {"role": "advisor"})
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize("role", ["", "client", "king"])
def test_a_role_that_nobody_at_a_desk_has_is_refused(role: str) -> None:
    owner = member()
    other = member(owner.firm, Role.READER)
    response = browser_of(owner.user).post(page(other), {"role": role})
    assert response.status_code == 422
    assert "Select what this person may do" in response.content.decode()
    other.refresh_from_db()
    assert other.role == Role.READER


def test_the_last_owner_can_be_neither_demoted_nor_removed() -> None:
    owner = member()
    member(owner.firm, Role.ADVISOR)
    browser = browser_of(owner.user)
    before = everything()
    for address, sent in (
        (page(owner), {"role": "advisor"}),
        (page(owner, "remove/"), {}),
        (f"/firm/{owner.firm_id}/leave/", {}),
    ):
        response = browser.post(address, sent)
        assert response.status_code == 422
        assert OTHERS_FIRST in response.content.decode()
        assert OTHERS_FIRST in browser.get(address).content.decode()
    assert everything() == before


def test_an_owner_whose_account_is_closed_does_not_count() -> None:
    owner = member()
    closed = member(owner.firm, Role.OWNER, user__is_active=False)
    with pytest.raises(LastOwner):
        remove_member(membership=owner, by=By())
    remove_member(membership=closed, by=By())
    assert Membership.objects.get() == owner


def test_with_two_owners_one_may_step_back_or_go() -> None:
    owner = member()
    other = member(owner.firm)
    browser = browser_of(owner.user)
    assert browser.post(page(other), {"role": "reader"}).status_code == 303
    assert browser.post(page(other), {"role": "owner"}).status_code == 303
    response = browser.post(f"/firm/{owner.firm_id}/leave/")
    assert (response.status_code, response["Location"]) == (303, "/arrive/")
    assert Membership.objects.get() == other
    assert browser.get(f"/firm/{owner.firm_id}/").status_code == 404


def test_removing_somebody_says_how_many_clients_lose_them_and_keeps_the_clients() -> None:
    owner = member()
    clients = ClientFactory.create_batch(2, firm=owner.firm)
    advisor = assign(clients[0])
    gone = advisor.memberships.get()
    Assignment.objects.create(firm=owner.firm, client=clients[1], membership=gone)
    browser = browser_of(owner.user)
    text = browser.get(page(gone, "remove/")).content.decode()
    assert "2 clients" in text
    assert ClientProfile.objects.visible_to(advisor).count() == 2
    response = browser.post(page(gone, "remove/"))
    assert (response.status_code, response["Location"]) == (303, f"/firm/{owner.firm_id}/")
    assert not Assignment.objects.exists()
    assert ClientProfile.objects.count() == 2
    assert not ClientProfile.objects.visible_to(advisor).exists()
    entry = AuditEntry.objects.get()
    assert entry.action == "member removed"
    assert entry.before == {"user": advisor.email, "role": "advisor", "clients": 2}
    assert entry.object_id == str(gone.pk)


@pytest.mark.parametrize(
    ("count", "words"), [(0, "No client is assigned"), (1, "<b>1 client</b> loses")]
)
def test_the_number_of_clients_is_said_in_words_that_fit(count: int, words: str) -> None:
    owner = member()
    advisor = member(owner.firm, Role.ADVISOR)
    for client in ClientFactory.create_batch(count, firm=owner.firm):
        Assignment.objects.create(firm=owner.firm, client=client, membership=advisor)
    assert words in browser_of(owner.user).get(page(advisor, "remove/")).content.decode()


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.READER])
def test_a_member_can_leave_and_do_nothing_about_others(role: Role) -> None:
    owner = member()
    leaving = member(owner.firm, role)
    browser = browser_of(leaving.user)
    assert browser.post(page(owner, "remove/")).status_code == 404
    assert browser.post(page(leaving), {"role": "owner"}).status_code == 404
    assert "Leave <bdi>" in browser.get(f"/firm/{owner.firm_id}/leave/").content.decode()
    assert browser.post(f"/firm/{owner.firm_id}/leave/").status_code == 303
    assert Membership.objects.get() == owner


def test_leaving_twice_is_leaving_once() -> None:
    leaving = member(member().firm, Role.READER)
    twice = Membership.objects.get(pk=leaving.pk)
    remove_member(membership=leaving, by=By())
    remove_member(membership=twice, by=By())
    change_role(membership=twice, role=Role.OWNER, by=By())
    assert [entry.action for entry in AuditEntry.objects.all()] == ["member removed"]


def test_leaving_a_firm_as_advisor_leaves_the_own_profile_alone() -> None:
    owner = member()
    own = make_own_client(user=owner.user, firm=owner.firm)
    member(owner.firm)
    browser_of(owner.user).post(f"/firm/{owner.firm_id}/leave/")
    assert ClientProfile.objects.get().membership == own.membership


@pytest.mark.parametrize("end", ["removed", "demoted"])
def test_whoever_may_no_longer_invite_leaves_no_open_door_behind(end: str) -> None:
    owner = member()
    other = member(owner.firm)
    theirs = invitation("theirs", firm=owner.firm, invited_by=other.user)
    to_client = invitation("client", firm=owner.firm, invited_by=other.user, role=Role.CLIENT)
    mine = invitation("mine", firm=owner.firm, invited_by=owner.user)
    elsewhere = invitation("elsewhere", invited_by=other.user)
    if end == "removed":
        remove_member(membership=other, by=By())
    else:
        change_role(membership=other, role=Role.ADVISOR, by=By())
    assert set(Invitation.objects.open()) == {to_client, mine, elsewhere}
    assert AuditEntry.objects.get(action="invitation withdrawn").object_id == str(theirs.pk)


@pytest.fixture
def _committed(transactional_db: None):
    yield
    erase_facts()


@pytest.mark.postgresql  # SQLite lets one write at a time
@pytest.mark.usefixtures("_committed")
def test_two_owners_who_demote_each_other_at_the_same_time_leave_one() -> None:
    owner = member()
    queue = iter([owner, member(owner.firm)])
    outcomes = at_the_same_time(
        2, lambda: change_role(membership=next(queue), role=Role.READER, by=By())
    )
    assert sorted(outcomes) == ["LastOwner", "NoneType"]
    assert Membership.objects.filter(role=Role.OWNER).count() == 1


@pytest.mark.postgresql  # SQLite lets one write at a time
@pytest.mark.usefixtures("_committed")
def test_inviting_anew_and_settling_something_at_the_same_time_do_not_wait_for_ever(
    monkeypatch,
) -> None:
    owner = member()
    other = member(owner.firm)
    invite = {
        "firm": owner.firm, "email": "a@example.org", "role": Role.READER, "by": By(),
        "link_of": str,
    }  # fmt: skip
    earlier = inviting.invite_member(**invite)
    reached, new_token = Event(), inviting.new_token

    def slowly() -> str:
        reached.set()  # the chain is ours: the letter before has been withdrawn
        sleep(0.5)
        return new_token()

    def demote() -> None:
        reached.wait(5)
        change_role(membership=other, role=Role.READER, by=By())

    monkeypatch.setattr(inviting, "new_token", slowly)
    resend = {"invitation": earlier, "by": By(), "link_of": str}
    queue = iter([lambda: inviting.resend_invitation(**resend), demote])
    assert at_the_same_time(2, lambda: next(queue)()) == ["NoneType"] * 2


@pytest.mark.postgresql  # SQLite lets one write at a time
@pytest.mark.usefixtures("_committed")
def test_a_form_that_is_sent_twice_at_the_same_time_writes_one_letter() -> None:
    firm, sent_id = member().firm, uuid4()
    outcomes = at_the_same_time(
        3,
        lambda: inviting.invite_member(
            firm=firm,
            email="a@example.org",
            role=Role.READER,
            by=By(),
            link_of=str,
            invitation_id=sent_id,
        ),
    )
    assert outcomes == ["Invitation"] * 3
    assert Invitation.objects.count() == 1
