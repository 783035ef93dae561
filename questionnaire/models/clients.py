"""Who the client is, and who may see it: every query about people starts here."""

from datetime import date, timedelta
from typing import Any, ClassVar, Self
from uuid import uuid4

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from riskalloc.firms.models import (
    AT_THE_DESK,
    CHANGES_CLIENTS,
    LONGEST_NAME,
    Firm,
    Invitation,
    Membership,
    Role,
    TenantModel,
    Viewer,
)

VALID_YEARS = 1
LONGEST_NOTES = 10_000
DUE_SOON = timedelta(days=30)


class ClientProfileQuerySet(models.QuerySet["ClientProfile"]):
    def visible_to(self, user: Viewer) -> Self:
        """A person's own profile, all of the firms they own, and those that they are assigned to.

        Each row carries `viewer_role`: as what this person looks at it.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none().annotate(viewer_role=Value(""))
        mine = Membership.objects.filter(user=user)
        owned = Q(firm__in=mine.filter(role=Role.OWNER).values("firm"))
        advised = Q(pk__in=_assigned(mine, CHANGES_CLIENTS))
        read = Q(pk__in=_assigned(mine, (Role.READER,)))
        own = Q(membership__in=mine.filter(role=Role.CLIENT))
        return self.filter(owned | advised | own | read).annotate(
            viewer_role=Case(
                When(owned, then=Value(Role.OWNER.value)),
                When(advised, then=Value(Role.ADVISOR.value)),
                When(own, then=Value(Role.CLIENT.value)),
                default=Value(Role.READER.value),
            )
        )

    def changeable_by(self, user: Viewer) -> Self:
        """Those whose data this person may change: their own, and as owner or advisor."""
        return self.visible_to(user).filter(viewer_role__in=(*CHANGES_CLIENTS, Role.CLIENT))

    def managed_by(self, user: Viewer) -> Self:
        """Those for whom this person acts as owner or advisor."""
        return self.visible_to(user).filter(viewer_role__in=CHANGES_CLIENTS)

    def at_the_desk_of(self, user: Viewer) -> Self:
        """The clients of a person's firms, as they see them at work; not their own profile."""
        return self.visible_to(user).filter(viewer_role__in=AT_THE_DESK)

    def owned_by(self, user: Viewer) -> Self:
        return self.visible_to(user).filter(viewer_role=Role.OWNER)

    def with_trail_for(self, user: Viewer) -> Self:
        """Those of whom this person may read who did what: themselves, and as owner of the firm."""
        return self.visible_to(user).filter(viewer_role__in=(Role.OWNER, Role.CLIENT))

    def of_user(self, user: Viewer) -> Self:
        """The one profile that describes this person."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.visible_to(user).filter(membership__user=user, membership__role=Role.CLIENT)

    def active(self) -> Self:
        return self.filter(archived_at__isnull=True)

    def due_by(self, day: date) -> Self:
        """Whose review is due by a day; a profile without any assessment is due at once."""
        return self.active().filter(Q(review_due_on__lte=day) | Q(review_due_on__isnull=True))


def _assigned(memberships: models.QuerySet[Membership], roles: tuple[Role, ...]) -> Any:
    return Assignment.objects.filter(membership__in=memberships.filter(role__in=roles)).values(
        "client"
    )


class ClientProfile(TenantModel):
    """A person, or a household, whose money is looked at; they may or may not sign in themselves."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="clients")
    # The person's own way in, and the letter that offered it last.
    membership = models.OneToOneField(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="profile"
    )
    invitation = models.OneToOneField(
        Invitation, null=True, blank=True, on_delete=models.SET_NULL, related_name="client"
    )
    name = models.CharField(max_length=LONGEST_NAME)
    # Kept by the services together with the name, so that lists find it by any of its words.
    name_folded = models.CharField(max_length=LONGEST_NAME, blank=True, default="", editable=False)
    email = models.EmailField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    born_on = models.DateField(null=True, blank=True)
    retires_on = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="USD")
    notes = models.TextField(max_length=LONGEST_NOTES, blank=True)
    wants_reminders = models.BooleanField(default=True)
    # Kept by the services together with each assessment, so that lists can be sorted by it.
    review_due_on = models.DateField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = ClientProfileQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="client_currency_three_capitals", condition=Q(currency__regex=r"^[A-Z]{3}$")
            ),
            models.CheckConstraint(name="client_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="client_retires_after_birth",
                condition=Q(born_on__isnull=True)
                | Q(retires_on__isnull=True)
                | Q(retires_on__gt=F("born_on")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["firm", "review_due_on"], name="client_review_due"),
            models.Index(fields=["firm", "name", "id"], name="client_by_name"),
            models.Index(fields=["firm", "name_folded", "id"], name="client_by_folded_name"),
        ]

    viewer_role: str  # set by visible_to

    def __str__(self) -> str:
        return self.name

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def is_own(self) -> bool:
        """Whether the viewer looks at themselves."""
        return self.viewer_role == Role.CLIENT

    @property
    def can_be_changed(self) -> bool:
        return self.viewer_role != Role.READER

    @property
    def shows_trail(self) -> bool:
        return self.viewer_role in (Role.OWNER, Role.CLIENT)

    @property
    def is_managed(self) -> bool:
        return self.viewer_role in CHANGES_CLIENTS


class OfClientQuerySet(models.QuerySet[Any]):
    """Rows that hang on a client."""

    def visible_to(self, user: Viewer) -> Self:
        return self.filter(client__in=ClientProfile.objects.visible_to(user).values("pk"))

    def changeable_by(self, user: Viewer) -> Self:
        return self.filter(client__in=ClientProfile.objects.changeable_by(user).values("pk"))


class HouseholdMember(TenantModel):
    """Somebody who lives from the same money."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    client = models.ForeignKey(ClientProfile, on_delete=models.CASCADE, related_name="household")
    name = models.CharField(max_length=LONGEST_NAME)
    relation = models.CharField(max_length=40, blank=True)
    born_on = models.DateField(null=True, blank=True)

    objects = OfClientQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="household_member_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


class Assignment(TenantModel):
    """An advisor, or a reader, who looks after a client."""

    client = models.ForeignKey(ClientProfile, on_delete=models.CASCADE, related_name="assignments")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="assignments")

    objects = OfClientQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="assignment_once_per_client", fields=["client", "membership"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} for {self.client_id}"


class TombstoneQuerySet(models.QuerySet["Tombstone"]):
    def visible_to(self, user: Viewer) -> Self:
        """What a firm has to keep is its owner's to see."""
        return self.filter(firm__in=Firm.objects.owned_by(user))


class Tombstone(TenantModel):
    """What a firm must keep of a client who has left or was deleted, until the day it may go."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    client_id = models.UUIDField()
    name = models.CharField(max_length=LONGEST_NAME)
    reason = models.CharField(max_length=10, choices=[("left", "left"), ("deleted", "deleted")])
    record = models.JSONField()
    closed_at = models.DateTimeField(default=timezone.now)
    keep_until = models.DateField()

    objects = TombstoneQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="tombstone_reason_known", condition=Q(reason__in=["left", "deleted"])
            ),
            models.UniqueConstraint(name="tombstone_once", fields=["firm", "client_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.reason})"
