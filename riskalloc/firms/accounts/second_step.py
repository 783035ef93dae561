"""Desks and staff need a second step. Until there is one, little more than setting it up is open."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from riskalloc.firms.access import leave_to

Handler = Callable[[HttpRequest], HttpResponse]
# Pages that show nobody's money. What is not named here is closed, so a new page cannot be forgotten.
OPEN_PAGES = ("/",)
OPEN_FOLDERS = (
    "/account/", "/api/", "/help/", "/join/", "/method/", "/q/", "/start", "/static/", "/unsubscribe/",
)  # fmt: skip


def ask_for(get_response: Handler) -> Handler:
    def middleware(request: HttpRequest) -> HttpResponse:
        standing = getattr(request, "standing", None)
        if standing and standing.lacks_second_step and not is_open(request.path_info):
            return leave_to(request, reverse("mfa_index"))
        return get_response(request)

    return middleware


def is_open(path: str) -> bool:
    return path in OPEN_PAGES or path.startswith(OPEN_FOLDERS)
