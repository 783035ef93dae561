"""Work on many things: each once, whatever happens in the middle."""

from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from riskalloc.firms.jobs import KINDS
from riskalloc.firms.models import MOST_ITEMS, MOST_TRIES, AuditEntry, Job, Role
from riskalloc.firms.services import working
from riskalloc.firms.services.jobs import (
    IdTaken,
    TooMany,
    cancel_job,
    forget_old,
    pick_up,
    resume_job,
    run_job,
    start_job,
)
from tests.factories import MembershipFactory
from tests.firms.people import member
from tests.firms.works import KIND, by_user, deeds, job, keys_of, outcomes

pytestmark = pytest.mark.django_db
DONE = ("done", "")


def left_behind(found: Job) -> Job:
    """As a worker leaves it that was killed more than a minute ago."""
    long_ago = timezone.now() - timedelta(minutes=2)
    Job.objects.filter(pk=found.pk).update(lease=uuid4(), lease_until=long_ago, started_at=long_ago)
    return found


def actions(found: Job) -> list[str]:
    entries = AuditEntry.objects.filter(object_type="firms.job", object_id=str(found.pk))
    return list(entries.order_by("seq").values_list("action", flat=True))


# -- Doing it ----------------------------------------------------------------------------------------------


def test_every_thing_is_done_once_in_its_order() -> None:
    found = job(5)
    run_job(found.pk)
    assert deeds(found) == keys_of(found)
    assert outcomes(found) == [DONE] * 5
    found.refresh_from_db()
    assert found.ended_at
    assert found.started_at


