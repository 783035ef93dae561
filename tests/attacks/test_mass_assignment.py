"""Whoever posts every field of every table to a form changes what the form changes, and nothing else."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid5

import pytest
import time_machine
from django.apps import apps
from django.db import models
from django.utils import timezone

from tests.access.cast import NEVER_MADE, World
from tests.access.cells import Browser
from tests.access.policy import POLICY
from tests.attacks.posting import (
    ROUTES,
    Tables,
    changes,
    deed,
    fields_of,
    plain,
    post,
    posters,
    prepare,
    tables,
    undone,
)

pytestmark = pytest.mark.django_db
MARK = "attacker"
FEWEST_FIELDS = 100
# Words that are dangerous though no table has them.
OTHERS = (
    "user_id",
    "firm_id",
    "member",
    "owner",
    "admin",
    "permissions",
    "by",
    "on_behalf_of",
    "next",
)


@pytest.fixture(scope="module")
def as_it_was(world: World) -> Tables:
    return tables()


@pytest.mark.parametrize(("name", "actor"), posters())
def test_fields_that_are_not_on_the_form_change_nothing(
    name: str, actor: str, world: World, as_it_was: Tables, settings
) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20
    prepare(world, name)
    before = tables() if name in BEFORE_CHANGES else as_it_was
    browser = Browser(world)
    shown = fields_of(browser, name, actor) if "page" in POLICY[name][actor] else set()
    with time_machine.travel(timezone.now(), tick=False):
        sent = deed(world, name)
        wanted_status, wanted = outcome(browser, name, actor, before, sent)
        for extra in (grasping(world), emptying()):
            more = {key: value for key, value in extra.items() if key not in shown | sent.keys()}
            assert len(more) > FEWEST_FIELDS - 30
            status, found = outcome(browser, name, actor, before, {**more, **sent}, more)
            assert (status, unlike(found, wanted)) == (wanted_status, [])


def unlike(found: list[str], wanted: list[str]) -> list[str]:
    return sorted({*found} ^ {*wanted}) or ([] if found == wanted else found)


BEFORE_CHANGES = ("client_restore", "client_invite", "models_new")


def outcome(
    browser: Browser,
    name: str,
    actor: str,
    before: Tables,
    sent: dict[str, Any],
    more: dict[str, str] | None = None,
) -> tuple[int, list[str]]:
    """The status, and what changed; what was sent in addition is found nowhere in it."""
    is_staffs = name.startswith("staff:")  # lists refuse what they cannot filter by
    query = f"?{urlencode(more)}" if more and not is_staffs else ""
    with undone():
        response = post(browser, name, actor, sent, query=query)
        found = changes(before, tables())
        marks = [value for value in (more or {}).values() if len(value) > 10]
        text = repr([row for *_, row in found])
        assert not [mark for mark in marks if mark in text]
        return response.status_code, plain(found)


# -- What is sent in addition ------------------------------------------------------------------------------


def every_field() -> dict[str, models.Field]:
    found = {}
    for model in apps.get_models(include_auto_created=True):
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
            found |= {field.name: field, field.attname: field}
    return found


def grasping(world: World) -> dict[str, str]:
    """Somebody else's rows, the highest role, every door open."""
    return {
        **dict.fromkeys(OTHERS, "1"),
        **{name: grasp(field, world) for name, field in every_field().items()},
        "role": "owner",
        "viewer_role": "owner",
        "is_superuser": "on",
        "password": "attackers own words",
    }


def grasp(field: models.Field, world: World) -> str:
    if field.related_model:
        return str(theirs(field.related_model, world))
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, models.DateField):  # and times
        return "2001-01-01"
    if isinstance(field, models.UUIDField):
        return str(uuid5(NEVER_MADE, MARK))
    if isinstance(field, models.EmailField):
        return f"demo-{MARK}@example.org"
    if isinstance(field, models.CharField | models.TextField):
        return f"{MARK}-{field.name}"[: field.max_length]
    return '{"attacker": 1}' if isinstance(field, models.JSONField) else "77"


def theirs(model: type[models.Model], world: World) -> Any:
    """A row of the strange firm, where it has one."""
    foreign = vars(world.foreign).values()
    row = next((thing for thing in foreign if isinstance(thing, model)), None)
    return row.pk if row else uuid5(NEVER_MADE, MARK)


def emptying() -> dict[str, str]:
    """Nothing, no, and nought."""
    return {name: empty(field) for name, field in every_field().items()}


def empty(field: models.Field) -> str:
    if isinstance(field, models.BooleanField):
        return "false"
    return "0" if isinstance(field, models.IntegerField | models.DecimalField) else ""


# -- The test itself ---------------------------------------------------------------------------------------


def test_every_route_with_a_form_is_posted_to() -> None:
    posted = {name for name, _ in posters()}
    for name, row in POLICY.items():
        does = any(outcome.endswith((" done", " empty")) for outcome in row.values())
        assert not does or name in posted, name
    assert posted <= ROUTES.keys()


def test_every_field_of_every_table_is_tried(world: World) -> None:
    dangerous = (
        "firm role is_staff is_superuser version rti iss client created_at public_id password"
    )
    dangerous += " is_active membership user archived_at method token_hash verified primary data"
    assert set(dangerous.split()) <= grasping(world).keys()
    assert len(every_field()) > FEWEST_FIELDS
