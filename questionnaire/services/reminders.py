"""The letters of a day: for each practice one job that its owners can watch, for others one task each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import groupby
from uuid import UUID, uuid5

from django.conf import settings
from django_tasks import TaskResultStatus

from questionnaire.services.naming import client_names
from questionnaire.services.reminding import remind, send_reminder, waiting_for_letter
from riskalloc.firms.audit import By
from riskalloc.firms.jobs import Doing, job_kind
from riskalloc.firms.models import MOST_ITEMS, JobItem
from riskalloc.firms.services.jobs import run_job, start_job

Due = list[tuple[UUID, date]]  # a client, and the day of the review
REMINDERS = UUID("0f0c8c2d-5a64-4a4e-8f0c-3a0a3c1d9b57")  # names of jobs are made from it


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """`failed` are those of which it is known: where workers write, their job says so."""

    count: int
    failed: int


@job_kind("send_reminders", title="Send reminders", names_of=client_names)
def remind_one(doing: Doing) -> str:
    is_sent = remind(client_id=doing.key, due_on=date.fromisoformat(doing.own["due_on"]))
    return "Letter sent" if is_sent else "There is nothing to send any more"


def send_all(day: date) -> Sent:
    """Whoever has had the letter is not waiting for it any more, so running it twice sends one."""
    waiting = waiting_for_letter(day).order_by("firm__is_personal", "firm", "review_due_on", "pk")
    rows = waiting.values_list("firm__is_personal", "firm", "pk", "review_due_on")
    found = list(rows)
    failed = 0
    for (is_personal, firm_id), of_firm in groupby(found, key=lambda row: row[:2]):
        due = [(client_id, due_on) for _, _, client_id, due_on in of_firm if due_on]
        failed += _send_each(due) if is_personal else _send_as_work(firm_id, due)
    return Sent(count=len(found), failed=failed)


def _send_each(due: Due) -> int:
    results = [send_reminder.enqueue(client_id=str(pk), due_on=str(day)) for pk, day in due]
    return sum(result.status == TaskResultStatus.FAILED for result in results)


def _send_as_work(firm_id: UUID, due: Due) -> int:
    jobs = [
        start_job(
            job_id=job_id,
            firm_id=firm_id,
            kind="send_reminders",
            keys=[pk for pk, _ in part],
            own={pk: {"due_on": str(day)} for pk, day in part},
            by=By(),
        )
        for job_id, part in _parts(firm_id, due)
    ]
    if settings.QUEUE_IN_DATABASE:
        return 0
    for job in jobs:
        run_job(job.pk)
    return JobItem.objects.filter(job__in=jobs, state=JobItem.State.FAILED).count()


def _parts(firm_id: UUID, due: Due) -> Iterator[tuple[UUID, Due]]:
    """The same letters are the same job, however often they are asked for."""
    for start in range(0, len(due), MOST_ITEMS):
        part = due[start : start + MOST_ITEMS]
        yield uuid5(REMINDERS, f"{firm_id} {sha256(repr(part).encode()).hexdigest()}"), part
