"""What every request passes through."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from riskalloc.web.errors import Gone, bad_request, is_away, not_found, too_large, unavailable
from riskalloc.web.limits import most_bytes

Handler = Callable[[HttpRequest], HttpResponse]
LONGEST_LENGTH = 15  # digits


def limit_body(get_response: Handler) -> Handler:
    """Refuse a body over the limit, or of a length that is no number, before anything reads it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdecimal()):
            return bad_request(request)
        if len(length) > LONGEST_LENGTH or int(length) > most_bytes(request.path_info):
            return too_large(request)
        return get_response(request)

    return middleware


def refuse_zero_bytes(get_response: Handler) -> Handler:
    """PostgreSQL keeps no zero byte, and cannot even look for one; forms refuse them by themselves.

    Nobody types one into an address. A cookie that has one is none of ours, and as if it were not there.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            return bad_request(request)
        for name in [name for name, value in request.COOKIES.items() if "\0" in value]:
            del request.COOKIES[name]
        return get_response(request)

    return middleware


def explain(get_response: Handler) -> Handler:
    """What is not there, and a database that does not answer, get a page of ours, also in DEBUG.

    And no answer is kept by anyone on the way, unless it says otherwise.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Cache-Control", "no-store, private")
        return response

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, (Http404, Gone)):
            return not_found(request)
        return unavailable(request) if is_away(exception) else None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]  # Django's hook
    return middleware
