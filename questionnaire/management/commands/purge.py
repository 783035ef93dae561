"""Delete what has expired; meant for a daily timer."""

from typing import Any

from questionnaire.services import belongings, purging
from questionnaire.services.answering import purge_expired
from riskalloc.firms.services.jobs import forget_old
from riskalloc.firms.tenancy import SystemCommand

JOB_DAYS = 90


class Command(SystemCommand):
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
        if jobs := forget_old(JOB_DAYS):
            self.stdout.write(f"Deleted {jobs} jobs that ended {JOB_DAYS} days ago.")
        for name, count in belongings.purge_all().items():
            if count:
                self.stdout.write(f"Deleted {count} {name}.")
