"""How long a sign-in lasts: until nothing happens for a while, and never longer than its limit."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse

from riskalloc.firms.accounts.standing import Standing, standing_of
from riskalloc.firms.models import Viewer

Handler = Callable[[HttpRequest], HttpResponse]
MINUTE, HOUR, DAY = 60, 3_600, 86_400
SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
NOTED_EVERY = MINUTE  # last seen is as fine as this, to save writes
POLLED = "job-progress"  # a page that asks by itself is no activity


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    idle: int  # seconds
    total: int
    idle_words: str
    total_words: str


CAREFUL = Limits(idle=30 * MINUTE, total=12 * HOUR, idle_words="30 minutes", total_words="12 hours")
RELAXED = Limits(idle=8 * HOUR, total=7 * DAY, idle_words="8 hours", total_words="7 days")


def begin(request: HttpRequest) -> None:
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = int(time.time())


def watch(get_response: Handler) -> Handler:
    """End what has lasted too long, note who is still there, and tell the request what was found."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            look_at(request)
        return get_response(request)

    return middleware


def look_at(request: HttpRequest) -> None:
    """Set `is_signed_in`, `standing` and `idle_seconds`; a page asks these and never the database."""
    user: Viewer = request.user
    if not user.is_authenticated:
        if SESSION_KEY in request.session:  # of somebody who was disabled since: it ends for good
            request.session.flush()
        return
    standing = standing_of(user)
    limits = CAREFUL if standing.is_careful else RELAXED
    if reason := reason_to_end(request, limits):
        logout(request)
        messages.info(request, reason)
        return
    note(request)
    tell(request, standing, limits)


def reason_to_end(request: HttpRequest, limits: Limits) -> str:
    now = time.time()
    if now - request.session.get(SEEN_AT, now) > limits.idle:
        return f"You were signed out after {limits.idle_words} without activity."
    if now - request.session.get(SIGNED_IN_AT, now) > limits.total:
        return f"You were signed out because you signed in more than {limits.total_words} ago."
    return ""


def note(request: HttpRequest) -> None:
    """At most once a minute: when this session was seen, and from where."""
    if request.headers.get("HX-Target") == POLLED:
        return
    now = int(time.time())
    request.session.setdefault(SIGNED_IN_AT, now)
    if now - request.session.get(SEEN_AT, 0) >= NOTED_EVERY:
        request.session[SEEN_AT] = now
        UserSession.objects.create_from_request(request)


def tell(request: HttpRequest, standing: Standing, limits: Limits) -> None:
    request.is_signed_in = True  # type: ignore[attr-defined]
    request.standing = standing  # type: ignore[attr-defined]
    request.idle_seconds = limits.idle  # type: ignore[attr-defined]
