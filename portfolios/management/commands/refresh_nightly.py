"""Bring every portfolio up to date, as work that its firm's owners can watch; meant for a nightly timer."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from portfolios.services.nightly import start_all


class Command(BaseCommand):
    help = (
        "Recompute where every portfolio stands: one job for each practice, one task for each firm of one "
        "person. Running it twice a day does it once."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        practices, of_one = start_all(timezone.localdate())
        self.stdout.write(f"Started for {practices:,} practices and {of_one:,} people.")
