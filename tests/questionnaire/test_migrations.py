"""Migrations of tables that are filled: backwards, and forwards again."""

import io

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from questionnaire.models import Assessment, Erasure
from questionnaire.services import answering
from questionnaire.services.leaving import delete_client
from riskalloc import methodology
from riskalloc.firms.audit import By
from tests.erasing import erase_facts
from tests.factories import WORKED_EXAMPLE, make_own_client
from tests.questionnaire.whole import make_whole

FIRST = {"questionnaire": "0001", "firms": "0001"}


@pytest.fixture
def _filled(transactional_db: None):
    make_whole()
    # As a life event leaves it: nobody went through all questions.
    result = answering.calculate(WORKED_EXAMPLE, methodology.load("v1"))
    answering.keep(result, WORKED_EXAMPLE, seconds_taken=None)
    gone = make_own_client()
    delete_client(client=gone, by=By())
    assert Erasure.objects.filter(public_id=gone.pk.hex).exists()
    yield
    call_command("migrate", verbosity=0)
    erase_facts()


@pytest.mark.usefixtures("_filled")
def test_filled_tables_go_back_to_the_first_migration_and_forth() -> None:
    before = list(Assessment.objects.order_by("pk").values("public_id", "answers", "calculation"))
    for app, migration in FIRST.items():
        call_command("migrate", app, migration, verbosity=0)
    call_command("migrate", verbosity=0)
    after = list(Assessment.objects.order_by("pk").values("public_id", "answers", "calculation"))
    assert after == before
    call_command("verify_results", stdout=io.StringIO())
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.update(software="changed")
