"""Several workers on several jobs, and one is killed in the middle: `python -m tests.firms.killing`.

It runs as a process of its own, with a database that workers can reach, and prints what became of it.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.firms.worker_settings"
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from riskalloc.firms.models import Job, JobItem, Role  # noqa: E402
from riskalloc.firms.services.jobs import pick_up  # noqa: E402
from riskalloc.firms.tenancy import everything  # noqa: E402
from riskalloc.web.queues import look_after_queue  # noqa: E402
from tests.firms.people import member  # noqa: E402
from tests.firms.works import deeds, job  # noqa: E402

ROOT = Path(__file__).parents[2]
WORKERS = {
    "database": ["db_worker", "--queue-name", "*", "--interval", "0.1", "--no-reload"],
    "procrastinate": ["procrastinate", "worker", "--concurrency", "1"],
}
SECONDS = 60  # only a machine that is very busy needs more than ten


def main() -> None:
    arguments = {"seconds": 0.05, "says_who": True, "letters": True}
    jobs = [job(20, by=member(role=Role.ADVISOR), arguments=arguments) for _ in range(3)]
    refused_with_a_letter()
    workers = [start() for _ in range(3)]
    try:
        killed = kill_one(workers)
        finish()
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    found = report(jobs, killed)
    print(json.dumps(found | {"requeued": requeued_later()}))  # noqa: T201


def refused_with_a_letter() -> None:
    """What a deed has queued goes with it where it is undone."""
    keys = [uuid4() for _ in range(5)]
    own = {key: {"refuse": "Not for a test."} for key in keys}
    job(keys=keys, own=own, by=member(role=Role.ADVISOR), arguments={"letters": True})


def start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "manage.py", *WORKERS[settings.TASKS_BY]]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def kill_one(workers: list[subprocess.Popen[bytes]]) -> int:
    """The one that has just done something, while there is more to do."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        done = JobItem.objects.filter(state="done", position__gte=5).order_by("-done_at").first()
        if done is not None:
            os.kill(int(done.said), signal.SIGKILL)
            return int(done.said)
        for worker in workers:
            assert worker.poll() is None, worker.communicate()[1].decode()
        time.sleep(0.02)
    raise AssertionError("nothing was done")


def finish() -> None:
    """As the timer does it, only more often."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and (Job.objects.running().exists() or is_queued()):
        look_after_queue()
        pick_up()
        time.sleep(0.2)


def is_queued() -> bool:
    """Whether letters wait; what the killed worker had begun does not count."""
    if settings.TASKS_BY == "database":
        from django_tasks_db.models import DBTaskResult

        return DBTaskResult.objects.filter(status="READY").exists()
    from procrastinate.contrib.django.models import ProcrastinateJob

    return ProcrastinateJob.objects.filter(status="todo").exists()


def requeued_later() -> int:
    """Once the killed worker has been silent for long: what it had begun is queued again."""
    long_ago = timezone.now() - timedelta(hours=1)
    if settings.TASKS_BY == "database":
        from django_tasks_db.models import DBTaskResult

        DBTaskResult.objects.update(started_at=long_ago)
    else:
        with connection.cursor() as cursor:  # its models are for reading
            cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = %s", [long_ago])
    return look_after_queue()


def report(jobs: list[Job], killed: int) -> dict[str, object]:
    items = JobItem.objects.filter(job__in=jobs)
    return {
        "unfinished": Job.objects.running().count(),
        "states": dict(Counter(items.values_list("state", flat=True))),
        "deeds": [sorted(Counter(deeds(each)).values()) for each in jobs],
        "workers": len(set(items.values_list("said", flat=True))),
        "by_killed": items.filter(said=str(killed)).count(),
    }


if __name__ == "__main__":
    with everything():
        main()
