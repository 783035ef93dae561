"""What is posted about reviews, notes and prices, as right as can be."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.utils import timezone

from portfolios.imports.prices import read_prices

PLAIN = "DEMOPLAIN"  # a symbol that every firm of the world knows


def deeds(new_id: UUID) -> dict[str, Any]:
    made = {"id": new_id}
    return {
        "client_review": lambda firm: {**made, "held_on": timezone.localdate(), "summary": ""},
        "client_notes": lambda firm: {**made, "text": "Calls in the evening"},
        "desk_prices": lambda firm: made | prices(firm),
    }


def prices(firm: SimpleNamespace) -> dict[str, Any]:
    """As the page sends it that shows what was understood."""
    today = timezone.localdate()
    text = f"{PLAIN},11,{today.isoformat()}"
    reading = read_prices(text, today=today, usual_day=today)
    return {
        "text": text,
        "firm": firm.firm.pk,
        "usual_day": today,
        "digest": reading.digest,
        "step": "save",
    }
