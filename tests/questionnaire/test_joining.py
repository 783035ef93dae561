"""The link in an invitation's letter: to a desk, and to one's own profile."""

from datetime import timedelta
from threading import Event
from time import sleep

import pytest
from django.test import Client
from django.utils import timezone

from questionnaire.models import ClientProfile
from questionnaire.services import joining
from questionnaire.services.joining import (
    accept_invitation,
    invite_client,
    withdraw_from_client,
)
from riskalloc.firms.audit import By
from riskalloc.firms.models import (
    AuditEntry,
    Firm,
    Invitation,
    Membership,
    Role,
    User,
    new_token,
)
from riskalloc.firms.services import found_personal_firm
from riskalloc.firms.services.inviting import hash_of_token
from tests.erasing import erase_facts
from tests.factories import ClientFactory, FirmFactory, UserFactory, make_own_client
from tests.firms.people import (
    at_the_same_time,
    browser_of,
    every_field,
    everything,
    invitation,
    invited,
    member,
    queries,
)

TOKEN = "a-token-of-an-invitation"
JOIN = f"/join/{TOKEN}/"
NOT_VALID = "This invitation is not valid any more. Ask for a new one."
pytestmark = pytest.mark.django_db


def to_profile(client: ClientProfile | None = None, **fields: object) -> Invitation:
    client = client or ClientFactory()
    sent = invitation(firm=client.firm, role=Role.CLIENT, **fields)
    client.invitation = sent
    client.save()
    return sent


# -- Looking at it ----------------------------------------------------------------------------------------


def test_whoever_has_not_signed_in_sees_who_invites_and_how_to_sign_in() -> None:
    sent = invitation(firm=FirmFactory(name="Demo <b>& sons"))
    text = Client().get(JOIN).content.decode()
    assert "<bdi>Demo &lt;b&gt;&amp; sons</bdi> invites you" in text
    assert "<b>advisor</b>" in text
    assert f'href="/account/login/?next={JOIN}"' in text
    assert f'href="/account/signup/?next={JOIN}"' in text
    assert "i***@example.org" in text
    assert sent.email not in text


@pytest.mark.parametrize("role", Role.values)
def test_each_role_says_what_it_may_do(role: str) -> None:
    sent = invitation(role=role)
    ClientFactory(firm=sent.firm, invitation=sent)
    text = Client().get(JOIN).content.decode()
    assert f"<b>{Role(role).label}</b>" in text


def test_accepting_without_signing_in_leads_to_signing_in() -> None:
    invitation()
    before = everything()
    response = Client().post(JOIN)
    assert (response.status_code, response["Location"]) == (302, f"/account/login/?next={JOIN}")
    assert everything() == before


ENDED = {
    "used": {"accepted_at": timezone.now()},
    "withdrawn": {"withdrawn_at": timezone.now()},
    "expired": {
        "created_at": timezone.now() - timedelta(days=8),
        "expires_at": timezone.now() - timedelta(days=1),
    },
}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("is_signed_in", [False, True])
@pytest.mark.parametrize("why", ENDED)
def test_a_link_that_does_not_open_says_the_same_whatever_the_reason(
    why: str, is_signed_in: bool, method: str
) -> None:
    invitation(**ENDED[why])
    browser = browser_of(invited()) if is_signed_in else Client()
    before = everything()
    response = getattr(browser, method)(JOIN)
    guessed = getattr(browser, method)(f"/join/{new_token()}/")
    assert response.status_code == guessed.status_code == 404
    assert response.content == guessed.content
    assert NOT_VALID in response.content.decode()
    assert everything() == before


def test_an_invitation_to_a_profile_that_is_gone_does_not_open() -> None:
    invitation(role=Role.CLIENT)
    assert Client().get(JOIN).status_code == 404
    assert browser_of(invited()).post(JOIN).status_code == 404
    assert not Membership.objects.exists()


