"""Row-level security: the policies of PostgreSQL, made by migrations. SQLite has none.

A policy asks the setting `app.firms` of the transaction, which `riskalloc.firms.tenancy` gives: ids of firms
with commas between, or `everything`. Nothing there means no rows.
"""

from dataclasses import dataclass

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

POLICY = "of_the_firms"
# In SELECTs of their own, so that they are worked out once for a statement and not for each row; ids are made
# of the text in there too. The cast outside does nothing but say that the SELECT gives one array, not rows.
SEES_EVERYTHING = "(SELECT current_setting('app.firms', true) = 'everything')"
FIRMS = """(SELECT CASE WHEN current_setting('app.firms', true) <> 'everything'
    THEN string_to_array(current_setting('app.firms', true), ',')::uuid[] END)::uuid[]"""


class Statements:
    """What a migration does on PostgreSQL, and how it is undone."""

    def create(self) -> tuple[str, ...]:
        raise NotImplementedError

    def drop(self) -> tuple[str, ...]:
        raise NotImplementedError

    @property
    def operation(self) -> migrations.RunPython:
        def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
            execute(schema_editor, self.create())

        def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
            execute(schema_editor, self.drop())

        return migrations.RunPython(forwards, backwards, elidable=False)


def execute(schema_editor: BaseDatabaseSchemaEditor, statements: tuple[str, ...]) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for statement in statements:
            schema_editor.execute(statement, params=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Function(Statements):
    name: str
    arguments: str
    returns: str
    body: str

    def create(self) -> tuple[str, ...]:
        head = f"CREATE FUNCTION {self.name}({self.arguments}) RETURNS {self.returns}"
        return (f"{head} LANGUAGE plpgsql AS $$ {self.body} $$",)

    def drop(self) -> tuple[str, ...]:
        return (f"DROP FUNCTION {self.name}({self.arguments})",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Walled(Statements):
    """A table of which a transaction sees and writes the rows of its firms only, the table's owner too.

    `column` is the firm; `instead` is another condition than that.
    """

    table: str
    column: str = "firm_id"
    instead: str = ""

    def create(self) -> tuple[str, ...]:
        policy = f"CREATE POLICY {POLICY} ON {self.table}"
        return (
            f"{policy} USING ({self.condition}) WITH CHECK ({self.condition})",
            f"ALTER TABLE {self.table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {self.table} FORCE ROW LEVEL SECURITY",
        )

    def drop(self) -> tuple[str, ...]:
        return (
            f"ALTER TABLE {self.table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {self.table} DISABLE ROW LEVEL SECURITY",
            f"DROP POLICY {POLICY} ON {self.table}",
        )

    @property
    def again(self) -> migrations.RunPython:
        """For a policy that is there already, and was made when its condition was written otherwise."""

        def put(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
            said = f"USING ({self.condition}) WITH CHECK ({self.condition})"
            execute(schema_editor, (f"ALTER POLICY {POLICY} ON {self.table} {said}",))

        return migrations.RunPython(put, migrations.RunPython.noop, elidable=False)

    @property
    def condition(self) -> str:
        return self.instead or f"{SEES_EVERYTHING} OR {self.column} = ANY ({FIRMS})"


# Whose firms they are, before any can be seen. Sent by the middleware, once for each request.
STAND_FOR = Function(
    name="riskalloc_stand_for",
    arguments="person bigint",
    returns="text",
    body="""
    DECLARE firms text;
    BEGIN
        PERFORM set_config('app.firms', 'everything', true);
        SELECT coalesce(string_agg(DISTINCT firm_id::text, ','), '') INTO firms
            FROM firms_membership WHERE user_id = person;
        RETURN set_config('app.firms', firms, true);
    END
    """,
)
# Results have no firm: those of nobody are open to whoever knows the address. Whether one is somebody's has
# to be known also where the ownership cannot be seen: else each client's result would look like nobody's.
IS_OWNED = Function(
    name="riskalloc_is_owned",
    arguments="result bigint",
    returns="boolean",
    body="""
    DECLARE
        firms text := coalesce(current_setting('app.firms', true), '');
        is_owned boolean;
    BEGIN
        PERFORM set_config('app.firms', 'everything', true);
        is_owned := EXISTS (SELECT FROM questionnaire_ownership WHERE assessment_id = result);
        PERFORM set_config('app.firms', firms, true);
        RETURN is_owned;
    END
    """,
)
RESULTS = Walled(
    table="questionnaire_assessment",
    instead=f"""{SEES_EVERYTHING}
        OR EXISTS (SELECT FROM questionnaire_ownership WHERE assessment_id = questionnaire_assessment.id)
        OR NOT riskalloc_is_owned(id)""",
)
