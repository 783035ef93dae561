"""The questions and the life events are written for a reading age of about ten: at most the sixth grade."""

from collections.abc import Iterator

import pytest

from riskalloc.engine.questions import Question
from riskalloc.methodology import EVENTS_VERSION, load_events
from tests.engine.cast import V1
from tests.methodology.reading import grade, syllables, words

EVENTS = load_events(EVENTS_VERSION)
QUESTIONS = V1.questionnaire.questions
HIGHEST_GRADE = 6


def texts(question: Question) -> Iterator[str]:
    """Everything that a person reads on the page of a question."""
    yield from (question.title, question.hint, question.why, question.not_sure)
    for field in question.fields:
        yield from filter(None, (field.label, field.hint, field.missing))
        yield from (choice.text for choice in field.choices)


@pytest.mark.parametrize(
    ("count", "examples"),
    [
        (1, "you have saved bills $10,000 safe pay"),
        (2, "money largest invest needed people income"),
        (3, "insurance behaviour"),
        (4, "emergency everything"),
    ],
)
def test_syllables_of_words_that_we_use(count, examples):
    """No word counts less than it is spoken, and few count more (everything has three)."""
    for word in examples.split():
        assert (word, syllables(word)) == (word, count)


def test_the_grade_of_a_sentence_by_hand():
    # 6 words, 7 syllables, 1 sentence: 0.39 x 6 + 11.8 x 7 / 6 - 15.59
    assert words("I keep my {amount} in savings.") == [
        "I",
        "keep",
        "my",
        "$10,000",
        "in",
        "savings.",
    ]
    assert grade(["I keep my {amount} in savings."]) == pytest.approx(0.5167, abs=1e-4)


def test_long_words_and_sentences_are_hard():
    assert (
        grade(["Illiquidity considerations predominantly determine institutional allocation."]) > 20
    )


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_a_question_is_easy_to_read(question):
    assert grade(texts(question)) <= HIGHEST_GRADE


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_so_is_its_help_alone(question):
    assert grade((question.why, question.not_sure)) <= HIGHEST_GRADE


def test_all_questions_together_are_easy_to_read():
    assert grade(text for question in QUESTIONS for text in texts(question)) <= HIGHEST_GRADE


@pytest.mark.parametrize("event", EVENTS.events, ids=lambda event: event.code)
def test_a_life_event_is_easy_to_read(event):
    assert grade((event.button, event.title, event.why)) <= HIGHEST_GRADE
    assert grade((event.button, event.why)) <= HIGHEST_GRADE


def test_the_question_about_losses_is_easy_to_read_with_its_reason():
    assert grade((EVENTS.losses.title, EVENTS.losses.why)) <= HIGHEST_GRADE
