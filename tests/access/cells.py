"""One cell: somebody asks for something by one method, and what comes of it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from questionnaire.views.drafts import COOKIE
from tests.access.cast import ACTORS, World, token_of
from tests.access.deeds import DEEDS, ONLY_SESSION, nothing
from tests.access.extras import BEFORE, EXTRAS, Extra
from tests.access.policy import NOBODYS, POLICY, of_others
from tests.access.policy_portfolios import GONE_ALREADY

WAYS = ("GET", "POST", "HX GET", "HX POST")
TARGETS = {
    "question": "step",
    "check": "step",
    "whatif": "whatif",
    "desk": "tiles",
    "desk_assets": "assets",
    "desk_clients": "list",
    "desk_whatif": "whatif",
    "job": "job-progress",
    "why": "thread-mix",
    "event": "event",
    "portfolio_plan": "plan",
    "portfolio_why": "thread-holdings",
    "portfolio_target": "preview",
    "plan": "plan-lines",
}
BY_COOKIE = ("home", "start", "start_again", "question", "check", "keep")
LONGEST_WORD = 15  # of an address; what is longer is an id or a token
FIXED: dict[str, Any] = {
    "version": "v1",
    "slug": "amount",
    "key": "stocks",
    "kind": "job_loss",
    "app_label": "firms",
    "line": 1,  # of a plan
    "url": "nowhere",
}


# Elsewhere the stranger has near by what the advisor has here, and is refused not just for a broken session.
NOT_NEAR = ("join", "save_result", "staff:", "mfa_")

# -- Routes -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    name: str
    parts: tuple[str, ...]  # the names in its address, in order
    view: Callable[..., Any]
    address: str  # how the resolver writes it

    @property
    def objects(self) -> tuple[str, ...]:
        return tuple(part for part in self.parts if part not in FIXED)


def routes() -> dict[str, Route]:
    found: dict[str, Route] = {}
    for route in walk(get_resolver(), "", ()):
        if route.name in found:  # the first one answers
            assert found[route.name].address == route.address, f"{route.name}: two addresses"
        found.setdefault(route.name, route)
    return found


def walk(resolver: URLResolver, before: str, namespaces: tuple[str, ...]) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inside = (pattern.namespace,) if pattern.namespace else ()
            yield from walk(pattern, address, (*namespaces, *inside))
        else:
            yield Route(
                name=":".join((*namespaces, name_of(pattern, address))),
                parts=tuple(pattern.pattern.regex.groupindex),
                view=pattern.callback,
                address=address,
            )


def name_of(pattern: URLPattern, address: str) -> str:
    """Three patterns of Django's have no name."""
    if pattern.name:
        return pattern.name
    if address == "^.*/$":
        return "anything"  # in DEBUG: whatever no other pattern takes
    if address.endswith("(?P<url>.*)$"):
        return "catch_all"
    _, app, model, _ = address.split("/", 3)
    assert address.endswith("<path:object_id>/"), address
    return f"{app}_{model}_old_address"


# -- Cells ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    route: str
    actor: str
    way: str
    thing: str
    expected: str

    def __str__(self) -> str:
        return f"{self.way} {self.route} of {self.thing} by {self.actor}"


def cells_of(route: Route) -> Iterator[Cell]:
    for thing in things_of(route):
        extra = extra_of(route.name, thing)
        ways = WAYS[2:] if extra and extra.target else WAYS
        for actor in extra.actors if extra else ACTORS:
            if thing == "near" and actor != "stranger":
                continue
            expected = expected_of(route.name, thing, actor).split()
            for way in ways:
                yield Cell(
                    route=route.name,
                    actor=actor,
                    way=way,
                    thing=thing,
                    expected=expected["POST" in way],
                )


def things_of(route: Route) -> list[str]:
    """The objects that an address, or a cookie, may name."""
    things = ["own"]
    if route.objects or route.name in BY_COOKIE:
        things += ["foreign", "missing"]
        things += [] if route.name.startswith(NOT_NEAR) else ["near"]
    if len(route.objects) > 1:
        things += ["foreign in own", "own in foreign", "missing in own", "second in own"]
        things += ["sibling in own"] if SIBLINGS.keys() & set(route.objects) else []
    things += ["nobodys"] if route.name in NOBODYS else []
    return [*things, *EXTRAS.get(route.name, ())]


