"""A server that takes its time: a test that reads a page before it is there fails here each time, and
not once in five hundred runs on a busy machine.

    python -m pytest tests/e2e -p tests.e2e.slowly
"""

import time
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler

BEFORE = 0.15  # seconds until an answer begins
WITHIN = 0.1  # and until more of it follows
FIRST = 400  # bytes: enough for the browser to leave the page before

Handler = Callable[[Any, Any, Any], Iterable[bytes]]


def pytest_configure(config: pytest.Config) -> None:
    StaticFilesHandler.__call__ = slowly(StaticFilesHandler.__call__)  # type: ignore[method-assign]


def slowly(handler: Handler) -> Handler:
    @wraps(handler)
    def handle(self: Any, environ: Any, start_response: Any) -> Iterable[bytes]:
        time.sleep(BEFORE)
        return in_pieces(handler(self, environ, start_response))

    return handle


def in_pieces(answer: Iterable[bytes]) -> Iterator[bytes]:
    """Its beginning, then what is left of the first half, then the rest."""
    try:
        parts = iter(answer)
        part = next(parts, b"")
        half = max(FIRST, len(part) // 2)
        for piece in (part[:FIRST], part[FIRST:half], part[half:]):
            yield piece
            time.sleep(WITHIN)
        yield from parts
    finally:
        getattr(answer, "close", lambda: None)()
