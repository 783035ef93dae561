"""Whether the audit trail is whole: every chain is walked from its first entry to its head.

Somebody who can write to the database could also make a whole new chain; heads that were exported to a
place outside the database show that too.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from time import perf_counter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import TextField, Value
from django.db.models.functions import Cast, Replace

from riskalloc.firms.audit import Said, hash_of, in_full
from riskalloc.firms.heads import Exported, Head, heads
from riskalloc.firms.models import AuditEntry, ClosedFirm, Firm

START = Head(0, "0" * 64)


class Row(NamedTuple):
    """An entry with its dates and JSON as text, so that one that was spoilt can be read as well."""

    firm: str
    seq: int
    at: str
    actor: int | None
    actor_name: str
    on_behalf_of: str
    action: str
    object_type: str
    object_id: str
    about: str | None
    before: str | None
    after: str | None
    request_id: str
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of a firm beside its entries."""

    exists: bool = False
    is_closed: bool = False
    head: Head | None = None
    exported: tuple[Head, ...] = ()


class Fault(NamedTuple):
    """The first entry of a firm that is not as it was written, and what is wrong with it."""

    firm: str
    seq: int
    what: str

    def __str__(self) -> str:
        return f"Firm {self.firm}, entry {self.seq}: {self.what}"


@dataclass(slots=True, kw_only=True)
class Report:
    faults: list[Fault] = field(default_factory=list)
    entries: int = 0
    firms: int = 0
    seconds: float = 0

    def counted(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self.entries += 1
            yield row


# -- Walking ----------------------------------------------------------------------------------------------


def find_faults(rows: Iterable[Row], standings: Mapping[str, Standing]) -> Iterator[Fault]:
    """The first fault of each firm that has one. Rows come firm by firm, each firm's in their order."""
    met = set()
    for firm, chain in groupby(rows, key=attrgetter("firm")):
        met.add(firm)
        if fault := _fault_of(firm, chain, standings.get(firm, Standing())):
            yield fault
    for firm in standings.keys() - met:
        if fault := _fault_of(firm, iter(()), standings[firm]):
            yield fault


def _fault_of(firm: str, chain: Iterator[Row], standing: Standing) -> Fault | None:
    if not standing.exists and not standing.is_closed:
        return Fault(firm, 1, "the firm is gone, and nothing says that it was closed.")
    if not standing.exists:
        return None
    if standing.is_closed:
        return Fault(firm, 1, "the firm is here, but marked as closed: its trail can be deleted.")
    exported = defaultdict(list)
    for head in standing.exported:
        exported[head.seq].append(head)
    last = START
    for row in chain:
        seq = last.seq + 1
        if what := _wrong_with(row, seq, last.hash) or _rewritten(row, exported.get(seq, ())):
            return Fault(firm, seq, what)
        last = Head(seq, row.hash)
    return _fault_at_the_end(firm, last, standing)


def _wrong_with(row: Row, seq: int, previous_hash: str) -> str:
    """What is wrong with the row that stands where number `seq` belongs."""
    if row.seq != seq:
        return f"it is missing; number {row.seq} stands in its place."
    if not _has_its_hash(row):
        return "it was changed; its hash does not fit what it says."
    if row.previous_hash != previous_hash:
        return f"it does not follow entry {seq - 1}; one of the two was replaced."
    return ""


def _has_its_hash(row: Row) -> bool:
    try:
        return hash_of(said_in(row)) == row.hash
    except (TypeError, ValueError):  # a time, a text or JSON that is none
        return False


def said_in(row: Row) -> Said:
    at = datetime.fromisoformat(row.at)
    return Said(
        row.firm,
        row.seq,
        in_full(at if at.tzinfo else at.replace(tzinfo=UTC)),  # SQLite leaves the zone out
        row.actor,
        row.actor_name,
        row.on_behalf_of,
        row.action,
        row.object_type,
        row.object_id,
        row.about,
        None if row.before is None else json.loads(row.before),
        None if row.after is None else json.loads(row.after),
        row.request_id,
        row.previous_hash,
    )


def _rewritten(row: Row, exported: Iterable[Head]) -> str:
    for head in exported:
        if head.hash != row.hash:
            return f"on {head.on} it was another one; it, or one before it, was written anew."
    return ""


def _fault_at_the_end(firm: str, last: Head, standing: Standing) -> Fault | None:
    head = standing.head or START
    later = [old for old in standing.exported if old.seq > last.seq]
    if last.seq == head.seq == 0:
        return Fault(firm, 1, "it is missing; nothing at all is recorded of this firm.")
    if standing.head is None:
        return Fault(firm, last.seq, "the head is missing that says whether it is the last.")
    if head.seq > last.seq:
        return Fault(firm, last.seq + 1, f"it is missing; the head says that there are {head.seq}.")
    if head.seq < last.seq:
        return Fault(firm, head.seq + 1, f"the head says that there are only {head.seq}.")
    if head.hash != last.hash:
        return Fault(firm, last.seq, "it is the last, but the head has the hash of another one.")
    if later:
        what = f"it is missing; on {later[0].on} there were {later[0].seq}."
        return Fault(firm, last.seq + 1, what)
    return None


# -- The database -----------------------------------------------------------------------------------------


def verify(*, firm: UUID | None = None, exported: Exported | None = None) -> Report:
    """Walk the chains of all firms, or of one, as they are at this moment."""
    report = Report()
    start = perf_counter()
    with snapshot():
        known = standings(exported or {})
        if firm is not None:
            known = {firm.hex: known.get(firm.hex, Standing())}
        report.firms = len(known)
        report.faults.extend(find_faults(report.counted(rows(firm)), known))
    report.seconds = perf_counter() - start
    return report


@contextmanager
def snapshot() -> Iterator[None]:
    """Heads and entries of one moment, while others go on writing."""
    if connection.in_atomic_block:
        yield
        return
    options = " ISOLATION LEVEL REPEATABLE READ, READ ONLY" * (connection.vendor == "postgresql")
    with connection.cursor() as cursor:
        cursor.execute("BEGIN" + options)  # `atomic` would keep SQLite's one writer out
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def rows(firm: UUID | None = None) -> Iterator[Row]:
    """Every entry, read in pieces, so that memory does not grow with the trail."""
    entries = AuditEntry.objects.order_by("firm_id", "seq")
    if firm is not None:
        entries = entries.filter(firm_id=firm)
    columns: tuple[Any, ...] = (
        _digits("firm_id"), "seq", _text("at"), "actor_id", "actor_name", "on_behalf_of", "action",
        "object_type", "object_id", _digits("about"), _text("before"), _text("after"),
        "request_id", "previous_hash", "hash",
    )  # fmt: skip
    yield from map(Row._make, entries.values_list(*columns).iterator())


def _text(column: str) -> Cast:
    return Cast(column, TextField())


def _digits(column: str) -> Cast | Replace:
    """A UUID as SQLite keeps it."""
    if connection.vendor == "postgresql":
        return Replace(_text(column), Value("-"), Value(""), output_field=TextField())
    return _text(column)


def standings(exported: Exported) -> dict[str, Standing]:
    existing = {pk.hex for pk in Firm.objects.values_list("pk", flat=True)}
    closed = {pk.hex for pk in ClosedFirm.objects.values_list("firm_id", flat=True)}
    current = {pk.hex: head for pk, head in heads()}
    return {
        firm: Standing(
            exists=firm in existing,
            is_closed=firm in closed,
            head=current.get(firm),
            exported=exported.get(firm, ()),
        )
        for firm in existing | closed | current.keys() | exported.keys()
    }
