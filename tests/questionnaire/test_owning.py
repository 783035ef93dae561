"""Whose a result is: claiming it, once, and when it is due again."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from questionnaire.models import Assessment, ClientProfile, Draft, Ownership
from questionnaire.services import owning
from riskalloc.firms.audit import By
from riskalloc.firms.models import AuditEntry, Firm, Membership, Role
from tests.factories import ClientFactory, UserFactory, make_assessment, make_own_client

pytestmark = pytest.mark.django_db


def claim(assessment, user):
    return owning.claim(
        public_id=assessment.public_id, user=user, by=By(user=user, name=user.email)
    )


def test_a_claimed_result_makes_a_profile_in_a_firm_of_one(assessment):
    user = UserFactory(email="demo-ann@example.org")
    client = claim(assessment, user)
    assert client.name == "demo-ann"
    assert client.firm.is_personal
    assert client.membership.user == user
    assert client.membership.role == Role.CLIENT
    assert Assessment.objects.latest_of(client) == assessment
    actions = AuditEntry.objects.filter(firm=client.firm).values_list("action", flat=True)
    assert list(actions.order_by("seq")) == ["firm founded", "profile created", "assessment added"]


def test_a_second_result_goes_to_the_same_profile(assessment):
    user = UserFactory()
    first = claim(assessment, user)
    second = claim(make_assessment(amount="5000"), user)
    assert first == second
    assert first.ownerships.count() == 2
    assert Firm.objects.count() == 1


def test_claiming_twice_owns_once(assessment):
    user = UserFactory()
    claim(assessment, user)
    assert claim(assessment, user) is None  # nothing is left to take
    assert Ownership.objects.count() == 1


def test_what_somebody_owns_nobody_else_can_claim(assessment):
    owner, thief = UserFactory(), UserFactory()
    claim(assessment, owner)
    assert claim(assessment, thief) is None
    assert not ClientProfile.objects.filter(membership__user=thief).exists()


def test_a_result_of_another_client_is_refused(assessment):
    by = By()
    owning.own(assessment=assessment, client=ClientFactory(), by=by)
    with pytest.raises(owning.AlreadyOwned):
        owning.own(assessment=assessment, client=ClientFactory(), by=by)


def test_the_browser_keeps_no_answers_of_what_was_claimed(draft):
    assessment = make_assessment(draft)
    claim(assessment, UserFactory())
    assert not Draft.objects.filter(pk=draft.pk).exists()


def test_an_expired_result_cannot_be_claimed(assessment, settings):
    settings.RESULT_DAYS = 0
    assert claim(assessment, UserFactory()) is None


def test_a_claimed_result_never_expires(assessment, settings):
    user = UserFactory()
    claim(assessment, user)
    settings.RESULT_DAYS = 0
    assert not Assessment.objects.expired().exists()
    assert Assessment.objects.opened_by(user).get() == assessment


def test_a_claimed_result_is_closed_to_everybody_else(assessment, client):
    user = UserFactory()
    address = f"/r/{assessment.public_id}/"
    assert client.get(address).status_code == 200
    claim(assessment, user)
    assert client.get(address).status_code == 404
    client.force_login(UserFactory())
    assert client.get(address).status_code == 404
    client.force_login(user)
    assert client.get(address).status_code == 200


def test_the_review_is_due_twelve_months_later(assessment):
    client = claim(assessment, UserFactory())
    today = timezone.localdate()
    assert client.review_due_on == owning.valid_until(today)
    assert timedelta(days=364) < client.review_due_on - today < timedelta(days=367)


def test_twelve_months_after_a_leap_day_is_the_28th():
    assert owning.valid_until(date(2028, 2, 29)) == date(2029, 2, 28)
    assert owning.valid_until(date(2027, 2, 28)) == date(2028, 2, 28)


def test_an_older_result_does_not_bring_the_review_forward(assessment):
    later = timezone.localdate() + timedelta(days=1000)
    client = make_own_client(review_due_on=later)
    owning.own(assessment=assessment, client=client, by=By())
    client.refresh_from_db()
    assert client.review_due_on == later


def test_the_day_of_another_tab_is_not_taken_back(assessment, time_machine):
    client = make_own_client()
    stale = ClientProfile.objects.get(pk=client.pk)
    owning.own(assessment=assessment, client=client, by=By())
    time_machine.move_to(timezone.now() - timedelta(days=20))
    owning.own(assessment=make_assessment(), client=stale, by=By())
    stale.refresh_from_db()
    assert stale.review_due_on == client.review_due_on


def test_a_client_of_a_practice_claims_into_that_practice(assessment):
    profile = make_own_client()
    user = profile.membership.user
    assert claim(assessment, user) == profile
    assert Membership.objects.filter(user=user).count() == 1


def test_nothing_is_owned_when_the_audit_entry_cannot_be_written(assessment, monkeypatch):
    def broken(**_kwargs):
        raise RuntimeError

    monkeypatch.setattr("questionnaire.services.owning.record", broken)
    with pytest.raises(RuntimeError):
        owning.own(assessment=assessment, client=ClientFactory(), by=By())
    assert not Ownership.objects.exists()
