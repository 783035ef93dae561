"""Posting to every route, and what the database looks like afterwards."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.http import HttpResponse

from tests.access.cast import World
from tests.access.cells import Browser, Cell, address_of, routes
from tests.access.deeds import DEEDS, nothing
from tests.access.extras import BEFORE
from tests.access.policy import POLICY

ROUTES = routes()
PROJECT = ("firms", "questionnaire", "portfolios")
SESSIONS = ("sessions.Session", "usersessions.UserSession")
ON_THEIR_OWN = ("client", "other_client", "anonymous")
AT_WORK = ("owner", "advisor", "stranger", "staff")
# Pages that show more when more is asked for.
QUERIES = {
    "desk_whatif": "?stocks=-20",
    "firm_method": "?method=seed-1&mixes=method",
}
Row = dict[str, Any]
Tables = dict[str, dict[Any, Row]]


def posters() -> list[tuple[str, str]]:
    """Every route whose form somebody may send, with a client and with somebody at work."""
    found = []
    for route, row in POLICY.items():
        if route.startswith("api:"):  # stores nothing, and refuses what it does not know
            continue
        for actors in (ON_THEIR_OWN, AT_WORK):
            allowed = [actor for actor in actors if row[actor].endswith(("done", "empty", "page"))]
            answered = [actor for actor in actors if row[actor].endswith("invalid")]
            found += [(route, actor) for actor in (allowed or answered)[:1]]
    return found


def post(
    browser: Browser,
    name: str,
    actor: str,
    sent: dict[str, Any],
    *,
    query: str = "",
    way: str = "POST",
) -> HttpResponse:
    cell = Cell(route=name, actor=actor, way=way, thing="own", expected="")
    address = address_of(browser.world, ROUTES[name], "own")
    return browser.send(address + query, cell, {} if way.endswith("GET") else sent)


def deed(world: World, name: str) -> dict[str, Any]:
    return DEEDS.get(name, nothing)(world.own)


def prepare(world: World, name: str) -> None:
    BEFORE.get(name, nothing)(world.own)


def fields_of(browser: Browser, name: str, actor: str) -> set[str]:
    """The names of the fields on the page of a form."""
    response = post(browser, name, actor, {}, way="GET")
    return set(named(response)) | {"csrfmiddlewaretoken"}


# -- What is stored ----------------------------------------------------------------------------------------


def tables() -> Tables:
    """Every row of every table but those of sessions."""
    return {
        model._meta.label: {row["pk"]: row for row in rows_of(model)}
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.label not in SESSIONS
    }


def rows_of(model: type[models.Model]) -> Iterator[Row]:
    names = [field.attname for field in model._meta.concrete_fields]
    yield from model._base_manager.order_by("pk").values("pk", *names)


def changes(before: Tables, after: Tables) -> list[tuple[str, str, Any, Row]]:
    """Table, what happened, key, and the values that are new."""
    found = []
    for label, rows in after.items():
        old = before[label]
        for pk, row in rows.items():
            if pk not in old:
                found.append((label, "made", pk, row))
            elif row != old[pk]:
                new = {name: value for name, value in row.items() if value != old[pk][name]}
                found.append((label, "changed", pk, new))
        found += [(label, "deleted", pk, {}) for pk in old.keys() - rows.keys()]
    return found


def plain(found: list[tuple[str, str, Any, Row]]) -> list[str]:
    """Changes in an order of their own, without what is drawn anew each time."""
    made = {(label, pk) for label, what, pk, _ in found if what == "made"}
    return sorted(
        repr((label, what, None if what == "made" else pk, settled(label, row, made)))
        for label, what, pk, row in found
    )


def settled(label: str, row: Row, made: set[tuple[str, Any]]) -> Row:
    fields = {field.attname: field for field in apps.get_model(label)._meta.concrete_fields}
    ids = {str(pk) for _, pk in made}
    return {
        name: "made" if is_made(fields[name], value, made) else drawn(value, ids, name)
        for name, value in row.items()
        if name != "pk"
    }


def is_made(field: models.Field, value: Any, made: set[tuple[str, Any]]) -> bool:
    to = field.related_model or field.model
    return bool(field.related_model or field.primary_key) and (to._meta.label, value) in made


# A seed, a hash, a request's number, a password's hash, and the token in an address.
DRAWN = re.compile(r"[0-9a-f]{80}|[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{16}|md5\$.*|[\w-]{22}")
LONG = 20  # numbers are short: they say nothing alone


def drawn(value: Any, ids: set[str], name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: drawn(part, ids) for key, part in value.items()}
    if isinstance(value, list):
        return [drawn(part, ids) for part in value]
    text = str(value)
    if text in ids and (len(text) > LONG or name == "object_id"):
        return "made"
    return "drawn" if isinstance(value, str) and DRAWN.fullmatch(text) else text


def undone() -> Any:
    """A savepoint that nothing outlives."""
    return _Undone()


class _Undone:
    def __enter__(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def __exit__(self, *error: Any) -> None:
        if error[0] is None:
            transaction.set_rollback(True)
        self.atomic.__exit__(*error)


FILLED_IN = ("input", "select", "textarea", "button")


# -- What is shown -----------------------------------------------------------------------------------------


class Parts(HTMLParser):
    """Elements with their attributes, and the text, of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.elements.append(("!comment", {}))

    def handle_decl(self, decl: str) -> None:
        self.elements.append(("!declaration", {}))

    def unknown_decl(self, data: str) -> None:
        self.elements.append(("!unknown", {}))

    def handle_pi(self, data: str) -> None:
        self.elements.append(("?instruction", {}))


def parts(response: HttpResponse) -> Parts:
    found = Parts()
    if not response.streaming and "html" in response.headers.get("Content-Type", ""):
        found.feed(response.content.decode())
        found.close()
    return found


def named(response: HttpResponse) -> Iterator[str]:
    for tag, attributes in parts(response).elements:
        if tag in FILLED_IN and "name" in attributes:
            yield attributes["name"]
