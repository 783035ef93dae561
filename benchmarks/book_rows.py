"""Books of any size on PostgreSQL: one that `demo_book` would make, and copies of it beside it in its firm.

A copy has the same people under keys of its own: the key of each row's copy is a hash of the row's key and
the copy's number, so that whoever points to it knows it without looking.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import Field, ForeignKey, Model, UUIDField

from portfolios.demo.book import Book, build_book
from portfolios.demo.book_holdings import Shape
from portfolios.models import (
    Account,
    DayValue,
    Holding,
    Plan,
    PlanMark,
    Policy,
    Portfolio,
    Standing,
    Target,
)
from questionnaire.models import (
    Assessment,
    Assignment,
    ClientProfile,
    LifeEvent,
    Ownership,
)
from riskalloc.firms.models import Membership, Role, User

HOLDINGS = 12
SEED_BOOK = 1_000  # portfolios, and clients: one each
AT_ONCE = 25  # copies in one transaction
# In the order in which they point to each other.
COPIED: tuple[type[Model], ...] = (
    User, Membership, ClientProfile, Assignment, Assessment, Ownership, LifeEvent, Portfolio, Policy,
    Account, Holding, Target, Standing, DayValue, Plan, PlanMark,
)  # fmt: skip
# What differs between copies beside the keys.
CHANGED: dict[tuple[type[Model], str], str] = {
    (User, "email"): "copy || '.' || email",
    (ClientProfile, "email"): "copy || '.' || email",
    (Assessment, "public_id"): "substr(md5(public_id || copy), 1, 22)",
}
# Who is copied: the firm has one owner, and other firms nothing to do with it.
ONLY: dict[type[Model], str] = {
    User: f"""id IN (SELECT user_id FROM firms_membership
        WHERE firm_id = %(firm)s AND role = '{Role.ADVISOR.value}')""",
    Membership: f"firm_id = %(firm)s AND role = '{Role.ADVISOR.value}'",
    Assessment: """id IN (SELECT assessment_id FROM questionnaire_ownership WHERE firm_id = %(firm)s)""",
}


def book_of(portfolios: int, *, has_past: bool = False) -> Book:
    """A firm with so many portfolios (whole thousands, or fewer than one) of twelve holdings, analyzed."""
    first = min(portfolios, SEED_BOOK)
    book = build_book(
        clients=first,
        firm_name=f"Demo book of {portfolios:,}",
        shape=Shape(holdings=(HOLDINGS, HOLDINGS), second=0.0),
        has_past=has_past,
    )
    strides, copies = strides_of(), -(-portfolios // first)
    for start in range(1, copies, AT_ONCE):
        copy(book, strides, start, min(copies, start + AT_ONCE) - 1)
    with connection.cursor() as cursor:
        for model in COPIED:
            cursor.execute(f"DROP TABLE IF EXISTS first_{model._meta.db_table}")
        cursor.execute("VACUUM ANALYZE")
    return book


def strides_of() -> dict[type[Model], int]:
    """How far the numbers of a copy lie behind the numbers before, where rows are numbered."""
    strides: dict[type[Model], int] = {}
    with connection.cursor() as cursor:
        for model in (User, Assessment):
            cursor.execute(f"SELECT max(id) FROM {model._meta.db_table}")
            (strides[model],) = cursor.fetchone()
    return strides


@transaction.atomic
def copy(book: Book, strides: dict[type[Model], int], first: int, last: int) -> None:
    named: dict[str, Any] = {"firm": book.firm.pk, "first": first, "last": last}
    with connection.cursor() as cursor:
        if first == 1:
            originals(cursor, book)
        for model in COPIED:
            cursor.execute(copy_sql(model, strides), named)
        for model in strides:
            table = model._meta.db_table
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
            )


def originals(cursor: Any, book: Book) -> None:
    """The rows of the first book, set aside before there is any copy."""
    for model in COPIED:
        table = model._meta.db_table
        which = ONLY.get(model, "firm_id = %(firm)s")
        cursor.execute(
            f"CREATE TEMP TABLE first_{table} AS SELECT * FROM {table} WHERE {which}",
            {"firm": book.firm.pk},
        )


def copy_sql(model: type[Model], strides: dict[type[Model], int]) -> str:
    parts = list(columns_of(model, strides))
    names, values = (", ".join(column) for column in zip(*parts, strict=True))
    table = model._meta.db_table
    return f"""
    INSERT INTO {table} ({names})
    SELECT {values} FROM first_{table}, generate_series(%(first)s, %(last)s) copy
    """  # names of columns only


def columns_of(model: type[Model], strides: dict[type[Model], int]) -> Iterator[tuple[str, str]]:
    """Each column with what it is in a copy; without numbers that the database gives."""
    for field in model._meta.concrete_fields:
        column, target = str(field.column), key_of(field)
        if (model, field.name) in CHANGED:
            yield column, CHANGED[model, field.name]
        elif target in strides:
            yield column, f"{column} + copy * {strides[target]}"
        elif target in COPIED and is_uuid(target):
            yield column, f"md5({column}::text || copy)::uuid"
        elif not field.primary_key:
            yield column, column


def key_of(field: Any) -> type[Model] | None:
    """The model that a column names a row of, itself included."""
    if isinstance(field, ForeignKey):
        model: type[Model] = field.related_model
        return model
    return field.model if field.primary_key else None


def is_uuid(model: type[Model]) -> bool:
    key: Field[Any, Any] = model._meta.pk
    while isinstance(key, ForeignKey):
        key = key.target_field
    return isinstance(key, UUIDField)
