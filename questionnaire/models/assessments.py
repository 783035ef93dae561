"""Results, whose they are, and what an advisor decided otherwise."""

from datetime import timedelta
from typing import Any, ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.utils import timezone

from questionnaire.models.clients import ClientProfile, OfClientQuerySet
from riskalloc.engine.assets import Mix
from riskalloc.firms.models import TenantModel, Viewer, new_token

TOKEN_LENGTH = 22  # of 128 bits

models.TextField.register_lookup(Length)  # a reason has a shortest length


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def live(self) -> Self:
        """Results that nobody owns and that have not expired: the address alone opens them."""
        return self.filter(
            ownership__isnull=True,
            created_at__gt=timezone.now() - timedelta(days=settings.RESULT_DAYS),
        )

    def expired(self) -> Self:
        return self.filter(
            ownership__isnull=True,
            created_at__lte=timezone.now() - timedelta(days=settings.RESULT_DAYS),
        )

    def visible_to(self, user: Viewer) -> Self:
        """The assessments of the clients that a person may see."""
        return self.filter(
            ownership__client__in=ClientProfile.objects.visible_to(user).values("pk")
        )

    def latest_of(self, client: ClientProfile) -> "Assessment | None":
        """What holds for a client now."""
        return self.filter(ownership__client=client).order_by("-created_at", "-pk").first()

    def opened_by(self, user: Viewer) -> Self:
        """What an address may show to this person: results of nobody, and those they may see."""
        return self.live() | self.visible_to(user)


class Assessment(models.Model):
    """What was answered, by which rules, and what came out: inserted once, never changed.

    Triggers in the database refuse every update, and every deletion that no Erasure row names.
    """

    public_id = models.CharField(max_length=TOKEN_LENGTH, unique=True, default=new_token)
    created_at = models.DateTimeField(default=timezone.now)
    software = models.CharField(max_length=40)
    snapshot_format = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=20)
    questionnaire = models.CharField(max_length=20)
    assumptions = models.CharField(max_length=20)
    sleeves = models.CharField(max_length=20)
    amount = models.DecimalField(max_digits=20, decimal_places=2)
    needed = models.DecimalField(max_digits=20, decimal_places=2)
    raw_rti = models.PositiveSmallIntegerField()
    rti = models.PositiveSmallIntegerField()
    iss = models.PositiveSmallIntegerField()
    kept_contradictions = models.BooleanField()
    seconds_taken = models.PositiveIntegerField(null=True)
    answers = models.JSONField()
    calculation = models.JSONField()
    worth = models.JSONField()

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="assessment_amount_in_range", condition=Q(amount__gt=0, amount__lte=10**9)
            ),
            models.CheckConstraint(
                name="assessment_needed_within_amount",
                condition=Q(needed__gte=0, needed__lte=F("amount")),
            ),
            models.CheckConstraint(
                name="assessment_raw_rti_in_range", condition=Q(raw_rti__range=(5, 25))
            ),
            models.CheckConstraint(name="assessment_rti_in_range", condition=Q(rti__range=(5, 25))),
            models.CheckConstraint(
                name="assessment_rti_only_lowered", condition=Q(rti__lte=F("raw_rti"))
            ),
            models.CheckConstraint(name="assessment_iss_in_range", condition=Q(iss__range=(5, 25))),
        ]
        indexes: ClassVar = [
            models.Index(fields=["created_at"], name="assessment_created_at"),
            # What a list of clients says of each: beside answers of a kilobyte it would be read with them.
            models.Index(
                fields=[
                    "id",
                    "created_at",
                    "method",
                    "rti",
                    "iss",
                    "kept_contradictions",
                    "public_id",
                ],
                name="assessment_scores",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_owned(self) -> bool:
        return hasattr(self, "ownership")

    @property
    def is_kept(self) -> bool:
        """Whether it can still be opened: what a client owns stays, the rest expires."""
        is_young = self.created_at > timezone.now() - timedelta(days=settings.RESULT_DAYS)
        return is_young or self.is_owned

    @property
    def expires_on(self) -> Any:
        return (self.created_at + timedelta(days=settings.RESULT_DAYS)).date()


class Ownership(TenantModel):
    """Whose assessment it is. Claiming and leaving change this row, never the assessment."""

    assessment = models.OneToOneField(
        Assessment, primary_key=True, on_delete=models.CASCADE, related_name="ownership"
    )
    client = models.ForeignKey(ClientProfile, on_delete=models.CASCADE, related_name="ownerships")
    # Who typed the answers, where it was not the client.
    filled_in_by = models.CharField(max_length=254, blank=True)
    since = models.DateTimeField(default=timezone.now)

    objects = OfClientQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.assessment_id} of {self.client_id}"


SHORTEST_REASON = 20


class Override(TenantModel):
    """Another mix than the calculated one, with the reason: inserted once, shown beside it for ever after."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    client = models.ForeignKey(ClientProfile, on_delete=models.CASCADE, related_name="overrides")
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="overrides")
    stocks = models.PositiveSmallIntegerField()
    bonds = models.PositiveSmallIntegerField()
    alternatives = models.PositiveSmallIntegerField()
    cash = models.PositiveSmallIntegerField()
    reason = models.TextField(max_length=2000)
    made_by = models.CharField(max_length=254)
    made_at = models.DateTimeField(default=timezone.now)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-made_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="override_adds_up",
                condition=Q(stocks=100 - F("bonds") - F("alternatives") - F("cash")),
            ),
            models.CheckConstraint(
                name="override_gives_a_reason", condition=Q(reason__length__gte=SHORTEST_REASON)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stocks}/{self.bonds}/{self.alternatives}/{self.cash}"

    @property
    def mix(self) -> Mix:
        return Mix(
            stocks=self.stocks, bonds=self.bonds, alternatives=self.alternatives, cash=self.cash
        )


class Erasure(models.Model):
    """Permission to delete what is never changed, and the trace that stays of it.

    `public_id` names an assessment, or a client, a note or a tombstone by the 32 hexadecimal digits of its
    id.
    """

    public_id = models.CharField(max_length=36, unique=True)
    reason = models.CharField(max_length=40)
    erased_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.public_id}: {self.reason}"
