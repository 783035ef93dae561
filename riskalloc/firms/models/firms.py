"""Firms, and what people are in them."""

from typing import ClassVar, Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from riskalloc import methodology
from riskalloc.firms.models.people import User, Viewer

LONGEST_NAME = 200
LONGEST_RETENTION = 30  # years


class Role(models.TextChoices):
    OWNER = "owner", "owner"
    ADVISOR = "advisor", "advisor"
    READER = "reader", "read-only"
    CLIENT = "client", "client"


AT_THE_DESK = (Role.OWNER, Role.ADVISOR, Role.READER)
CHANGES_CLIENTS = (Role.OWNER, Role.ADVISOR)


class FirmQuerySet(models.QuerySet["Firm"]):
    def visible_to(self, user: Viewer) -> Self:
        """The firms at whose desk a person sits."""
        return self._with_membership(user, AT_THE_DESK)

    def owned_by(self, user: Viewer) -> Self:
        return self._with_membership(user, (Role.OWNER,))

    def locked(self) -> Self:
        """Changed by nobody else until the transaction ends.

        Rows that point to a firm can be written all the same: whoever has appended to its chain and now
        writes such a row would otherwise wait for somebody who waits for the chain.
        """
        return self.select_for_update(no_key=True)

    def _with_membership(self, user: Viewer, roles: tuple[Role, ...]) -> Self:
        if not user.is_authenticated or not user.is_active:
            return self.none()
        of_user = Membership.objects.filter(user=user, role__in=roles)
        return self.filter(pk__in=of_user.values("firm"))


class Firm(models.Model):
    """A practice with advisors and clients, or the firm of one of a person who has no advisor."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=LONGEST_NAME)
    is_personal = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    method = models.CharField(max_length=20, default=methodology.DEFAULT_VERSION)
    retention_years = models.PositiveSmallIntegerField(default=7)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = FirmQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="firm_retention_in_range",
                condition=Q(retention_years__gte=0, retention_years__lte=LONGEST_RETENTION),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: Viewer) -> Self:
        """Who sits at the desks where this person sits; clients are found through their profiles."""
        return self.filter(firm__in=Firm.objects.visible_to(user), role__in=AT_THE_DESK)

    def at_the_desk(self) -> Self:
        return self.filter(role__in=AT_THE_DESK)


class Membership(models.Model):
    """What a person is in a firm. Somebody may be an advisor here and a client there."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="membership_role_known", condition=Q(role__in=Role.values)),
            models.UniqueConstraint(
                name="membership_one_desk_per_firm",
                fields=["firm", "user"],
                condition=~Q(role=Role.CLIENT),
            ),
            models.UniqueConstraint(
                name="membership_client_of_one_firm",
                fields=["user"],
                condition=Q(role=Role.CLIENT),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class TenantModel(models.Model):
    """What belongs to a firm. A child's firm is its parent's; the service that makes it says so."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True
