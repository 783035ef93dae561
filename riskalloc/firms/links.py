"""Addresses that go into letters."""

from collections.abc import Callable

from django.http import HttpRequest
from django.urls import reverse


def link_to_join(request: HttpRequest) -> Callable[[str], str]:
    """How a token becomes the address that an invitation's letter carries."""
    return lambda token: request.build_absolute_uri(reverse("join", kwargs={"token": token}))
