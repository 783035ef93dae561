"""What would happen to a whole book if prices moved. Nothing is stored: the address says everything."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET
from django_htmx.http import push_url

from portfolios.advisors.book import book_of
from portfolios.advisors.whatif_moves import Asked, MovesForm, presets, read
from portfolios.advisors.whatif_shown import answer
from riskalloc.firms.access import signed_in
from riskalloc.web.fragments import htmx_target, page_or_fragment


@require_GET
@signed_in
def what_if(request: HttpRequest) -> HttpResponse:
    book = book_of(request.user)
    if not book.desks:
        raise Http404
    form = MovesForm(request.GET if is_asked(request) else None)
    is_refused = form.is_bound and not form.is_valid()
    asked: Asked | None = None
    if form.is_bound and not is_refused:
        asked = read(form, request.GET)
    context = {
        "form": form,
        "presets": presets(asked),
        "asked": asked,
        "answer": answer(book, asked) if asked else None,
        "base": reverse("desk_whatif"),
        "nav": "today",
    }
    response = page_or_fragment(
        request,
        "advisors/whatif.html",
        context,
        fragments={"whatif": "advisors/_whatif_answer.html"},
        status=422 if is_refused else 200,
    )
    if htmx_target(request) and asked:
        # What is left in the browser's address has nothing in it that is empty.
        return push_url(response, f"{reverse('desk_whatif')}?{asked.query(page=asked.page)}")
    return response


def is_asked(request: HttpRequest) -> bool:
    return any(name in request.GET for name in MovesForm.names())
