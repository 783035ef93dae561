"""The second wall, on PostgreSQL: every table of a firm, in all three apps, gives only the rows of the firms
that the transaction names. The last app to be migrated builds it for all. A later table brings its own
`Walled(table=...).operation`; a test finds one that was forgotten.
"""

from typing import ClassVar

from django.db import migrations

from riskalloc.firms.walls import IS_OWNED, RESULTS, STAND_FOR, Walled

TABLES = """
firms_membership firms_invitation firms_job firms_jobitem firms_auditentry firms_audithead firms_closedfirm
questionnaire_clientprofile questionnaire_householdmember questionnaire_assignment questionnaire_tombstone
questionnaire_ownership questionnaire_override questionnaire_lifeevent questionnaire_reminder
questionnaire_modeldraft questionnaire_publishedmodels questionnaire_modelmix questionnaire_modelretirement
questionnaire_modelsinuse questionnaire_review questionnaire_note
portfolios_savedfilter portfolios_security portfolios_portfolio portfolios_exchangerate portfolios_account
portfolios_holding portfolios_plan portfolios_planmark portfolios_paste portfolios_standing
portfolios_dayvalue portfolios_target portfolios_policy
""".split()
FIRMS = Walled(table="firms_firm", column="id")


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("firms", "0004_jobs"),
        ("questionnaire", "0008_folded_names"),
        ("questionnaire", "0007_model_portfolios"),
        ("portfolios", "0004_saved_filters"),
    ]
    operations: ClassVar = [
        STAND_FOR.operation,
        IS_OWNED.operation,
        RESULTS.operation,
        FIRMS.operation,
        *(Walled(table=table).operation for table in TABLES),
    ]
