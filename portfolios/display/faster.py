"""Somebody was faster: what they changed in a row, when, and what was typed here."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portfolios.display.holdings import DAY, price_text
from portfolios.models import Account, Holding, HoldingRole, Security
from riskalloc.firms.models import AuditEntry
from riskalloc.web.numbers import exact_text

MOST_ENTRIES = 50
DELETED = "holding deleted"
LABELS = {
    "account_id": _("account"),
    "security_id": _("symbol"),
    "quantity": _("quantity"),
    "typed_value": _("value"),
    "role": _("role in plans"),
    "frozen_until": _("not traded until"),
    "reason": _("reason"),
    "cost_basis": _("cost"),
    "acquired_on": _("bought on"),
}
NUMBERS = ("quantity", "typed_value", "cost_basis")
DAYS = ("frozen_until", "acquired_on")
NOTHING = _("nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Faster:
    """`theirs` is label, was, is now; `mine` is label and what was typed. `at` is None where unknown."""

    symbol: str
    at: datetime | None
    who: str
    is_deleted: bool
    theirs: list[tuple[str, str, str]]
    mine: list[tuple[str, str]]


def faster(theirs: Holding, version: int, typed: dict[str, Any]) -> Faster:
    """From the trail, because a row only knows how it is now. `typed` are columns as they were sent."""
    entries = entries_since(theirs, version)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for entry in reversed(entries):
        before = {**(entry.before or {}), **before}
        after |= entry.after or {}
    last = entries[0] if entries else None
    if theirs.deleted_at and last and last.action != DELETED:
        last = None  # it went with many others, in one entry about all of them
    changed = [name for name in LABELS if name in after and before.get(name) != after[name]]
    return Faster(
        symbol=theirs.security.symbol,
        at=last.at if last else theirs.deleted_at,
        who=last.actor_name if last else "",
        is_deleted=theirs.deleted_at is not None,
        theirs=[(LABELS[n], word(n, before.get(n)), word(n, after[n])) for n in changed],
        mine=[
            (LABELS[name], word(name, value))
            for name, value in typed.items()
            if name in LABELS and getattr(theirs, name) != value
        ],
    )


def entries_since(theirs: Holding, version: int) -> list[AuditEntry]:
    """Each entry about a row made one version of it; the newest first."""
    count = min(max(theirs.version - version, 1), MOST_ENTRIES)
    about = AuditEntry.objects.about_client(theirs.client_id)
    mine = about.filter(object_type=theirs._meta.label_lower, object_id=str(theirs.pk))
    return list(mine.order_by("-seq")[:count])


def word(name: str, value: Any) -> str:
    """A column as people read it; of the trail as of a form."""
    if value in (None, ""):
        return NOTHING
    if name in NUMBERS:
        return exact_text(Decimal(value))
    if name in DAYS:
        day = parse_date(str(value))
        return date_format(day, DAY) if day else str(value)
    if name == "role":
        return str(HoldingRole(value).label)
    if name == "account_id":
        return str(Account.objects.filter(pk=value).values_list("name", flat=True).first() or "–")
    if name == "security_id":
        found = Security.objects.filter(pk=value).values_list("symbol", flat=True).first()
        return str(found or "–")
    return str(value)


def faster_price(theirs: Security, shown: str, typed: Decimal | None) -> Faster:
    """Of a price everybody in the firm shares, only the figure is said."""
    was = price_text(Decimal(shown), theirs.currency) if shown else NOTHING
    now = NOTHING if theirs.price is None else price_text(theirs.price, theirs.currency)
    mine = [] if typed is None else [(_("price"), price_text(typed, theirs.currency))]
    return Faster(
        symbol=theirs.symbol,
        at=None,
        who="",
        is_deleted=False,
        theirs=[(_("price"), was, now)] if was != now else [],
        mine=mine,
    )
