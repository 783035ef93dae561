"""The second wall: with the scoping code switched off, PostgreSQL still gives nobody a foreign row.

As the role that the application runs as in production, in front of the cast of the access matrix.
"""

from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.db.models import Value

from questionnaire.models import Assessment, ClientProfile
from riskalloc.firms import tenancy
from riskalloc.firms.models import Firm, Membership, Role
from riskalloc.firms.tenancy import everything
from riskalloc.firms.walls import POLICY as POLICY_NAME
from tests.access.cast import World
from tests.access.cells import Browser, Cell, address_of, routes, things_of
from tests.access.policy import POLICY
from tests.as_app import query, standing_for
from tests.attacks.firms_rows import fill, firm_column, rows_of, tables

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
NOT_ALLOWED = "row-level security|permission denied|never changed|deleted only"


@pytest.fixture
def filled(world: World) -> World:
    fill(world.own)
    fill(world.foreign)
    return world


# -- Every table -------------------------------------------------------------------------------------------


def test_every_table_with_a_firm_has_a_policy_that_holds_for_its_owner_too() -> None:
    named = query(
        "SELECT table_name FROM information_schema.columns"
        " WHERE column_name = 'firm_id' AND table_schema = 'public'"
    )
    held = query(
        "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
        " WHERE c.relrowsecurity AND c.relforcerowsecurity AND p.polname = %s"
        " AND p.polqual IS NOT NULL AND p.polwithcheck IS NOT NULL",
        POLICY_NAME,
    )
    assert len(named) >= 30
    assert {*named} | {("firms_firm",), ("questionnaire_assessment",)} == {*held}


def test_a_row_is_compared_with_ids_and_no_text_is_made_into_ids_for_each() -> None:
    """A quarter of the time of a page about a whole firm."""
    with standing_for(None):
        for model in tables():
            plan = query(f"EXPLAIN (COSTS OFF) SELECT 1 FROM {model._meta.db_table}")
            said = " ".join(line for (line,) in plan)
            assert "= ANY" in said, model
            assert "::uuid[]" not in said, model


def test_every_table_has_rows_to_look_at(filled: World) -> None:
    """A new table finds its place in `firms_rows`."""
    for model in tables():
        for firm in (filled.own.firm, filled.foreign.firm):
            assert rows_of(model, firm).exists(), model


# -- Without the scoping code ------------------------------------------------------------------------------


def test_no_foreign_row_comes_back(filled: World) -> None:
    for name in ("owner", "advisor", "reader", "client", "stranger"):
        user = filled.users[name]
        mine = {*Membership.objects.filter(user=user).values_list("firm", flat=True)}
        assert filled.foreign.firm.pk not in mine
        with standing_for(user):
            for model in tables():
                column = firm_column(model)
                seen = {*model._base_manager.values_list(column, flat=True)}
                assert seen <= mine, f"{name} sees rows of {model.__name__}"
                assert not rows_of(model, filled.foreign.firm).exists()
                if name == "owner":
                    assert filled.own.firm.pk in seen, f"their own rows of {model.__name__}"


def test_results_of_other_firms_are_hidden_and_those_of_nobody_are_not(world: World) -> None:
    foreign = world.foreign.client.ownerships.first().assessment_id
    own = world.own.client.ownerships.first().assessment_id
    for user, expected in (
        (world.users["owner"], {own, world.own.nobodys.pk}),
        (None, {world.own.nobodys.pk}),
    ):
        with standing_for(user):
            found = Assessment._base_manager.filter(pk__in=[own, foreign, world.own.nobodys.pk])
            assert {*found.values_list("pk", flat=True)} == expected
            assert not Assessment.objects.live().filter(pk=foreign).exists()  # it is not nobody's


def test_no_foreign_row_is_changed_or_deleted(filled: World) -> None:
    with standing_for(filled.users["owner"]):
        for model in tables():
            rows = rows_of(model, filled.foreign.firm)
            column = firm_column(model)
            changed = {column: filled.own.firm.pk}
            assert touched(lambda rows=rows, to=changed: rows.update(**to)) == 0, model
            assert touched(lambda rows=rows: rows._raw_delete(rows.db)) == 0, model
    for model in tables():
        assert rows_of(model, filled.foreign.firm).exists()


def touched(write: Any) -> int:
    """How many rows; none where the role may not even try."""
    try:
        with transaction.atomic():
            return write()
    except DatabaseError as error:
        if "permission denied" not in str(error):
            raise
        return 0


def test_no_row_is_put_into_a_foreign_firm(filled: World) -> None:
    """A copy of a foreign row meets the policy before its key; an own row cannot be given away."""
    copies = {model: rows_of(model, filled.foreign.firm).first() for model in tables()}
    with standing_for(filled.users["owner"]):
        for model, copy in copies.items():
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                insert(copy)
            if model is not Firm:
                own = rows_of(model, filled.own.firm)
                with pytest.raises(DatabaseError, match=NOT_ALLOWED), transaction.atomic():
                    own.update(firm_id=filled.foreign.firm.pk)


def insert(row: models.Model) -> None:
    fields = row._meta.concrete_fields
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    marks = ", ".join("%s" for _ in fields)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {row._meta.db_table} ({columns}) VALUES ({marks})", values)


def test_where_nothing_is_set_there_is_nothing(filled: World) -> None:
    copies = {model: rows_of(model, filled.own.firm).first() for model in tables()}
    with standing_for(None):
        for model, copy in copies.items():
            assert not model._base_manager.exists(), model
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                insert(copy)


def test_no_page_shows_a_foreign_row_though_every_query_asks_for_all(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page with the ids of the foreign firm, for its neighbour's owner and client."""
    normal = statuses(world)
    switch_off(monkeypatch)
    browser = Browser(world)
    for (name, actor), status in normal.items():
        answer = get(browser, name, actor)
        assert world.leaked(answer.content.decode(), actor) == [], f"{name} by {actor}"
        if status == 404:
            assert answer.status_code == 404, f"{name} by {actor}"


def statuses(world: World) -> dict[tuple[str, str], int]:
    browser = Browser(world)
    named = [
        name
        for name, route in routes().items()
        if name in POLICY and "foreign" in things_of(route) and not name.startswith("staff:")
    ]
    assert len(named) > 40
    return {
        (name, actor): get(browser, name, actor).status_code
        for name in named
        for actor in ("owner", "client")
    }


def get(browser: Browser, name: str, actor: str) -> Any:
    cell = Cell(route=name, actor=actor, way="GET", thing="foreign", expected="")
    return browser.send(address_of(browser.world, routes()[name], "foreign"), cell, {})


def switch_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody owns every firm and sees every client: all other scopes are built on these two."""

    def all_clients(self: Any, user: Any) -> Any:
        return self.annotate(viewer_role=Value(Role.OWNER.value))

    def all_firms(self: Any, user: Any, roles: Any = ()) -> Any:
        return self.all()

    monkeypatch.setattr(type(ClientProfile.objects.all()), "visible_to", all_clients)
    monkeypatch.setattr(type(Firm.objects.all()), "_with_membership", all_firms)


def test_that_the_scoping_code_is_switched_off_shows_without_the_wall(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the test above would prove nothing."""
    switch_off(monkeypatch)
    monkeypatch.setattr(
        tenancy, "stand_for", lambda request, own: own.begin() or everything_for(own)
    )
    browser = Browser(world)
    assert get(browser, "client", "owner").status_code == 200
    assert get(browser, "portfolio", "owner").status_code == 200


def everything_for(own: Any) -> None:
    own.enter_context(everything())
