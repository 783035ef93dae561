"""Another mix than the calculated one, with its reason, for ever after."""

from uuid import uuid4

import pytest

from questionnaire.display.comparing import calculated_mix
from questionnaire.models import Override
from questionnaire.services.owning import own
from riskalloc.firms.audit import By
from riskalloc.firms.models import AuditEntry
from tests.factories import ClientFactory, assign, make_assessment, make_own_client
from tests.firms.people import browser_of

pytestmark = pytest.mark.django_db

REASON = "Wants to sleep well after the flat was bought."


@pytest.fixture
def desk(db):
    client = ClientFactory(name="Demo Robert")
    assessment = make_assessment()
    own(assessment=assessment, client=client, by=By())
    browser = browser_of(assign(client))
    browser.address = f"/c/{client.pk}/override/{assessment.public_id}/"
    browser.looks_after, browser.assessment = client, assessment
    return browser


def decided(**fields) -> dict[str, object]:
    return {
        "id": uuid4(), "stocks": 60, "bonds": 30, "alternatives": 5, "cash": 5, "reason": REASON,
    } | fields  # fmt: skip


def test_both_mixes_and_the_reason_are_shown_from_then_on(desk):
    assert desk.post(desk.address, decided()).status_code == 303
    for address in (f"/c/{desk.looks_after.pk}/", f"/r/{desk.assessment.public_id}/"):
        page = desk.get(address).content.decode()
        assert REASON in page
        assert "60% stocks, 30% bonds, 5% alternatives, 5% cash" in page
        assert "75% stocks, 10% bonds, 15% alternatives" in page
    entry = AuditEntry.objects.get(action="mix overridden")
    assert entry.before == {"calculated": "75% stocks, 10% bonds, 15% alternatives"}
    assert entry.after["reason"] == REASON


def test_sent_twice_it_is_decided_once(desk):
    sent = decided()
    for _ in range(3):
        assert desk.post(desk.address, sent).status_code == 303
    assert Override.objects.count() == 1


def test_a_second_decision_stands_beside_the_first(desk):
    desk.post(desk.address, decided())
    desk.post(
        desk.address, decided(stocks=50, bonds=40, reason="Now even more careful, as agreed.")
    )
    page = desk.get(f"/c/{desk.looks_after.pk}/").content.decode()
    assert REASON in page
    assert "50% stocks, 40% bonds" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": "too short"}, "at least 20 characters"),
        ({"reason": " " * 40}, "Write why, in at least 20 characters"),
        ({"stocks": 59}, "The four classes add up to 99%. Add 1 point."),
        ({"stocks": 70}, "add up to 110%. Take away 10 points."),
        ({"stocks": -1}, "Enter a whole number from 0 to 100"),
        ({"stocks": "59.5"}, "Enter a whole number from 0 to 100"),
        ({"stocks": "1e3"}, "Enter a whole number from 0 to 100"),
        ({"id": "x"}, "This form is out of date"),
    ],
)
def test_bad_input_gets_a_sentence(desk, fields, sentence):
    answer = desk.post(desk.address, decided(**fields))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Override.objects.exists()


def test_only_the_last_assessment_can_be_overridden_and_what_was_typed_stays(desk):
    newer = make_assessment(drop_reaction="sell_all")
    own(assessment=newer, client=desk.looks_after, by=By())
    assert desk.get(desk.address).status_code == 404
    sent = decided()
    answer = desk.post(desk.address, sent)
    assert answer.status_code == 409
    assert not Override.objects.exists()
    page = answer.content.decode()
    assert "There is a newer result" in page
    assert REASON in page
    assert str(calculated_mix(newer)) in page
    address = f"/c/{desk.looks_after.pk}/override/{newer.public_id}/"
    assert f'action="{address}"' in page
    assert desk.post(address, sent).status_code == 303
    assert Override.objects.get().assessment == newer


def test_sent_twice_it_was_decided_though_a_newer_result_came_between(desk):
    sent = decided()
    desk.post(desk.address, sent)
    own(assessment=make_assessment(amount="5000"), client=desk.looks_after, by=By())
    assert desk.post(desk.address, sent).status_code == 303
    assert Override.objects.count() == 1


def test_clients_do_not_override_their_own_mix(client):
    profile = make_own_client()
    assessment = make_assessment()
    own(assessment=assessment, client=profile, by=By())
    client.force_login(profile.membership.user)
    address = f"/c/{profile.pk}/override/{assessment.public_id}/"
    assert client.get(address).status_code == 404
    assert client.post(address, decided()).status_code == 404
