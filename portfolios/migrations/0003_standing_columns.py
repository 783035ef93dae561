"""The largest single security and the label that the holdings behave like.

Rows that are there already have neither until `refresh_drift` is run, or something of theirs changes.
"""

from decimal import Decimal
from typing import ClassVar

from django.db import migrations, models

from portfolios.models.fixed import FixedField

LABELS = ["conservative", "moderate", "aggressive"]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("portfolios", "0002_facts_never_change")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="standing",
            name="largest",
            field=FixedField(default=Decimal(0), places=2),
        ),
        migrations.AddField(
            model_name="standing",
            name="behaves_like",
            field=models.CharField(
                max_length=20, null=True, choices=[(label, label) for label in LABELS]
            ),
        ),
        migrations.AddConstraint(
            model_name="standing",
            constraint=models.CheckConstraint(
                condition=models.Q(largest__gte=0), name="standing_largest_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="standing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("behaves_like__isnull", True), ("behaves_like__in", LABELS), _connector="OR"
                ),
                name="standing_behaves_like_a_label",
            ),
        ),
    ]
