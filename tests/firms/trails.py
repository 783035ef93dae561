"""Trails for tests, and ways around the triggers that guard them."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from uuid import UUID

from django.db import connection, transaction

from riskalloc.firms.audit import By, record
from riskalloc.firms.models import AuditEntry, Firm
from tests.factories import FirmFactory

ACTIONS = ("profile created", "profile changed", "assessment added", "member added")
NAMES = ("Demo Ärmel", "😀 demo", "\u202eomed\u202c", "Demo <b>", "O'Demo", "")


@transaction.atomic
def make_trail(firm: Firm, length: int, seed: int = 1) -> list[AuditEntry]:
    chance = Random(seed)
    by = By(name="demo@example.org", on_behalf_of="Demo client", request_id="ab" * 8)
    return [
        record(
            by=chance.choice((by, By())),
            firm_id=firm.pk,
            action=chance.choice(ACTIONS),
            of=firm,
            about=chance.choice((None, UUID(int=chance.getrandbits(128)))),
            before=chance.choice((None, {"name": chance.choice(NAMES), "version": number})),
            after={"name": chance.choice(NAMES), "notes": None, "is_demo": True},
        )
        for number in range(length)
    ]


def make_trails(*lengths: int) -> list[Firm]:
    firms = FirmFactory.create_batch(len(lengths))
    for seed, (firm, length) in enumerate(zip(firms, lengths, strict=True)):
        make_trail(firm, length, seed)
    return firms


@contextmanager
def unguarded() -> Iterator[None]:
    """What somebody can do who owns the database: no triggers. Everything is undone at the end."""
    table = AuditEntry._meta.db_table
    on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
    with transaction.atomic():
        with connection.cursor() as cursor:
            for deed in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER {table}_no_{deed}{on_table}")
        yield
        transaction.set_rollback(True)
