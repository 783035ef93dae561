"""People who sign in, the firms they belong to, the trail of what they did, and work on many things."""

from riskalloc.firms.models.firms import (
    AT_THE_DESK,
    CHANGES_CLIENTS,
    LONGEST_NAME,
    LONGEST_RETENTION,
    Firm,
    FirmQuerySet,
    Membership,
    MembershipQuerySet,
    Role,
    TenantModel,
)
from riskalloc.firms.models.invitations import (
    INVITATION_DAYS,
    Invitation,
    InvitationQuerySet,
    in_a_week,
    new_token,
)
from riskalloc.firms.models.jobs import (
    LONGEST_SENTENCE,
    LONGEST_TITLE,
    MOST_ITEMS,
    MOST_TRIES,
    Job,
    JobItem,
    JobQuerySet,
)
from riskalloc.firms.models.people import User, UserManager, Viewer
from riskalloc.firms.models.trail import AuditEntry, AuditEntryQuerySet, AuditHead, ClosedFirm

__all__ = [
    "AT_THE_DESK",
    "CHANGES_CLIENTS",
    "INVITATION_DAYS",
    "LONGEST_NAME",
    "LONGEST_RETENTION",
    "LONGEST_SENTENCE",
    "LONGEST_TITLE",
    "MOST_ITEMS",
    "MOST_TRIES",
    "AuditEntry",
    "AuditEntryQuerySet",
    "AuditHead",
    "ClosedFirm",
    "Firm",
    "FirmQuerySet",
    "Invitation",
    "InvitationQuerySet",
    "Job",
    "JobItem",
    "JobQuerySet",
    "Membership",
    "MembershipQuerySet",
    "Role",
    "TenantModel",
    "User",
    "UserManager",
    "Viewer",
    "in_a_week",
    "new_token",
]
