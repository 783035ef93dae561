"""Starting, stopping and taking up work on many things. Doing it is in `services/working.py`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from riskalloc.firms.audit import THE_SYSTEM, By, record
from riskalloc.firms.jobs import kind_named
from riskalloc.firms.models import LONGEST_TITLE, MOST_ITEMS, MOST_TRIES, Job, JobItem
from riskalloc.firms.services.working import LEASE, run_job, work
from riskalloc.firms.tenancy import everything, unless_hidden
from riskalloc.web.queues import enqueue_with_commit

__all__ = [
    "IdTaken",
    "TooMany",
    "cancel_job",
    "pick_up",
    "resume_job",
    "run_job",
    "start_job",
    "try_again",
]

MOST_PICKED_UP = 100  # at once


class TooMany(Exception):
    """More than MOST_ITEMS things in one job."""


class IdTaken(Exception):
    """The id belongs to another job: of somebody else, another firm or another kind."""


@transaction.atomic
def start_job(
    *,
    job_id: UUID,
    firm_id: UUID,
    kind: str,
    keys: Iterable[UUID],
    by: By,
    arguments: Mapping[str, Any] | None = None,
    own: Mapping[UUID, Mapping[str, Any]] | None = None,
    title: str = "",
    again_of: Job | None = None,
) -> Job:
    """Write down what is to be done, and queue it. The same id starts one job. Raises TooMany, IdTaken.

    Whoever calls has made sure that the person may do it; each thing is checked again when its turn comes.
    """
    known = kind_named(kind)
    assert known is not None, f"no function is registered as {kind}"
    assert by.user or by.name == THE_SYSTEM, "who has not signed in starts nothing"
    in_order = list(dict.fromkeys(keys))
    if len(in_order) > MOST_ITEMS:
        raise TooMany
    user_id = by.user.pk if by.user else None
    if unless_hidden(Job, job_id) != job_id:
        raise IdTaken
    job, is_new = Job.objects.get_or_create(
        pk=job_id,
        defaults={
            "firm_id": firm_id,
            "kind": kind,
            "title": title[:LONGEST_TITLE] or known.title,
            "made_by_id": user_id,
            "arguments": dict(arguments or {}),
            "again_of": again_of,
            "lease_until": timezone.now() + LEASE,
        },
    )
    if not is_new:
        if (job.firm_id, job.kind, job.made_by_id) != (firm_id, kind, user_id):
            raise IdTaken
        return job
    _write_items(job, in_order, own or {})
    enqueue_with_commit(work, job_id=str(job.pk))
    after: dict[str, Any] = {"work": job.title, "things": len(in_order)}
    if again_of:
        after["again_of"] = str(again_of.pk)
    record(by=by, firm_id=firm_id, action="work started", of=job, after=after)
    return job


def _write_items(job: Job, keys: Sequence[UUID], own: Mapping[UUID, Mapping[str, Any]]) -> None:
    items = (
        JobItem(
            job=job,
            firm_id=job.firm_id,
            position=position,
            key=key,
            arguments=dict(own.get(key, {})),
        )
        for position, key in enumerate(keys, start=1)
    )
    JobItem.objects.bulk_create(items, batch_size=1000)


@transaction.atomic
def cancel_job(*, job: Job, by: By) -> None:
    """What is done stays done; nothing new is begun. Twice is once, and what has ended has ended."""
    locked = Job.objects.running().select_for_update(no_key=True).filter(pk=job.pk).first()
    if locked is None:
        return
    locked.cancelled_at = locked.ended_at = timezone.now()
    locked.save(update_fields=["cancelled_at", "ended_at"])
    after = {"work": locked.title}
    record(by=by, firm_id=locked.firm_id, action="work stopped", of=locked, after=after)


@transaction.atomic
def resume_job(*, job: Job, by: By) -> None:
    """Go on where a worker that is gone has stopped; nothing where somebody is at it."""
    locked = Job.objects.abandoned().select_for_update(no_key=True).filter(pk=job.pk).first()
    if locked is None:
        return
    locked.lease, locked.lease_until, locked.tries = None, timezone.now() + LEASE, 0
    locked.save(update_fields=["lease", "lease_until", "tries"])
    enqueue_with_commit(work, job_id=str(locked.pk))
    after = {"work": locked.title}
    record(by=by, firm_id=locked.firm_id, action="work resumed", of=locked, after=after)


@transaction.atomic
def try_again(*, job: Job, by: By) -> Job | None:
    """Start work of the same kind for what was not done; the same work however often, and by whomever.

    None where it has not ended, or nothing failed. Whoever calls has made sure that the person may do it.
    """
    first = Job.objects.select_for_update(no_key=True).get(pk=job.pk)
    failed = first.items.filter(state=JobItem.State.FAILED).order_by("position", "pk")
    own = dict(failed.values_list("key", "arguments"))
    known = kind_named(first.kind)
    if first.ended_at is None or not own or known is None:
        return None
    return Job.objects.filter(again_of=first).first() or start_job(
        job_id=uuid5(first.pk, "again"),
        firm_id=first.firm_id,
        kind=first.kind,
        keys=own,
        own=own,
        arguments=first.arguments,
        title=f"{known.title}, again: {len(own):,}",
        again_of=first,
        by=by,
    )


def pick_up(*, is_queued: bool = True) -> list[UUID]:
    """Queue again what nobody is at. It may run anywhere at any time: each job is taken up once.

    Not for ever: something about it may bring down whoever works on it. Then a person has to ask.
    """
    with everything():
        left = Job.objects.abandoned().filter(tries__lt=MOST_TRIES).order_by("lease_until")
        found = list(left.values_list("pk", "tries")[:MOST_PICKED_UP])
        taken = [job_id for job_id, tries in found if _taken_up(job_id, tries)]
    for job_id in taken if is_queued else ():
        work.enqueue(job_id=str(job_id))
    return taken


def _taken_up(job_id: UUID, tries: int) -> bool:
    """Longer and longer apart: it may only be waiting behind others. Should this process end before it has
    queued them, they are found again by then.
    """
    until = timezone.now() + LEASE * 2**tries
    left = Job.objects.abandoned().filter(pk=job_id, tries=tries)
    return bool(left.update(lease=None, lease_until=until, tries=tries + 1))


def forget_old(days: int) -> int:
    """Delete jobs that ended so long ago, with their items; what they did is in the trail."""
    before = timezone.now() - timedelta(days=days)
    with everything():
        _, by_table = Job.objects.filter(ended_at__lt=before).delete()
    return by_table.get(Job._meta.label, 0)
