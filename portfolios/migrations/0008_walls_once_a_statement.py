"""The conditions of the second wall as `riskalloc.firms.walls` writes them now: what a transaction named was made
into ids for each row that was looked at, a quarter of the time that a large book took. They mean the same.
"""

from typing import ClassVar

from django.db import migrations

from riskalloc.firms.walls import Walled

# Every table with a policy but that of results, which asks for no ids.
TABLES = """
firms_membership firms_invitation firms_job firms_jobitem firms_auditentry firms_audithead firms_closedfirm
questionnaire_clientprofile questionnaire_householdmember questionnaire_assignment questionnaire_tombstone
questionnaire_ownership questionnaire_override questionnaire_lifeevent questionnaire_reminder
questionnaire_modeldraft questionnaire_publishedmodels questionnaire_modelmix questionnaire_modelretirement
questionnaire_modelsinuse questionnaire_review questionnaire_note
portfolios_savedfilter portfolios_security portfolios_portfolio portfolios_exchangerate portfolios_account
portfolios_holding portfolios_plan portfolios_planmark portfolios_paste portfolios_standing
portfolios_dayvalue portfolios_target portfolios_policy portfolios_priceimport
""".split()


class Migration(migrations.Migration):
    dependencies: ClassVar = [("portfolios", "0007_plural_of_security")]
    operations: ClassVar = [
        Walled(table="firms_firm", column="id").again,
        *(Walled(table=table).again for table in TABLES),
    ]
