"""What the page of a portfolio shows of its saved plans."""

from typing import Any

from django import template

from portfolios.display.saved_plans import MOST_ON_THE_PAGE, rows_of
from portfolios.models import Portfolio

register = template.Library()


@register.inclusion_tag("portfolios/_plans_of.html")
def plans_of(portfolio: Portfolio) -> dict[str, Any]:
    """The newest, with a link to all."""
    return {"portfolio": portfolio, "rows": rows_of(portfolio, MOST_ON_THE_PAGE)}
