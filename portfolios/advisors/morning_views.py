"""The page of every morning."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET
from django_htmx.http import push_url

from portfolios.advisors import choices, pictures
from portfolios.advisors.book import book_of
from portfolios.advisors.looking_around import around
from portfolios.advisors.morning import TILES, in_need, needs, status_query, survey, tiles_of
from riskalloc.firms.access import signed_in
from riskalloc.web.fragments import htmx_target, page_or_fragment


@require_GET
@signed_in
def morning(request: HttpRequest) -> HttpResponse:
    """Who needs somebody, most urgent first; then the whole book."""
    book = book_of(request.user)
    asked = choices.read(request.GET)
    chosen = [key for key in asked.status if key in TILES]
    kinds, urgent = survey(book)
    context = {
        "tiles": tiles_of(kinds, chosen),
        "notes": asked.notes,
        "base": reverse("desk"),
        "clients": reverse("desk_clients"),
        "nav": "today",
    }
    if htmx_target(request) != "tiles":
        context |= {
            "needs": needs(book.rows(urgent), book),
            "need_count": in_need(kinds),
            "client_count": sum(kind.clients for kind in kinds),
            "labels": pictures.by_label(kinds),
            "statuses": pictures.by_status(kinds),
            "histogram": pictures.drift_histogram(kinds),
            "desks": book.desks,
            "can_add": book.can_add,
            "is_client": bool(book.own_places),
            **around(book, sum(kind.clients for kind in kinds)),
        }
    response = page_or_fragment(
        request,
        "advisors/morning.html",
        context,
        fragments={"tiles": "advisors/_tiles_answer.html"},
    )
    query = status_query(chosen)
    address = f"{reverse('desk')}{'?' if query else ''}{query}"
    return push_url(response, address) if htmx_target(request) == "tiles" else response


@require_GET
@signed_in
def assets(request: HttpRequest) -> HttpResponse:
    """What the whole book was worth, week by week: beside the morning page, which does not wait for it."""
    context = {"assets": pictures.assets(book_of(request.user)), "nav": "today"}
    return page_or_fragment(
        request, "advisors/assets.html", context, fragments={"assets": "advisors/_assets.html"}
    )
