"""Delete what has expired; meant for a daily timer."""

from typing import Any

from django.core.management.base import BaseCommand

from questionnaire.services import belongings, purging
from questionnaire.services.answering import purge_expired


class Command(BaseCommand):
    help = (
        "Delete what has expired: anonymous results, drafts, kept records, invitations, sessions."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        results, drafts = purge_expired()
        records = purging.purge_kept_records()
        invitations = purging.purge_invitations()
        sessions = purging.purge_sessions()
        self.stdout.write(
            f"Deleted {results} results, {drafts} drafts, {records} kept records,"
            f" {invitations} invitations and {sessions} sessions."
        )
        for name, count in belongings.purge_all().items():
            if count:
                self.stdout.write(f"Deleted {count} {name}.")
