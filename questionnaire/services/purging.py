"""What goes by itself once its day has come."""

from datetime import timedelta
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from questionnaire.models import Tombstone
from questionnaire.services.leaving import destroy_record
from riskalloc.firms.audit import By, record
from riskalloc.firms.models import Invitation

INVITATION_KEPT = timedelta(days=90)  # after its end; the trail says who was invited when


def purge_kept_records() -> int:
    """Destroy the records that no firm has to keep any longer. Each in a transaction of its own."""
    due = Tombstone.objects.filter(keep_until__lt=timezone.localdate())
    return sum(_purge_record(pk) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _purge_record(pk: UUID) -> bool:
    tombstone = Tombstone.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if tombstone is None:
        return False
    destroy_record(tombstone, "kept long enough")
    tombstone.pk = pk  # what the entry is about, though it is gone
    record(
        by=By(),
        firm_id=tombstone.firm_id,
        action="kept record destroyed",
        of=tombstone,
        about=tombstone.client_id,
        before={"keep_until": str(tombstone.keep_until)},
    )
    return True


@transaction.atomic
def purge_invitations() -> int:
    """Those that were accepted, withdrawn or let go by a while ago."""
    ended = timezone.now() - INVITATION_KEPT
    is_old = Q(accepted_at__lt=ended) | Q(withdrawn_at__lt=ended) | Q(expires_at__lt=ended)
    _, by_table = Invitation.objects.filter(is_old).delete()
    return by_table.get(Invitation._meta.label, 0)


@transaction.atomic
def purge_sessions() -> int:
    """Expired sessions, and the list entries (address, browser) of sessions that are gone."""
    sessions, _ = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    still_there = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.exclude(Exists(still_there)).delete()
    return sessions
