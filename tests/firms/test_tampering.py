"""A thousand tamperings with a trail: each is found, at the first entry that is not as it was."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest

from riskalloc.firms.audit import hash_of
from riskalloc.firms.heads import Head
from riskalloc.firms.models import AuditEntry, AuditHead
from riskalloc.firms.verification import (
    Fault,
    Row,
    Standing,
    find_faults,
    rows,
    said_in,
    standings,
    verify,
)
from tests.firms.trails import make_trails, unguarded

TAMPERINGS = 1000
IN_THE_DATABASE = 60
LENGTHS = (90, 60, 50)


@dataclass(frozen=True, slots=True)
class Trail:
    """Rows and standings as they were loaded, for tampering with."""

    rows: tuple[Row, ...]
    standings: dict[str, Standing]

    def faults(self) -> list[Fault]:
        ordered = sorted(self.rows, key=lambda row: (row.firm, row.seq))
        return sorted(find_faults(ordered, self.standings))

    def of(self, firm: str) -> list[Row]:
        return [row for row in self.rows if row.firm == firm]

    def without(self, *gone: Row) -> "Trail":
        return replace(self, rows=tuple(row for row in self.rows if row not in gone))

    def plus(self, *new: Row) -> "Trail":
        return replace(self, rows=(*self.rows, *new))

    def with_head(self, firm: str, head: Head | None) -> "Trail":
        standing = replace(self.standings[firm], head=head)
        return replace(self, standings={**self.standings, firm: standing})


Found = tuple[Trail, set[tuple[str, int]]]  # what was done, and where it has to be found


@pytest.fixture
def trail(db: None) -> Trail:
    make_trails(*LENGTHS)
    return load()


def load() -> Trail:
    return Trail(tuple(rows()), standings({}))


def hashed(row: Row) -> Row:
    return row._replace(hash=hash_of(said_in(row)))


# -- What can be done to it -------------------------------------------------------------------------------


def other_text(text: str, chance: Random) -> str:
    """One character more, less, or another one."""
    place = chance.randrange(len(text) + 1)
    start, end = text[:place], text[place:]
    return chance.choice([f"{start}x{end}", f"{start}\u200f{end[1:]}", f"{text[1:]}y"])


def other_hash(text: str, chance: Random) -> str:
    place = chance.randrange(len(text))
    digits = [digit for digit in "0123456789abcdef" if digit != text[place]]
    return text[:place] + chance.choice(digits) + text[place + 1 :]


def other_moment(text: str, chance: Random) -> str:
    moment = datetime.fromisoformat(text) + timedelta(microseconds=chance.choice((-1, 1, 10**9)))
    return moment.isoformat(" ")


OTHERS: dict[str, Callable[[Row, Random], object]] = {
    "firm": lambda row, chance: UUID(int=chance.getrandbits(128)).hex,
    "seq": lambda row, chance: row.seq + chance.choice((1000, 2000)),
    "at": lambda row, chance: other_moment(row.at, chance),
    "actor": lambda row, chance: chance.randrange(10**6, 10**7),
    "about": lambda row, chance: UUID(int=chance.getrandbits(128)).hex,
    "before": lambda row, chance: chance.choice(['{"name": "x"}', "[]", "3", '"Demo"']),
    "after": lambda row, chance: chance.choice(['{"notes": null}', "null", "true", "{}"]),
    "previous_hash": lambda row, chance: other_hash(row.previous_hash, chance),
    "hash": lambda row, chance: other_hash(row.hash, chance),
}


def edit(trail: Trail, chance: Random) -> Found:
    row, name = chance.choice(trail.rows), chance.choice(Row._fields)
    other = OTHERS.get(name, lambda row, chance: other_text(getattr(row, name), chance))
    edited = row._replace(**{name: other(row, chance)})
    places = {(row.firm, row.seq)}
    if name == "firm":
        places.add((edited.firm, 1))  # a firm that nobody knows
    return trail.without(row).plus(edited), places


def spoil(trail: Trail, chance: Random) -> Found:
    """Not even a value of its kind, as SQLite would keep it."""
    row = chance.choice(trail.rows)
    name = chance.choice(("at", "before", "after"))
    edited = row._replace(**{name: chance.choice(("", "{", "demo", "[1,"))})
    return trail.without(row).plus(edited), {(row.firm, row.seq)}


def edit_and_hash(trail: Trail, chance: Random) -> Found:
    """The next entry, or the head, still has the hash before."""
    row = chance.choice(trail.rows)
    edited = hashed(row._replace(actor_name=other_text(row.actor_name, chance)))
    last = trail.standings[row.firm].head.seq
    return trail.without(row).plus(edited), {(row.firm, min(row.seq + 1, last))}


def delete(trail: Trail, chance: Random) -> Found:
    row = chance.choice(trail.rows)
    return trail.without(row), {(row.firm, row.seq)}


def delete_and_close_the_gap(trail: Trail, chance: Random) -> Found:
    row = chance.choice(trail.rows)
    later = [other for other in trail.of(row.firm) if other.seq > row.seq]
    moved = [hashed(other._replace(seq=other.seq - 1)) for other in later]
    return trail.without(row, *later).plus(*moved), {(row.firm, row.seq)}


def swap(trail: Trail, chance: Random) -> Found:
    """Two entries of one firm change places, with or without the hash before."""
    firm = chance.choice(sorted(trail.standings))
    first, second = sorted(chance.sample(trail.of(firm), 2), key=lambda row: row.seq)
    names = chance.choice((("seq",), ("seq", "previous_hash"), ("seq", "previous_hash", "hash")))
    swapped = [
        one._replace(**{name: getattr(other, name) for name in names})
        for one, other in ((first, second), (second, first))
    ]
    return trail.without(first, second).plus(*swapped), {(firm, first.seq)}


def insert(trail: Trail, chance: Random) -> Found:
    """A new entry with a fitting hash; those behind it get the next numbers."""
    row = chance.choice(trail.rows)
    later = [other for other in trail.of(row.firm) if other.seq >= row.seq]
    moved = [other._replace(seq=other.seq + 1) for other in later]
    new = hashed(row._replace(action="member added"))
    return trail.without(*later).plus(new, *moved), {(row.firm, row.seq + 1)}


def append(trail: Trail, chance: Random) -> Found:
    """One more at the end, all in order, but for the head."""
    firm = chance.choice(sorted(trail.standings))
    head = trail.standings[firm].head
    last = chance.choice(trail.of(firm))
    new = hashed(last._replace(seq=head.seq + 1, previous_hash=head.hash))
    return trail.plus(new), {(firm, head.seq + 1)}


def cut(trail: Trail, chance: Random) -> Found:
    firm = chance.choice(sorted(trail.standings))
    keep = chance.randrange(trail.standings[firm].head.seq)
    gone = [row for row in trail.of(firm) if row.seq > keep]
    return trail.without(*gone), {(firm, keep + 1)}


def edit_head(trail: Trail, chance: Random) -> Found:
    firm = chance.choice(sorted(trail.standings))
    head = trail.standings[firm].head
    what = chance.choice(("seq", "hash", "gone"))
    if what == "gone":
        return trail.with_head(firm, None), {(firm, head.seq)}
    if what == "hash":
        other = head._replace(hash=other_hash(head.hash, chance))
        return trail.with_head(firm, other), {(firm, head.seq)}
    seq = chance.choice([number for number in range(2 * head.seq) if number != head.seq])
    return trail.with_head(firm, head._replace(seq=seq)), {(firm, min(seq, head.seq) + 1)}


IN_A_DATABASE = (
    edit, edit, edit, edit_and_hash, delete, delete_and_close_the_gap, swap, insert, append, cut,
    edit_head,
)  # fmt: skip
WAYS = (*IN_A_DATABASE, spoil)


# -- That it is found -------------------------------------------------------------------------------------


def places_of(faults: list[Fault]) -> set[tuple[str, int]]:
    return {(fault.firm, fault.seq) for fault in faults}


def test_nothing_is_found_where_nothing_was_done(trail: Trail) -> None:
    assert len(trail.rows) == sum(LENGTHS)
    assert trail.faults() == []


def test_a_thousand_tamperings_are_found_where_they_were_done(trail: Trail) -> None:
    chance = Random(20261121)
    done = set()
    for number in range(TAMPERINGS):
        way = chance.choice(WAYS)
        tampered, places = way(trail, chance)
        assert tampered != trail, f"{number}: {way.__name__} did nothing"
        assert places_of(tampered.faults()) == places, f"{number}: {way.__name__}"
        done.add(way)
    assert done == set(WAYS)


def test_tamperings_with_the_database_are_found_there(trail: Trail) -> None:
    chance = Random(20261122)
    for number in range(IN_THE_DATABASE):
        way = IN_A_DATABASE[number % len(IN_A_DATABASE)]
        tampered, places = way(trail, chance)
        with unguarded():
            put_into_the_database(trail, tampered)
            assert places_of(verify().faults) == places, f"{number}: {way.__name__}"
    assert verify().faults == []


def put_into_the_database(trail: Trail, tampered: Trail) -> None:
    was, now = set(trail.rows), set(tampered.rows)
    for row in was - now:
        AuditEntry.objects.get(firm=row.firm, seq=row.seq).delete()
    AuditEntry.objects.bulk_create(map(entry_of, now - was))
    for firm, standing in tampered.standings.items():
        heads = AuditHead.objects.filter(firm=firm)
        if standing.head is None:
            heads.delete()
        else:
            heads.update(seq=standing.head.seq, hash=standing.head.hash)


def entry_of(row: Row) -> AuditEntry:
    values = row._asdict()
    for name in ("firm", "actor"):
        values[f"{name}_id"] = values.pop(name)
    for name in ("before", "after"):
        values[name] = json.loads(row._asdict()[name] or "null")
    at = datetime.fromisoformat(row.at)
    return AuditEntry(**values | {"at": at if at.tzinfo else at.replace(tzinfo=UTC)})
