"""What the page of a portfolio shows of its pictures."""

from typing import Any

from django import template
from django.utils import timezone

from portfolios.display.behaviour import likeness_sentence
from portfolios.display.history import days_of, value_line
from portfolios.models import Portfolio
from riskalloc.engine.rules import RiskLabel

register = template.Library()


@register.inclusion_tag("portfolios/_looking.html")
def looking_at(portfolio: Portfolio, *, is_oob: bool = False) -> dict[str, Any]:
    """The line of its value, and what it behaves like: from what every change keeps, in three queries."""
    kept, today = portfolio.standing.behaves_like, timezone.localdate()
    days = days_of(portfolio, today)
    return {
        "portfolio": portfolio,
        "line": value_line(days, portfolio, today) if days else None,
        "likeness": likeness_sentence(portfolio, RiskLabel(kept) if kept else None),
        "is_oob": is_oob,
    }
