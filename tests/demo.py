"""The demo, loaded once for all tests of a module, each of which works in a savepoint."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from io import StringIO

import time_machine
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker


def run(**options: bool) -> str:
    out = StringIO()
    call_command("demo", stdout=out, **options)
    return out.getvalue()


@contextmanager
def loaded_once(blocker: DjangoDbBlocker) -> Iterator[str]:
    """What the command said."""
    with blocker.unblock(), transaction.atomic():
        with override_settings(DEBUG=True):
            said = run()
        yield said
        transaction.set_rollback(True)


@contextmanager
def loaded_on(day: date, blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loaded in the first minute of a day, which stays that minute."""
    minute = datetime.combine(day, time(0, 1), UTC)
    with time_machine.travel(minute, tick=False), loaded_once(blocker):
        yield
