"""On PostgreSQL, what a browser or a command of ours asks for runs as the application's role in production.

What tests prepare and look at runs as the owner of the tables, whom the policies do not hold for: so each
view's test proves that the grants and the firms of the request are enough for it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import pytest
from django.core.handlers.base import BaseHandler
from django.db import connection, transaction

from riskalloc.firms.grants import ROLE, secure
from riskalloc.firms.models import User
from riskalloc.firms.tenancy import SystemCommand, _is_failed


def prepare() -> None:
    """The role, a member of which the owner is here, so that it may become it."""
    secure(ROLE)
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT {ROLE} TO CURRENT_USER")


@contextmanager
def as_app() -> Iterator[None]:
    """Past Django's cursors, so that nobody's queries are counted wrongly."""
    if connection.vendor != "postgresql" or not may_connect():
        yield
        return
    before = run("SELECT current_user, coalesce(current_setting('app.firms', true), '')")
    run(f"SELECT set_config('role', '{ROLE}', false), set_config('app.firms', '', false)")
    try:
        yield
    finally:
        if not _is_failed():  # a rollback undoes it too
            user, firms = before
            run(
                f"SELECT set_config('app.firms', '{firms}', false), set_config('role', '{user}', false)"
            )


def may_connect() -> bool:
    try:
        connection.ensure_connection()
    except RuntimeError:  # a test without a database
        return False
    return True


def run(statement: str) -> tuple[Any, ...]:
    connection.ensure_connection()
    return connection.connection.execute(statement).fetchone()


def switched(run: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(run)
    def as_the_app(*args: Any, **kwargs: Any) -> Any:
        with as_app():
            return run(*args, **kwargs)

    return as_the_app


@contextmanager
def everywhere() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseHandler, "get_response", switched(BaseHandler.get_response))
        patch.setattr(SystemCommand, "execute", switched(SystemCommand.execute))
        yield


@contextmanager
def standing_for(user: User | None) -> Iterator[None]:
    """As a request of this person sees it; of nobody, where there is none."""
    with as_app(), transaction.atomic():
        if user:
            query("SELECT riskalloc_stand_for(%s)", user.pk)
        yield


def query(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def of_the_wall() -> int:
    """More queries in the request of somebody who signed in: a savepoint, the firms, and its end."""
    return 3 if connection.vendor == "postgresql" else 0
