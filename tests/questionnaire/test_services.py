from datetime import timedelta
from threading import Event
from time import sleep

import pytest
from django.utils import timezone

from questionnaire import snapshots
from questionnaire.models import Assessment, Draft, Erasure
from questionnaire.services import answering
from riskalloc.engine.rules import Methodology
from riskalloc.firms.audit import By
from tests.erasing import erase_facts
from tests.factories import ClientFactory, DraftFactory, assign, columns_of
from tests.firms.people import at_the_same_time


def test_an_answer_is_kept_and_others_stay(draft: Draft) -> None:
    saved = answering.save_answer(
        draft=draft, question_id="trade_off", answer={"trade_off": "mix_15"}
    )
    assert saved.answers["trade_off"] == {"trade_off": "mix_15"}
    assert saved.answers["horizon"] == {"horizon_years": "12"}


def test_two_tabs_that_answer_different_questions_both_count(draft: Draft) -> None:
    other_tab = Draft.objects.get(pk=draft.pk)
    answering.save_answer(draft=draft, question_id="trade_off", answer={"trade_off": "mix_15"})
    answering.save_answer(draft=other_tab, question_id="max_loss", answer={"max_loss": "up_to_5"})
    draft.refresh_from_db()
    assert draft.answers["trade_off"] == {"trade_off": "mix_15"}
    assert draft.answers["max_loss"] == {"max_loss": "up_to_5"}


def test_only_a_changed_answer_makes_a_new_version(draft: Draft) -> None:
    same = answering.save_answer(
        draft=draft, question_id="trade_off", answer={"trade_off": "mix_50"}
    )
    assert same.version == draft.version
    changed = answering.save_answer(draft=draft, question_id="trade_off", answer=None)
    assert changed.version == draft.version + 1


def test_a_changed_answer_asks_about_contradictions_again(draft: Draft) -> None:
    answering.keep_contradictions(draft=draft, version=draft.version)
    changed = answering.save_answer(
        draft=draft, question_id="trade_off", answer={"trade_off": "mix_15"}
    )
    assert changed.keeps_contradictions is False


def test_finishing_twice_makes_one_result(draft: Draft, method: Methodology) -> None:
    results = {
        answering.finish(draft=draft, version=draft.version, method=method).pk for _ in range(5)
    }
    assert len(results) == 1
    assert Assessment.objects.count() == 1


def test_a_changed_answer_makes_another_result_and_leaves_the_first(
    draft: Draft, method: Methodology
) -> None:
    first = answering.finish(draft=draft, version=draft.version, method=method)
    changed = answering.save_answer(
        draft=draft, question_id="trade_off", answer={"trade_off": "mix_15"}
    )
    second = answering.finish(draft=changed, version=changed.version, method=method)
    assert first.pk != second.pk
    assert (first.rti, second.rti) == (18, 10)


def test_a_page_that_showed_other_answers_makes_no_result(
    draft: Draft, method: Methodology
) -> None:
    with pytest.raises(answering.ChangedElsewhere):
        answering.finish(draft=draft, version=draft.version - 1, method=method)
    assert not Assessment.objects.exists()


def test_an_unfinished_draft_makes_no_result(db: None, method: Methodology) -> None:
    draft = DraftFactory(answers={"amount": {"amount": "5", "needed_within_3_years": "0"}})
    with pytest.raises(snapshots.Unfinished):
        answering.finish(draft=draft, version=draft.version, method=method)


def test_a_result_keeps_versions_answers_and_software(assessment: Assessment, settings) -> None:
    assert (assessment.method, assessment.questionnaire) == ("v1", "1")
    assert (assessment.assumptions, assessment.sleeves) == ("2025-12", "core")
    assert assessment.software == settings.SOFTWARE_VERSION
    assert assessment.answers["horizon"] == {"horizon_years": "12"}


def test_expired_results_and_drafts_are_purged_and_leave_a_trace(
    assessment: Assessment, settings
) -> None:
    long_ago = timezone.now() - timedelta(days=settings.RESULT_DAYS + 1)
    old = Assessment.objects.create(**columns_of(assessment) | {"created_at": long_ago})
    Draft.objects.update(updated_at=long_ago)
    assert answering.purge_expired() == (1, 1)
    assert list(Assessment.objects.all()) == [assessment]
    assert Erasure.objects.get().public_id == old.public_id
    assert answering.purge_expired() == (0, 0)


def test_only_contradictions_that_were_shown_are_kept(draft: Draft) -> None:
    answering.keep_contradictions(draft=draft, version=draft.version + 1)
    draft.refresh_from_db()
    assert draft.keeps_contradictions is False


def test_finishing_again_after_the_result_expired_makes_a_new_one(
    draft: Draft, method: Methodology, settings
) -> None:
    first = answering.finish(draft=draft, version=draft.version, method=method)
    settings.RESULT_DAYS = 0
    assert answering.finish(draft=draft, version=draft.version, method=method).pk != first.pk


@pytest.mark.postgresql  # SQLite lets one write at a time
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_of_client", [False, True])
def test_finishing_twice_at_the_same_time_makes_one_result(
    method: Methodology, *, is_of_client: bool
) -> None:
    draft = DraftFactory(client=ClientFactory() if is_of_client else None)

    def finish() -> Assessment:
        found = Draft.objects.get(pk=draft.pk)
        return answering.finish(draft=found, version=1, method=method, by=By())

    assert at_the_same_time(4, finish) == ["Assessment"] * 4
    assert Assessment.objects.count() == 1
    erase_facts()


@pytest.mark.postgresql  # SQLite lets one write at a time
@pytest.mark.django_db(transaction=True)
def test_an_advisor_finishes_in_one_tab_and_starts_in_another(
    method: Methodology, monkeypatch
) -> None:
    client = ClientFactory()
    user = assign(client)
    by = By(user=user, name=user.email)
    draft = DraftFactory(client=client, started_by=user)
    reached, calculate = Event(), answering.calculate

    def slowly(*args, **kwargs):
        reached.set()
        sleep(0.5)  # the other one is at the lock by now
        return calculate(*args, **kwargs)

    def start() -> Draft:
        reached.wait(5)
        return answering.start_draft_for(client=client, token="other", by=by, method=method)

    monkeypatch.setattr(answering, "calculate", slowly)
    queue = iter([lambda: answering.finish(draft=draft, version=1, method=method, by=by), start])
    assert sorted(at_the_same_time(2, lambda: next(queue)())) == ["Assessment", "Draft"]
    erase_facts()