def test_it_runs_by_itself_once_its_start_is_committed(django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        found = job(2)
        assert deeds(found) == []
    assert len(deeds(found)) == 2


def test_what_is_done_is_not_done_again() -> None:
    found = job(2)
    run_job(found.pk)
    run_job(found.pk)
    assert len(deeds(found)) == 2


def test_what_could_not_be_done_leaves_nothing_and_the_rest_goes_on() -> None:
    keys = [uuid4(), uuid4(), uuid4()]
    found = job(keys=keys, own={keys[1]: {"refuse": "This client has no e-mail address. Add one."}})
    run_job(found.pk)
    assert outcomes(found) == [
        DONE,
        ("failed", "This client has no e-mail address. Add one."),
        DONE,
    ]
    assert deeds(found) == [keys[0], keys[2]]


def test_a_mistake_of_ours_fails_one_thing_with_a_reference_that_the_log_has(caplog) -> None:
    keys = [uuid4(), uuid4()]
    found = job(keys=keys, own={keys[0]: {"break": True}})
    run_job(found.pk)
    (state, said), other = outcomes(found)
    assert (state, other) == ("failed", DONE)
    assert said.startswith("Something went wrong on our side. Reference: ")
    reference = said.split()[-1].rstrip(".")
    assert reference in caplog.text
    assert "a mistake of ours" in caplog.text
    assert deeds(found) == [keys[1]]


def test_what_came_of_it_is_kept() -> None:
    key = uuid4()
    found = job(keys=[key], own={key: {"said": "2 plans prepared"}})
    run_job(found.pk)
    assert outcomes(found) == [("done", "2 plans prepared")]


def test_a_batch_says_which_of_it_failed_and_keeps_the_rest() -> None:
    key, bad = uuid4(), uuid4()
    found = job(keys=[key], own={key: {"failing": [str(bad)]}})
    run_job(found.pk)
    assert outcomes(found) == [DONE, ("failed", "This one of the batch has no price.")]
    assert keys_of(found)[-1] in (bad, key)
    assert deeds(found) == [key]


def test_a_kind_that_is_no_more_fails_with_a_sentence() -> None:
    found = job(1)
    kind = KINDS.pop(KIND)
    try:
        run_job(found.pk)
    finally:
        KINDS[KIND] = kind
    assert outcomes(found) == [("failed", working.GONE_KIND)]


def test_nothing_to_do_ends_at_once() -> None:
    membership = member(role=Role.ADVISOR)
    found = start_job(
        job_id=uuid4(),
        firm_id=membership.firm_id,
        kind=KIND,
        keys=[],
        by=by_user(membership.user),
    )
    run_job(found.pk)
    found.refresh_from_db()
    assert found.ended_at


def test_a_database_that_refuses_for_a_moment_is_asked_again() -> None:
    found, done = job(2), working._do_next
    asked = []

    def refusing(turn: working.Turn) -> bool:
        asked.append(turn)
        if len(asked) == 1:
            raise OperationalError("deadlock detected")
        return done(turn)

    with (
        patch.object(working, "_do_next", refusing),
        patch.object(working, "SHORT_WAIT", 0),
        patch.object(working, "close_old_connections"),
        patch.object(working, "connection") as connection,
    ):
        connection.in_atomic_block = False
        run_job(found.pk)
    assert outcomes(found) == [DONE, DONE]
    assert len(deeds(found)) == 2


def test_what_only_the_end_of_the_transaction_refuses_fails_that_one() -> None:
    found, done = job(2), working._do_next
    asked = []

    def refused_late(turn: working.Turn) -> bool:
        asked.append(turn)
        if len(asked) > 1:
            return done(turn)
        with transaction.atomic():
            done(turn)
            raise IntegrityError("deferred")

    with patch.object(working, "_do_next", refused_late):
        run_job(found.pk)
    first, second = outcomes(found)
    assert first[0] == "failed"
    assert first[1].startswith("Something went wrong on our side. Reference: ")
    assert second == DONE
    assert deeds(found) == [keys_of(found)[1]]


# -- Whose rights ------------------------------------------------------------------------------------------


def test_who_loses_the_desk_in_the_middle_gets_nothing_more_done() -> None:
    membership = member(role=Role.ADVISOR)
    keys = [uuid4(), uuid4(), uuid4()]
    found = job(by=membership, keys=keys, own={keys[0]: {"dismiss": membership.user_id}})
    run_job(found.pk)
    assert outcomes(found) == [DONE, ("failed", working.NO_DESK), ("failed", working.NO_DESK)]
    assert deeds(found) == keys[:1]


def test_a_closed_account_gets_nothing_done() -> None:
    membership = member(role=Role.ADVISOR)
    found = job(1, by=membership)
    membership.user.is_active = False
    membership.user.save()
    run_job(found.pk)
    assert outcomes(found) == [("failed", working.NO_DESK)]


def test_a_deleted_account_takes_its_work_along_instead_of_leaving_it_to_the_system() -> None:
    membership = member(role=Role.ADVISOR)
    found = job(1, by=membership)
    membership.user.delete()
    run_job(found.pk)
    assert not Job.objects.exists()
    assert deeds(found) == []


def test_entries_of_a_job_name_who_started_it_and_belong_together() -> None:
    membership = member(role=Role.ADVISOR)
    found = job(2, by=membership)
    run_job(found.pk)
    entries = AuditEntry.objects.filter(request_id=found.pk.hex)
    assert list(entries.values_list("actor_name", flat=True)) == [membership.user.email] * 2


def test_nobody_starts_work_as_the_system_by_not_signing_in() -> None:
    firm = member().firm
    with pytest.raises(AssertionError, match="not signed in"):
        start_job(
            job_id=uuid4(),
            firm_id=firm.pk,
            kind=KIND,
            keys=[],
            by=working.By(name="(nobody signed in)"),
        )


# -- Once --------------------------------------------------------------------------------------------------


def test_the_same_form_sent_five_times_starts_one_job() -> None:
    membership, job_id = member(role=Role.ADVISOR), uuid4()
    for _ in range(5):
        found = job(3, by=membership, job_id=job_id)
        run_job(job_id)
    assert Job.objects.count() == 1
    assert found.items.count() == 3
    assert len(deeds(found)) == 3
    assert actions(found) == ["work started"]


def test_a_thing_that_is_named_twice_is_done_once() -> None:
    key = uuid4()
    found = job(keys=[key, key])
    run_job(found.pk)
    assert deeds(found) == [key]


def test_the_id_of_somebody_elses_job_is_taken() -> None:
    theirs = job()
    with pytest.raises(IdTaken):
        job(job_id=theirs.pk)
    colleague = MembershipFactory(firm=theirs.firm, role=Role.ADVISOR)
    with pytest.raises(IdTaken):
        job(job_id=theirs.pk, by=colleague)
    assert theirs.items.count() == 3


def test_too_many_things_are_refused_whole() -> None:
    with pytest.raises(TooMany):
        job(keys=[uuid4() for _ in range(MOST_ITEMS + 1)])
    assert not Job.objects.exists()


# -- Stopping ----------------------------------------------------------------------------------------------


def test_a_stopped_job_keeps_what_is_done_and_begins_nothing_new() -> None:
    found = job(3)
    owner = member(found.firm)
    do_next = working._do_next

    def stopped_after_one(turn: working.Turn) -> bool:
        did = do_next(turn)
        cancel_job(job=found, by=by_user(owner.user))
        return did

    with patch.object(working, "_do_next", stopped_after_one):
        run_job(found.pk)
    assert [state for state, _ in outcomes(found)] == ["done", "waiting", "waiting"]
    run_job(found.pk)
    resume_job(job=found, by=by_user(owner.user))
    assert len(deeds(found)) == 1
    assert actions(found) == ["work started", "work stopped"]


def test_what_has_ended_cannot_be_stopped() -> None:
    found = job(1)
    run_job(found.pk)
    cancel_job(job=found, by=by_user(None))
    found.refresh_from_db()
    assert found.cancelled_at is None


# -- Going on after a crash --------------------------------------------------------------------------------


def test_a_job_whose_worker_died_goes_on_where_it_was() -> None:
    found = job(3)
    first = found.items.order_by("position").first()
    assert first
    working._mark(first, first.State.DONE, "")
    run_job(left_behind(found).pk)
    assert deeds(found) == keys_of(found)[1:]


def test_while_somebody_is_at_it_nobody_else_begins() -> None:
    found = job(2)
    Job.objects.update(lease=uuid4(), lease_until=timezone.now() + timedelta(seconds=30))
    run_job(found.pk)
    assert deeds(found) == []


def test_a_worker_whose_lease_was_taken_over_stops() -> None:
    keys = [uuid4(), uuid4()]
    found = job(keys=keys, own={keys[0]: {"stop": True}})
    run_job(found.pk)
    assert deeds(found) == keys[:1]
    run_job(found.pk)
    assert deeds(found) == keys


def test_a_lease_is_renewed_while_the_work_goes_on() -> None:
    found = job(2)
    with patch.object(working, "RENEW_SECONDS", 0):
        run_job(found.pk)
    assert len(deeds(found)) == 2


def test_a_person_makes_it_go_on(django_capture_on_commit_callbacks) -> None:
    found = left_behind(job(2))
    with django_capture_on_commit_callbacks(execute=True):
        resume_job(job=found, by=by_user(member(found.firm).user))
    assert len(deeds(found)) == 2
    assert actions(found) == ["work started", "work resumed"]


def test_what_is_at_work_is_not_made_to_go_on() -> None:
    found = job(2)
    resume_job(job=found, by=by_user(None))
    assert actions(found) == ["work started"]


def test_what_nobody_is_at_is_picked_up() -> None:
    found = left_behind(job(2))
    assert pick_up() == [found.pk]
    assert len(deeds(found)) == 2
    assert pick_up() == []


def test_what_never_began_is_picked_up_after_a_while() -> None:
    found = job(1)
    assert pick_up() == []
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert pick_up() == [found.pk]
    assert len(deeds(found)) == 1


def test_what_brings_every_worker_down_is_not_picked_up_for_ever() -> None:
    found = job(1)
    for _ in range(MOST_TRIES):
        left_behind(found)
        assert pick_up(is_queued=False) == [found.pk]
    left_behind(found)
    assert pick_up() == []
    resume_job(job=found, by=by_user(None))
    left_behind(found)
    assert pick_up(is_queued=False) == [found.pk]


def test_old_work_is_forgotten() -> None:
    ended, at_work = job(1), job(1)
    run_job(ended.pk)
    Job.objects.update(created_at=timezone.now() - timedelta(days=100))
    Job.objects.filter(pk=ended.pk).update(ended_at=timezone.now() - timedelta(days=91))
    assert forget_old(90) == 1
    assert list(Job.objects.all()) == [at_work]
