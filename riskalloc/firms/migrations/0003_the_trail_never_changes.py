"""Triggers: an audit entry is never updated, and deleted only with its firm."""

from typing import ClassVar

from django.db import migrations

from riskalloc.firms.facts import Facts

ENTRIES = Facts(
    table="firms_auditentry", key="firm_id", permits="firms_closedfirm", permitted="firm_id"
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("firms", "0002_firms_and_audit")]
    operations: ClassVar = [ENTRIES.operation]
