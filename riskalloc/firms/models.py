"""People who sign in, the firms they belong to, and the trail of what they did."""

from datetime import timedelta
from secrets import token_urlsafe
from typing import Any, ClassVar, Self
from uuid import UUID, uuid4

from django.contrib.auth.models import (
    AbstractBaseUser,
    AnonymousUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from riskalloc import methodology

INVITATION_DAYS = 7
LONGEST_NAME = 200
LONGEST_RETENTION = 30  # years


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.full_clean()
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in with an e-mail address; upper and lower case are the same address."""

    email = models.EmailField("e-mail address", max_length=254, unique=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="This address has an account already.",
            ),
        ]

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()  # allauth looks for addresses as they are stored

    def __str__(self) -> str:
        return self.email


Viewer = User | AnonymousUser


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


class TenantModel(models.Model):
    """What belongs to a firm. A child's firm is its parent's; the service that makes it says so."""

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True


# -- The audit trail ---------------------------------------------------------------------------------------


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def visible_to(self, user: Viewer) -> Self:
        """The whole trail of the firms that a person owns."""
        return self.filter(firm__in=Firm.objects.owned_by(user))

    def about_client(self, client_id: UUID) -> Self:
        """What happened to one client's data, in whichever firm; the client was found as visible first."""
        return self.filter(about=client_id)


class AuditEntry(models.Model):
    """Who did what to which object: inserted in the transaction of the deed, never changed.

    Each firm's entries form a chain: `hash` covers everything here and the hash before. Triggers refuse
    updates, and deletions unless a ClosedFirm row names the firm.
    """

    firm = models.ForeignKey(
        Firm, on_delete=models.DO_NOTHING, db_constraint=False, related_name="audit_entries"
    )
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    # The person may be deleted later; what they did stays.
    actor = models.ForeignKey(
        User, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    actor_name = models.CharField(max_length=254)
    on_behalf_of = models.CharField(max_length=LONGEST_NAME, blank=True)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    about = models.UUIDField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    request_id = models.CharField(max_length=32, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="audit_seq_once_per_firm", fields=["firm", "seq"]),
            models.CheckConstraint(name="audit_seq_from_one", condition=Q(seq__gte=1)),
        ]
        indexes: ClassVar = [models.Index(fields=["about", "at"], name="audit_about_client")]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.seq}: {self.action}"


class AuditHead(models.Model):
    """The last entry of a firm's chain; whoever appends locks it, last of all locks."""

    firm = models.OneToOneField(Firm, primary_key=True, on_delete=models.CASCADE, related_name="+")
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return f"{self.firm_id}: {self.seq}"


class ClosedFirm(models.Model):
    """Permission to delete a firm with its trail, and the trace that stays of it."""

    firm_id = models.UUIDField(unique=True)
    reason = models.CharField(max_length=40)
    closed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.firm_id}: {self.reason}"
