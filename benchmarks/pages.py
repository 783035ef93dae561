"""Pages of the product, each beside its floor."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.text import slugify

from benchmarks.engine import ANSWERS
from benchmarks.floors import FLOORS, Floor, Lookup
from benchmarks.rounds import Pair
from questionnaire.models import Assessment, Draft
from questionnaire.services import answering
from questionnaire.views.drafts import COOKIE
from riskalloc import methodology

TOKEN = "a-browser-with-answers"
CSRF_SECRET = "c" * 32  # of a browser that has been here before
TABLE = re.compile(r'\bFROM "(\w+)"')
FRAGMENT = {"HX-Request": "true", "HX-Target": "whatif"}
LARGEST_SIZE_DIFFERENCE = 0.01
REPEATS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the product, the row that it is made of, and the most that it may take of its floor."""

    name: str
    path: str
    lookups: tuple[Lookup, ...]
    most: float = 2
    headers: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    body: bytes
    tables: list[str]


class Browser:
    """Requests through the whole application, as a server hands them over."""

    def __init__(self, **cookies: str) -> None:
        self.application = WSGIHandler()
        self.cookies = cookies

    def request(self, path: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        factory = RequestFactory(headers=headers)
        factory.cookies.load(self.cookies)
        return factory.get(path, secure=True).environ

    def send(self, request: Mapping[str, Any]) -> tuple[int, bytes]:
        response = self.application(dict(request), start_response)
        body = b"".join(response)
        response.close()
        return response.status_code, body

    def answer(self, request: Mapping[str, Any]) -> Answer:
        with CaptureQueriesContext(connection) as captured:
            status, body = self.send(request)
        tables = [TABLE.findall(query["sql"])[0] for query in captured.captured_queries]
        return Answer(status=status, body=body, tables=tables)


def start_response(
    status: str, headers: list[tuple[str, str]], error: object = None, /
) -> Callable[[bytes], object]:
    """What a server would send at once."""
    return bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBesideFloor:
    """What both answered, and both to be timed."""

    page: Page
    answer: Answer
    floor_answer: Answer
    pair: Pair

    @property
    def is_fair(self) -> bool:
        """Whether both answered, with as many queries of the same tables, of one size (within 1 %)."""
        ours, floor = self.answer, self.floor_answer
        both_answered = ours.status == floor.status == 200
        size_difference = abs(len(ours.body) - len(floor.body))
        is_same_size = size_difference <= len(floor.body) * LARGEST_SIZE_DIFFERENCE
        return both_answered and ours.tables == floor.tables and is_same_size


def pages_beside_floors() -> list[PageBesideFloor]:
    """Every page that is measured, of a person who has answered everything. Makes the rows."""
    cookies = {COOKIE: TOKEN, settings.CSRF_COOKIE_NAME: CSRF_SECRET}
    browser = Browser(**cookies)
    return [beside_floor(page, browser) for page in pages(*answered())]


def answered() -> tuple[Draft, Assessment]:
    draft = answering.start_draft(token=TOKEN)
    for question, answer in ANSWERS.items():
        draft = answering.save_answer(draft=draft, question_id=question, answer=answer)
    method = methodology.load(methodology.DEFAULT_VERSION)
    return draft, answering.finish(draft=draft, version=draft.version, method=method)


def pages(draft: Draft, result: Assessment) -> tuple[Page, ...]:
    def this_draft() -> Draft:
        return Draft.objects.get(token_hash=draft.token_hash)

    def this_result() -> Assessment:
        return Assessment.objects.get(public_id=result.public_id)

    address = reverse("result", args=[result.public_id])
    question, trade_off = (
        reverse("question", args=[slug]) for slug in ("drop-reaction", "trade-off")
    )
    case = reverse("whatif", args=[result.public_id]) + "?case=job_loss"
    return (
        Page(name="Result page", path=address, lookups=(this_result, this_draft)),
        Page(name="Question page", path=question, lookups=(this_draft,)),
        Page(name="Question page, mixes", path=trade_off, lookups=(this_draft,)),
        Page(
            name="What-if fragment",
            path=case,
            lookups=(this_result,),
            most=1.5,
            headers=FRAGMENT,
        ),
    )


def beside_floor(page: Page, browser: Browser) -> PageBesideFloor:
    """Give a page a floor of the same lookups and as many bytes."""
    name = slugify(page.name)
    ours = browser.request(page.path, page.headers)
    floor = browser.request(reverse("floor", args=[name]), page.headers)
    answer = browser.answer(ours)
    FLOORS[name] = Floor(lookups=page.lookups, body="x" * len(answer.body))
    return PageBesideFloor(
        page=page,
        answer=answer,
        floor_answer=browser.answer(floor),
        pair=Pair(
            name=page.name,
            floor=lambda: browser.send(floor),
            product=lambda: browser.send(ours),
            repeats=REPEATS,
        ),
    )
