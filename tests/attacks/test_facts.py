"""What happened is never changed, and deleted only where a permission names it: every table of facts."""

from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations import RunPython
from django.db.migrations.loader import MigrationLoader

from portfolios.models import Plan, PlanMark, Target
from questionnaire.models import (
    Assessment,
    Erasure,
    LifeEvent,
    ModelMix,
    ModelRetirement,
    Note,
    Override,
    PublishedModels,
    Review,
    Tombstone,
)
from riskalloc.firms.facts import Facts
from riskalloc.firms.models import AuditEntry, ClosedFirm
from tests.access.cast import World
from tests.attacks.posting import PROJECT
from tests.portfolios.test_facts import CHANGES as OF_PORTFOLIOS

pytestmark = pytest.mark.django_db

# What may still change in a row: a client who leaves takes these along.
FACTS: dict[type[models.Model], tuple[str, ...]] = {
    AuditEntry: (),
    Assessment: (),
    LifeEvent: ("firm_id",),
    Override: ("firm_id",),
    Review: ("firm_id",),
    Note: (),
    Tombstone: (),
    PublishedModels: (),
    ModelMix: (),
    ModelRetirement: (),
    Target: ("firm_id",),
    Plan: ("firm_id",),
    PlanMark: ("firm_id",),
}
# Why the others are none.
CHANGES = {
    "firms.User": "people change their address and their password",
    "firms.Firm": "owners change what is settled",
    "firms.Membership": "roles change",
    "firms.Invitation": "is accepted or withdrawn",
    "firms.AuditHead": "moves on with each entry",
    "firms.Job": "is worked on",
    "firms.JobItem": "is done, or is not",
    "firms.ClosedFirm": "is itself a permission, and goes with what is closed again in a test",
    "questionnaire.ClientProfile": "is edited",
    "questionnaire.HouseholdMember": "comes and goes",
    "questionnaire.Assignment": "comes and goes",
    "questionnaire.Ownership": "a client who leaves takes it along",
    "questionnaire.Draft": "is being filled in",
    "questionnaire.ModelDraft": "is being worked on",
    "questionnaire.ModelsInUse": "is chosen anew",
    "questionnaire.Reminder": "a client who leaves takes it along",
    "questionnaire.Erasure": "is itself a permission",
    "portfolios.PriceImport": "is undone",
    "portfolios.SavedFilter": "is given another name, and deleted",
    **{f"portfolios.{name}": why for name, why in OF_PORTFOLIOS.items()},
}
# Texts that the database compares with a list first, before it asks whether they may change.
CHECKED = {"label"}
COLUMNS = [
    pytest.param(model, field.column, id=f"{model.__name__}-{field.column}")
    for model in FACTS
    for field in model._meta.concrete_fields
]


def declared() -> dict[str, Facts]:
    """The tables that migrations have given triggers, as the migrations say it."""
    found = {}
    for migration in MigrationLoader(None, ignore_no_migrations=True).graph.nodes.values():
        for operation in getattr(migration, "operations", ()):
            facts = getattr(getattr(operation, "code", None), "__self__", None)
            if isinstance(operation, RunPython) and isinstance(facts, Facts):
                found[facts.table] = facts
    return found


def guarded() -> set[str]:
    """The tables that have such triggers in the database."""
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS[connection.vendor])
        return {f"{table}: {name.removeprefix(table)}" for table, name in cursor.fetchall()}


TRIGGERS = {
    "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal",
}


@contextmanager
def refused() -> Any:
    with (
        pytest.raises(IntegrityError, match=r"never changed|deleted only where"),
        transaction.atomic(),
    ):
        yield


