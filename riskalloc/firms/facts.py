"""Insert-only tables: triggers of both databases, made by migrations."""

from dataclasses import dataclass

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A table whose rows never change, and are deleted only where a row of `permits` names their `key`.

    TRUNCATE, which asks no row, takes only what is empty.
    `columns` limits the ban on updates to these columns; the others may change. `is_uuid` says that the
    key is a UUID that `permits` has as 32 hexadecimal digits.
    """

    table: str
    key: str
    permits: str
    permitted: str
    columns: tuple[str, ...] = ()
    is_uuid: bool = False

    def create(self, apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        is_postgresql = schema_editor.connection.vendor == "postgresql"
        for statement in self._postgresql() if is_postgresql else self._sqlite():
            schema_editor.execute(statement)

    def drop(self, apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {self.table}_no_update ON {self.table}")
            schema_editor.execute(f"DROP TRIGGER {self.table}_no_delete ON {self.table}")
            schema_editor.execute(
                f"DROP TRIGGER IF EXISTS {self.table}_no_truncate ON {self.table}"
            )
            schema_editor.execute(f"DROP FUNCTION {self.table}_is_a_fact()")
        else:
            schema_editor.execute(f"DROP TRIGGER {self.table}_no_update")
            schema_editor.execute(f"DROP TRIGGER {self.table}_no_delete")

    @property
    def operation(self) -> migrations.RunPython:
        return migrations.RunPython(self.create, self.drop, elidable=False)

    @property
    def _of_columns(self) -> str:
        return f"OF {', '.join(self.columns)}" if self.columns else ""

    @property
    def _messages(self) -> tuple[str, str]:
        return (
            f"{self.table}: what happened is never changed",
            f"{self.table}: deleted only where {self.permits} names it",
        )

    def _sqlite(self) -> tuple[str, str]:
        never, only = self._messages
        return (  # only names that migrations give
            f"""
            CREATE TRIGGER {self.table}_no_update BEFORE UPDATE {self._of_columns} ON {self.table}
            BEGIN SELECT RAISE(ABORT, '{never}'); END
            """,
            f"""
            CREATE TRIGGER {self.table}_no_delete BEFORE DELETE ON {self.table}
            WHEN NOT EXISTS (SELECT 1 FROM {self.permits} WHERE {self.permitted} = OLD.{self.key})
            BEGIN SELECT RAISE(ABORT, '{only}'); END
            """,
        )

    def _postgresql(self) -> tuple[str, ...]:
        never, only = self._messages
        key = f"replace(OLD.{self.key}::text, '-', '')" if self.is_uuid else f"OLD.{self.key}"
        return (
            f"""
            CREATE FUNCTION {self.table}_is_a_fact() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'UPDATE' THEN
                    RAISE EXCEPTION '{never}' USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                IF TG_OP = 'TRUNCATE' THEN
                    IF EXISTS (SELECT 1 FROM {self.table}) THEN
                        RAISE EXCEPTION '{only}' USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NULL;
                END IF;
                IF NOT EXISTS (SELECT 1 FROM {self.permits} WHERE {self.permitted} = {key}) THEN
                    RAISE EXCEPTION '{only}' USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN OLD;
            END $$
            """,
            f"""
            CREATE TRIGGER {self.table}_no_update BEFORE UPDATE {self._of_columns} ON {self.table}
            FOR EACH ROW EXECUTE FUNCTION {self.table}_is_a_fact()
            """,
            f"""
            CREATE TRIGGER {self.table}_no_delete BEFORE DELETE ON {self.table}
            FOR EACH ROW EXECUTE FUNCTION {self.table}_is_a_fact()
            """,
            f"""
            CREATE TRIGGER {self.table}_no_truncate BEFORE TRUNCATE ON {self.table}
            FOR EACH STATEMENT EXECUTE FUNCTION {self.table}_is_a_fact()
            """,
        )
