"""Made-up clients for an empty desk: bringing them, and removing them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portfolios.advisors.book import book_of
from portfolios.advisors.looking_around import can_load
from portfolios.advisors.views import see_other
from portfolios.demo.looking_around import (
    HasOwnClients,
    load_demo_clients,
    remove_demo_clients,
)
from riskalloc.firms.access import signed_in
from riskalloc.firms.audit import by_of
from riskalloc.firms.models import User


@require_POST
@signed_in
def load(request: HttpRequest) -> HttpResponse:
    """Where there are clients, or a demo, nothing happens."""
    assert isinstance(request.user, User)
    book = book_of(request.user)
    if not book.can_add:
        raise Http404
    if can_load(book):
        practice = book.can_add[0].firm
        load_demo_clients(user=request.user, practice=practice, by=by_of(request))
    return see_other(reverse("desk"))


@require_POST
@signed_in
def remove(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    book = book_of(request.user)
    if not book.desks:
        raise Http404
    practice = next((desk.firm for desk in book.desks if desk != book.demo), None)
    if book.demo and practice:
        try:
            remove_demo_clients(user=request.user, practice=practice, by=by_of(request))
        except HasOwnClients:
            return refused(request)
    return see_other(reverse("desk"))


def refused(request: HttpRequest) -> HttpResponse:
    problem = _(
        "You added a client of your own to the demo practice. Save what you need, delete that client"
        " on their page, and press Remove them again."
    )
    context = {"problem": problem, "back": reverse("desk_clients"), "nav": "clients"}
    return render(request, "advisors/chosen.html", context, status=422)
