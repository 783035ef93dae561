"""The queue of procrastinate, for workers on many machines: `manage.py procrastinate worker`."""

from typing import Any

from asgiref.sync import async_to_sync
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

SILENT_SECONDS = 40.0  # its workers send a sign of life every ten
KEPT_HOURS = 7 * 24  # of what failed; what is done goes at once, because letters have keys in them
MOST_WORKERS = 3  # that one task may have brought down


@app.task(name="riskalloc.run")
def run(path: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    """Whatever task a row names; only the application writes rows."""
    task = import_string(path)
    assert isinstance(task, Task), path
    task.call(*args, **kwargs)


class ProcrastinateBackend(BaseTaskBackend):
    supports_defer = True
    supports_priority = True

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult[Any]:
        """Over Django's connection: the row belongs to the transaction that is open.

        Also inside a worker, where the library by itself would take a connection of its own: what is queued
        by a deed that is undone is undone with it.
        """
        self.validate_task(task)
        result: TaskResult[Any] = TaskResult(
            task=task,
            id="",
            status=TaskResultStatus.READY,
            enqueued_at=timezone.now(),
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=args,
            kwargs=kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
        waiting = run.configure(
            queue=task.queue_name, priority=task.priority, schedule_at=task.run_after
        )
        row = waiting.make_new_job(path=task.module_path, args=result.args, kwargs=result.kwargs)
        number = JobManager(DjangoConnector()).defer_job(row).id
        object.__setattr__(result, "id", str(number))  # frozen, as the API has it
        return result

    def look_after(self) -> int:
        """Give others what silent workers had begun."""
        return async_to_sync(retry_stalled)()


async def retry_stalled() -> int:
    stalled: list[Job] = list(
        await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS)
    )
    again = [job for job in stalled if job.attempts < MOST_WORKERS]
    for job in again:
        await app.job_manager.retry_job(job)
    await app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS, include_failed=True)
    return len(again)
