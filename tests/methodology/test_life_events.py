"""The life events say what is published, and are read as strictly as the method."""

from datetime import date

import pytest

from riskalloc.engine.amounts import EngineError, RulesError
from riskalloc.engine.whatif import CASES
from riskalloc.methodology import EVENTS_VERSION, build_events, load_events
from tests.engine.cast import METHODS
from tests.methodology.tables import GONE, events_table, put

EVENTS = load_events(EVENTS_VERSION)

# Typed a second time from the published table.
QUESTIONS = {
    "marriage": "household_cover income_variability emergency_fund debt_to_income",
    "divorce": "household_cover emergency_fund debt_to_income amount",
    "birth": "household_cover emergency_fund",
    "job_loss": "job_security income_variability household_cover emergency_fund debt_to_income",
    "new_job": "job_security income_variability debt_to_income",
    "inheritance": "amount emergency_fund debt_to_income",
    "home_purchase": "debt_to_income emergency_fund amount",
    "illness": "job_security household_cover emergency_fund",
    "nearing_retirement": "horizon job_security debt_to_income household_cover",
    "retirement": "horizon job_security income_variability debt_to_income household_cover",
}
PROPOSALS = {
    "job_loss": "job_loss",
    "new_job": "steady_job",
    "nearing_retirement": "retire_soon",
}


def test_every_published_event_asks_its_questions():
    found = {event.code: " ".join(event.questions) for event in EVENTS.events}
    assert list(found.items()) == list(QUESTIONS.items())


def test_three_events_propose_answers():
    proposals = {event.code: event.proposal for event in EVENTS.events if event.proposal}
    assert proposals == PROPOSALS
    assert set(proposals.values()) < set(CASES)


def test_losses_are_always_asked_about():
    assert EVENTS.losses.questions == ("drop_reaction", "max_loss")
    assert EVENTS.losses.title == "Do you feel differently about losses now?"


def test_they_ask_from_the_questionnaire_of_every_method():
    for method in METHODS:
        assert method.questionnaire == EVENTS.questionnaire


def test_they_load_once_with_version_and_date():
    assert load_events(EVENTS_VERSION) is EVENTS
    assert (EVENTS.version, EVENTS.released) == ("1", date(2026, 11, 21))


def test_every_event_says_who_it_is_for_and_why():
    for event in EVENTS.events:
        assert event.button.startswith("I ")
        assert event.why.endswith(".")
        assert len(event.title.split()) <= 4
        assert not event.title.endswith(".")


@pytest.mark.parametrize("version", ["", "2", "events-1", "../events-1"])
def test_an_unknown_version_is_refused_with_the_one_that_there_is(version):
    with pytest.raises(EngineError, match=r"Choose 1\.$"):
        load_events(version)


def test_a_file_that_was_not_changed_builds():
    assert build_events(events_table()) == EVENTS


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("surprise", 1, r"surprise @ \$$"),
        ("losses.surprise", 1, r"surprise @ \$\.losses"),
        ("events.3.surprise", 1, r"surprise @ \$\.events\[3\]"),
        ("losses", GONE, "'losses'"),
        ("events.0.why", GONE, "'why'"),
        ("events.0.questions", GONE, "'questions'"),
        ("released", "2026-11-21", r"is not written as date"),
        ("events.0.title", 1, r"is not written as str"),
        ("events.0.proposal", False, r"is not written as str"),
        ("events.0.questions", [], "marriage: an event asks something"),
        ("events.0.questions", ["horizon", "horizon"], "marriage: a question is asked twice"),
        ("events.0.questions", ["lottery", "age"], "no question age, lottery"),
        ("events.0.questions", ["savings"], "no question savings"),  # a field, not a question
        ("losses.questions", ["lottery"], "no question lottery"),
        ("losses.questions", [], "always asks about losses"),
        ("events.0.proposal", "lottery", "there is no case “lottery”"),
        ("events.1.code", "marriage", "Two events share a code"),
    ],
)
def test_what_does_not_hold_together_is_refused(path, value, reason):
    table = events_table()
    put(table, path, value)
    with pytest.raises(RulesError, match=reason):
        build_events(table)
