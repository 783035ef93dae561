"""Addresses that go into letters."""

from collections.abc import Callable

from django.http import HttpRequest
from django.urls import reverse


def link_to(page: str, request: HttpRequest) -> Callable[[str], str]:
    """How a token becomes the address of a page, as a letter carries it."""
    return lambda token: request.build_absolute_uri(reverse(page, kwargs={"token": token}))
