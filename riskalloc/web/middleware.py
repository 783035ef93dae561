"""What every request passes through."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from riskalloc.web.errors import bad_request, too_large

Handler = Callable[[HttpRequest], HttpResponse]
LONGEST_LENGTH = 15  # digits


def limit_body(get_response: Handler) -> Handler:
    """Refuse a body over the limit, or of a length that is no number, before anything reads it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdecimal()):
            return bad_request(request)
        if len(length) > LONGEST_LENGTH or int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return too_large(request)
        return get_response(request)

    return middleware
