"""Calculate every stored assessment again and compare it with what was stored."""

from typing import Any

from django.core.management.base import CommandError

from questionnaire.models import Assessment
from questionnaire.services.answering import recalculated
from questionnaire.snapshots import result_of
from riskalloc.firms.tenancy import SystemCommand

CHUNK = 500


class Command(SystemCommand):
    help = "Check that today's program calculates every stored assessment as it was stored."

    def handle(self, *args: Any, **options: Any) -> None:
        checked, different = 0, []
        for assessment in Assessment.objects.order_by("pk").iterator(CHUNK):
            checked += 1
            if recalculated(assessment) != result_of(assessment):
                different.append(assessment.public_id)
        if different:
            raise CommandError(
                f"{len(different)} of {checked} assessments come out differently: {', '.join(different[:20])}"
            )
        self.stdout.write(f"{checked} assessments calculated again, none differs.")
