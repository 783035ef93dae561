"""Work in the background: which queue there is, and the thread beside the server."""

import os
import subprocess
import sys
import threading
from pathlib import Path
from unittest.mock import patch

import pytest
from django_tasks import TaskResultStatus, task, task_backends
from django_tasks.backends.immediate import ImmediateBackend

from riskalloc.web.queues import LONG_WORK, look_after_queue, process
from riskalloc.web.queues.process import ProcessBackend

ROOT = Path(__file__).parents[2]
SEEN: list[tuple[str, str]] = []
SEEN_ALL = threading.Event()
IDLE = threading.Event()


@task()
def short_one(name: str) -> None:
    SEEN.append((name, threading.current_thread().name))


@task(queue_name=LONG_WORK)
def long_one(name: str) -> None:
    SEEN.append((name, threading.current_thread().name))
    if name == "bad":
        raise RuntimeError
    if name == "last":
        SEEN_ALL.set()


def idle() -> None:
    IDLE.set()
    raise RuntimeError("the database is away")


def nothing() -> None:
    """For threads that outlive their test."""


def backend() -> ProcessBackend:
    options = {"WHEN_IDLE": "tests.web.test_queues.nothing"}
    return ProcessBackend("default", {"QUEUES": ["default", LONG_WORK], "OPTIONS": options})


def test_letters_leave_at_once_and_long_work_in_a_thread_that_mistakes_do_not_end() -> None:
    here = threading.current_thread().name
    SEEN.clear()
    queue = backend()
    queue.is_serving = True
    assert queue.enqueue(short_one, ["letter"], {}).status == TaskResultStatus.SUCCESSFUL
    assert [("letter", here)] == SEEN
    for name in ("first", "bad", "last"):
        assert queue.enqueue(long_one, [name], {}).id
    assert SEEN_ALL.wait(10)
    assert SEEN[1:] == [(name, "long-work") for name in ("first", "bad", "last")]


def test_an_idle_thread_looks_for_what_others_left_and_survives_what_goes_wrong() -> None:
    SEEN_ALL.clear()
    with patch.object(process, "IDLE_SECONDS", 0.01):
        queue = backend()
        queue.is_serving = True
        with patch.object(process, "import_string", lambda path: idle):
            queue.wake()
            assert IDLE.wait(10)
            queue.enqueue(long_one, ["last"], {})
            assert SEEN_ALL.wait(10)


def test_a_command_does_long_work_itself() -> None:
    SEEN.clear()
    queue = backend()
    assert queue.enqueue(long_one, ["of a command"], {}).status == TaskResultStatus.SUCCESSFUL
    assert [("of a command", threading.current_thread().name)] == SEEN
    assert queue.thread is None


def test_the_server_begins_with_what_the_one_before_it_left() -> None:
    queue = backend()
    with patch.object(process, "task_backends", {"default": queue}):
        process.begin()
    assert queue.thread
    assert queue.thread.is_alive()
    assert queue.thread.daemon


def test_tests_wait_for_no_thread() -> None:
    assert isinstance(task_backends["default"], ImmediateBackend)
    assert not isinstance(task_backends["default"], ProcessBackend)
    process.begin()
    assert look_after_queue() == 0


@pytest.mark.parametrize(
    ("tasks", "database", "sentence"),
    [
        ("celery", "", "TASKS is one of inline, process, database, procrastinate; it is 'celery'."),
        ("procrastinate", "sqlite:///none.sqlite3", "TASKS=procrastinate needs PostgreSQL"),
    ],
)
def test_a_wrong_choice_refuses_to_start_with_a_sentence(
    tasks: str, database: str, sentence: str
) -> None:
    environment = {**os.environ, "TASKS": tasks}
    if database:
        environment["DATABASE_URL"] = database
    refused = subprocess.run(
        [sys.executable, "-c", "import riskalloc.settings"],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert refused.returncode != 0
    assert sentence in refused.stderr
