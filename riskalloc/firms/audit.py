"""The audit trail: one chain of hashes per firm, appended in the transaction of the deed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from secrets import token_hex
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from django.db.transaction import TransactionManagementError
from django.http import HttpRequest
from django.utils import timezone

from riskalloc.firms.models import AuditEntry, AuditHead, User

NOBODY = "(nobody signed in)"
THE_SYSTEM = "(RiskAlloc itself)"


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who does something: a person, in a request, perhaps for a client; the system where `user` is None."""

    user: User | None = None
    name: str = THE_SYSTEM
    on_behalf_of: str = ""
    request_id: str = ""


def by_of(request: HttpRequest, on_behalf_of: str = "") -> By:
    user = request.user if isinstance(request.user, User) else None
    # the entries of one request share it
    request_id = request.META.setdefault("riskalloc.request_id", token_hex(8))
    return By(
        user=user,
        name=user.email if user else NOBODY,
        on_behalf_of=on_behalf_of,
        request_id=request_id,
    )


def record(
    *,
    by: By,
    firm_id: UUID,
    action: str,
    of: models.Model,
    about: UUID | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Append to the firm's chain. Call it last in the transaction: it takes the lock of the chain.

    `about` is the client whose data it is; `before` and `after` hold what changed,
    as `plain_values` makes it.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("An audit entry belongs to the transaction of its deed.")
    entry = AuditEntry(
        firm_id=firm_id,
        actor_id=by.user.pk if by.user else None,
        actor_name=by.name,
        on_behalf_of=by.on_behalf_of,
        action=action,
        object_type=of._meta.label_lower,
        object_id=str(of.pk),
        about=about,
        before=_kept(before),
        after=_kept(after),
        request_id=by.request_id,
    )
    with connection.cursor() as cursor:
        head_seq, entry.previous_hash = _lock_head(cursor, firm_id)
        entry.seq, entry.at = head_seq + 1, timezone.now()
        entry.hash = hash_of(said_by(entry))
        _append(cursor, entry)
    return entry


def _kept(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A copy; refuses what the two databases would not give back as it was, such as 1e2 or NaN."""
    if values is None:
        return None
    if not _is_plain(kept := dict(values)):
        raise TypeError(f"The trail keeps text, whole numbers, booleans and null only: {kept}")
    return kept


def _is_plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(name, str) and _is_plain(part) for name, part in value.items())
    if isinstance(value, (list, tuple)):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, (str, int))


# -- Statements -------------------------------------------------------------------------------------------
# Made once: composing them anew each time would take as long as the deed that is recorded.

FIELDS = tuple(field for field in AuditEntry._meta.concrete_fields if not field.primary_key)
FIRM = next(field for field in FIELDS if field.attname == "firm_id")
READ_HEAD = "SELECT seq, hash FROM firms_audithead WHERE firm_id = %s"
MOVE_HEAD = "UPDATE firms_audithead SET seq = %s, hash = %s WHERE firm_id = %s"
APPEND = (
    f"INSERT INTO firms_auditentry ({', '.join(str(field.column) for field in FIELDS)})"  # noqa: S608
    f" VALUES ({', '.join('%s' for _ in FIELDS)}) RETURNING id"
)


def _lock_head(cursor: CursorWrapper, firm_id: UUID) -> tuple[int, str]:
    """How far the chain goes; the first entry of a firm makes the row that all later ones lock."""
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    key = FIRM.get_db_prep_save(firm_id, connection)
    cursor.execute(READ_HEAD + lock, [key])
    head = cursor.fetchone()
    if head is None:
        AuditHead.objects.bulk_create([AuditHead(firm_id=firm_id)], ignore_conflicts=True)
        cursor.execute(READ_HEAD + lock, [key])
        head = cursor.fetchone()
    return head


def _append(cursor: CursorWrapper, entry: AuditEntry) -> None:
    values = [field.get_db_prep_save(getattr(entry, field.attname), connection) for field in FIELDS]
    moved = [entry.seq, entry.hash, values[0]]
    if connection.vendor == "postgresql":  # one way to the server and back instead of two
        cursor.execute(f"WITH moved AS ({MOVE_HEAD}) {APPEND}", [*moved, *values])
    else:
        cursor.execute(MOVE_HEAD, moved)
        cursor.execute(APPEND, values)
    (entry.pk,) = cursor.fetchone()
    entry._state.adding, entry._state.db = False, connection.alias


# -- Hashes -----------------------------------------------------------------------------------------------

CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)


class Said(NamedTuple):
    """What an entry says, in the order in which it is hashed; the same whichever database keeps it."""

    firm: str  # 32 hexadecimal digits
    seq: int
    at: str  # 2026-11-21T14:32:00.000000+00:00
    actor: int | None
    actor_name: str
    on_behalf_of: str
    action: str
    object_type: str
    object_id: str
    about: str | None  # 32 hexadecimal digits
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    request_id: str
    previous_hash: str


def said_by(entry: AuditEntry) -> Said:
    return Said(
        firm=entry.firm_id.hex,
        seq=entry.seq,
        at=in_full(entry.at),
        actor=entry.actor_id,
        actor_name=entry.actor_name,
        on_behalf_of=entry.on_behalf_of,
        action=entry.action,
        object_type=entry.object_type,
        object_id=entry.object_id,
        about=entry.about.hex if entry.about else None,
        before=entry.before,
        after=entry.after,
        request_id=entry.request_id,
        previous_hash=entry.previous_hash,
    )


def in_full(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def hash_of(said: Said) -> str:
    """SHA-256 of a JSON list of everything that the entry says, the hash before included."""
    return sha256(CANONICAL.encode(said).encode()).hexdigest()


# -- Values -----------------------------------------------------------------------------------------------


def plain_values(row: models.Model, names: tuple[str, ...]) -> dict[str, Any]:
    """The named columns of a row as text, numbers or null, the way the trail keeps them."""
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (bool, int)) else str(value)


def changes(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Only what differs."""
    names = [name for name in before if before[name] != after[name]]
    return {name: before[name] for name in names}, {name: after[name] for name in names}
