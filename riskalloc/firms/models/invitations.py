"""Letters that invite: to a desk, or a client to their own profile."""

from datetime import timedelta
from secrets import token_urlsafe
from typing import Any, ClassVar, Self
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from riskalloc.firms.models.firms import AT_THE_DESK, Firm, Role
from riskalloc.firms.models.people import User, Viewer

INVITATION_DAYS = 7


def new_token() -> str:
    """128 bits, in a form that fits into an address: not to be guessed."""
    return token_urlsafe(16)


def in_a_week() -> Any:
    return timezone.now() + timedelta(days=INVITATION_DAYS)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: Viewer) -> Self:
        """Invitations to desks are the owner's to see; a client's is found through the profile."""
        return self.filter(firm__in=Firm.objects.owned_by(user), role__in=AT_THE_DESK)

    def unanswered(self) -> Self:
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)

    def open(self) -> Self:
        return self.unanswered().filter(expires_at__gt=timezone.now())


class Invitation(models.Model):
    """A link in a letter: good for a week, once. Only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=10, choices=Role)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(default=in_a_week)
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="invitation_role_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="invitation_expires_later", condition=Q(expires_at__gt=F("created_at"))
            ),
            models.CheckConstraint(
                name="invitation_has_one_end",
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.firm_id}"

    @property
    def is_open(self) -> bool:
        is_ended = self.accepted_at or self.withdrawn_at
        return not is_ended and self.expires_at > timezone.now()
