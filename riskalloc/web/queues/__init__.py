"""Work in the background: where it waits, and who does it. One setting chooses, `TASKS`."""

from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django_tasks import task_backends
from django_tasks.base import Task

LONG_WORK = "jobs"  # the queue of what takes more than a moment; letters do not wait behind it


def enqueue_with_commit(task: Task, **kwargs: Any) -> None:
    """Queue a task if what is being written is committed.

    A queue in the same database takes part in the transaction, so nothing lies between the two.
    """
    if settings.QUEUE_IN_DATABASE:
        task.enqueue(**kwargs)
    else:
        transaction.on_commit(partial(task.enqueue, **kwargs))


def look_after_queue() -> int:
    """Queue again what a worker that died had begun, and forget what is done; how many there were."""
    backend = task_backends["default"]
    return backend.look_after() if settings.QUEUE_IN_DATABASE else 0  # type: ignore[attr-defined]
