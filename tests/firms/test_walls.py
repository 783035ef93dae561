"""Row-level security: what a block and a request see, what a connection remembers, and what the role may do.

`tests/attacks/test_row_level_security.py` looks at every table.
"""

from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test import Client

from questionnaire.models import ClientProfile
from riskalloc.firms.audit import By
from riskalloc.firms.grants import ROLE
from riskalloc.firms.models import AuditEntry, Firm, Membership, Role, User
from riskalloc.firms.services.founding import found_practice
from riskalloc.firms.tenancy import admit, admit_to, everything, unless_hidden, within
from riskalloc.firms.walls import POLICY
from tests.as_app import as_app, query, standing_for
from tests.factories import (
    ClientFactory,
    FirmFactory,
    MembershipFactory,
    UserFactory,
    make_own_client,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def firms_now() -> str:
    return query("SELECT coalesce(current_setting('app.firms', true), '')")[0][0]


# -- Blocks and doors --------------------------------------------------------------------------------------


def test_a_block_sees_its_firm_and_then_what_was_seen_before() -> None:
    user, foreign = UserFactory(), FirmFactory()
    own = MembershipFactory(user=user).firm
    with standing_for(user):
        assert firms_now() == str(own.pk)
        with within(foreign.pk):
            assert {*Firm.objects.all()} == {foreign}
            with everything():
                assert {own, foreign} <= {*Firm.objects.all()}
            assert firms_now() == str(foreign.pk)
        assert {*Firm.objects.all()} == {own}
        admit(foreign.pk)
        assert {*Firm.objects.all()} == {own, foreign}


@pytest.mark.parametrize("block", [everything, lambda: within(FirmFactory.build().pk)])
@pytest.mark.parametrize("is_of_database", [True, False])
def test_a_block_that_fails_leaves_nothing_open(block: Any, is_of_database: bool) -> None:
    def fail() -> None:
        with transaction.atomic(), block():
            query("SELECT 1/0") if is_of_database else 1 / 0

    with standing_for(None):
        with pytest.raises((ZeroDivisionError, DatabaseError)):
            fail()
        assert firms_now() == ""


def test_a_door_opens_for_the_firm_of_what_was_named_and_for_no_other() -> None:
    client = ClientFactory()
    ClientFactory()
    with standing_for(None):
        admit_to(ClientProfile.objects.none())
        assert firms_now() == ""
        admit_to(ClientProfile.objects.filter(pk=client.pk))
        assert firms_now() == str(client.firm_id)


def test_an_id_that_a_hidden_row_has_is_not_taken() -> None:
    hidden, seen = ClientFactory(), make_own_client()
    with standing_for(seen.membership.user):
        assert unless_hidden(ClientProfile, seen.pk) == seen.pk
        assert unless_hidden(ClientProfile, hidden.pk) != hidden.pk


def test_a_door_is_never_left_open_outside_of_a_transaction(transactional_db: None) -> None:
    with pytest.raises(TransactionManagementError, match="door"):
        admit(FirmFactory.build().pk)


# -- Requests ----------------------------------------------------------------------------------------------


def at_home(monkeypatch: pytest.MonkeyPatch, does: Any) -> None:
    """What a page does that everybody may open."""
    monkeypatch.setattr("questionnaire.views.start.own_draft", does)


@pytest.fixture
def reader(client: Client) -> Membership:
    membership = MembershipFactory(role=Role.READER)
    client.force_login(membership.user)
    client.raise_request_exception = False
    return membership


def test_the_next_request_on_a_connection_finds_nothing_of_the_last(
    transactional_db: None, client: Client, reader: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    at_home(monkeypatch, lambda request: seen.append(firms_now()))
    assert client.get("/").status_code == Client().get("/").status_code == 200
    assert seen == [str(reader.firm_id), ""]
    assert firms_now() == ""
    at_home(monkeypatch, lambda request: query("SELECT 1/0"))
    assert client.get("/").status_code == 500
    assert firms_now() == ""


def test_a_command_leaves_nothing_on_its_connection(transactional_db: None) -> None:
    with everything():
        assert firms_now() == "everything"
        with transaction.atomic():
            assert firms_now() == "everything"
    assert firms_now() == ""


def test_what_a_failed_request_wrote_is_undone(
    transactional_db: None, client: Client, reader: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one whose view swallows an error of the database is not called done: nothing was committed."""

    def writes_and_fails(request: Any) -> None:
        User.objects.filter(pk=reader.user_id).update(is_staff=True)
        raise ValueError

    def swallows(request: Any) -> None:
        with pytest.raises(DatabaseError):
            query("SELECT 1/0")

    for does in (writes_and_fails, swallows):
        at_home(monkeypatch, does)
        assert client.get("/").status_code == 500
        reader.user.refresh_from_db()
        assert not reader.user.is_staff


# -- The role ----------------------------------------------------------------------------------------------


def test_the_role_has_no_powers() -> None:
    powers = "rolsuper, rolbypassrls, rolcreatedb, rolcreaterole"
    assert query(f"SELECT {powers} FROM pg_roles WHERE rolname = %s", ROLE) == [(False,) * 4]
    owners = query("SELECT tableowner FROM pg_tables WHERE schemaname = 'public'")
    assert (ROLE,) not in owners


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE firms_auditentry SET actor_name = 'demo'",
        "UPDATE questionnaire_assessment SET rti = 5",
        "UPDATE questionnaire_note SET text = 'demo'",
        "UPDATE portfolios_plan SET made_at = now()",
        "TRUNCATE firms_auditentry",
        "ALTER TABLE firms_auditentry DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE firms_auditentry DISABLE TRIGGER ALL",
        f"DROP POLICY {POLICY} ON firms_auditentry",
        "DELETE FROM django_migrations",
        "CREATE TABLE public.demo (id int)",
        f"ALTER ROLE {ROLE} BYPASSRLS",
    ],
)
def test_the_role_may_not(statement: str) -> None:
    refused = "permission denied|must be owner|BYPASSRLS"
    with as_app(), pytest.raises(DatabaseError, match=refused), transaction.atomic():
        connection.cursor().execute(statement)


def test_the_role_deletes_entries_only_of_a_firm_that_is_closed() -> None:
    user = UserFactory()
    firm = found_practice(name="Demo practice", owner=user, by=By(user=user, name=user.email))
    entries = AuditEntry.objects.filter(firm=firm)
    assert entries.exists()
    with (
        standing_for(user),
        pytest.raises(DatabaseError, match="deleted only"),
        transaction.atomic(),
    ):
        entries._raw_delete(entries.db)


def grants() -> list[tuple[Any, ...]]:
    return query("SELECT relname, relacl::text FROM pg_class WHERE relacl IS NOT NULL ORDER BY 1")


def test_securing_again_changes_nothing_and_takes_no_role_that_passes_the_wall() -> None:
    before = grants()
    call_command("secure_database", verbosity=0)
    assert grants() == before
    with pytest.raises(CommandError, match="owns the tables"):
        call_command("secure_database", "--role", query("SELECT current_user")[0][0])


def test_what_migrations_make_is_granted_like_the_rest() -> None:
    """A new table of facts comes with the right to change it, which the role must not keep."""
    before = grants()
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT UPDATE ON questionnaire_assessment TO {ROLE}")
        cursor.execute("CREATE ROLE demo_reader")
        cursor.execute(
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO demo_reader"
        )
    assert grants() != before
    call_command("migrate", verbosity=0)
    assert grants() == before


def test_a_deployment_that_passes_the_wall_is_warned() -> None:
    def is_warned() -> bool:
        messages = run_checks(include_deployment_checks=True)
        return "riskalloc.W001" in {message.id for message in messages}

    assert is_warned()
    with as_app():
        assert not is_warned()
