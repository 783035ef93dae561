"""Floors: views that look up rows by their keys and answer a string that was there before."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse

Lookup = Callable[[], Model]


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    lookups: tuple[Lookup, ...]
    body: str


FLOORS: dict[str, Floor] = {}


def floor(request: HttpRequest, name: str) -> HttpResponse:
    if name not in FLOORS:
        raise Http404
    for look_up in FLOORS[name].lookups:
        look_up()
    return HttpResponse(FLOORS[name].body)
