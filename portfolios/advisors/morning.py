"""What needs somebody today: the most urgent clients, and tiles that narrow the book down."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.http import urlencode

from portfolios.advisors import conditions
from portfolios.advisors.actions import Action, action_for, age_of, reason_for
from portfolios.advisors.book import Book, Row
from portfolios.advisors.facts import Facts, days_beyond, facts_of, titles_of_events

MOST_LINES = 10
TILES = ("mismatch", conditions.DRIFT, "overdue", "cash", "concentration")
# Drift in whole points, from each of these to the next.
BUCKETS = (0, 1, 2, 3, 5, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One line: a client, why, since when, and what to do."""

    client_id: UUID
    name: str
    word: str
    reason: str
    age: str
    action: Action
    rank: int


def needs(rows: Sequence[Row], book: Book) -> list[Need]:
    """Three queries. Each client's first reason; where there is room, the next ones of the same clients."""
    facts = facts_of(rows)
    events = titles_of_events(rows)
    beyond = days_beyond({row.id: facts[row.id] for row in rows if is_adrift(row)}, book.today)
    chosen = chosen_reasons(rows)
    found = [need(row, key, facts[row.id], events, beyond, book) for row, key in chosen]
    return sorted(found, key=lambda one: one.rank)


def is_adrift(row: Row) -> bool:
    return any(key in conditions.REBALANCE for key in row.holds)


def chosen_reasons(rows: Sequence[Row]) -> list[tuple[Row, str]]:
    reasons = {row.id: list(reasons_of(row)) for row in rows}
    longest = max(map(len, reasons.values()), default=0)
    in_turn = [
        (row, reasons[row.id][nth])
        for nth in range(longest)
        for row in rows
        if nth < len(reasons[row.id])
    ]
    return in_turn[:MOST_LINES]


def reasons_of(row: Row) -> Iterable[str]:
    """In the order of urgency; the three that a rebalance ends are one."""
    is_told = False
    for condition in conditions.MORNING:
        if condition.key not in row.holds:
            continue
        is_rebalance = condition.key in conditions.REBALANCE
        if not (is_rebalance and is_told):
            yield condition.key
        is_told = is_told or is_rebalance


def need(
    row: Row,
    key: str,
    owned: Sequence[Facts],
    events: Mapping[UUID, str],
    beyond: Mapping[UUID, int],
    book: Book,
) -> Need:
    return Need(
        client_id=row.id,
        name=row.name,
        word=conditions.word_of(key),
        reason=reason_for(row, key, owned, events.get(row.id, "")),
        age=age_of(row, key, beyond.get(row.id), book.today),
        action=action_for(row, key, owned),
        rank=list(conditions.BY_KEY).index(key),
    )


# -- The whole book, counted once -------------------------------------------------------------------------


class Kind(NamedTuple):
    """So many clients that are alike in what the tiles and charts ask."""

    label: str | None
    rank: int
    bucket: int | None
    flags: frozenset[str]
    clients: int


def survey(book: Book) -> tuple[list[Kind], list[UUID]]:
    """All counts of the page, whichever tiles are pressed, and who is the most urgent: one query."""
    columns = {
        "label": "latest.label",
        "bucket": bucket_sql(),
        **{key: f"CASE WHEN {conditions.sql_of(key)} THEN 1 ELSE 0 END" for key in TILES},
    }
    groups, urgent = book.survey(columns, MOST_LINES)
    return [kind_of(group) for group in groups], urgent


def kind_of(group: tuple[Any, ...]) -> Kind:
    rank, label, bucket, *found, count = group
    flags = frozenset(key for key, flag in zip(TILES, found, strict=True) if flag)
    return Kind(label=label, rank=rank, bucket=bucket, flags=flags, clients=count)


def in_need(kinds: Sequence[Kind]) -> int:
    """How many clients need a look."""
    return sum(kind.clients for kind in kinds if kind.rank < len(conditions.MORNING))


def bucket_sql() -> str:
    places = sorted(enumerate(BUCKETS), reverse=True)
    cases = " ".join(f"WHEN owned.drift >= {edge * 10**6} THEN {place}" for place, edge in places)
    return f"CASE {cases} END"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """`query` is the address that presses it or lets it go."""

    key: str
    word: str
    count: int
    is_on: bool
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """`query` leads to the list of those who are left."""

    tiles: tuple[Tile, ...]
    count: int
    query: str


def tiles_of(kinds: Sequence[Kind], chosen: Sequence[str]) -> Tiles:
    """Of those to whom all the pressed ones apply, how many each of the tiles would leave."""
    pressed = set(chosen)
    left = [kind for kind in kinds if pressed <= kind.flags]
    return Tiles(
        tiles=tuple(
            Tile(
                key=key,
                word=conditions.word_of(key),
                count=sum(kind.clients for kind in left if key in kind.flags),
                is_on=key in pressed,
                query=status_query([one for one in TILES if one in pressed ^ {key}]),
            )
            for key in TILES
        ),
        count=sum(kind.clients for kind in left),
        query=status_query([key for key in TILES if key in pressed]),
    )


def status_query(keys: Sequence[str]) -> str:
    return urlencode([("status", key) for key in keys])
