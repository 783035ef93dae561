"""Triggers: targets, plans and what was done of them are never updated, and go only with their client.

Their firm may change: it follows a client who leaves.
"""

from typing import ClassVar

from django.db import migrations

from riskalloc.firms.facts import Facts


def of_client(table: str, columns: str) -> Facts:
    return Facts(
        table=table,
        key="client_id",
        is_uuid=True,
        columns=tuple(columns.split()),
        permits="questionnaire_erasure",
        permitted="public_id",
    )


FACTS = (
    of_client(
        "portfolios_target",
        "id client_id portfolio_id assessment_id override_id made_by made_at"
        " us_large_cap us_small_cap intl_developed emerging us_aggregate government ig_corporate tips"
        " high_yield municipal intl_bonds reit commodities gold direct_property crypto other cash",
    ),
    of_client(
        "portfolios_plan",
        "id client_id portfolio_id kind cash_flow inputs result software plan_format made_by made_at",
    ),
    of_client("portfolios_planmark", "id client_id plan_id line is_done made_by made_at"),
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("portfolios", "0001_initial"),
        ("questionnaire", "0005_facts_never_change"),
    ]
    operations: ClassVar = [facts.operation for facts in FACTS]
