"""Prices that came into a firm at once."""

import uuid
from typing import ClassVar

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from riskalloc.firms.walls import Walled


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("firms", "0004_jobs"),
        ("portfolios", "0005_row_level_security"),
    ]
    operations: ClassVar = [
        migrations.CreateModel(
            name="PriceImport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("taken", models.PositiveIntegerField()),
                ("portfolios", models.PositiveIntegerField()),
                ("effect", models.JSONField()),
                ("job", models.UUIDField(blank=True, null=True)),
                ("made_by", models.CharField(max_length=254)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "firm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="firms.firm",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["firm", "-made_at"], name="price_import_of_firm"),
                ],
            },
        ),
        Walled(table="portfolios_priceimport").operation,
    ]
