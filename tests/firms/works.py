"""A kind of work for tests: each thing leaves one entry in the trail, so that doing it twice is seen."""

import os
import time
from collections.abc import Sequence
from uuid import UUID, uuid4

from riskalloc.firms.audit import THE_SYSTEM, By, record
from riskalloc.firms.jobs import Doing, NotDone, job_kind
from riskalloc.firms.letters import queue_letter
from riskalloc.firms.models import (
    CHANGES_CLIENTS,
    AuditEntry,
    Firm,
    Job,
    Membership,
    Role,
    User,
    Viewer,
)
from riskalloc.firms.services.jobs import start_job
from tests.factories import MembershipFactory
from tests.firms.people import member

KIND = "for_tests"
DEED = "done for a test"


def names_of(keys: Sequence[UUID], user: Viewer) -> dict[UUID, tuple[str, str]]:
    return {key: (f"Thing {key.hex[:4]}", "/help/") for key in keys}


@job_kind(KIND, title="Work for a test", names_of=names_of, started_by=CHANGES_CLIENTS)
def do_one(doing: Doing) -> str | None:
    """`own` says what happens: a refusal, a mistake of ours, a pause, or somebody loses their desk."""
    record(
        by=doing.by,
        firm_id=doing.firm_id,
        action=DEED,
        of=Firm(pk=doing.firm_id),
        about=doing.key,
    )
    if "letters" in doing.arguments:
        queue_letter(to="demo@example.org", subject=doing.key.hex, body="")
    if "refuse" in doing.own:
        raise NotDone(doing.own["refuse"])
    if "break" in doing.own:
        raise RuntimeError("a mistake of ours")
    for key in doing.own.get("failing", ()):
        doing.failed(UUID(key), "This one of the batch has no price.")
    if "dismiss" in doing.own:
        Membership.objects.filter(user=doing.own["dismiss"]).delete()
    if "stop" in doing.own:
        Job.objects.filter(pk=doing.job_id).update(lease=None)
    time.sleep(doing.arguments.get("seconds", 0))
    return str(os.getpid()) if "says_who" in doing.arguments else doing.own.get("said")


def by_user(user: User | None) -> By:
    return By(user=user, name=user.email) if user else By(name=THE_SYSTEM)


def job(count: int = 3, *, by: Membership | None = None, **fields: object) -> Job:
    """Written down and not begun, in a test that is one transaction."""
    membership = by or member(role=Role.ADVISOR)
    keys = fields.pop("keys", None) or [uuid4() for _ in range(count)]
    return start_job(
        **{
            "job_id": uuid4(),
            "firm_id": membership.firm_id,
            "kind": KIND,
            "keys": keys,
            "by": by_user(membership.user),
            **fields,
        }
    )


def deeds(job: Job) -> list[UUID]:
    """For which things it was done, once for each time."""
    entries = AuditEntry.objects.filter(firm=job.firm_id, action=DEED).order_by("seq")
    return list(entries.values_list("about", flat=True))


def keys_of(job: Job) -> list[UUID]:
    return list(job.items.order_by("position").values_list("key", flat=True))


def outcomes(job: Job) -> list[tuple[str, str]]:
    return list(job.items.order_by("position", "pk").values_list("state", "said"))


def owner_of(job: Job) -> Membership:
    return MembershipFactory(firm=job.firm, role=Role.OWNER)
