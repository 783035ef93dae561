"""Answering: drafts, and the result that is made of one."""

from collections.abc import Mapping
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from questionnaire.models import Assessment, Draft, Erasure, hashed
from questionnaire.snapshots import Result, answers_of, stored
from riskalloc.engine.calculation import DEFAULT_SLEEVES, assess
from riskalloc.engine.reviews import Circumstances
from riskalloc.engine.rules import Methodology
from riskalloc.engine.whatif import answer_worth


class ChangedElsewhere(Exception):
    """The draft has changed since the page was made."""


def start_draft(*, token: str) -> Draft:
    return Draft.objects.create(token_hash=hashed(token))


@transaction.atomic
def save_answer(*, draft: Draft, question_id: str, answer: Mapping[str, str] | None) -> Draft:
    """Keep one answer (None leaves it for later); the last Continue wins, other answers stay."""
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    if question_id not in locked.answers or locked.answers[question_id] != answer:
        locked.answers[question_id] = dict(answer) if answer is not None else None
        locked.version += 1
        locked.keeps_contradictions = False
    locked.updated_at = timezone.now()
    locked.save()
    return locked


@transaction.atomic
def keep_contradictions(*, draft: Draft, version: int) -> None:
    """Only those that were shown: a changed answer asks again."""
    Draft.objects.filter(pk=draft.pk, version=version).update(
        keeps_contradictions=True, updated_at=timezone.now()
    )


@transaction.atomic
def finish(*, draft: Draft, version: int, method: Methodology) -> Assessment:
    """Calculate and keep the result, once for each version of the answers.

    Raises ChangedElsewhere where the page that sent this showed other answers, and Unfinished where
    some are missing.
    """
    locked = Draft.objects.select_for_update(of=("self",)).select_related("result").get(pk=draft.pk)
    if locked.version != version:
        raise ChangedElsewhere
    if locked.live_result:
        return locked.live_result
    locked.result = _assessment(locked, method)
    locked.result_version = version
    locked.updated_at = timezone.now()
    locked.save()
    return locked.result


def _assessment(draft: Draft, method: Methodology) -> Assessment:
    seconds = int((timezone.now() - draft.created_at).total_seconds())
    result = calculate(draft.answers, method, seconds_taken=seconds)
    return Assessment.objects.create(
        software=settings.SOFTWARE_VERSION,
        kept_contradictions=draft.keeps_contradictions,
        seconds_taken=seconds,
        answers=draft.answers,
        **stored(result),
    )


def calculate(
    draft_answers: Mapping[str, Mapping[str, str]],
    method: Methodology,
    *,
    sleeves: str = DEFAULT_SLEEVES,
    seconds_taken: int | None = None,
) -> Result:
    """Everything that a result page shows, from complete answers."""
    answers = answers_of(draft_answers, method)
    money = draft_answers["amount"]
    calculation = assess(
        answers,
        Decimal(money["amount"]),
        method,
        needed=Decimal(money["needed_within_3_years"]),
        sleeves=sleeves,
        circumstances=Circumstances(seconds_taken=seconds_taken),
    )
    return Result(calculation=calculation, worth=answer_worth(answers, method))


@transaction.atomic
def purge_expired() -> tuple[int, int]:
    """Delete expired results and drafts; returns how many of each."""
    expired = Assessment.objects.expired()
    Erasure.objects.bulk_create(
        [
            Erasure(public_id=public_id, reason="expired")
            for public_id in expired.values_list("public_id", flat=True)
        ],
        ignore_conflicts=True,
    )
    results, _ = Assessment.objects.filter(
        public_id__in=Erasure.objects.values("public_id")
    ).delete()
    drafts, _ = Draft.objects.expired().delete()
    return results, drafts
