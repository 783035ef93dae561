"""That the benchmarks compare like with like. No timings: a slow moment is not a wrong result."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.conf import settings as django_settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from benchmarks.engine import bare, engine_beside_arithmetic
from benchmarks.floors import FLOORS
from benchmarks.pages import PageBesideFloor, pages_beside_floors
from benchmarks.plans import growth, plans_beside_arithmetic
from benchmarks.report import verdict
from benchmarks.rounds import Measured, Pair, measure
from benchmarks.saving import Unfair, check, savers
from benchmarks.writes import verified, writes_with_and_without_entry
from questionnaire.models import ClientProfile
from riskalloc.firms.models import AuditEntry


@pytest.fixture
def _measured_addresses(db: None, settings) -> Iterator[None]:
    """A server may close its connection between requests; the transaction around a test keeps it."""
    settings.ROOT_URLCONF = "benchmarks.urls"
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def compared(_measured_addresses: None) -> list[PageBesideFloor]:
    return pages_beside_floors()


def test_a_page_and_its_floor_answer_alike(compared: list[PageBesideFloor]) -> None:
    assert len(compared) == 4
    for page in compared:
        ours, floor = page.answer, page.floor_answer
        assert (ours.status, floor.status) == (200, 200), page.page.name
        assert len(ours.tables) == len(page.page.lookups), page.page.name
        assert ours.tables == floor.tables, page.page.name
        assert len(ours.body) == pytest.approx(len(floor.body), rel=0.01), page.page.name
        assert page.is_fair


def test_the_pages_are_those_of_somebody_who_has_answered(compared: list[PageBesideFloor]) -> None:
    result, question, mixes, what_if = (page.answer.body.decode() for page in compared)
    assert "How we got here" in result
    assert "checked" in question
    assert "Expected return" in mixes
    assert what_if.startswith('<div id="whatif">')
    assert "Nothing was saved." in what_if


@pytest.mark.parametrize("fault", [{"status": 404}, {"tables": []}, {"body": b"short"}])
def test_an_unfair_floor_would_be_found(compared: list[PageBesideFloor], fault: dict) -> None:
    page = compared[0]
    assert not replace(page, floor_answer=replace(page.floor_answer, **fault)).is_fair


def test_a_floor_that_nobody_made_is_not_found(compared: list[PageBesideFloor], client) -> None:
    assert "nobody-made-this" not in FLOORS
    assert client.get("/floor/nobody-made-this/").status_code == 404


@pytest.mark.usefixtures("_measured_addresses")
def test_saving_and_its_floor_make_the_same_queries_and_answer_alike() -> None:
    (saver,) = savers([4])
    was = AuditEntry.objects.count()
    size, queries = check(saver)  # refuses to measure where they differ
    assert AuditEntry.objects.count() == was + 4  # twice each
    assert queries > 20
    assert b"Saved" in saver.answer(saver.product).body
    assert saver.answer(saver.floor).body == b"x" * size


@pytest.mark.usefixtures("_measured_addresses")
def test_a_floor_of_saving_that_asks_less_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.saving_floor.look_up", lambda *_: None)
    (saver,) = savers([4])
    with pytest.raises(Unfair, match="not the same"):
        check(saver)


def test_the_engine_gives_what_the_bare_arithmetic_gives() -> None:
    assess, everything = engine_beside_arithmetic()  # refuses to measure where they differ
    assert assess.floor() == bare() == everything.floor()
    assert everything.product().calculation == assess.product()


def test_the_plans_are_those_of_the_bare_arithmetic_and_none_is_empty() -> None:
    pair = plans_beside_arithmetic()  # refuses to measure where they differ
    _, trades = pair.floor()
    assert len(trades) == 3
    assert all(any(amounts) for amounts in trades)
    few, many = growth().floor(), growth().product()
    assert [len(plan.trades) for plan in few] == [len(plan.trades) for plan in many]


def test_both_writes_change_the_profile_and_one_records_it(db: None) -> None:
    elapsed, processor = writes_with_and_without_entry()
    assert (processor.floor, processor.product) == (elapsed.floor, elapsed.product)
    was = AuditEntry.objects.count()
    for write, entries, phone in (
        (elapsed.floor, was, "+1 555 000001"),
        (elapsed.product, was + 1, "+1 555 000002"),
        (elapsed.floor, was + 1, "+1 555 000003"),
    ):
        write()
        assert ClientProfile.objects.get().phone == phone
        assert AuditEntry.objects.count() == entries


def test_the_trail_that_is_walked_is_whole(db: None) -> None:
    report = verified(20)
    assert report.faults == []
    assert report.entries == 20 + 10 * 2  # and two of each firm's founding


def test_rounds_take_turns() -> None:
    calls: list[str] = []
    pairs = [
        Pair(
            name=name,
            floor=lambda name=name: calls.append(f"floor {name}"),
            product=lambda name=name: calls.append(f"product {name}"),
            repeats=1,
        )
        for name in ("a", "b")
    ]
    measured = measure(pairs, rounds=2)
    assert calls[-8:] == ["floor a", "product a", "floor b", "product b"] * 2
    assert [len(of_pair.ratios) for of_pair in measured] == [2, 2]


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    measured = Measured(floor=1, product=3, ratios=(1.0, 2.0, 3.0, 4.0, 50.0))
    assert measured.ratio == 3
    assert measured.middle_half == (1.5, 27.0)


def test_an_aim_is_reached_or_missed() -> None:
    assert verdict(2.0, 2) == "2 at most: reached"
    assert verdict(2.1, 2) == "2 at most: missed"


def test_one_command_prints_everything() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--rounds", "2"],
        cwd=django_settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    names = ("Result page", "Question page", "What-if fragment", "Assess", "With answers' worth")
    names = (*names, "Drift and three plans", "50 and 500 holdings")
    names = (*names, "Profile change", "verify_audit")
    assert [name for name in names if name not in run.stdout] == []
