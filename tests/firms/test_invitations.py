"""Inviting to a firm's desk: the letter, its link, and taking it back."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from riskalloc.firms.audit import By
from riskalloc.firms.models import AuditEntry, Firm, Invitation, Membership, Role, User
from riskalloc.firms.services.inviting import (
    has_address,
    hash_of_token,
    invite_member,
    is_same_address,
    masked,
    withdraw_invitation,
)
from tests.factories import FirmFactory, UserFactory, make_own_client
from tests.firms.people import browser_of, every_field, everything, invitation, member

pytestmark = pytest.mark.django_db
LINK = re.compile(r"http://testserver/join/([\w-]+)/")


def send(browser: Client, firm: Firm, /, **fields: object):
    sent = {"id": uuid4(), "email": "invited@example.org", "role": "advisor"}
    return browser.post(f"/firm/{firm.pk}/invite/", {**sent, **fields})


@pytest.fixture
def owner() -> Membership:
    return member(FirmFactory(name="O'Demo & Söhne <b>"))


@pytest.fixture
def browser(owner: Membership) -> Client:
    return browser_of(owner.user)


def test_an_invitation_is_a_letter_with_a_link_and_here_only_its_hash(
    owner: Membership, browser: Client, mailoutbox, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = send(browser, owner.firm)
    assert (response.status_code, response["Location"]) == (303, f"/firm/{owner.firm_id}/")
    (letter,) = mailoutbox
    assert letter.to == ["invited@example.org"]
    assert letter.subject == "O'Demo & Söhne <b> invites you to RiskAlloc"
    token = LINK.search(letter.body).group(1)
    row = Invitation.objects.get()
    assert len(token) == 22  # 128 bits
    assert row.token_hash == hash_of_token(token)
    assert token not in str(everything())
    assert (row.email, row.role, row.invited_by) == ("invited@example.org", "advisor", owner.user)
    assert row.expires_at - row.created_at == pytest.approx(
        timedelta(days=7), abs=timedelta(seconds=5)
    )
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.after) == (
        "invitation sent",
        {"email": "invited@example.org", "role": "advisor"},
    )


def test_sending_the_form_twice_writes_one_letter(
    owner: Membership, browser: Client, mailoutbox, django_capture_on_commit_callbacks
) -> None:
    same = uuid4()
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            assert send(browser, owner.firm, id=same).status_code == 303
    assert len(mailoutbox) == 1
    assert Invitation.objects.count() == 1


def test_the_id_of_another_firms_invitation_is_no_way_to_it(
    owner: Membership, browser: Client
) -> None:
    theirs = invitation()
    before = Invitation.objects.values().get(pk=theirs.pk)
    assert send(browser, owner.firm, id=theirs.pk).status_code == 303
    assert Invitation.objects.values().get(pk=theirs.pk) == before
    assert Invitation.objects.filter(firm=owner.firm).count() == 1


def test_a_second_invitation_of_an_address_ends_the_first(
    owner: Membership, browser: Client
) -> None:
    send(browser, owner.firm)
    send(browser, owner.firm, email="INVITED@example.org", role="reader")
    first, second = Invitation.objects.order_by("created_at")
    assert first.withdrawn_at
    assert second.is_open


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": ""}, "Enter an e-mail address, like name@example.org"),
        ({"email": "nonsense"}, "Enter an e-mail address, like name@example.org"),
        ({"email": "a@example.org\nBcc: b@example.org"}, "Enter an e-mail address"),
        ({"email": f"{'x' * 300}@example.org"}, "Use at most 254"),
        ({"role": "client"}, "Select what this person may do"),
        ({"role": ""}, "Select what this person may do"),
        ({"id": "nonsense"}, "Reload the page"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_sent(
    owner: Membership, browser: Client, fields: dict[str, str], sentence: str, mailoutbox
) -> None:
    before = everything()
    response = send(browser, owner.firm, **fields)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert everything() == before


def test_whoever_is_in_the_firm_is_not_invited_again(owner: Membership, browser: Client) -> None:
    response = send(browser, owner.firm, email=owner.user.email.upper())
    assert response.status_code == 422
    assert "in the firm already" in response.content.decode()


def test_a_client_of_the_firm_may_be_invited_to_its_desk(
    owner: Membership, browser: Client
) -> None:
    client = make_own_client(firm=owner.firm)
    assert send(browser, owner.firm, email=client.membership.user.email).status_code == 303


def test_one_letter_too_many_in_a_minute_is_refused(
    owner: Membership, browser: Client, settings
) -> None:
    settings.INVITATIONS_PER_MINUTE = "2/m"
    statuses = [send(browser, owner.firm).status_code for _ in range(3)]
    assert statuses == [303, 303, 429]
    resend = f"/firm/{owner.firm_id}/invitations/{Invitation.objects.open().get().pk}/resend/"
    assert browser.post(resend).status_code == 429
    assert Invitation.objects.count() == 2


def test_withdrawing_ends_it_once(owner: Membership, browser: Client) -> None:
    sent = invitation(firm=owner.firm)
    address = f"/firm/{owner.firm_id}/invitations/{sent.pk}/withdraw/"
    for _ in range(2):
        assert browser.post(address).status_code == 303
    sent.refresh_from_db()
    assert sent.withdrawn_at
    assert [entry.action for entry in AuditEntry.objects.all()] == ["invitation withdrawn"]
    assert sent.email not in browser.get(f"/firm/{owner.firm_id}/").content.decode()


def test_one_that_was_accepted_cannot_be_withdrawn() -> None:
    sent = invitation(accepted_at=timezone.now())
    assert not withdraw_invitation(invitation=sent, by=By())
    sent.refresh_from_db()
    assert not sent.withdrawn_at


def test_sending_again_makes_a_new_link_and_ends_the_old_one(
    owner: Membership, browser: Client, mailoutbox, django_capture_on_commit_callbacks
) -> None:
    old = invitation(
        firm=owner.firm,
        created_at=timezone.now() - timedelta(days=9),
        expires_at=timezone.now() - timedelta(days=2),
    )
    assert "expired" in browser.get(f"/firm/{owner.firm_id}/").content.decode()
    address = f"/firm/{owner.firm_id}/invitations/{old.pk}/resend/"
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            assert browser.post(address).status_code == 303
    (letter,) = mailoutbox
    old.refresh_from_db()
    new = Invitation.objects.open().get()
    assert old.withdrawn_at
    assert new.token_hash == hash_of_token(LINK.search(letter.body).group(1))
    assert (new.email, new.role) == (old.email, old.role)


def test_a_clients_invitation_is_not_the_desks_to_send_or_withdraw(
    owner: Membership, browser: Client
) -> None:
    sent = invitation(firm=owner.firm, role=Role.CLIENT)
    assert sent.email not in browser.get(f"/firm/{owner.firm_id}/").content.decode()
    for deed in ("resend", "withdraw"):
        address = f"/firm/{owner.firm_id}/invitations/{sent.pk}/{deed}/"
        assert browser.post(address).status_code == 404


def test_posting_every_field_there_is_invites_as_the_form_says(
    owner: Membership, browser: Client
) -> None:
    extra = every_field(Firm, Membership, Invitation, User)
    send(
        browser, owner.firm, **{**extra, "id": uuid4(), "email": "a@example.org", "role": "reader"}
    )
    sent = Invitation.objects.get()
    assert (sent.firm, sent.role, sent.invited_by) == (owner.firm, "reader", owner.user)
    assert sent.is_open
    assert sent.token_hash != extra["token_hash"]
    assert sent.expires_at > timezone.now()


def test_the_letter_is_not_sent_when_the_rest_fails(
    monkeypatch: pytest.MonkeyPatch, mailoutbox, django_capture_on_commit_callbacks
) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("riskalloc.firms.services.inviting.record", fail)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        invite_member(
            firm=FirmFactory(), email="a@example.org", role=Role.READER, by=By(), link_of=str
        )
    assert (Invitation.objects.count(), len(mailoutbox)) == (0, 0)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("demo@example.org", "DEMO@Example.org", True),
        ("kim@example.org", "\u212aim@example.org", False),  # the Kelvin sign folds to k
        ("straße@example.org", "strasse@example.org", False),
        ("ärmel@example.org", "ärmel@example.org", True),
        ("demo@example.org", "demo@example.com", False),
    ],
)
def test_addresses_are_the_same_in_upper_and_lower_case_only(
    one: str, other: str, same: bool
) -> None:
    assert is_same_address(one, other) is same
    assert is_same_address(other, one) is same


def test_an_address_that_was_never_verified_is_not_ones_own() -> None:
    user = UserFactory(email="demo@example.org")
    user.emailaddress_set.create(email="demo@example.org", verified=False)
    assert not has_address(user, "demo@example.org")
    user.emailaddress_set.update(verified=True)
    assert has_address(user, "Demo@example.org")
    assert not has_address(UserFactory(), "demo@example.org")


@pytest.mark.parametrize(
    ("email", "shown"), [("demo@example.org", "d***@example.org"), ("@x", "***@x")]
)
def test_an_address_is_shown_only_so_far_that_its_owner_knows_it(email: str, shown: str) -> None:
    assert masked(email) == shown
