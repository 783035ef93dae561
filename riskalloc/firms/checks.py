"""What `manage.py check --deploy` asks about the database."""

from typing import Any

from django.core.checks import CheckMessage, Tags, Warning as CheckWarning, register
from django.db import DatabaseError, connection

from riskalloc.firms.grants import ROLE, passes_walls

PASSES = CheckWarning(
    "The application is connected as a role that row-level security does not hold for.",
    hint=f"Run `manage.py secure_database` and connect as {ROLE}: see docs/deploy.md.",
    id="riskalloc.W001",
)


@register(Tags.security, deploy=True)
def the_second_wall_holds(**kwargs: Any) -> list[CheckMessage]:
    """Says nothing of a database that is away or empty: others do."""
    if connection.vendor != "postgresql":
        return []
    try:
        return [PASSES] if passes_walls() else []
    except DatabaseError:
        return []
