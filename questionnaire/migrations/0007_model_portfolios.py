"""A firm's own mixes: a draft, published versions that never change, and the version in use."""

import uuid
from functools import reduce
from operator import add
from typing import ClassVar

import django.utils.timezone
from django.db import migrations, models
from django.db.models import CASCADE, RESTRICT, F, Q
from django.db.models.lookups import Exact

from riskalloc.firms.facts import Facts

CLASSES = (
    "us_large_cap", "us_small_cap", "intl_developed", "emerging", "us_aggregate", "government",
    "ig_corporate", "tips", "high_yield", "reit", "commodities", "gold", "cash",
)  # fmt: skip
LABELS = ["conservative", "moderate", "aggressive"]
FACTS = tuple(
    Facts(table=table, key="firm_id", permits="firms_closedfirm", permitted="firm_id")
    for table in (
        "questionnaire_publishedmodels",
        "questionnaire_modelmix",
        "questionnaire_modelretirement",
    )
)


def of_firm() -> tuple[str, models.ForeignKey]:
    return "firm", models.ForeignKey(on_delete=CASCADE, related_name="+", to="firms.firm")


def one_per_firm(related_name: str) -> tuple[str, models.OneToOneField]:
    return "firm", models.OneToOneField(
        on_delete=CASCADE,
        primary_key=True,
        related_name=related_name,
        serialize=False,
        to="firms.firm",
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("firms", "0003_the_trail_never_changes"),
        ("questionnaire", "0006_notes_and_reviews"),
    ]
    operations: ClassVar = [
        migrations.CreateModel(
            name="ModelDraft",
            fields=[
                one_per_firm("model_draft"),
                ("name", models.CharField(max_length=200)),
                ("note", models.TextField(blank=True, max_length=2000)),
                ("mixes", models.JSONField()),
                ("changed_by", models.CharField(max_length=254)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=~Q(name=""), name="model_draft_has_a_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublishedModels",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("note", models.TextField(blank=True, max_length=2000)),
                ("published_by", models.CharField(max_length=254)),
                ("published_at", models.DateTimeField(default=django.utils.timezone.now)),
                of_firm(),
            ],
            options={
                "verbose_name_plural": "published models",
                "constraints": [
                    models.UniqueConstraint(fields=["firm", "number"], name="models_number_once"),
                    models.CheckConstraint(
                        condition=Q(number__gte=1), name="models_number_from_one"
                    ),
                    models.CheckConstraint(condition=~Q(name=""), name="models_have_a_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ModelMix",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("label", models.CharField(max_length=20)),
                *((name, models.PositiveIntegerField(default=0)) for name in CLASSES),
                of_firm(),
                (
                    "published",
                    models.ForeignKey(
                        on_delete=CASCADE,
                        related_name="mixes",
                        to="questionnaire.publishedmodels",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "model mixes",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["published", "label"], name="model_mix_once_per_label"
                    ),
                    models.CheckConstraint(
                        condition=Q(label__in=LABELS), name="model_mix_label_known"
                    ),
                    models.CheckConstraint(
                        condition=Exact(reduce(add, [F(name) for name in CLASSES]), 10_000),
                        name="model_mix_adds_up",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ModelRetirement",
            fields=[
                (
                    "published",
                    models.OneToOneField(
                        on_delete=CASCADE,
                        primary_key=True,
                        related_name="retirement",
                        serialize=False,
                        to="questionnaire.publishedmodels",
                    ),
                ),
                ("retired_by", models.CharField(max_length=254)),
                ("retired_at", models.DateTimeField(default=django.utils.timezone.now)),
                of_firm(),
            ],
        ),
        migrations.CreateModel(
            name="ModelsInUse",
            fields=[
                one_per_firm("models_in_use"),
                (
                    "published",
                    models.ForeignKey(
                        on_delete=RESTRICT,
                        related_name="+",
                        to="questionnaire.publishedmodels",
                    ),
                ),
            ],
            options={"verbose_name_plural": "models in use"},
        ),
        *(facts.operation for facts in FACTS),
    ]
