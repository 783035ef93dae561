"""Pages for people who have signed in."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, resolve_url
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

Page = Callable[Concatenate[HttpRequest, ...], HttpResponse]
LONGEST_NEXT = 1000


def signed_in(view: Page) -> Page:
    """Send a person who has not signed in to sign in, and back afterwards; out of htmx as well."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return leave_to(request, sign_in_address(request))
        return view(request, *args, **kwargs)

    return guarded


def refused_is_422(view: Page) -> Page:
    """Answer 422 where a view of allauth shows its form again, which it does with 200."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse) and response.status_code == 200:
            form = (response.context_data or {}).get("form")
            if form is not None and form.is_bound and form.errors:
                response.status_code = 422
        return response

    return answered


def sign_in_address(request: HttpRequest) -> str:
    """Where to sign in, with the page that was open as `next`."""
    page = open_page(request)
    address = resolve_url(settings.LOGIN_URL)
    if not page:
        return address
    query = QueryDict(mutable=True)
    query[REDIRECT_FIELD_NAME] = page
    return f"{address}?{query.urlencode(safe='/')}"


def open_page(request: HttpRequest) -> str:
    """The page of ours that a browser shows: what it asks for, or what it sent a form or a part from."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by HtmxMiddleware
    if htmx:
        page = path_of(htmx)
    elif request.method in ("GET", "HEAD"):
        page = request.get_full_path()
    else:
        page = request.headers.get("Referer", "").removeprefix(request.build_absolute_uri("/")[:-1])
    return page if is_ours(page) else ""


def path_of(htmx: HtmxDetails) -> str:
    """Of the page that htmx says is open; anybody may say anything, also what is no address."""
    try:
        return htmx.current_url_abs_path or ""
    except ValueError:
        return ""


def is_ours(page: str) -> bool:
    is_path = page.startswith("/") and len(page) <= LONGEST_NEXT
    return is_path and url_has_allowed_host_and_scheme(page, allowed_hosts=None)


def leave_to(request: HttpRequest, address: str) -> HttpResponse:
    """Send the whole browser to an address, also out of an htmx request."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    response = HttpResponseClientRedirect(address) if htmx else redirect(address)
    patch_vary_headers(response, ["HX-Request"])
    return response
