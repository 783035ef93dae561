"""Running questionnaires (drafts) and their results (assessments, never changed)."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

TOKEN_BYTES = 16  # 128 bits: not to be guessed
TOKEN_LENGTH = len(token_urlsafe(TOKEN_BYTES))


def new_token() -> str:
    return token_urlsafe(TOKEN_BYTES)


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def live(self) -> Self:
        """Results that have not expired. Nobody owns one yet, so its address alone opens it."""
        return self.filter(created_at__gt=timezone.now() - timedelta(days=settings.RESULT_DAYS))

    def expired(self) -> Self:
        return self.filter(created_at__lte=timezone.now() - timedelta(days=settings.RESULT_DAYS))


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
    seconds_taken = models.PositiveIntegerField()
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
        indexes: ClassVar = [models.Index(fields=["created_at"], name="assessment_created_at")]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_live(self) -> bool:
        return self.created_at > timezone.now() - timedelta(days=settings.RESULT_DAYS)

    @property
    def expires_on(self) -> Any:
        return (self.created_at + timedelta(days=settings.RESULT_DAYS)).date()


class Erasure(models.Model):
    """Permission to delete one assessment, and the trace that stays of it."""

    public_id = models.CharField(max_length=TOKEN_LENGTH, unique=True)
    reason = models.CharField(max_length=40)
    erased_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.public_id}: {self.reason}"


class DraftQuerySet(models.QuerySet["Draft"]):
    def of_token(self, token: str) -> Self:
        """The running draft that a browser's cookie opens."""
        return self.filter(
            token_hash=hashed(token),
            updated_at__gt=timezone.now() - timedelta(days=settings.DRAFT_DAYS),
        )

    def expired(self) -> Self:
        return self.filter(updated_at__lte=timezone.now() - timedelta(days=settings.DRAFT_DAYS))


class Draft(models.Model):
    """A questionnaire that somebody is filling in; the cookie's token is the only way to it.

    `answers` maps a question's id to its fields as text, or to null where the person left it for later.
    `version` counts changes, so that a result is made once of each state of the answers.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    answers = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    keeps_contradictions = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    result = models.ForeignKey(Assessment, null=True, blank=True, on_delete=models.SET_NULL)
    result_version = models.PositiveIntegerField(null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["updated_at"], name="draft_updated_at")]

    def __str__(self) -> str:
        return f"draft {self.pk}"

    @property
    def live_result(self) -> Assessment | None:
        """The result of these very answers, while it lives."""
        is_current = self.result is not None and self.result_version == self.version
        return self.result if self.result and is_current and self.result.is_live else None

    @property
    def amount(self) -> Decimal | None:
        text = (self.answers.get("amount") or {}).get("amount")
        return Decimal(text) if text else None

    def answer(self, question_id: str) -> Mapping[str, str] | None:
        return self.answers.get(question_id)


def hashed(token: str) -> str:
    """What is stored of a token: reading the table gives nobody a cookie."""
    return sha256(token.encode()).hexdigest()