def extra_of(route: str, thing: str) -> Extra | None:
    return EXTRAS.get(route, {}).get(thing)


def expected_of(route: str, thing: str, actor: str) -> str:
    if extra := extra_of(route, thing):
        return extra.row[actor]
    if thing == "own":
        return POLICY[route][actor]
    if thing == "near":
        return POLICY[route]["advisor"]
    if thing == "nobodys":
        return NOBODYS[route][actor]
    if thing.endswith(" in own") and route in GONE_ALREADY:
        return GONE_ALREADY[route][actor]
    return of_others(route, is_there=thing != "missing")[actor]


# Of the same firm, but of another client.
SIBLINGS = {
    "member_id": lambda world: world.own.sibling_member.pk,
    "public_id": lambda world: world.own.sibling_assessment.public_id,
    "invitation_id": lambda world: world.own.letter.pk,
    "membership_id": lambda world: world.own.client.membership_id,
    "account_id": lambda world: world.own.of_sibling.account.pk,
    "holding_id": lambda world: world.own.of_sibling.holding.pk,
    "paste_id": lambda world: world.own.of_sibling.paste.pk,
    "plan_id": lambda world: world.own.of_sibling.plan.pk,
    "what": lambda world: world.own.of_sibling.holding.pk,
}


def address_of(world: World, route: Route, thing: str) -> str:
    if not route.parts:
        return "/nowhere/at/all/" if route.name == "anything" else path_of(route, {})
    inner, _, outer = thing.rpartition(" in ")
    values: dict[str, Any] = {}
    for number, part in enumerate(route.objects):
        of = outer if inner and number == 0 else inner or outer
        values[part] = value_of(world, route, part, of)
    return path_of(route, values)


def path_of(route: Route, values: dict[str, Any]) -> str:
    fixed = {part: FIXED[part] for part in route.parts if part in FIXED}
    if route.name == "staff:catch_all":
        return "/staff/nowhere/at/all/"
    if route.name.endswith("_old_address"):
        changed = reverse(route.name.replace("_old_address", "_change"), kwargs=values)
        return changed.removesuffix("change/")
    return reverse(route.name, kwargs={**fixed, **values})


def value_of(world: World, route: Route, part: str, of: str) -> Any:
    if extra := extra_of(route.name, of):
        if extra.value and extra.part in ("", part):
            return extra.value(world)
        of = "own"
    if of == "sibling":
        return SIBLINGS[part](world)
    if of == "nobodys":
        return world.own.nobodys.public_id
    things = world.things[of]
    if part == "object_id":
        return things[route.name.removeprefix("staff:").rpartition("_")[0].removesuffix("_old")]
    return things.get(f"{route.name}.{part}", things.get(part))


def firm_of(world: World, thing: str) -> Any:
    """Whose values are posted."""
    return {"foreign": world.foreign, "near": world.near}.get(thing, world.own)


# -- Asking -----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Answer:
    outcome: str
    text: str  # body and headers
    writes: list[str]
    address: str