def test_links_cannot_be_guessed_for_long(settings) -> None:
    settings.INVITATIONS_PER_MINUTE = "5/m"
    invitation()
    statuses = [Client().get(f"/join/{new_token()}/").status_code for _ in range(6)]
    assert statuses == [404] * 5 + [429]
    assert Client().get(JOIN).status_code == 429


def test_a_thousand_guesses_open_nothing(settings) -> None:
    settings.INVITATIONS_PER_MINUTE = "1000000/m"
    for number in range(20):
        invitation(f"token-{number}")
    browser = Client()
    assert {browser.get(f"/join/{new_token()}/").status_code for _ in range(1000)} == {404}


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_the_link_refuses_other_methods(method: str) -> None:
    invitation()
    assert getattr(Client(), method)(JOIN).status_code == 405


# -- Accepting: a desk ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADVISOR, Role.READER])
def test_accepting_gives_the_role_that_was_offered(role: Role) -> None:
    sent = invitation(role=role)
    user = invited()
    browser = browser_of(user)
    assert "Accept the invitation" in browser.get(JOIN).content.decode()
    response = browser.post(JOIN)
    assert (response.status_code, response["Location"]) == (303, f"/firm/{sent.firm_id}/")
    made = Membership.objects.get()
    assert (made.user, made.firm, made.role) == (user, sent.firm, role)
    sent.refresh_from_db()
    assert sent.accepted_at
    actions = list(AuditEntry.objects.order_by("seq").values_list("action", flat=True))
    assert actions == ["invitation accepted", "member added"]
    assert {entry.actor for entry in AuditEntry.objects.all()} == {user}


def test_sending_it_twice_arrives_twice_and_joins_once() -> None:
    invitation()
    browser = browser_of(invited())
    first, second = browser.post(JOIN), browser.post(JOIN)
    assert (second.status_code, second["Location"]) == (303, first["Location"])
    assert Membership.objects.count() == 1
    assert browser.get(JOIN).status_code == 404


def test_a_used_link_is_nobody_elses() -> None:
    invitation()
    browser_of(invited()).post(JOIN)
    other = browser_of(UserFactory())
    assert other.post(JOIN).status_code == 404
    assert Membership.objects.count() == 1


def test_whoever_was_removed_does_not_come_back_by_the_old_link() -> None:
    invitation()
    browser = browser_of(invited())
    browser.post(JOIN)
    Membership.objects.all().delete()
    assert browser.post(JOIN).status_code == 404
    assert not Membership.objects.exists()


def test_another_address_is_told_apart_without_showing_the_invited_one() -> None:
    sent = invitation()
    other = browser_of(UserFactory(email="other@example.org"))
    before = everything()
    for response, status in ((other.get(JOIN), 200), (other.post(JOIN), 422)):
        text = response.content.decode()
        assert response.status_code == status
        assert "This invitation is for i***@example.org. You are signed in as" in text
        assert "other@example.org" in text
        assert f'href="/account/logout/?next={JOIN}"' in text
        assert sent.email not in text
    assert everything() == before


def test_an_address_in_capitals_is_the_same_address() -> None:
    invitation(email="Invited@Example.org")
    assert browser_of(invited("invited@example.org")).post(JOIN).status_code == 303


def test_an_address_that_was_never_verified_does_not_count() -> None:
    invitation()
    user = invited()
    browser = browser_of(user)
    user.emailaddress_set.update(verified=False)
    assert browser.post(JOIN).status_code == 422
    assert not Membership.objects.exists()


def test_whoever_is_at_the_desk_keeps_the_role_they_have() -> None:
    sent = invitation(role=Role.READER)
    user = invited()
    member(sent.firm, Role.OWNER, user=user)
    response = browser_of(user).post(JOIN)
    assert response.status_code == 422
    assert "You are in this firm already" in response.content.decode()
    assert Membership.objects.get().role == Role.OWNER
    sent.refresh_from_db()
    assert sent.is_open


