"""What a list of clients says of their assessments, in an index: the rows are a kilobyte each, mostly answers."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("questionnaire", "0008_folded_names")]
    operations: ClassVar = [
        migrations.AddIndex(
            model_name="assessment",
            index=models.Index(
                fields=[
                    "id", "created_at", "method", "rti", "iss", "kept_contradictions", "public_id",
                ],
                name="assessment_scores",
            ),
        ),
    ]  # fmt: skip
