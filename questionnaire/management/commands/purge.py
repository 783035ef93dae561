"""Delete what has expired; meant for a daily timer."""

from typing import Any

from django.core.management.base import BaseCommand

from questionnaire.services.answering import purge_expired


class Command(BaseCommand):
    help = "Delete anonymous results and drafts that have expired."

    def handle(self, *args: Any, **options: Any) -> None:
        results, drafts = purge_expired()
        self.stdout.write(f"Deleted {results} results and {drafts} drafts.")
