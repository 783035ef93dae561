"""Write down how far each chain of the audit trail goes; meant for a daily timer."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.template.defaultfilters import pluralize

from riskalloc.firms.heads import export_heads
from riskalloc.firms.tenancy import SystemCommand


class Command(SystemCommand):
    help = "Add the last entry of each firm's audit trail to a file, for verify_audit --heads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="outside the database's machine, if possible")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = export_heads(options["file"])
        except OSError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Wrote down the heads of {count:,} firm{pluralize(count)}.")
