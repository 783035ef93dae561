"""Answering: drafts, and the result that is made of one."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from questionnaire.models import Assessment, ClientProfile, Draft, Erasure, hashed
from questionnaire.services.locking import lock
from questionnaire.services.owning import own
from questionnaire.snapshots import Result, answers_of, method_of, stored
from riskalloc import methodology
from riskalloc.engine.amounts import plain
from riskalloc.engine.calculation import DEFAULT_SLEEVES, assess
from riskalloc.engine.events import moved_horizon
from riskalloc.engine.reviews import Circumstances
from riskalloc.engine.rules import Methodology
from riskalloc.engine.whatif import answer_worth
from riskalloc.firms.audit import NOBODY, By, record

NOT_SIGNED_IN = By(name=NOBODY)


class ChangedElsewhere(Exception):
    """The draft has changed since the page was made."""


def start_draft(*, token: str) -> Draft:
    return Draft.objects.create(token_hash=hashed(token))


@transaction.atomic
def start_draft_for(
    *, client: ClientProfile, token: str, by: By, method: Methodology, is_link: bool = False
) -> Draft:
    """The questionnaire for a client; what was answered last time is shown until it is answered again.

    One for each person who types, and one for each link: an earlier one goes on, under the new token.
    """
    client = lock(client)
    mine = Draft.objects.filter(client=client, started_by=by.user, is_link=is_link)
    draft = mine.select_for_update().order_by("-updated_at").first()
    if draft and not is_link and draft.result_id is None:
        draft.token_hash = hashed(token)
        draft.updated_at = timezone.now()
        draft.save()
    else:
        draft = Draft.objects.create(
            token_hash=hashed(token),
            client=client,
            started_by=by.user,
            is_link=is_link,
            suggested=suggested_answers(client, method),
        )
    action = "questionnaire link sent" if is_link else "questionnaire started"
    record(by=by, firm_id=client.firm_id, action=action, of=draft, about=client.pk)
    return draft


def suggested_answers(client: ClientProfile, method: Methodology) -> dict[str, dict[str, str]]:
    """Last time's answers; the horizon as near as the planned retirement has come since."""
    latest = Assessment.objects.latest_of(client)
    if latest is None:
        return {}
    suggested = dict(latest.answers)
    horizon = moved_horizon(
        answers_of(latest.answers, methodology.load(latest.method)),
        answered_on=timezone.localdate(latest.created_at),
        today=timezone.localdate(),
        planned_retirement_on=client.retires_on,
    )
    if horizon is not None:
        suggested["horizon"] = {"horizon_years": plain(horizon)}
    return suggested


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
def finish(
    *, draft: Draft, version: int, method: Methodology, by: By = NOT_SIGNED_IN
) -> Assessment:
    """Calculate and keep the result, once for each version of the answers; a client's draft makes it theirs.

    Raises ChangedElsewhere where the page that sent this showed other answers, and Unfinished where
    some are missing.
    """
    if draft.client:
        lock(draft.client)  # before the draft, as whoever starts one does
    locked = Draft.objects.select_for_update().get(pk=draft.pk)  # alone: see `locking`
    if locked.version != version:
        raise ChangedElsewhere
    if locked.live_result:
        return locked.live_result
    locked.result = _assessment(locked, method)
    locked.result_version = version
    locked.updated_at = timezone.now()
    locked.save()
    if locked.client:
        give(locked.result, locked.client, by)
    return locked.result


def give(assessment: Assessment, client: ClientProfile, by: By) -> None:
    """Make it a client's; answers that somebody else typed, also under a link, are marked as theirs."""
    is_about = client.membership is not None and client.membership.user == by.user
    if by.user is None or is_about:
        own(assessment=assessment, client=client, by=by)
    else:
        by = replace(by, on_behalf_of=client.name)
        own(assessment=assessment, client=client, by=by, filled_in_by=by.name)


def _assessment(draft: Draft, method: Methodology) -> Assessment:
    seconds = int((timezone.now() - draft.created_at).total_seconds())
    before = Assessment.objects.latest_of(draft.client) if draft.client else None
    result = calculate(
        draft.answers,
        method,
        seconds_taken=seconds,
        rti_before=before.raw_rti if before else None,
    )
    return keep(
        result,
        draft.answers,
        seconds_taken=seconds,
        kept_contradictions=draft.keeps_contradictions,
    )


def keep(
    result: Result,
    answers: Mapping[str, Mapping[str, str]],
    *,
    seconds_taken: int | None = None,
    kept_contradictions: bool = False,
) -> Assessment:
    """What was calculated, with the answers that it was made of, as a row that never changes."""
    return Assessment.objects.create(
        software=settings.SOFTWARE_VERSION,
        kept_contradictions=kept_contradictions,
        seconds_taken=seconds_taken,
        answers=answers,
        **stored(result),
    )


def calculate(
    draft_answers: Mapping[str, Mapping[str, str]],
    method: Methodology,
    *,
    sleeves: str = DEFAULT_SLEEVES,
    seconds_taken: int | None = None,
    rti_before: int | None = None,
) -> Result:
    """Everything that a result page shows, from complete answers; `rti_before` as in Circumstances."""
    answers = answers_of(draft_answers, method)
    money = draft_answers["amount"]
    calculation = assess(
        answers,
        Decimal(money["amount"]),
        method,
        needed=Decimal(money["needed_within_3_years"]),
        sleeves=sleeves,
        circumstances=Circumstances(seconds_taken=seconds_taken, rti_before=rti_before),
    )
    return Result(calculation=calculation, worth=answer_worth(answers, method))


def recalculated(assessment: Assessment) -> Result:
    """What today's program makes of an assessment's answers, by the rules of then."""
    return calculate(
        assessment.answers,
        method_of(assessment),
        sleeves=assessment.sleeves,
        seconds_taken=assessment.seconds_taken,
    )


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
