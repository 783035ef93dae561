"""Walk the chains of the audit trail; ends with an error where one is not whole."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError, CommandParser
from django.template.defaultfilters import pluralize

from riskalloc.firms.heads import Exported, UnreadableHeads, read_heads
from riskalloc.firms.tenancy import SystemCommand
from riskalloc.firms.verification import verify


class Command(SystemCommand):
    help = "Find entries of the audit trail that were changed, deleted, put elsewhere or put in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--firm", type=UUID, help="this firm only")
        parser.add_argument(
            "--heads", type=Path, help="compare with this file of export_audit_heads too"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify(firm=options["firm"], exported=self.exported(options["heads"]))
        for fault in report.faults:
            self.stdout.write(str(fault))
        speed = report.entries / report.seconds
        self.stdout.write(
            f"{report.entries:,} entries of {firms(report.firms)} in {report.seconds:.2f} seconds,"
            f" {speed:,.0f} a second."
        )
        if report.faults:
            raise CommandError(f"Something is wrong with the trail of {firms(len(report.faults))}.")
        self.stdout.write("Every chain is whole.")

    def exported(self, path: Path | None) -> Exported:
        try:
            return read_heads(path) if path else {}
        except (OSError, UnreadableHeads) as error:
            raise CommandError(str(error)) from error


def firms(number: int) -> str:
    return f"{number:,} firm{pluralize(number)}"