def test_posting_every_field_there_is_accepts_what_was_offered() -> None:
    sent = invitation(role=Role.READER)
    extra = every_field(Firm, Membership, Invitation, User, ClientProfile)
    browser_of(invited()).post(JOIN, extra)
    made = Membership.objects.get()
    assert (made.firm, made.role) == (sent.firm, Role.READER)
    assert not User.objects.filter(is_staff=True).exists()


def test_a_disabled_account_accepts_nothing() -> None:
    invitation()
    user = invited()
    browser = browser_of(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert browser.post(JOIN).status_code == 302
    assert not Membership.objects.exists()


# -- Accepting: one's own profile -------------------------------------------------------------------------


def test_a_client_takes_their_profile() -> None:
    client = ClientFactory()
    to_profile(client)
    user = invited()
    response = browser_of(user).post(JOIN)
    assert (response.status_code, response["Location"]) == (303, "/arrive/")
    client.refresh_from_db()
    assert client.membership.user == user
    assert client.membership.role == Role.CLIENT
    assert list(ClientProfile.objects.of_user(user)) == [client]
    assert {entry.about for entry in AuditEntry.objects.all()} == {client.pk}


def test_a_profile_that_somebody_has_taken_is_not_offered_again() -> None:
    client = make_own_client(firm=FirmFactory())
    to_profile(client)
    browser = browser_of(invited())
    assert browser.get(JOIN).status_code == 404
    assert browser.post(JOIN).status_code == 404
    assert ClientProfile.objects.get().membership == client.membership


def test_a_profile_of_ones_own_is_not_merged() -> None:
    user = invited()
    own = make_own_client(user)
    to_profile()
    response = browser_of(user).post(JOIN)
    assert response.status_code == 422
    assert "You already have a profile of your own" in response.content.decode()
    assert Membership.objects.get(user=user) == own.membership


def test_an_empty_firm_of_one_makes_room() -> None:
    user = invited()
    empty = found_personal_firm(user=user, by=By())
    client = ClientFactory()
    to_profile(client)
    assert browser_of(user).post(JOIN).status_code == 303
    assert Membership.objects.get(user=user).firm == client.firm
    left = AuditEntry.objects.filter(firm=empty.firm).order_by("seq").last()
    assert (left.action, left.object_id) == ("member removed", str(empty.pk))


def test_a_client_of_another_firm_leaves_that_one_first() -> None:
    user = invited()
    make_own_client(user, FirmFactory(name="Demo elsewhere"))
    to_profile()
    response = browser_of(user).post(JOIN)
    text = response.content.decode()
    assert response.status_code == 422
    assert "<bdi>Demo elsewhere</bdi>" in text
    assert "Leave that firm first" in text


def test_a_client_of_the_same_firm_is_one_already() -> None:
    user = invited()
    own = make_own_client(user, FirmFactory())
    to_profile(ClientFactory(firm=own.firm))
    response = browser_of(user).post(JOIN)
    assert response.status_code == 422
    assert "client of this firm already" in response.content.decode()


def test_an_advisor_can_be_a_client_as_well() -> None:
    client = ClientFactory()
    user = invited()
    member(client.firm, Role.ADVISOR, user=user)
    to_profile(client)
    assert browser_of(user).post(JOIN).status_code == 303
    assert set(Membership.objects.filter(user=user).values_list("role", flat=True)) == {
        "advisor",
        "client",
    }


# -- Inviting a client ------------------------------------------------------------------------------------


def test_inviting_a_client_again_ends_the_letter_before(
    mailoutbox, django_capture_on_commit_callbacks
) -> None:
    client = ClientFactory(firm__name="Demo & sons")
    tokens: list[str] = []

    def link_of(token: str) -> str:
        tokens.append(token)
        return f"https://example.org/join/{token}/"

    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            invite_client(client=client, email="invited@example.org", by=By(), link_of=link_of)
    old, new = Invitation.objects.order_by("created_at")
    client.refresh_from_db()
    assert client.invitation == new
    assert new.token_hash == hash_of_token(tokens[1])
    assert (bool(old.withdrawn_at), new.is_open, new.role) == (True, True, Role.CLIENT)
    assert [letter.subject for letter in mailoutbox] == [
        "Demo & sons invites you to your profile"
    ] * 2
    assert f"https://example.org/join/{tokens[1]}/" in mailoutbox[1].body
    assert {entry.about for entry in AuditEntry.objects.all()} == {client.pk}
    browser = browser_of(invited())
    assert browser.get(f"/join/{tokens[0]}/").status_code == 404
    assert browser.post(f"/join/{tokens[1]}/").status_code == 303


def test_an_invitation_of_a_client_can_be_taken_back() -> None:
    client = ClientFactory()
    to_profile(client)
    withdraw_from_client(client=client, by=By())
    withdraw_from_client(client=ClientFactory(), by=By())
    assert not Invitation.objects.open().exists()
    assert Client().get(JOIN).status_code == 404


# -- At the same time -------------------------------------------------------------------------------------


@pytest.fixture
def _committed(transactional_db: None):
    yield
    erase_facts()


@pytest.mark.postgresql  # SQLite lets one write at a time
@pytest.mark.usefixtures("_committed")
def test_of_two_who_accept_at_the_same_time_one_joins() -> None:
    sent = invitation()
    user = invited()
    user.emailaddress_set.create(email=user.email, verified=True)
    outcomes = at_the_same_time(4, lambda: accept_invitation(invitation=sent, user=user, by=By()))
    assert sorted(outcomes) == ["Membership", "NotOpen", "NotOpen", "NotOpen"]
    assert Membership.objects.count() == 1
    assert AuditEntry.objects.count() == 2


@pytest.mark.postgresql  # SQLite lets one write at a time
@pytest.mark.usefixtures("_committed")
def test_of_two_profiles_that_one_person_accepts_at_the_same_time_one_is_theirs() -> None:
    sent = [to_profile(token="one"), to_profile(token="two")]
    user = invited()
    user.emailaddress_set.create(email=user.email, verified=True)
    queue = iter(sent)
    outcomes = at_the_same_time(
        2, lambda: accept_invitation(invitation=next(queue), user=user, by=By())
    )
    assert sorted(outcomes) == ["CannotJoin", "Membership"]
    assert ClientProfile.objects.filter(membership__user=user).count() == 1


@pytest.mark.postgresql  # SQLite lets one write at a time
@pytest.mark.usefixtures("_committed")
def test_whoever_accepts_while_they_are_invited_anew_is_in(monkeypatch) -> None:
    sent = to_profile()
    client = ClientProfile.objects.get(invitation=sent)
    user = invited()
    user.emailaddress_set.create(email=user.email, verified=True)
    reached, obstacle_for = Event(), joining.obstacle_for

    def slowly(*args):
        reached.set()
        sleep(0.5)  # the other one is at the lock by now
        return obstacle_for(*args)

    def invite_anew() -> None:
        reached.wait(5)
        invite_client(client=client, email=user.email, by=By(), link_of=str)

    monkeypatch.setattr(joining, "obstacle_for", slowly)
    queue = iter([lambda: accept_invitation(invitation=sent, user=user, by=By()), invite_anew])
    outcomes = at_the_same_time(2, lambda: next(queue)())
    assert sorted(outcomes) == ["Gone", "Membership"]
    assert not Invitation.objects.open().exists()


def test_the_page_asks_the_same_however_many_invitations_there_are() -> None:
    invitation()
    browser = browser_of(invited())
    few = queries(browser, JOIN)
    for number in range(20):
        invitation(f"token-{number}")
    assert queries(browser, JOIN) == few
