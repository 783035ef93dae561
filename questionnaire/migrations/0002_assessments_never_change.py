"""Triggers: an assessment is never updated, and deleted only where an erasure names it."""

from typing import ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = (
    """
    CREATE TRIGGER assessment_no_update BEFORE UPDATE ON questionnaire_assessment
    BEGIN SELECT RAISE(ABORT, 'an assessment is never changed'); END
    """,
    """
    CREATE TRIGGER assessment_no_delete BEFORE DELETE ON questionnaire_assessment
    WHEN NOT EXISTS (SELECT 1 FROM questionnaire_erasure WHERE public_id = OLD.public_id)
    BEGIN SELECT RAISE(ABORT, 'an assessment is deleted only where an erasure names it'); END
    """,
)
POSTGRESQL = (
    """
    CREATE FUNCTION assessment_is_a_fact() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            RAISE EXCEPTION 'an assessment is never changed' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NOT EXISTS (SELECT 1 FROM questionnaire_erasure WHERE public_id = OLD.public_id) THEN
            RAISE EXCEPTION 'an assessment is deleted only where an erasure names it'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END $$
    """,
    """
    CREATE TRIGGER assessment_is_a_fact BEFORE UPDATE OR DELETE ON questionnaire_assessment
    FOR EACH ROW EXECUTE FUNCTION assessment_is_a_fact()
    """,
)
UNDO_SQLITE = ("DROP TRIGGER assessment_no_update", "DROP TRIGGER assessment_no_delete")
UNDO_POSTGRESQL = (
    "DROP TRIGGER assessment_is_a_fact ON questionnaire_assessment",
    "DROP FUNCTION assessment_is_a_fact()",
)


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in UNDO_POSTGRESQL if is_postgresql else UNDO_SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("questionnaire", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(create, drop, elidable=False)]
