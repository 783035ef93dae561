"""What the page of a portfolio shows of its pictures."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone

from portfolios.display.behaviour import likeness
from portfolios.display.history import history
from portfolios.display.market import outlooks
from portfolios.models import UNITS_PER_DOLLAR, Portfolio
from riskalloc.engine.holding_classes import HoldingClass

register = template.Library()


@register.inclusion_tag("portfolios/_looking.html")
def looking_at(portfolio: Portfolio, *, is_oob: bool = False) -> dict[str, Any]:
    """The line of its value, and what it behaves like: from what every change keeps, in three queries."""
    values = kept_values(portfolio)
    return {
        "portfolio": portfolio,
        "history": history(portfolio, timezone.localdate()),
        "likeness": likeness(portfolio, outlooks(values, None)),
        "is_oob": is_oob,
    }


def kept_values(portfolio: Portfolio) -> dict[HoldingClass, Decimal]:
    """Exact amounts of each class."""
    standing = portfolio.standing
    units = {**standing.per_class(), HoldingClass.UNCLASSIFIED: standing.unclassified}
    return {HoldingClass(name): Decimal(part) / UNITS_PER_DOLLAR for name, part in units.items()}
