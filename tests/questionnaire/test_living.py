"""Life events: recorded once, with the assessment that they open; and what they ask."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from questionnaire import snapshots
from questionnaire.display import events as shown
from questionnaire.models import Assessment, ClientProfile, LifeEvent
from questionnaire.services import living
from questionnaire.services.owning import own
from riskalloc.firms.audit import By
from riskalloc.firms.models import AuditEntry, Role
from tests.factories import (
    ClientFactory,
    FirmFactory,
    answered,
    assign,
    columns_of,
    make_own_client,
)
from tests.questionnaire.lives import EVENTS, MARCH, TODAY, assessed

pytestmark = pytest.mark.django_db
LOST = answered(job_security="gig", largest_fall="25_or_more")


def by(user) -> By:
    return By(user=user, name=user.email)


def record(client, base, **changes) -> LifeEvent:
    user = client.membership.user if client.membership else None
    return living.record_life_event(
        **{
            "client": client,
            "kind": "job_loss",
            "event_id": uuid4(),
            "happened_on": date(2026, 11, 2),
            "answers": LOST,
            "base": base,
            "by": by(user) if user else By(),
            **changes,
        }
    )


def seen(client: ClientProfile) -> ClientProfile:
    """As the pages find it."""
    user = client.membership.user if client.membership else assign(client)
    return ClientProfile.objects.visible_to(user).get(pk=client.pk)


def asking(kind: str, client: ClientProfile, base: Assessment, today: date = TODAY) -> shown.Asking:
    return shown.asking(EVENTS.event(kind), seen(client), base, today)


# -- Recording ---------------------------------------------------------------------------------------


def test_an_event_opens_a_new_assessment_of_the_client():
    client = make_own_client()
    base = assessed(client)
    event = record(client, base)
    assert Assessment.objects.latest_of(client) == event.assessment
    assert event.assessment.answers == LOST
    assert event.assessment.iss == base.iss - 3 - 3
    assert event.assessment.seconds_taken is None
    assert event.events_version == "1"
    assert event.recorded_by == client.membership.user.email
    assert event.assessment.ownership.filled_in_by == ""


def test_the_old_assessment_stays_and_the_new_one_is_valid_for_a_year():
    client = make_own_client()
    base = assessed(client)
    stored = columns_of(base)
    event = record(client, base)
    assert columns_of(Assessment.objects.get(pk=base.pk)) == stored
    client.refresh_from_db()
    today = timezone.localdate(event.assessment.created_at)
    assert client.review_due_on == today.replace(year=today.year + 1)


def test_an_event_is_in_the_trail_with_what_went_before():
    client = make_own_client()
    base = assessed(client)
    event = record(client, base)
    added, recorded = AuditEntry.objects.filter(firm=client.firm).order_by("seq")[1:]
    assert added.action == "assessment added"
    assert (recorded.action, recorded.about) == ("life event recorded", client.pk)
    assert recorded.actor_name == client.membership.user.email
    assert recorded.before == {"result": base.public_id}
    assert recorded.after == {
        "kind": "job_loss",
        "happened_on": "2026-11-02",
        "result": event.assessment.public_id,
    }


def test_an_advisor_who_fills_in_is_named():
    client = ClientFactory()
    event = record(client, assessed(client), by=by(assign(client)))
    assert event.assessment.ownership.filled_in_by == event.recorded_by != ""


def test_sent_twice_it_is_recorded_once():
    client = make_own_client()
    base, event_id = assessed(client), uuid4()
    first, second = (record(client, base, event_id=event_id) for _ in range(2))
    assert first == second
    assert (LifeEvent.objects.count(), Assessment.objects.count()) == (1, 2)
    assert AuditEntry.objects.filter(action="life event recorded").count() == 1


@pytest.mark.parametrize("changes", [{"kind": "illness"}, {"answers": answered()}])
def test_an_id_that_is_taken_is_not_taken_again(changes):
    client = make_own_client()
    event = record(client, assessed(client))
    with pytest.raises(living.AnotherEvent):
        record(client, event.assessment, event_id=event.pk, **changes)


def test_the_id_of_somebody_elses_event_is_refused():
    stranger = make_own_client()
    taken = record(stranger, assessed(stranger))
    client = make_own_client()
    with pytest.raises(living.AnotherEvent):
        record(client, assessed(client), event_id=taken.pk)
    assert client.life_events.count() == 0


def test_an_event_on_an_assessment_that_is_not_the_last_is_refused():
    client = make_own_client()
    base = assessed(client)
    record(client, base)
    with pytest.raises(living.AssessedMeanwhile):
        record(client, base)
    assert LifeEvent.objects.count() == 1


def test_nothing_stays_of_an_event_that_could_not_be_recorded(monkeypatch):
    client = make_own_client()
    base = assessed(client)
    entries = AuditEntry.objects.count()

    def fails(**_):
        raise RuntimeError

    monkeypatch.setattr(living, "record", fails)
    with pytest.raises(RuntimeError):
        record(client, base)
    assert Assessment.objects.latest_of(client) == base
    assert (LifeEvent.objects.count(), Assessment.objects.count()) == (0, 1)
    assert AuditEntry.objects.count() == entries


def test_the_method_is_the_firms_and_the_classes_stay_divided_as_they_were():
    client = make_own_client(firm=FirmFactory(is_personal=True, method="seed-1"))
    base = assessed(client)
    diversified = Assessment.objects.create(**columns_of(base) | {"sleeves": "diversified"})
    own(assessment=diversified, client=client, by=By())
    event = record(client, diversified)
    assert (event.assessment.method, event.assessment.sleeves) == ("seed-1", "diversified")


def test_calculating_it_again_gives_what_was_stored():
    client = make_own_client()
    base = assessed(client)
    stored = record(client, base).assessment
    again = living.calculate(
        stored.answers,
        snapshots.inputs_of(stored).method,
        sleeves=stored.sleeves,
        rti_before=base.raw_rti,
    )
    assert snapshots.result_of(stored) == again


# -- What is asked -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [event.code for event in EVENTS.events])
def test_only_the_questions_that_an_event_touches_are_asked_and_losses_last(kind):
    client = make_own_client()
    asked = [q.id for q in asking(kind, client, assessed(client)).questions]
    assert set(asked[:-2]) == set(EVENTS.event(kind).questions)
    assert asked[-2:] == ["drop_reaction", "max_loss"]


@pytest.mark.parametrize("kind", [e.code for e in EVENTS.events if e.proposal is None])
def test_without_a_case_the_answers_of_last_time_are_filled_in(kind):
    client = make_own_client()
    base = assessed(client)
    begun = asking(kind, client, base)
    assert begun.start == base.answers
    assert begun.proposed == set()


def test_a_lost_job_fills_in_what_usually_changes():
    client = make_own_client()
    begun = asking("job_loss", client, assessed(client))
    assert begun.proposed == {
        "job_security",
        "debt_to_income",
        "income_variability",
        "household_cover",
    }
    assert begun.start["job_security"] == {"job_security": "gig"}
    assert Decimal(begun.start["debt_to_income"]["monthly_income"]) == 3000
    assert begun.start["emergency_fund"] == begun.kept["emergency_fund"]


def test_what_changes_nothing_is_not_said_to_have_been_filled_in():
    client = make_own_client()
    base = assessed(client, job_security="permanent_steady", largest_fall="under_5")
    assert asking("new_job", client, base).proposed == set()


def test_an_answer_that_no_longer_fits_is_asked_again_though_the_event_does_not_touch_it():
    client = make_own_client()
    base = assessed(client)
    old = columns_of(base)
    old["answers"] = {**base.answers, "trade_off": {"trade_off": "mix_of_an_older_questionnaire"}}
    older = Assessment.objects.create(**old)
    own(assessment=older, client=client, by=By())
    begun = asking("birth", client, older)
    asked = [q.id for q in begun.questions]
    expected = ["trade_off", "emergency_fund", "household_cover", "drop_reaction", "max_loss"]
    assert asked == expected
    assert "trade_off" not in begun.kept
    assert asking("job_loss", client, older).proposed == set()


# -- A planned retirement ----------------------------------------------------------------------------


def retiring(on: date | None, horizon: str = "12", day: date = MARCH) -> tuple:
    client = ClientFactory(retires_on=on)
    return client, assessed(client, day, horizon_years=horizon)


def test_years_that_pass_towards_a_planned_retirement_say_so():
    client, base = retiring(date(2037, 9, 1), day=date(2025, 9, 9))
    begun = asking("retirement", client, base)
    assert begun.start["horizon"] == {"horizon_years": "10.77"}
    assert begun.moved.sentence == (
        "The planned retirement on 1 Sep 2037 is 1.2 years nearer than on 9 Sep 2025,"
        " so 12 years became 10.77."
    )


def test_an_answer_about_the_retirement_becomes_the_time_until_it():
    client, base = retiring(date(2037, 9, 1), horizon="12", day=date(2026, 1, 21))
    moved = asking("nearing_retirement", client, base).moved
    assert moved.sentence == (
        "The planned retirement on 1 Sep 2037 is 10.77 years away, so 12 years became 10.77."
    )


def test_a_retirement_that_has_come_leaves_no_years():
    client, base = retiring(date(2026, 9, 1), horizon="1")
    moved = asking("retirement", client, base).moved
    assert moved.sentence == ("The planned retirement on 1 Sep 2026 has come, so 1 year became 0.")


def test_money_for_later_than_a_retirement_that_has_come_loses_the_time_that_passed():
    client, base = retiring(date(2026, 9, 1), horizon="20")
    moved = asking("retirement", client, base).moved
    assert moved.sentence == "0.7 years have passed since 3 Mar 2026, so 20 years became 19.27."


def test_the_client_reads_it_as_their_own():
    client = make_own_client(retires_on=date(2038, 3, 1))
    base = assessed(client, date(2025, 9, 9))
    assert asking("retirement", client, base).moved.sentence.startswith("Your planned retirement")


def test_years_that_have_moved_are_asked_about_whatever_happened():
    client, base = retiring(date(2038, 3, 1), day=date(2025, 9, 9))
    begun = asking("birth", client, base)
    assert begun.questions[0].id == "horizon"
    assert "horizon" not in begun.proposed


def notice(client, base, today=TODAY):
    return shown.retirement_notice(seen(client), base, today)


def test_a_notice_says_what_the_nearer_retirement_would_move():
    client, base = retiring(date(2036, 9, 3), horizon="10.5")
    found = notice(client, base)
    assert (found.kind, found.moved.now) == ("nearing_retirement", Decimal("9.78"))
    before, after = found.comparison.before.allocation.mix, found.comparison.after.allocation.mix
    assert str(before) == "71% stocks, 14% bonds, 15% alternatives"
    moves = {move.name: (move.before, move.after, move.amount) for move in found.moves}
    assert moves["stocks"] == (before.stocks, after.stocks, 1000 * (after.stocks - before.stocks))
    assert sum(move.amount for move in found.moves) == 0


def test_the_notice_of_a_retirement_that_has_come_leads_to_that_event():
    assert notice(*retiring(date(2026, 9, 1), horizon="1")).kind == "retirement"


@pytest.mark.parametrize("retires_on", [None, date(2020, 1, 1)])
def test_there_is_no_notice_where_nothing_has_moved(retires_on):
    assert notice(*retiring(retires_on)) is None


def test_a_reader_can_see_the_notice_too():
    client, base = retiring(date(2036, 9, 3), horizon="10.5")
    reader = assign(client, Role.READER)
    found = ClientProfile.objects.visible_to(reader).get(pk=client.pk)
    assert shown.retirement_notice(found, base, TODAY) is not None
