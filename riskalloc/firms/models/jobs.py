"""Work on many things that a person can watch: a job, and one row for each thing."""

from datetime import datetime
from typing import ClassVar, Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from riskalloc.firms.models.firms import Firm, Membership, Role, TenantModel
from riskalloc.firms.models.people import User, Viewer

MOST_ITEMS = 10_000  # of one job
LONGEST_SENTENCE = 300
LONGEST_TITLE = 120
MOST_TRIES = 5  # without a person asking for more: something may bring every worker down


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: Viewer) -> Self:
        """What a person started, while they sit at that desk; and all of the firms they own."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        firms = Firm.objects.visible_to(user)
        owned = Membership.objects.filter(user=user, role=Role.OWNER).values("firm")
        return self.filter(Q(made_by=user, firm__in=firms) | Q(firm__in=owned))

    def running(self) -> Self:
        return self.filter(ended_at__isnull=True)

    def abandoned(self) -> Self:
        """Not ended, and nobody is at it: its worker went, or never came."""
        return self.running().filter(lease_until__lte=timezone.now())


class Job(TenantModel):
    """A deed of one kind, for many things; what became of each stands in its item.

    Whoever works on it holds a lease and renews it; when one has run out, anybody may go on from there.
    """

    # Made with the form that starts it: sending that twice starts once.
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=LONGEST_TITLE)
    # Nobody: the system itself, as every night. So a job never outlives the account that it acts for.
    made_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    arguments = models.JSONField(default=dict)
    # Whose failures this tries again: each job's once.
    again_of = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="again"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    # Without a worker: until when one may be expected.
    lease = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="job_cancelled_is_ended",
                condition=Q(cancelled_at__isnull=True) | Q(ended_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["firm", "-created_at"], name="job_of_firm"),
            models.Index(fields=["made_by", "-created_at"], name="job_of_person"),
            models.Index(
                fields=["lease_until"], name="job_running", condition=Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("job", kwargs={"job_id": self.pk})

    def is_abandoned(self, now: datetime) -> bool:
        return self.ended_at is None and self.lease_until <= now


class JobItem(TenantModel):
    """One thing of a job. It names nobody: who it is about is asked when somebody looks."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        DONE = "done", "done"
        FAILED = "failed", "not done"

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    key = models.UUIDField()
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    # Why it was not done, or what came of it.
    said = models.CharField(max_length=LONGEST_SENTENCE, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="job_item_once", fields=["job", "key"]),
            models.CheckConstraint(
                name="job_item_state_known", condition=Q(state__in=("waiting", "done", "failed"))
            ),
            models.CheckConstraint(
                name="job_item_done_has_time",
                condition=Q(state="waiting", done_at__isnull=True)
                | Q(~Q(state="waiting"), done_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["job", "state", "position"], name="job_item_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.state}"
