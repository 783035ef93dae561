"""What was done to single holdings, as a person would tell it: from the trail, in words."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portfolios.models import Holding
from questionnaire.models import ClientProfile
from riskalloc.firms.models import AuditEntry
from riskalloc.web.numbers import exact_text

MOST = 40
TOLD = {"quantity": _("quantity"), "typed_value": _("value")}


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingChange:
    at: datetime
    symbol: str
    what: str
    figures: str


def holding_changes(client: ClientProfile, after: datetime) -> list[HoldingChange]:
    """The newest, in this firm; two queries."""
    found = AuditEntry.objects.about_client(client.pk).filter(
        firm=client.firm_id, at__gt=after, object_type=Holding._meta.label_lower
    )
    entries = list(found.order_by("-pk")[:MOST])
    keys = {UUID(entry.object_id) for entry in entries}
    held = Holding.objects.filter(client=client, pk__in=keys).select_related("security")
    symbols = {str(holding.pk): holding.security.symbol for holding in held}
    return [
        HoldingChange(
            at=entry.at,
            symbol=symbols.get(entry.object_id, ""),
            what=capfirst(entry.action),
            figures=", ".join(figures(entry.before or {}, entry.after or {})),
        )
        for entry in entries
    ]


def figures(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """`quantity 120 → 150`, or the one that there is."""
    found = []
    for name, label in TOLD.items():
        was, now = plain_number(before.get(name)), plain_number(after.get(name))
        if was and now:
            found.append(f"{label} {was} → {now}")
        elif now:
            found.append(f"{label} {now}")
    return found


def plain_number(kept: Any) -> str:
    try:
        return exact_text(Decimal(kept)) if isinstance(kept, str) else ""
    except InvalidOperation:
        return ""
