"""The audit trail: one chain of hashes per firm, appended in the transaction of the deed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_hex
from typing import Any
from uuid import UUID

from django.db import connection, models
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
    assert connection.in_atomic_block, "an audit entry belongs to the transaction of its deed"
    AuditHead.objects.bulk_create([AuditHead(firm_id=firm_id)], ignore_conflicts=True)
    head = AuditHead.objects.select_for_update().get(firm_id=firm_id)
    entry = AuditEntry(
        firm_id=firm_id,
        seq=head.seq + 1,
        at=timezone.now(),
        actor=by.user,
        actor_name=by.name,
        on_behalf_of=by.on_behalf_of,
        action=action,
        object_type=of._meta.label_lower,
        object_id=str(of.pk),
        about=about,
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
        request_id=by.request_id,
        previous_hash=head.hash,
    )
    entry.hash = hash_of(entry)
    entry.save(force_insert=True)
    AuditHead.objects.filter(firm_id=firm_id).update(seq=entry.seq, hash=entry.hash)
    return entry


HASHED = (
    "seq", "actor_id", "actor_name", "on_behalf_of", "action", "object_type", "object_id",
    "before", "after", "request_id", "previous_hash",
)  # fmt: skip


def hash_of(entry: AuditEntry) -> str:
    """SHA-256 over everything that the entry says, the hash before included."""
    said = {name: getattr(entry, name) for name in HASHED}
    said["firm"] = str(entry.firm_id)
    said["about"] = str(entry.about) if entry.about else None
    said["at"] = entry.at.isoformat(timespec="microseconds")
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


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
