"""Doing a job: one thing after the other, each in the transaction that marks it.

A worker holds the job's lease and renews it. If it dies, the transaction it was in never happened, and once
the lease has run out another worker goes on. Should both be there after all, the lock on the item's row keeps
them from doing the same thing.
"""

import logging
import secrets
import time
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import (
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    transaction,
)
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_tasks import task

from riskalloc.firms.audit import By
from riskalloc.firms.jobs import Doing, Kind, NotDone, kind_named
from riskalloc.firms.models import (
    AT_THE_DESK,
    LONGEST_SENTENCE,
    Job,
    JobItem,
    JobQuerySet,
    Membership,
)
from riskalloc.firms.tenancy import everything, within
from riskalloc.web.queues import LONG_WORK

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=settings.JOB_LEASE_SECONDS)
RENEW_SECONDS = settings.JOB_LEASE_SECONDS / 6
MOST_ATTEMPTS = 3  # at one thing, where the database refused for a moment
AWAY = (OperationalError, InterfaceError)
SHORT_WAIT = 0.2  # seconds
MOST_REST = 0.02  # seconds
GONE_KIND = "This version of RiskAlloc cannot do this work any more. Start it anew from the list."
NO_DESK = "The person who started this no longer works for this firm."


@task(queue_name=LONG_WORK)
def work(job_id: str) -> None:
    run_job(UUID(job_id))


@dataclass(slots=True, kw_only=True)
class Turn:
    """One worker's turn at a job."""

    job: Job
    lease: UUID
    kind: Kind | None
    renewed: float = field(default_factory=time.monotonic)

    @property
    def mine(self) -> JobQuerySet:
        """Nothing where the job was stopped, or somebody else has taken it over."""
        return Job.objects.running().filter(pk=self.job.pk, lease=self.lease)

    def goes_on(self) -> bool:
        """Renews the lease from time to time."""
        with within(self.job.firm_id):
            if time.monotonic() - self.renewed < RENEW_SECONDS:
                return self.mine.exists()
            self.renewed = time.monotonic()
            return bool(self.mine.update(lease_until=timezone.now() + LEASE, tries=0))

    def end(self) -> bool:
        """Unless somebody who was here before is still at their last one."""
        with within(self.job.firm_id):
            if self.job.items.filter(state=JobItem.State.WAITING).exists():
                return False
            return bool(self.mine.update(ended_at=timezone.now()))


def run_job(job_id: UUID) -> None:
    """Do what is left of a job. Nothing where somebody is at it, or it has ended."""
    with everything():  # whose it is stands in it
        turn = _take(job_id)
    while turn is not None and turn.goes_on():
        started = time.monotonic()
        if _attempted(turn):
            _let_others_write(time.monotonic() - started)
        elif not turn.end():
            time.sleep(SHORT_WAIT)


def _take(job_id: UUID) -> Turn | None:
    now, lease = timezone.now(), uuid4()
    free = Job.objects.running().filter(Q(lease__isnull=True) | Q(lease_until__lte=now), pk=job_id)
    if not free.update(
        lease=lease, lease_until=now + LEASE, started_at=Coalesce("started_at", now)
    ):
        return None
    job = Job.objects.get(pk=job_id)
    return Turn(job=job, lease=lease, kind=kind_named(job.kind))


def _let_others_write(seconds: float) -> None:
    """SQLite has one writer, and who waits for it looks only now and then."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(min(seconds, MOST_REST))


# -- One thing --------------------------------------------------------------------------------------------


def _attempted(turn: Turn) -> bool:
    """Whether there was one. A database that refuses for a moment, as in a deadlock, is asked again."""
    for attempt in range(1, MOST_ATTEMPTS + 1):
        try:
            return _do_next(turn)
        except AWAY as error:
            if attempt == MOST_ATTEMPTS or connection.in_atomic_block:
                return _give_up(turn, error)
            logger.warning("Job %s: the database refused", turn.job.pk, exc_info=True)
            close_old_connections()
            time.sleep(SHORT_WAIT * attempt)
        except Exception as error:  # only the end of the transaction said so
            return _give_up(turn, error)
    return False


def _do_next(turn: Turn) -> bool:
    with within(turn.job.firm_id):
        item = _locked_next(turn.job)
        if item is not None:
            _mark(item, *_outcome(turn, item))
        return item is not None


def _outcome(turn: Turn, item: JobItem) -> tuple[JobItem.State, str]:
    try:
        with transaction.atomic():  # what a thing wrote that is not done is undone
            return JobItem.State.DONE, _done(turn, item)
    except NotDone as refusal:
        return JobItem.State.FAILED, str(refusal)
    except AWAY:
        raise
    except Exception as error:
        return JobItem.State.FAILED, _with_reference(turn.job, error)


def _locked_next(job: Job) -> JobItem | None:
    waiting = JobItem.objects.filter(job=job, state=JobItem.State.WAITING)
    return waiting.select_for_update(skip_locked=True).order_by("position").first()


def _done(turn: Turn, item: JobItem) -> str:
    """Raises NotDone, and whatever the function raises."""
    if turn.kind is None:
        raise NotDone(GONE_KIND)
    job = turn.job
    doing = Doing(
        job_id=job.pk,
        firm_id=job.firm_id,
        key=item.key,
        arguments=job.arguments,
        own=item.arguments,
        by=_by(job),
    )
    said = turn.kind.handle(doing) or ""
    _write_failures(item, doing.failures)
    return said


def _by(job: Job) -> By:
    """Who started it, if they may still work here; the entries of a job's things share its id."""
    if job.made_by_id is None:
        return By(request_id=job.pk.hex)
    desks = Membership.objects.filter(user__is_active=True, role__in=AT_THE_DESK)
    found = desks.filter(firm=job.firm_id, user=job.made_by_id).select_related("user").first()
    if found is None:
        raise NotDone(NO_DESK)
    return By(user=found.user, name=found.user.email, request_id=job.pk.hex)


def _write_failures(item: JobItem, failures: dict[UUID, str]) -> None:
    """Those of a batch get rows of their own."""
    now = timezone.now()
    rows = [
        JobItem(
            job_id=item.job_id,
            firm_id=item.firm_id,
            position=item.position,
            key=key,
            state=JobItem.State.FAILED,
            said=sentence,
            done_at=now,
        )
        for key, sentence in failures.items()
    ]
    JobItem.objects.bulk_create(rows)


def _mark(item: JobItem, state: JobItem.State, said: str) -> None:
    item.state, item.said, item.done_at = state, said[:LONGEST_SENTENCE], timezone.now()
    item.save(update_fields=["state", "said", "done_at"])


def _with_reference(job: Job, error: Exception) -> str:
    """For the person a number, for the log what happened under it."""
    reference = secrets.token_hex(4)
    logger.error("Reference %s: job %s, %s", reference, job.pk, job.kind, exc_info=error)
    return f"Something went wrong on our side. Reference: {reference}."


def _give_up(turn: Turn, error: Exception) -> bool:
    """Mark as not done what could not even be marked with its deed."""
    said = _with_reference(turn.job, error)
    with within(turn.job.firm_id):
        item = _locked_next(turn.job)
        if item is not None:
            _mark(item, JobItem.State.FAILED, said)
        return item is not None
