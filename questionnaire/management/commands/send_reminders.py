"""Write to clients whose review is due; meant for a daily timer."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from questionnaire.services.reminders import send_all
from questionnaire.services.reminding import waiting_for_letter
from riskalloc.firms.tenancy import SystemCommand


class Command(SystemCommand):
    help = "Send one letter for each review that is due within 14 days. Running it twice sends one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say how many there are")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        if options["dry_run"]:
            self.stdout.write(f"{waiting_for_letter(today).count()} reminders would be sent.")
            return
        sent = send_all(today)
        self.stdout.write(f"{sent.count - sent.failed} reminders are on their way.")
        if sent.failed:
            raise CommandError(f"{sent.failed} reminders could not be written: the log says why.")
