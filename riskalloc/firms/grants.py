"""The role that the application runs as: neither owner nor superuser, so that the walls hold for it."""

from collections.abc import Iterator

from django.db import connection, transaction
from psycopg import sql

ROLE = "riskalloc_app"
TRAIL = "firms_auditentry"
LATER = "ALTER DEFAULT PRIVILEGES IN SCHEMA public"  # what the next migrations make
# Facts have a trigger of this name; the columns that it watches never change. PostgreSQL lets nobody lock a
# row who may change none of its columns: the firm is one that they may, if the trigger lets them.
FACTS = """
SELECT c.relname, coalesce(array_agg(a.attname) FILTER (
    WHERE a.attname = 'firm_id'
        OR array_length(t.tgattr::int2[], 1) > 0 AND a.attnum <> ALL (t.tgattr::int2[])
), '{}')
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE t.tgname = c.relname || '_no_update' AND c.relnamespace = current_schema()::regnamespace
GROUP BY c.relname ORDER BY c.relname
"""
STANDING = """
SELECT r.rolsuper OR r.rolbypassrls, pg_has_role(r.oid, c.relowner, 'MEMBER')
FROM pg_roles r, pg_class c
WHERE r.rolname = %s AND c.oid = 'firms_firm'::regclass
"""
# Who was promised to write in tables that their owner makes later; not somebody's role that only reads.
PROMISED = """
SELECT r.rolname FROM pg_default_acl d, aclexplode(d.defaclacl) a JOIN pg_roles r ON r.oid = a.grantee
WHERE d.defaclnamespace = current_schema()::regnamespace AND d.defaclrole = current_user::regrole
    AND d.defaclobjtype = 'r' AND a.privilege_type = 'INSERT' AND a.grantee <> d.defaclrole
    AND NOT (r.rolsuper OR r.rolbypassrls) AND to_regclass('firms_firm') IS NOT NULL
"""


class TooPowerful(Exception):
    """The role would pass through the walls."""


@transaction.atomic
def secure(role: str = ROLE, password: str = "") -> None:
    """Make the role if there is none, and grant it what the product needs and no more."""
    with connection.cursor() as cursor:
        for statement in made(role, password):
            cursor.execute(statement)
    grant(role)


def secure_again() -> None:
    """After migrations: what they made is granted like the rest, to each role that was secured before."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(PROMISED)
        roles = [name for (name,) in cursor.fetchall()]
    for role in roles:
        grant(role)


@transaction.atomic
def grant(role: str) -> None:
    with connection.cursor() as cursor:
        for statement in granted(role):
            cursor.execute(statement)
        cursor.execute(FACTS)
        for table, changeable in cursor.fetchall():
            for statement in of_facts(role, table, changeable):
                cursor.execute(statement)
        if passes_walls(role):
            raise TooPowerful(role)


def made(role: str, password: str) -> Iterator[sql.Composable]:
    """They may be run again, also by somebody who is not superuser."""
    name = sql.Identifier(role)
    yield sql.SQL(
        "DO $$ BEGIN CREATE ROLE {} LOGIN;"
        " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    ).format(name)
    if password:
        yield sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, sql.Literal(password))


def granted(role: str) -> Iterator[sql.Composable]:
    name = sql.Identifier(role)
    for right in (
        "GRANT USAGE ON SCHEMA public TO {}",
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
        "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {}",
        f"{LATER} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {{}}",
        f"{LATER} GRANT USAGE, SELECT ON SEQUENCES TO {{}}",
    ):
        yield sql.SQL(right).format(name)


def of_facts(role: str, table: str, changeable: list[str]) -> Iterator[sql.Composable]:
    """No right to change what happened, over the trigger that refuses it; and none at all to the trail."""
    name, on = sql.Identifier(role), sql.Identifier(table)
    yield sql.SQL("REVOKE UPDATE ON {} FROM {}").format(on, name)
    if changeable and table != TRAIL:
        columns = sql.SQL(", ").join(map(sql.Identifier, changeable))
        yield sql.SQL("GRANT UPDATE ({}) ON {} TO {}").format(columns, on, name)


def passes_walls(role: str = "") -> bool:
    """Whether a role, or the one that is connected, is superuser, past row-level security, or the owner."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        cursor.execute(STANDING, [role or cursor.fetchone()[0]])
        return any(cursor.fetchone())
