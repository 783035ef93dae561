"""One URL, two shapes: a full page, or the part of it that htmx asked for."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails


def htmx_target(request: HttpRequest) -> str | None:
    """The id that htmx wants to fill; None for a browser that wants the page, also on Back."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by HtmxMiddleware
    return htmx.target if htmx and not htmx.history_restore_request else None


def page_or_fragment(
    request: HttpRequest,
    page: str,
    context: Mapping[str, Any],
    *,
    fragments: Mapping[str, str],
    status: int = 200,
) -> HttpResponse:
    """Render `page`, or the template that `fragments` has for the target id of an htmx request."""
    fragment = fragments.get(htmx_target(request) or "")
    response = render(request, fragment or page, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target", "HX-History-Restore-Request"])
    return response


def leave_for(request: HttpRequest, to: str, **kwargs: Any) -> HttpResponse:
    """Send the whole browser to another page, also out of an htmx request."""
    if htmx_target(request):
        return HttpResponseClientRedirect(reverse(to, kwargs=kwargs))
    response = redirect(to, **kwargs)
    response.status_code = 303
    return response


def go_to(to: str, **kwargs: Any) -> HttpResponse:
    """See other: what follows a write is always a GET."""
    response = redirect(to, **kwargs)
    response.status_code = 303
    return response
