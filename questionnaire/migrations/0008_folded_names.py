"""Names as a search compares them, for every client that is there already."""

from typing import ClassVar

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from questionnaire.models.names import folded

AT_ONCE = 2_000


def fold_names(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """In the order of the keys, so many at a time: a table of a million is never in memory."""
    clients = apps.get_model("questionnaire", "ClientProfile").objects
    some = list(clients.order_by("pk").only("pk", "name")[:AT_ONCE])
    while some:
        for client in some:
            client.name_folded = folded(client.name)
        clients.bulk_update(some, ["name_folded"], batch_size=500)
        some = list(clients.filter(pk__gt=some[-1].pk).order_by("pk").only("pk", "name")[:AT_ONCE])


class Migration(migrations.Migration):
    dependencies: ClassVar = [("questionnaire", "0007_model_portfolios")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="clientprofile",
            name="name_folded",
            field=models.CharField(blank=True, default="", editable=False, max_length=200),
        ),
        migrations.RunPython(fold_names, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="clientprofile",
            index=models.Index(fields=["firm", "name_folded", "id"], name="client_by_folded_name"),
        ),
    ]
