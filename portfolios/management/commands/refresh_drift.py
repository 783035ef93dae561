"""Recompute where portfolios stand, many at once."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from portfolios.models import Portfolio, Security
from portfolios.services.securities import holders_of
from portfolios.services.standing import keep_many

BATCH = 2_000  # portfolios in one transaction


class Command(BaseCommand):
    help = (
        "Recompute value, classes, drift and triggers of portfolios. "
        "Every change keeps them by itself; this mends what was changed past RiskAlloc."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--firm", type=UUID, help="only this firm's portfolios, by its id")
        parser.add_argument("--security", type=UUID, help="only portfolios that hold it, by its id")

    def handle(self, *args: Any, **options: Any) -> None:
        count = sum(keep_many(keys) for keys in batches(options["firm"], options["security"]))
        self.stdout.write(f"Refreshed {count:,} portfolios.")


def batches(firm: UUID | None, security: UUID | None) -> Iterator[list[UUID]]:
    """Keys in their order; never more than a batch in memory."""
    rows = Portfolio.objects.order_by("pk")
    if firm:
        rows = rows.filter(firm=firm)
    if security:
        if not Security.objects.filter(pk=security).exists():
            raise CommandError(f"There is no security {security}.")
        rows = rows.filter(pk__in=holders_of([security]))
    last = UUID(int=0)
    while keys := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        yield keys
        last = keys[-1]
