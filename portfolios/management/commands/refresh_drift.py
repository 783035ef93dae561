"""Recompute where portfolios stand, many at once."""

from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError
from django.db import connection

from portfolios.models import Portfolio, Security
from portfolios.services.securities import holders_of
from portfolios.services.standing import AT_ONCE, BATCH, keep_many
from riskalloc.firms.tenancy import SystemCommand


class Command(SystemCommand):
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
    """Keys as they lie in the database; never more than a batch in memory."""
    rows = Portfolio.objects.order_by()
    if firm:
        rows = rows.filter(firm=firm)
    if security:
        if not Security.objects.filter(pk=security).exists():
            raise CommandError(f"There is no security {security}.")
        rows = rows.filter(pk__in=holders_of([security]))
    size = AT_ONCE if connection.vendor == "postgresql" else BATCH
    keys = rows.values_list("pk", flat=True).iterator(size)
    while batch := list(islice(keys, size)):
        yield batch
