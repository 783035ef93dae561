"""Questionnaires that are being filled in."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from questionnaire.models.assessments import Assessment
from questionnaire.models.clients import ClientProfile
from riskalloc.firms.models import User


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
    """A questionnaire that somebody is filling in; the token, in a cookie or a link, is the only way to it.

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
    # For a client of a firm: typed by an advisor, or by whoever has the link that was sent.
    client = models.ForeignKey(
        ClientProfile, null=True, blank=True, on_delete=models.CASCADE, related_name="drafts"
    )
    started_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE)
    is_link = models.BooleanField(default=False)
    # The answers of last time, shown until a question is answered again.
    suggested = models.JSONField(default=dict)

    objects = DraftQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["updated_at"], name="draft_updated_at")]

    def __str__(self) -> str:
        return f"draft {self.pk}"

    @property
    def live_result(self) -> Assessment | None:
        """The result of these very answers, while it lives."""
        is_current = self.result is not None and self.result_version == self.version
        return self.result if self.result and is_current and self.result.is_kept else None

    @property
    def amount(self) -> Decimal | None:
        text = (self.answers.get("amount") or {}).get("amount")
        return Decimal(text) if text else None

    def answer(self, question_id: str) -> Mapping[str, str] | None:
        return self.answers.get(question_id)

    def shown_answer(self, question_id: str) -> Mapping[str, str] | None:
        """What the page of a question starts with: the answer, or that of last time."""
        return self.answers.get(question_id) or self.suggested.get(question_id)


def hashed(token: str) -> str:
    """What is stored of a token: reading the table gives nobody a cookie."""
    return sha256(token.encode()).hexdigest()
