"""The queue in a table, for workers beside the server: `manage.py db_worker --queue-name '*'`."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.backend import DatabaseBackend as TableBackend

LONGEST_RUN = timedelta(minutes=15)
KEPT_FAILURES = timedelta(days=7)
MOST_WORKERS = 3  # that one task may have brought down


class DatabaseBackend(TableBackend):
    def look_after(self) -> int:
        """Its workers send no sign of life: what runs very long is taken for left behind.

        A task that runs after all and is begun again does its work once: letters are quick, and long work
        holds a lease. What is done goes at once, because letters have keys in them.
        """
        from django_tasks_db.models import DBTaskResult  # only where it is installed

        now = timezone.now()
        DBTaskResult.objects.successful().delete()
        DBTaskResult.objects.failed().filter(finished_at__lt=now - KEPT_FAILURES).delete()
        left = DBTaskResult.objects.running().filter(started_at__lt=now - LONGEST_RUN)
        again = [found.pk for found in left if len(found.worker_ids) < MOST_WORKERS]
        return left.filter(pk__in=again).update(status=TaskResultStatus.READY, started_at=None)
