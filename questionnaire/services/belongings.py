"""What other apps keep about a client. This app knows none of them: each enters itself at the start.

Their tables hang on the client by a foreign key and carry the client's firm, so that `leaving` moves and
deletes them like its own; here an app says what else has to happen.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice

from django.db import models

from questionnaire.models import ClientProfile
from riskalloc.firms.audit import By

Rows = Mapping[str, Iterable[models.Model]]  # by the name that the export has for them


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something in another app that a client's timeline tells of; `address` is where all of it stands."""

    at: datetime
    title: str
    text: str = ""
    by: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongings:
    """`lock`, `move` and `erase` run inside the transaction of leaving and deleting, the client locked.

    `lock` takes every lock that the other two need, and comes before anything is written. `move` comes when
    all rows have the new firm, `erase` before the client's row goes. `purge` says how many of what went.
    `happened` gives the newest of what a timeline tells, at most so many, newest first.
    """

    lock: Callable[[ClientProfile], None]
    move: Callable[[ClientProfile, By], None]
    erase: Callable[[ClientProfile], None]
    export: Callable[[ClientProfile], Rows]
    purge: Callable[[], Mapping[str, int]]
    add_demo: Callable[[], None]
    happened: Callable[[ClientProfile, int], Iterable[Happening]]


_entered: dict[str, Belongings] = {}


def enter(app: str, belongings: Belongings) -> None:
    """Once for each app, however often it starts."""
    _entered[app] = belongings


def entered() -> tuple[Belongings, ...]:
    return tuple(_entered.values())


def lock_all(client: ClientProfile) -> None:
    for belongings in entered():
        belongings.lock(client)


def move_all(client: ClientProfile, by: By) -> None:
    for belongings in entered():
        belongings.move(client, by)


def erase_all(client: ClientProfile) -> None:
    for belongings in entered():
        belongings.erase(client)


def rows_of(client: ClientProfile) -> Rows:
    return {name: rows for b in entered() for name, rows in b.export(client).items()}


def happened_to(client: ClientProfile, most: int) -> list[Happening]:
    lists = [belongings.happened(client, most) for belongings in entered()]
    return list(islice(merge(*lists, key=lambda one: one.at, reverse=True), most))


def purge_all() -> dict[str, int]:
    return {name: count for b in entered() for name, count in b.purge().items()}


def add_all_to_demo() -> None:
    for belongings in entered():
        belongings.add_demo()
