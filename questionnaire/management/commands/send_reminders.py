"""Write to clients whose review is due; meant for a daily timer."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django_tasks import TaskResultStatus

from questionnaire.services.reminding import send_reminder, waiting_for_letter


class Command(BaseCommand):
    help = "Send one letter for each review that is due within 14 days. Running it twice sends one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say how many there are")

    def handle(self, *args: Any, **options: Any) -> None:
        waiting = waiting_for_letter(timezone.localdate())
        due = list(waiting.order_by("review_due_on", "pk").values_list("pk", "review_due_on"))
        if options["dry_run"]:
            self.stdout.write(f"{len(due)} reminders would be sent.")
            return
        results = [send_reminder.enqueue(client_id=str(pk), due_on=str(day)) for pk, day in due]
        failed = sum(result.status == TaskResultStatus.FAILED for result in results)
        self.stdout.write(f"{len(due) - failed} reminders are on their way.")
        if failed:
            raise CommandError(f"{failed} reminders could not be written: the log says why.")
