"""Targets, plans and their marks are never changed; every row is of the firm and the client it hangs on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations import RunPython
from django.db.migrations.loader import MigrationLoader

from portfolios.models import Plan, PlanMark, Target
from questionnaire.models import ClientProfile, Erasure
from questionnaire.services.leaving import leave_firm
from riskalloc.firms.facts import Facts
from tests.erasing import erase_facts
from tests.factories import ClientFactory, FirmFactory, make_own_client
from tests.portfolios.whole import BY, OF_CLIENT, TENANTS, make_whole, strays

FACTS: dict[type[models.Model], tuple[str, ...]] = {
    Target: ("firm_id",),  # a client who leaves takes them along
    Plan: ("firm_id",),
    PlanMark: ("firm_id",),
}
# Why the others are none.
CHANGES = {
    "Portfolio": "is renamed and put aside",
    "Account": "is edited",
    "Holding": "is edited",
    "Security": "has a new price now and then",
    "ExchangeRate": "is typed anew",
    "Policy": "is edited",
    "Standing": "is derived anew",
    "DayValue": "is derived until the day is over",
    "Paste": "is undone",
}


@pytest.fixture
def two(db: None) -> list[ClientProfile]:
    """Clients of one firm, each with everything."""
    firm = FirmFactory()
    clients = [make_own_client(firm=firm), ClientFactory(firm=firm)]
    for client in clients:
        make_whole(client)
    return clients


@contextmanager
def refused() -> Iterator[None]:
    with (
        pytest.raises(IntegrityError, match=r"never changed|deleted only where"),
        transaction.atomic(),
    ):
        yield


def run(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


def declared() -> dict[str, Facts]:
    """The tables that the migrations have given triggers."""
    found = {}
    for (app, _), migration in MigrationLoader(None).graph.nodes.items():
        if app != "portfolios":
            continue
        for operation in migration.operations:
            facts = getattr(getattr(operation, "code", None), "__self__", None)
            if isinstance(operation, RunPython) and isinstance(facts, Facts):
                found[facts.table] = facts
    return found


# -- Facts -------------------------------------------------------------------------------------------------


def test_every_table_is_either_a_fact_or_says_why_it_changes() -> None:
    assert {model.__name__ for model in TENANTS} == {m.__name__ for m in FACTS} | CHANGES.keys()
    assert declared().keys() == {model._meta.db_table for model in FACTS}


def test_all_columns_are_guarded_but_those_that_may_change() -> None:
    for model, free in FACTS.items():
        columns = {field.column for field in model._meta.concrete_fields}
        assert set(declared()[model._meta.db_table].columns) == columns - set(free)


@pytest.mark.parametrize("model", FACTS)
def test_a_column_is_changed_neither_by_sql_nor_by_the_orm(
    model: type[models.Model], two: list[ClientProfile]
) -> None:
    for field in model._meta.concrete_fields:
        statement = f"UPDATE {model._meta.db_table} SET {field.column} = {field.column}"
        for way in (partial(run, statement), partial(set_to_itself, model, field.name)):
            if field.column in FACTS[model]:
                way()
            else:
                with refused():
                    way()


def set_to_itself(model: type[models.Model], name: str) -> None:
    model._base_manager.update(**{name: models.F(name)})


@pytest.mark.parametrize("model", FACTS)
def test_a_row_is_changed_by_no_other_way(
    model: type[models.Model], two: list[ClientProfile]
) -> None:
    row = model._base_manager.order_by("pk").first()
    before, row.made_by = row.made_by, "another"
    ways: list[Callable[[], object]] = [
        row.save,
        lambda: row.save(update_fields=["made_by"]),
        lambda: model._base_manager.bulk_update([row], ["made_by"]),
        lambda: model._base_manager.bulk_create(
            [row], update_conflicts=True, update_fields=["made_by"], unique_fields=["id"]
        ),
    ]
    if connection.vendor == "sqlite":  # REPLACE deletes what is in its way
        table = model._meta.db_table
        ways.append(lambda: run(f"REPLACE INTO {table} SELECT * FROM {table}"))
    for way in ways:
        with refused():
            way()
    row.refresh_from_db()
    assert row.made_by == before


@pytest.mark.parametrize("model", FACTS)
def test_a_row_is_deleted_by_no_way(model: type[models.Model], two: list[ClientProfile]) -> None:
    row, count = model._base_manager.order_by("pk").first(), model._base_manager.count()
    table = model._meta.db_table
    ways: list[Callable[[], object]] = [
        row.delete,
        model._base_manager.all().delete,
        lambda: model._base_manager.filter(pk=row.pk)._raw_delete(using="default"),
        lambda: run(f"DELETE FROM {table}"),
        two[0].portfolios.get().delete,
    ]
    if connection.vendor == "postgresql":
        ways.append(
            lambda: run("SET CONSTRAINTS ALL IMMEDIATE") and run(f"TRUNCATE {table} CASCADE")
        )
    for way in ways:
        with refused():
            way()
    assert model._base_manager.count() == count


@pytest.mark.parametrize("model", FACTS)
def test_a_permission_opens_what_it_names_and_nothing_else(
    model: type[models.Model], two: list[ClientProfile]
) -> None:
    mine, table = two[0], model._meta.db_table
    Erasure.objects.create(public_id=mine.pk.hex, reason="test")
    with refused():
        run(f"DELETE FROM {table}")
    with refused():
        model._base_manager.update(made_by="another")
    PlanMark.objects.filter(client=mine).delete()
    model._base_manager.filter(client=mine).delete()
    assert model._base_manager.get().client_id == two[1].pk


# -- Whose a row is ----------------------------------------------------------------------------------------


def test_every_table_names_its_firm_and_every_one_but_securities_its_client() -> None:
    for model in TENANTS:
        columns = {field.name: field for field in model._meta.concrete_fields}
        assert not columns["firm"].null
        assert model not in OF_CLIENT or not columns["client"].null


def test_a_child_is_of_the_firm_and_of_the_client_of_its_parents(two: list[ClientProfile]) -> None:
    assert all(model._base_manager.filter(client=two[0]).exists() for model in OF_CLIENT)
    assert strays() == []
    leave_firm(client=two[0], by=BY)
    assert strays() == []


@pytest.mark.parametrize("owner", ["firm", "client"])
def test_a_stray_would_be_found(two: list[ClientProfile], owner: str) -> None:
    other = ClientFactory()
    for model in OF_CLIENT:
        if model in FACTS and owner == "client":
            continue
        row = model._base_manager.filter(client=two[0]).first()
        theirs = getattr(row, owner)
        of_row = model._base_manager.filter(pk=row.pk)
        of_row.update(**{owner: other if owner == "client" else other.firm})
        assert any(model.__name__ in name for name in strays()), model
        of_row.update(**{owner: theirs})
    assert strays() == []


# -- Migrations --------------------------------------------------------------------------------------------


@pytest.fixture
def _filled(transactional_db: None) -> Iterator[None]:
    make_whole(ClientFactory())
    yield
    call_command("migrate", verbosity=0)
    erase_facts()


DERIVED = (
    "largest",
    "behaves_like",
)  # of a standing: a migration empties them, a refresh fills them


def stored() -> dict[str, list[Any]]:
    return {m.__name__: list(m._base_manager.order_by("pk").values_list(*kept(m))) for m in TENANTS}


def kept(model: type[models.Model]) -> list[str]:
    names = (field.attname for field in model._meta.concrete_fields)
    return [name for name in names if name not in DERIVED]


@pytest.mark.usefixtures("_filled")
def test_filled_tables_lose_their_triggers_and_get_them_back_with_every_row() -> None:
    before = stored()
    call_command("migrate", "portfolios", "0001", verbosity=0)
    Target.objects.update(made_by=models.F("made_by"))
    call_command("migrate", "portfolios", verbosity=0)
    assert stored() == before
    for model in FACTS:
        with refused():
            model._base_manager.update(made_by="another")


@pytest.mark.usefixtures("_filled")
def test_the_tables_go_and_come_back_empty() -> None:
    client = ClientProfile.objects.get()
    call_command("migrate", "portfolios", "zero", verbosity=0)
    assert not any(table.startswith("portfolios_") for table in tables())
    call_command("migrate", "portfolios", verbosity=0)
    assert not any(rows for rows in stored().values())
    portfolio = make_whole(ClientProfile.objects.get(pk=client.pk))
    assert isinstance(portfolio.pk, UUID)
    with refused():
        Target.objects.all().delete()


def tables() -> list[str]:
    with connection.cursor() as cursor:
        return connection.introspection.table_names(cursor)
