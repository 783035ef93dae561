"""What pages about people show of portfolios: questionnaire does not know them, its templates do."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html

from portfolios.advisors.book import book_of
from portfolios.advisors.morning import needs
from portfolios.display.desk_summary import Step, summary_of
from portfolios.display.portfolios import rows_of
from portfolios.display.saved_plans import last_of_each
from portfolios.display.targets import proposal
from portfolios.models import Portfolio
from questionnaire.display.clients import standing
from questionnaire.models import Assessment, ClientProfile
from riskalloc.firms.models import Viewer
from riskalloc.web.numbers import exact_text, money_text

register = template.Library()


@register.filter
def money_in(value: Decimal, currency: str) -> str:
    return money_text(value, currency=currency)


@register.filter
def exact(value: Decimal) -> str:
    """A number with the decimals it has."""
    return exact_text(value)


@register.simple_tag
def thread_of(base: str, key: object, query: str) -> str:
    """Where the thread of a figure is, for a link with htmx and without."""
    return format_html('href="{0}" hx-get="{0}"', f"{base}why/{key}/{query}")


@register.inclusion_tag("portfolios/_of_client.html")
def portfolios_of(client: ClientProfile) -> dict[str, Any]:
    """The section of a client's page; at the desk with the last plan of each."""
    rows = rows_of(client, timezone.localdate())
    plans = {} if client.is_own else last_of_each(client)
    current = [row for row in rows if row.portfolio.archived_at is None]
    return {
        "client": client,
        "rows": current,
        "with_plans": [(row, plans.get(row.portfolio.pk)) for row in current],
        "archived": [row for row in rows if row.portfolio.archived_at is not None],
    }


@register.inclusion_tag("portfolios/_desk_summary.html", takes_context=True)
def desk_summary(
    context: Context, client: ClientProfile, latest: Assessment | None
) -> dict[str, Any]:
    """A client in a few figures, and the next step."""
    today = timezone.localdate()
    due = due_at_the_desk(client, context["request"].user, today)
    return {
        "client": client,
        "latest": latest,
        "summary": summary_of(client, latest is not None, today, due),
        "standing": standing(client, today),
    }


def due_at_the_desk(client: ClientProfile, user: Viewer, today: date) -> Step | None:
    """What the desk's first page and its list say of this client, in the same words."""
    book = book_of(user, today)
    for need in needs(book.rows([client.pk]), book):
        why = f"{need.word}. {need.reason}"
        return Step(what=need.action.text, why=why, address=need.action.address)
    return None


@register.inclusion_tag("portfolios/_of_today.html")
def own_portfolios(client: ClientProfile) -> dict[str, Any]:
    """The links from a person's first page."""
    return _current(client)


@register.inclusion_tag("portfolios/_compare.html")
def compare_with_owned(client: ClientProfile) -> dict[str, Any]:
    """The next step of a result: what the client owns, beside it."""
    return _current(client)


@register.inclusion_tag("portfolios/_proposal.html")
def newer_mix(portfolio: Portfolio, can_change: bool) -> dict[str, Any]:
    """What newer answers propose for the target."""
    return {"portfolio": portfolio, "can_change": can_change, "proposal": proposal(portfolio)}


@register.inclusion_tag("portfolios/_sample.html")
def sample_in(portfolio: Portfolio, can_change: bool) -> dict[str, Any]:
    """That some of it is invented, and the way to be rid of it."""
    has_sample = portfolio.accounts.filter(is_sample=True).exists()
    return {"portfolio": portfolio, "can_change": can_change, "has_sample": has_sample}


def _current(client: ClientProfile) -> dict[str, Any]:
    rows = rows_of(client, timezone.localdate())
    return {
        "client": client,
        "rows": [row for row in rows if row.portfolio.archived_at is None],
    }
