"""How work on many things is shown: how far it is, and what became of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from riskalloc.firms.jobs import Kind, Names, kind_named
from riskalloc.firms.models import Job, JobItem, Membership, Viewer

State = JobItem.State
PER_PAGE = 50
UNSEEN = "No longer yours to see"
STATES = (State.FAILED, State.DONE, State.WAITING)
TOLD_EVERY = 25  # percent: how often somebody who listens is told


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Of one job: it is waiting, at work, left behind, stopped or over."""

    done: int
    failed: int
    waiting: int
    phase: str

    @property
    def total(self) -> int:
        return self.done + self.failed + self.waiting

    @property
    def tried(self) -> int:
        return self.done + self.failed

    @property
    def is_open(self) -> bool:
        return self.phase in ("waiting", "working")

    @property
    def told(self) -> int:
        """The last step of which somebody who listens was told; more than all of them at the end."""
        if not self.is_open:
            return 101
        percent = 100 * self.tried // self.total if self.total else 0
        return percent - percent % TOLD_EVERY

    @property
    def sentence(self) -> str:
        """134 of 500 done, 2 not."""
        if self.phase == "waiting":
            return f"Waiting to begin. {self.total:,} to do."
        if self.phase in ("working", "left"):
            return f"{self.done:,} of {self.total:,} done" + self._not()
        if not self.total:
            return "There was nothing to do."
        rest = f", {self.waiting:,} not begun" if self.waiting else ""
        return ("Stopped: " if self.phase == "stopped" else "") + (
            f"{self.done:,} done" + self._not(rest)
        )

    def _not(self, rest: str = "") -> str:
        return (f", {self.failed:,} not" if self.failed else "") + rest + "."


def progress_of(jobs: Iterable[Job]) -> dict[UUID, Progress]:
    """Of each job, by one question."""
    found = list(jobs)
    now = timezone.now()
    counted = JobItem.objects.filter(job__in=found).values_list("job", "state")
    counts = {
        (job_id, state): count
        for job_id, state, count in counted.annotate(count=Count("pk")).order_by()
    }
    return {
        job.pk: Progress(
            done=counts.get((job.pk, State.DONE), 0),
            failed=counts.get((job.pk, State.FAILED), 0),
            waiting=counts.get((job.pk, State.WAITING), 0),
            phase=phase_of(job, now),
        )
        for job in found
    }


def phase_of(job: Job, now: datetime) -> str:
    if job.cancelled_at:
        return "stopped"
    if job.ended_at:
        return "over"
    if job.is_abandoned(now):
        return "left"
    return "working" if job.started_at else "waiting"


# -- Trying again -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Of what was not done: the work that tries it again, and the one of which this is that.

    Both only where the viewer may watch them.
    """

    can_try: bool
    is_tried: bool
    again: Job | None
    first: Job | None


def retry_of(job: Job, progress: Progress, user: Viewer) -> Retry:
    seen = Job.objects.visible_to(user)
    first = seen.filter(pk=job.again_of_id).first() if job.again_of_id else None
    if not job.ended_at or not progress.failed:
        return Retry(can_try=False, is_tried=False, again=None, first=first)
    again = Job.objects.filter(again_of=job).first()
    return Retry(
        can_try=again is None and kind_to_try(job, user) is not None,
        is_tried=again is not None,
        again=seen.filter(pk=again.pk).first() if again else None,
        first=first,
    )


def kind_to_try(job: Job, user: Viewer) -> Kind | None:
    """None where a person starts no such work, or this one may not, any more."""
    kind = kind_named(job.kind)
    if kind is None or not kind.started_by or not user.is_authenticated:
        return None
    desks = Membership.objects.filter(firm=job.firm_id, user=user, role__in=kind.started_by)
    return kind if desks.exists() else None


# -- What became of each ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownItem:
    name: str
    address: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsPage:
    """Those in one state, in their order. `after` leads to the next; 0 on the last page."""

    state: str
    items: tuple[ShownItem, ...]
    is_first: bool
    after: int


def items_page(job: Job, progress: Progress, asked: str, after: str, user: Viewer) -> ItemsPage:
    """Where nothing is asked, or something unknown, what was not done comes first."""
    state = asked if asked in STATES else State.FAILED if progress.failed else State.DONE
    last = int(after) if after.isascii() and after.isdecimal() and len(after) < 10 else 0
    rows = job.items.filter(state=state, pk__gt=last).order_by("pk")
    found = list(rows[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    return ItemsPage(
        state=state,
        items=tuple(named(job, shown, user)),
        is_first=not last,
        after=shown[-1].pk if len(found) > PER_PAGE else 0,
    )


def named(job: Job, items: Sequence[JobItem], user: Viewer) -> list[ShownItem]:
    """By the names that the viewer may know now: rows keep none."""
    kind = kind_named(job.kind)
    names: Names = {}
    if kind and kind.names_of:
        names = kind.names_of([item.key for item in items], user) if items else {}
    elif kind:
        names = {item.key: (f"Part {item.position}", "") for item in items}
    return [
        ShownItem(name=name, address=address, said=item.said)
        for item in items
        for name, address in [names.get(item.key, (UNSEEN, ""))]
    ]
