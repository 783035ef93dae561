"""Everything about a client, as one JSON document: to take along, and for what a firm has to keep."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from questionnaire.models import ClientProfile, Tombstone
from questionnaire.services import belongings
from riskalloc.firms.audit import By, in_full, record
from riskalloc.firms.models import AT_THE_DESK, AuditEntry, Role
from riskalloc.firms.tenancy import admit_to

# What the document looks like. A changed shape is a new number.
SCHEMA_VERSION = 1
SECRETS = ("token_hash",)  # the only columns that are left out: keys, not facts about anybody
REMOVED = "(removed)"


@transaction.atomic
def export_client(*, client: ClientProfile, by: By) -> dict[str, Any]:
    """The document for a person who may see all of it; `client` comes from `visible_to`."""
    whole = everything_about(client)
    if client.shows_trail:
        entries = AuditEntry.objects.about_client(client.pk).order_by("at", "pk")
        if client.viewer_role == Role.CLIENT:
            admit_to(entries)
        else:  # an earlier firm's desk is not this one's
            entries = entries.filter(firm=client.firm_id)
        whole["audit_entries"] = _rows(entries)
    if client.viewer_role in AT_THE_DESK:
        whole["notes"] = notes_about(client)
    record(by=by, firm_id=client.firm_id, action="data exported", of=client, about=client.pk)
    return whole


@transaction.atomic
def export_kept_record(*, tombstone: Tombstone, by: By) -> dict[str, Any]:
    """What a firm keeps of a client who has gone."""
    kept = {name: value for name, value in _row(tombstone).items() if name != "record"}
    record(
        by=by,
        firm_id=tombstone.firm_id,
        action="kept record exported",
        of=tombstone,
        about=tombstone.client_id,
    )
    return kept | {"record": tombstone.record}


def everything_about(client: ClientProfile) -> dict[str, Any]:
    """What hangs on a profile: each column of each row, decimals as text, times in UTC."""
    membership, invitation = client.membership, client.invitation
    assignments = client.assignments.select_related("membership__user").order_by("pk")
    ownerships = client.ownerships.select_related("assessment").order_by("since", "pk")
    return {
        "schema_version": SCHEMA_VERSION,
        "exported_at": _plain(timezone.now()),
        "software": settings.SOFTWARE_VERSION,
        "firm": {"name": client.firm.name, "is_personal": client.firm.is_personal},
        "advisors": [assignment.membership.user.email for assignment in assignments],
        "profile": _row(client),
        "sign_in": _row(membership) | {"email": membership.user.email} if membership else None,
        "invitation": _row(invitation) if invitation else None,
        "household": _rows(client.household.order_by("name", "pk")),
        "assignments": _rows(assignments),
        "assessments": [
            _row(ownership.assessment) | {"ownership": _row(ownership)} for ownership in ownerships
        ],
        "overrides": _rows(client.overrides.order_by("made_at", "pk")),
        "life_events": _rows(client.life_events.order_by("recorded_at", "pk")),
        "reviews": _rows(client.reviews.order_by("recorded_at", "pk")),
        "reminders": _rows(client.reminders.order_by("due_on")),
        "drafts": _rows(client.drafts.order_by("created_at", "pk")),
        **{name: _rows(rows) for name, rows in belongings.rows_of(client).items()},
    }


def notes_about(client: ClientProfile) -> list[dict[str, Any]]:
    """What the desk wrote for itself: the practice's, so not in what a client takes along."""
    return _rows(client.desk_notes.order_by("written_at", "pk"))


def record_to_keep(client: ClientProfile) -> dict[str, Any]:
    """What was calculated, decided and done for a client, without how to reach them.

    The trail is left out because the firm's own chain has it, and drafts because nothing came of them.
    """
    whole = everything_about(client) | {"notes": notes_about(client)}
    addresses = {
        whole[name]["email"] for name in ("profile", "sign_in", "invitation") if whole[name]
    }
    for name in ("sign_in", "invitation", "drafts"):
        del whole[name]
    for name in ("email", "phone"):
        del whole["profile"][name]
    return {name: _without(addresses - {""}, value) for name, value in whole.items()}


def _without(addresses: set[str], value: Any) -> Any:
    """A copy in which the client's addresses are gone, also where they say who answered."""
    if isinstance(value, dict):
        return {name: _without(addresses, part) for name, part in value.items()}
    if isinstance(value, list):
        return [_without(addresses, part) for part in value]
    return REMOVED if isinstance(value, str) and value in addresses else value


def _rows(rows: Iterable[models.Model]) -> list[dict[str, Any]]:
    return [_row(row) for row in rows]


def _row(row: models.Model) -> dict[str, Any]:
    columns = [field for field in row._meta.concrete_fields if field.name not in SECRETS]
    return {column.attname: _plain(column.value_from_object(row)) for column in columns}


def _plain(value: Any) -> Any:
    """A value as JSON has it, with nothing lost; whatever would lose something is refused."""
    if isinstance(value, datetime):
        return in_full(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"  # a nought with eight decimals is 0E-8 otherwise
    if isinstance(value, UUID):
        return str(value)
    if value is None or isinstance(value, (str, int, dict, list)):  # JSON columns are JSON already
        return value
    raise TypeError(f"There is no exact JSON for {type(value).__name__}")
