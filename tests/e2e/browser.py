"""A visitor's browser, and what it has to complain about."""

import os
import shutil
from typing import Any, Literal, NamedTuple, Protocol
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Without these a headless browser looks for the outside world at every start.
ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Pages may answer 4xx on purpose, and a test says so itself; 5xx is always a complaint.
EXPECTED_ERROR = "Failed to load resource: the server responded with a status of 4"
ABORTED = "net::ERR_ABORTED"  # the page moved on before the answer came
# What htmx says of a request that a newer one has overtaken; where one fails, it says more.
OVERTAKEN = ("htmx:afterRequest", "htmx:sendAbort")


class Look(NamedTuple):
    scheme: Literal["light", "dark"]
    width: int


HEIGHTS = {1280: 900, 320: 640}  # of the window, by its width
LOOKS = [Look("light", 1280), Look("light", 320), Look("dark", 1280), Look("dark", 320)]


class OpenPage(Protocol):
    def __call__(
        self, look: Look = ..., *, javascript: bool = ..., **context_options: Any
    ) -> Page: ...


def find_chromium() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def chromium_arguments() -> list[str]:
    is_root = os.geteuid() == 0  # chromium's sandbox refuses root
    return [*ARGUMENTS, *(["--no-sandbox"] if is_root else [])]


class Complaints(list[str]):
    """Everything that must not happen on a page: script errors, messages of the Content-Security-
    Policy, failed requests, 5xx answers, and requests to any host but ours."""

    def __init__(self, origin: str) -> None:
        super().__init__()
        self.origin = origin

    def watch(self, page: Page) -> None:
        page.on("console", self.on_console)
        page.on("pageerror", lambda error: self.append(f"script error: {error}"))
        page.on("request", self.on_request)
        page.on("requestfailed", self.on_failure)
        page.on("response", self.on_response)

    def on_console(self, message: ConsoleMessage) -> None:
        is_loud = message.type in ("error", "warning")
        if is_loud and not message.text.startswith((EXPECTED_ERROR, *OVERTAKEN)):
            self.append(f"console {message.type}: {message.text}")

    def on_request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if (
            url.scheme in ("http", "https", "ws", "wss")
            and f"{url.scheme}://{url.netloc}" != self.origin
        ):
            self.append(f"request to another host: {request.url}")

    def on_failure(self, request: Request) -> None:
        if request.failure != ABORTED:
            self.append(f"request failed: {request.url} ({request.failure})")

    def on_response(self, response: Response) -> None:
        if response.status >= 500:
            self.append(f"status {response.status}: {response.url}")
