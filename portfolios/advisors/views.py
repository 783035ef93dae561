"""The client list, and filters that somebody gave a name."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import push_url

from portfolios.advisors import choices
from portfolios.advisors.book import Book, book_of
from portfolios.advisors.bulk import deeds_for
from portfolios.advisors.choices import Asked
from portfolios.advisors.forms import FilterForm, FilterNameForm
from portfolios.advisors.listing import listing
from portfolios.advisors.looking_around import around
from portfolios.advisors.saving import (
    MOST_FILTERS,
    NameTaken,
    TooLong,
    TooManyFilters,
    rename_filter,
    save_filter,
)
from portfolios.models import SavedFilter
from riskalloc.firms.access import signed_in
from riskalloc.firms.models import Membership
from riskalloc.web.fragments import htmx_target, page_or_fragment


@require_GET
@signed_in
def client_list(request: HttpRequest) -> HttpResponse:
    """Everybody a person looks after, as the address asks for them."""
    book = book_of(request.user)
    advisors = advisors_of(request, book)
    asked = choices.read(request.GET, advisors)
    shown = listing(book, asked, advisors)
    context = {
        "list": shown,
        "asked": asked,
        "form": FilterForm(asked, advisors),
        "base": reverse("desk_clients"),
        "can_add": book.can_add,
        "deeds": deeds_for(changes=bool(book.can_add), owns=bool(book.owned_firms)),
        "has_desk": bool(book.desks),
        "nav": "clients",
    }
    if not htmx_target(request):
        context |= around(book, shown.count)
        context |= {"saved": SavedFilter.objects.visible_to(request.user).order_by("name", "pk")}
    response = page_or_fragment(
        request,
        "advisors/clients.html",
        context,
        fragments={"list": "advisors/_list_answer.html"},
    )
    # The address that is left in the browser says what was understood, and nothing that is empty.
    return push_url(response, address_of(shown.asked)) if htmx_target(request) else response


def address_of(asked: Asked, **changes: Any) -> str:
    return address_with(asked.query(**changes))


def address_with(query: str) -> str:
    return f"{reverse('desk_clients')}{'?' if query else ''}{query}"


def advisors_of(request: HttpRequest, book: Book) -> dict[str, str]:
    """Who looks after clients in the firms that this person owns, for the owner to choose from."""
    if not book.owned_firms:
        return {}
    desks = Membership.objects.visible_to(request.user).filter(firm__in=book.owned_firms)
    found = desks.order_by("user__email", "pk").values_list("pk", "user__email")
    return {str(pk): email for pk, email in found}


@require_GET
def old_list(request: HttpRequest) -> HttpResponse:
    """Where the list was before: what it understands of an address goes along."""
    return redirect(address_of(choices.read(request.GET)), permanent=True)


# -- Filters with a name ----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@signed_in
def save(request: HttpRequest) -> HttpResponse:
    """The list that is open, under a name."""
    book = book_of(request.user)
    if not book.desks:
        raise Http404
    sent = request.POST if request.method == "POST" else request.GET
    asked = choices.read(QueryDict(sent.get("query", "")), advisors_of(request, book))
    form = FilterNameForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            save_filter(
                membership=book.desks[0],
                filter_id=form_id(request),
                name=form.cleaned_data["name"],
                query=asked.query(page=1),
            )
        except (NameTaken, TooLong, TooManyFilters) as error:
            form.add_error("name", PROBLEMS[type(error)].format(most=MOST_FILTERS))
        else:
            return see_other(address_of(asked, page=1))
    said = choices.in_words(asked, advisors_of(request, book))
    context = {
        "form": form,
        "query": asked.query(page=1),
        "said": said,
        "back": address_of(asked),
        "new_id": form_id(request),
        "saved": None,
        "nav": "clients",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "advisors/filter.html", context, status=status)


PROBLEMS = {
    NameTaken: _("You have a filter of that name already. Choose another name"),
    TooLong: _("This filter has more in it than can be kept. Take something away"),
    TooManyFilters: _("You have {most} filters already. Delete one first"),
}


def form_id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError:
        return uuid4()


@require_http_methods(["GET", "POST"])
@signed_in
def rename(request: HttpRequest, filter_id: UUID) -> HttpResponse:
    saved = get_object_or_404(SavedFilter.objects.visible_to(request.user), pk=filter_id)
    form = FilterNameForm(request.POST or None, initial={"name": saved.name})
    if request.method == "POST" and form.is_valid():
        try:
            rename_filter(saved=saved, name=form.cleaned_data["name"])
        except NameTaken as error:
            form.add_error("name", PROBLEMS[type(error)])
        else:
            return see_other(address_with(saved.query))
    context = {
        "form": form,
        "saved": saved,
        "back": address_with(saved.query),
        "nav": "clients",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "advisors/filter.html", context, status=status)


@require_POST
@signed_in
def delete(request: HttpRequest, filter_id: UUID) -> HttpResponse:
    saved = get_object_or_404(SavedFilter.objects.visible_to(request.user), pk=filter_id)
    saved.delete()
    return see_other(reverse("desk_clients"))


def see_other(address: str) -> HttpResponse:
    response = redirect(address)
    response.status_code = 303
    return response
