"""Answers when something is wrong: a clear sentence and the way out, in HTML or in the API's JSON."""

import logging
import secrets
import sys

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from riskalloc.web.limits import most_bytes

logger = logging.getLogger(__name__)


class Gone(Exception):
    """What was found a moment ago was deleted or moved since: the person gets a 404."""


def answer(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    """An error page without database access; the API gets the same sentence in its own shape."""
    if request.path_info.startswith("/api/"):
        return JsonResponse({"errors": [{"field": "", "message": sentence}]}, status=status)
    # No form, and so no token: what is missing and what is somebody else's look the same to the byte.
    context = {"title": title, "sentence": sentence, "contact": settings.CONTACT, "is_error": True}
    return render(request, "error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, TooManyFieldsSent):
        return too_large(request)
    return answer(request, 400, "We could not read that", "Go back, reload the page and try again.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(
        request,
        404,
        "There is no such page",
        "The address may be mistyped, or what was here has expired. Results are kept for "
        f"{settings.RESULT_DAYS} days.",
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return answer(
        request,
        403,
        "This form has expired",
        "Go back, reload the page and send it again. If that does not help, allow cookies for this site.",
    )


def too_large(request: HttpRequest) -> HttpResponse:
    kilobytes = most_bytes(request.path_info) // 1024
    return answer(
        request,
        413,
        "That was too much at once",
        f"We take at most {kilobytes} kB and {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS} fields. Send less.",
    )


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    wait = f"{seconds} seconds" if seconds < 120 else f"{-(-seconds // 60)} minutes"
    response = answer(
        request,
        429,
        "Too many requests",
        f"Wait {wait}, then try again.",
    )
    response["Retry-After"] = str(seconds)
    return response


def is_away(error: BaseException | None) -> bool:
    """Whether the database does not answer."""
    return isinstance(error, (OperationalError, InterfaceError))


def unavailable(request: HttpRequest) -> HttpResponse:
    logger.error("The database does not answer: %s %s", request.method, request.path)
    response = answer(
        request,
        503,
        "We cannot reach our data right now",
        "Go back, your entry is still there, and try again in a minute. Nothing that was saved is lost.",
    )
    response["Retry-After"] = "60"
    return response


def closed(request: HttpRequest) -> HttpResponse:
    return answer(request, 503, "The questionnaire is closed for now", settings.CLOSED)


def server_error(request: HttpRequest) -> HttpResponse:
    """A plain file, because templates may be what failed, with a number that the log has as well.

    Where it was the database that failed, outside of a view, that is said.
    """
    if is_away(sys.exc_info()[1]):
        return unavailable(request)
    reference = secrets.token_hex(4)
    logger.error("Reference %s: %s %s", reference, request.method, request.path)
    if request.path_info.startswith("/api/"):
        return answer(
            request, 500, "", f"Something went wrong on our side. Reference: {reference}."
        )
    page = (settings.BASE_DIR / "static" / "500.html").read_text("utf-8")
    return HttpResponse(page.replace("REFERENCE", reference), status=500)
