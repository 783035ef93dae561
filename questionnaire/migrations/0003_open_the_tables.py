"""The triggers step aside while the tables under them are altered; 0005 puts them back for good."""

from importlib import import_module
from typing import ClassVar

from django.db import migrations

first = import_module("questionnaire.migrations.0002_assessments_never_change")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("questionnaire", "0002_assessments_never_change")]
    operations: ClassVar = [migrations.RunPython(first.drop, first.create, elidable=False)]
