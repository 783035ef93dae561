"""The audit trail as people read it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.utils.formats import date_format
from django.utils.text import capfirst

from riskalloc.firms.models import AuditEntry, AuditEntryQuerySet, Role
from riskalloc.methodology import EVENTS_VERSION, load_events
from riskalloc.web.numbers import money_text

PER_PAGE = 50
LONGEST_SHOWN = 300
NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)  # fits into a column
NUMBER_WITH_CENTS = re.compile(r"[0-9]{1,13}(\.[0-9]{1,2})?", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)?\+00:00", re.ASCII)
LABELS = {
    "email": "E-mail",
    "born_on": "Date of birth",
    "retires_on": "Planned retirement",
    "is_demo": "Invented for the demo",
    "is_personal": "Firm of one person",
    "retention_years": "Years that records are kept",
    "user": "Person",
    "rti": "Risk score",
    "iss": "Income score",
    "kind": "What",
}
FOR_MACHINES = {"result"}  # means nothing to a person; the assessment stands in the same list
PERCENT = {"stocks", "bonds", "alternatives", "cash"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One value, before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEntry:
    at: datetime
    what: str
    who: str
    on_behalf_of: str
    changes: tuple[Change, ...]
    has_before: bool
    has_after: bool
    is_compared: bool  # at least one value became another


@dataclass(frozen=True, slots=True, kw_only=True)
class EntriesPage:
    """Newest first. `older` goes into the address of the next page; empty on the last one."""

    entries: tuple[ShownEntry, ...]
    is_newest: bool
    older: str


def entries_page(
    entries: AuditEntryQuerySet, before: str = "", *, by: Literal["id", "seq"] = "id"
) -> EntriesPage:
    """Those before an entry, which stay where they are however many are added meanwhile.

    `by` is the number that `before` and `older` mean: `seq` within one firm, else `id`.
    """
    is_newest = NUMBER.fullmatch(before) is None
    if not is_newest:
        entries = entries.filter(**{f"{by}__lt": int(before)})
    found = list(entries.order_by(f"-{by}")[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    has_older = len(found) > PER_PAGE
    return EntriesPage(
        entries=tuple(map(shown_entry, shown)),
        is_newest=is_newest,
        older=str(getattr(shown[-1], by)) if has_older else "",
    )


def shown_entry(entry: AuditEntry) -> ShownEntry:
    before: Mapping[str, Any] = entry.before or {}
    after: Mapping[str, Any] = entry.after or {}
    changes = [
        Change(
            label=LABELS.get(name, capfirst(name.replace("_", " "))),
            before=named_text(name, before.get(name)),
            after=named_text(name, after.get(name)),
        )
        for name in dict.fromkeys((*before, *after))
        if name not in FOR_MACHINES
    ]
    return ShownEntry(
        at=entry.at,
        what=capfirst(entry.action),
        who=entry.actor_name,
        on_behalf_of=entry.on_behalf_of,
        changes=tuple(change for change in changes if change.before or change.after),
        has_before=bool(before),
        has_after=bool(after),
        is_compared=bool((before.keys() & after.keys()) - FOR_MACHINES),
    )


def named_text(name: str, value: Any) -> str:
    """A kept value in a person's words, by what it is of: money, percent, a role, a life event."""
    text = value_text(value)
    if name == "amount" and NUMBER_WITH_CENTS.fullmatch(text):
        return money_text(Decimal(text))
    if name in PERCENT and isinstance(value, int):
        return f"{text}%"
    if name == "role" and text in Role:
        return str(Role(text).label)
    if name == "kind":
        titles = {event.code: event.title for event in load_events(EVENTS_VERSION).events}
        return titles.get(text, text)
    return text


def value_text(value: Any) -> str:
    """A kept value in a person's words; empty where there is none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return _cut(", ".join(f"{name}: {value_text(part)}" for name, part in value.items()))
    if isinstance(value, list):
        return _cut(", ".join(map(value_text, value)))
    return _cut(_dated(str(value)))


def _dated(text: str) -> str:
    try:
        if DAY.fullmatch(text):
            return date_format(date.fromisoformat(text), "j M Y")
        if MOMENT.fullmatch(text):
            return date_format(datetime.fromisoformat(text), "j M Y, H:i") + " UTC"
    except ValueError:  # it only looked like one
        pass
    return text


def _cut(text: str) -> str:
    if len(text) <= LONGEST_SHOWN:
        return text
    return f"{text[:LONGEST_SHOWN].rstrip()}… ({len(text):,} characters)"