class Browser:
    """One test client for everybody: the cookies change hands."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.client = Client()
        self.deeds: dict[tuple[str, str], dict[str, Any]] = {}

    def ask(
        self,
        route: Route,
        cell: Cell,
        sent: dict[str, Any] | None = None,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> Answer:
        """Ask, and undo whatever it did; `meanwhile` can still see it."""
        if sent is None:
            sent = {} if cell.way.endswith("GET") else self.deed(cell)
        address = address_of(self.world, route, cell.thing)
        with transaction.atomic():
            self.prepare(cell)
            with recorded() as writes:
                response = self.send(address, cell, sent)
            meanwhile()
            transaction.set_rollback(True)
        if route.name in BY_COOKIE:  # whoever holds its token knows that there is a questionnaire
            del response.headers["Vary"]
        outcome = outcome_of(response)
        if outcome == "moved" and (
            writes or (cell.way.endswith("POST") and route.name in ONLY_SESSION)
        ):
            outcome = "done"
        return Answer(outcome=outcome, text=text_of(response), writes=writes, address=address)

    def deed(self, cell: Cell) -> dict[str, Any]:
        """What is posted, worked out once."""
        firm = firm_of(self.world, cell.thing)
        key = cell.route, firm.name
        if key not in self.deeds:
            self.deeds[key] = DEEDS.get(cell.route, nothing)(firm)
        return self.deeds[key]

    def prepare(self, cell: Cell) -> None:
        """What has to be true before, until the answer is undone."""
        extra = extra_of(cell.route, cell.thing)
        before = extra.before if extra and extra.before else BEFORE.get(cell.route)
        for firm in (self.world.own, self.world.near, self.world.foreign) if before else ():
            before(firm)

    def send(self, address: str, cell: Cell, sent: dict[str, Any]) -> HttpResponse:
        cache.clear()  # nobody waits for anybody
        self.client.cookies = self.cookies(cell)
        headers = self.htmx(cell) if cell.way.startswith("HX") else {}
        with patch("django.test.client.store_rendered_templates", forget):  # it only costs time
            return self.sent(address, cell, sent, headers)

    def htmx(self, cell: Cell) -> dict[str, str]:
        extra = extra_of(cell.route, cell.thing)
        target = extra.target(self.world) if extra and extra.target else ""
        return {
            "HX-Request": "true",
            "HX-Target": target or TARGETS.get(cell.route, "main"),
            "HX-Current-URL": "http://testserver/today/",
        }

    def sent(
        self, address: str, cell: Cell, sent: dict[str, Any], headers: dict[str, str]
    ) -> HttpResponse:
        if cell.way.endswith("GET"):
            return self.client.get(address, sent, headers=headers)
        if cell.route.startswith("api:"):
            return self.client.post(address, sent, content_type="application/json", headers=headers)
        return self.client.post(address, sent, headers=headers)

    def cookies(self, cell: Cell) -> SimpleCookie:
        cookies = SimpleCookie()
        if cell.actor in self.world.sessions:
            cookies[settings.SESSION_COOKIE_NAME] = self.world.sessions[cell.actor]
        extra = extra_of(cell.route, cell.thing)
        if extra and extra.cookie:
            cookies[COOKIE] = extra.cookie
        elif cell.route in BY_COOKIE:
            is_nobodys = cell.thing == "nobodys"
            cookies[COOKIE] = (
                token_of("nobody") if is_nobodys else self.world.things[cell.thing]["draft"]
            )
        return cookies


def forget(*ignored: Any, **also_ignored: Any) -> None:
    """Instead of a copy of what every template was given: nobody looks at it here."""


@contextmanager
def recorded() -> Iterator[list[str]]:
    """The statements that wrote to any table but those of sessions."""
    writes: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if is_write(sql):
            writes.append(sql[:120])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield writes


WRITE = re.compile(
    r"\s*(?:WITH\b.*?)?\b(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE | re.DOTALL
)
SESSIONS = ("django_session", "usersessions_usersession")


def is_write(sql: str) -> bool:
    return (
        not sql.lstrip().upper().startswith("SELECT")
        and WRITE.match(sql) is not None
        and not any(table in sql for table in SESSIONS)
    )


def outcome_of(response: HttpResponse) -> str:
    """One word of the policy for an answer."""
    to = response.headers.get("HX-Redirect") or response.headers.get("Location")
    if to:
        return where_to(to)
    if response.status_code == 200:
        kept = response.headers.get("Content-Disposition", "").startswith("attachment")
        return "file" if kept else "page"
    words = {204: "empty", 404: "missing", 405: "method", 409: "conflict", 422: "invalid"}
    return words.get(response.status_code, str(response.status_code))


def where_to(to: str) -> str:
    places = {
        reverse("account_login"): "sign_in",
        reverse("account_reauthenticate"): "again",
        reverse("expired"): "expired",
    }
    return places.get(to.partition("?")[0], "moved")


TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value="|X-CSRFToken": ?")[^"]+')


def text_of(response: HttpResponse) -> str:
    """All that the browser gets, less what is random in every answer."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers = [f"{name}: {value}" for name, value in sorted(response.headers.items())]
    cookies = [
        cookie.OutputString()
        for name, cookie in sorted(response.cookies.items())
        if name not in (settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_NAME)
    ]
    shown = TOKEN.sub(r"\1", body.decode())
    return "\n".join([str(response.status_code), *headers, *cookies, shown])


def without_names(text: str, address: str) -> str:
    """An answer without what its own address names, such as in the way back after signing in."""
    named = [part for part in address.split("/") if len(part) > LONGEST_WORD]
    for name in (address, *named):
        text = text.replace(name, "…")
    return text
