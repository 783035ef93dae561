"""The second wall: PostgreSQL gives a transaction the rows of its firms, and no others.

`visible_to` is the first wall, and says more; this one holds where somebody forgot it. The firms stand in a
setting of the transaction (`riskalloc.firms.walls` has the policies) and are gone when it ends: where
nothing is set, there are no rows. On SQLite, where there are no policies, all of this does nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection, models, transaction
from django.db.transaction import TransactionManagementError
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]
EVERYTHING = "everything"


def stands() -> bool:
    return connection.vendor == "postgresql"


# -- For whom a block works ----------------------------------------------------------------------------------


@contextmanager
def within(firm_id: UUID) -> Iterator[None]:
    """A transaction for one firm: a job's step, or a task's."""
    with transaction.atomic(), _seeing(str(firm_id)):
        yield


@contextmanager
def everything() -> Iterator[None]:
    """All firms: for work that is nobody's. A test names who may."""
    with _seeing(EVERYTHING):
        yield


class SystemCommand(BaseCommand):
    """A command of `manage.py` that works for all firms."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        with everything():
            return super().execute(*args, **options)


@contextmanager
def _seeing(firms: str) -> Iterator[None]:
    """Inside a transaction for its length at most; outside of any for the block, on this connection."""
    if not stands():
        yield
        return
    before = _set(firms)
    try:
        yield
    finally:
        if not _is_failed():  # a transaction that fails takes its settings along
            _set(before)


def _set(firms: str) -> str:
    """What was there before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('app.firms', true), ''), set_config('app.firms', %s, %s)",
            [firms, connection.in_atomic_block],
        )
        before: str = cursor.fetchone()[0]
    return before


def _is_failed() -> bool:
    """Whether nothing but a rollback can follow."""
    raw = connection.connection
    if raw is None or raw.closed or connection.needs_rollback:
        return connection.in_atomic_block
    return raw.info.transaction_status.name == "INERROR"


# -- Doors ---------------------------------------------------------------------------------------------------


def admit(*firm_ids: UUID) -> None:
    """These firms too, until the transaction ends: for whoever has a right to them that is no membership."""
    if not stands() or not firm_ids:
        return
    _begin()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.firms', CASE before WHEN 'everything' THEN before"
            " ELSE concat_ws(',', nullif(before, ''), %s) END, true)"
            " FROM coalesce(current_setting('app.firms', true), '') AS before",
            [",".join(map(str, firm_ids))],
        )


def admit_to(rows: models.QuerySet[Any], firm: str = "firm") -> None:
    """The firm of a row that a token, a signature or an address has named."""
    if not stands():
        return
    _begin()
    with everything():
        firms = list(rows.order_by().values_list(firm, flat=True).distinct())
    admit(*firms)


def admit_to_everything() -> None:
    """All firms, until the transaction ends: staff who have shown a second factor."""
    if stands():
        _begin()
        _set(EVERYTHING)


def unless_hidden(model: type[models.Model], wanted: UUID) -> UUID:
    """The id that a form brought for a new row; another one where a row that is not seen from here has it."""
    rows = model._base_manager.filter(pk=wanted)
    if not stands() or rows.exists():
        return wanted
    with everything():
        return uuid4() if rows.exists() else wanted


# -- Requests ------------------------------------------------------------------------------------------------


class OwnTransaction(ExitStack):
    """The transaction of a request: begun when it is first needed, so that a page without data needs none."""

    is_begun = False

    def begin(self) -> None:
        if not self.is_begun:
            self.enter_context(transaction.atomic())
            self.is_begun = True

    def undo(self) -> None:
        if self.is_begun:
            transaction.set_rollback(True)


_of_request: ContextVar[OwnTransaction | None] = ContextVar("of_request", default=None)


def _begin() -> None:
    if connection.in_atomic_block:
        return
    of_request = _of_request.get()
    if of_request is None:
        raise TransactionManagementError("A door is open until the transaction ends: begin one.")
    of_request.begin()


def behind_the_wall(get_response: Handler) -> Handler:
    """Each request in a transaction that sees the firms of whoever signed in, and nothing for others."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not stands():
            return get_response(request)
        with OwnTransaction() as own:
            before = _of_request.set(own)
            try:
                if settings.SESSION_COOKIE_NAME in request.COOKIES:
                    stand_for(request, own)
                response = get_response(request)
            finally:
                _of_request.reset(before)
            if response.status_code >= 500:
                own.undo()
            elif own.is_begun and _is_failed():  # its COMMIT would be a silent ROLLBACK
                raise TransactionManagementError("An error of the database was swallowed.")
        return response

    return middleware


def stand_for(request: HttpRequest, own: OwnTransaction) -> None:
    if request.user.is_authenticated:
        own.begin()
        with connection.cursor() as cursor:
            cursor.execute("SELECT riskalloc_stand_for(%s)", [request.user.pk])
