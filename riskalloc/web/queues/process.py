"""The queue of one server: short tasks at once, long ones one after the other in a thread beside it.

What waits in the thread is lost with the process; long work is made so that it can be taken up again.
"""

import logging
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any

from django.db import connections
from django.utils.module_loading import import_string
from django_tasks import task_backends
from django_tasks.backends.immediate import ImmediateBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.utils import get_random_id

from riskalloc.web.queues import LONG_WORK

logger = logging.getLogger(__name__)
IDLE_SECONDS = 20.0


class ProcessBackend(ImmediateBackend):
    """`WHEN_IDLE` among the options names a function: it looks for work that another process left."""

    supports_async_task = False

    def __init__(self, alias: str, params: dict[str, Any]) -> None:
        super().__init__(alias, params)
        self.when_idle: str = self.options["WHEN_IDLE"]
        self.waiting: SimpleQueue[TaskResult[Any]] = SimpleQueue()
        self.thread: Thread | None = None
        self.starting = Lock()
        self.is_serving = False  # a command that ends would take its thread along

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult[Any]:
        if task.queue_name != LONG_WORK or not self.is_serving:
            return super().enqueue(task, args, kwargs)
        self.validate_task(task)
        result: TaskResult[Any] = TaskResult(
            task=task,
            id=get_random_id(),
            status=TaskResultStatus.READY,
            enqueued_at=None,
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=args,
            kwargs=kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
        self.waiting.put(result)
        self.wake()
        return result

    def wake(self) -> None:
        """Not before there is something to do, and anew after a fork: threads stay behind there."""
        with self.starting:
            if self.thread is None or not self.thread.is_alive():
                self.thread = Thread(target=self._work, name="long-work", daemon=True)
                self.thread.start()

    def _work(self) -> None:
        while True:
            try:
                self._work_once()
            except Exception:  # the database is away, say; the thread stays
                logger.exception("Work in the background failed")
            finally:
                connections.close_all()  # this thread's own

    def _work_once(self) -> None:
        try:
            result = self.waiting.get(timeout=IDLE_SECONDS)
        except Empty:
            import_string(self.when_idle)()
        else:
            self._execute_task(result)


def begin() -> None:
    """With the server: go on with what the one before it had begun."""
    backend = task_backends["default"]
    if isinstance(backend, ProcessBackend):
        backend.is_serving = True
        backend.wake()