def run(statement: str, *values: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


# -- The table itself --------------------------------------------------------------------------------------


def test_every_table_is_either_a_fact_or_says_why_it_changes() -> None:
    ours = {m for label in PROJECT for m in apps.get_app_config(label).get_models()}
    changing = {apps.get_model(label) for label in CHANGES}
    assert ours == changing | FACTS.keys()
    assert not changing & FACTS.keys()


def test_every_fact_has_its_triggers_in_the_migrations_and_in_the_database() -> None:
    tables = {model._meta.db_table for model in FACTS}
    assert declared().keys() == tables
    events = ["_no_update", "_no_delete"]
    events += ["_no_truncate"] if connection.vendor == "postgresql" else []
    assert {f"{table}: {event}" for table in tables for event in events} <= guarded()


def test_all_columns_are_guarded_but_those_that_may_change() -> None:
    for model, free in FACTS.items():
        columns = {field.column for field in model._meta.concrete_fields}
        facts = declared()[model._meta.db_table]
        assert set(facts.columns or columns) == columns - set(free)


# -- Changing ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("model", "column"), COLUMNS)
def test_a_column_is_changed_neither_by_sql_nor_by_the_orm(
    model: type[models.Model], column: str, world: World
) -> None:
    change: list[Callable[[], object]] = [
        lambda: run(f"UPDATE {model._meta.db_table} SET {column} = {column}"),
        lambda: model._base_manager.update(**{attribute(model, column): models.F(column)}),
    ]
    for act in change:
        if column in FACTS[model]:
            act()
        else:
            with refused():
                act()


def attribute(model: type[models.Model], column: str) -> str:
    return next(f.name for f in model._meta.concrete_fields if f.column == column)


@pytest.mark.parametrize("model", FACTS)
def test_a_row_is_changed_by_no_other_way(model: type[models.Model], world: World) -> None:
    row = model._base_manager.order_by("pk").first()
    assert row is not None
    texts = (f for f in model._meta.concrete_fields if isinstance(f, models.CharField))
    free = (f.name for f in texts if not f.choices and f.name not in CHECKED)
    name = next(free, "firm_id")
    setattr(row, name, world.near.firm.pk if name == "firm_id" else "another")
    was = str(getattr(model._base_manager.get(pk=row.pk), name))
    unique, names = [model._meta.pk.name], ["firm" if name == "firm_id" else name]
    ways: list[Callable[[], object]] = [
        row.save,
        lambda: row.save(update_fields=names),
        lambda: model._base_manager.bulk_update([row], names),
        lambda: model._base_manager.bulk_create(
            [row], update_conflicts=True, update_fields=names, unique_fields=unique
        ),
    ]
    for way in ways:
        with refused():
            way()
    row.refresh_from_db()
    assert str(getattr(row, name)) == was


@pytest.mark.parametrize("model", FACTS)
def test_a_row_is_not_replaced(model: type[models.Model], world: World) -> None:
    """SQLite's REPLACE deletes what is in its way, by default without asking the trigger."""
    if connection.vendor != "sqlite":
        return
    table = model._meta.db_table
    with refused():
        run(f"REPLACE INTO {table} SELECT * FROM {table}")


# -- Deleting ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", FACTS)
def test_a_row_is_deleted_by_no_way(model: type[models.Model], world: World) -> None:
    row, table = model._base_manager.order_by("-pk").first(), model._meta.db_table
    assert row is not None
    count = model._base_manager.count()
    ways: list[Callable[[], object]] = [
        row.delete,
        model._base_manager.all().delete,
        lambda: model._base_manager.filter(pk=row.pk)._raw_delete(using="default"),
        lambda: run(f"DELETE FROM {table}"),
    ]
    if connection.vendor == "postgresql":
        ways += [lambda: run("SET CONSTRAINTS ALL IMMEDIATE") and run(f"TRUNCATE {table} CASCADE")]
    for way in ways:
        with refused():
            way()
    assert model._base_manager.count() == count


@pytest.mark.parametrize("model", FACTS)
def test_a_permission_opens_what_it_names_and_nothing_else(
    model: type[models.Model], world: World
) -> None:
    facts, table = declared()[model._meta.db_table], model._meta.db_table
    mine = nobodys(model, world) or model._base_manager.order_by("-pk").first()
    key = getattr(mine, facts.key)
    permit(facts, key)
    of_key = model._base_manager.filter(**{facts.key: key})
    others = model._base_manager.exclude(**{facts.key: key}).count()
    assert others
    with refused():
        run(f"DELETE FROM {table}")
    with refused():
        model._base_manager.update(**{model._meta.pk.name: models.F(model._meta.pk.name)})
    assert of_key.delete()[0] >= 1
    assert model._base_manager.count() == others


def nobodys(model: type[models.Model], world: World) -> models.Model | None:
    """An assessment on which nothing hangs."""
    return world.own.nobodys if model is Assessment else None


def permit(facts: Facts, key: Any) -> None:
    if facts.permits == ClosedFirm._meta.db_table:
        ClosedFirm.objects.create(firm_id=key, reason="test")
    else:
        named = key.hex if facts.is_uuid else key
        Erasure.objects.create(public_id=named, reason="test")
