"""Take up again the work that nobody is at; meant for a timer, once a minute."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from riskalloc.firms.services.jobs import pick_up
from riskalloc.firms.services.working import run_job
from riskalloc.web.queues import look_after_queue


class Command(BaseCommand):
    help = (
        "Take up work on many things whose worker is gone. With TASKS=database or procrastinate it is "
        "queued again, and so are other tasks of workers that died; otherwise it is done here and now. "
        "Running it twice, or on two machines, does no harm."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        queued = look_after_queue()
        found = pick_up(is_queued=settings.QUEUE_IN_DATABASE)
        if not settings.QUEUE_IN_DATABASE:
            for job_id in found:
                run_job(job_id)
        self.stdout.write(f"{len(found)} jobs and {queued} tasks were taken up.")
