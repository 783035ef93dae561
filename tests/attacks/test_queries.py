"""How often a page asks the database does not depend on how much there is to show."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from questionnaire.models import (
    Assessment,
    Assignment,
    ClientProfile,
    HouseholdMember,
    LifeEvent,
    Override,
    Ownership,
    Tombstone,
)
from riskalloc.firms.audit import By, record
from riskalloc.firms.models import Role
from tests.access.cast import World
from tests.access.cells import Browser
from tests.access.policy import POLICY
from tests.attacks.desk_rows import note_more, work_more
from tests.attacks.portfolio_rows import own_more
from tests.attacks.posting import QUERIES, ROUTES, post, prepare, undone
from tests.factories import ClientFactory, MembershipFactory, columns_of
from tests.firms.people import invitation

pytestmark = pytest.mark.django_db
MORE = 60  # more than any page shows at once
READERS = ("client", "owner", "advisor", "staff", "other_client")
READ = [
    (name, actor)
    for name, row in POLICY.items()
    for actor in READERS
    if row[actor].split()[0] in ("page", "file")
    and not name.startswith(("api:", "mfa_", "account_"))
]


def asked(browser: Browser, name: str, actor: str) -> tuple[int, int]:
    """The status, and how many queries."""
    with undone(), CaptureQueriesContext(connection) as queries:
        response: HttpResponse = post(
            browser, name, actor, {}, way="GET", query=QUERIES.get(name, "")
        )
    return response.status_code, len(queries)


def test_no_page_asks_more_often_the_more_there_is(world: World) -> None:
    """Clients and what they have, people, letters, records, entries, and the work of a desk."""
    assert {"today", "client", "client_trail", "compare", "events", "firm", "firm_trail",
            "firm_kept", "result", "client_advisors", "client_household", "usersessions_list",
            "portfolio", "portfolio_look", "portfolio_plans", "portfolio_target", "client_export",
            "desk", "desk_assets", "desk_clients", "desk_packet", "desk_prices", "desk_price_import",
            "desk_whatif", "client_notes", "firm_method", "models", "models_version", "jobs", "job",
            "staff:questionnaire_clientprofile_changelist"} <= {name for name, _ in READ}  # fmt: skip
    for name in ROUTES:
        if name not in ("client_restore", "models_new"):
            prepare(world, name)
    browser = Browser(world)
    fill(world, 2)
    few = {page: asked(browser, *page) for page in READ}
    fill(world, MORE)
    many = {page: asked(browser, *page) for page in READ}
    assert {page: (few[page], many[page]) for page in READ if many[page] > few[page]} == {}


def fill(world: World, count: int) -> None:
    own, made = world.own, {"firm": world.own.firm}
    for _ in range(count):
        client = ClientFactory(**made, review_due_on=timezone.localdate())
        assess(own.client, world, **made)
        assess(client, world, **made)
        seat = MembershipFactory(**made, role=Role.ADVISOR)
        Assignment.objects.create(**made, client=own.client, membership=seat)
        Assignment.objects.create(**made, client=client, membership=advisor(world))
        HouseholdMember.objects.create(**made, client=own.client, name="Demo")
        invitation(f"more {client.pk}", firm=own.firm)
        entomb(client, **made)
        own_more(own, client)
        note_more(own, (own.client, client))
        work_more(own, client)
        by = By(user=own.owner, name="Demo")
        record(by=by, firm_id=own.firm.pk, action="looked at", of=own.client, about=own.client.pk)


def advisor(world: World) -> Any:
    return world.own.client.assignments.get(membership__user=world.users["advisor"]).membership


def assess(client: ClientProfile, world: World, **made: Any) -> None:
    """One more in the history, with an event and a decision."""
    earlier = timezone.now() - timedelta(days=300) + timedelta(seconds=Assessment.objects.count())
    columns = columns_of(world.own.latest) | {"created_at": earlier}
    of = {**made, "client": client, "assessment": Assessment.objects.create(**columns)}
    Ownership.objects.create(**of)
    LifeEvent.objects.create(**of, kind="job_loss", events_version="1", happened_on=earlier.date())
    mix = {"stocks": 60, "bonds": 30, "alternatives": 10, "cash": 0}
    Override.objects.create(**of, **mix, reason="x" * 20, made_by="demo@example.org")


def entomb(client: ClientProfile, **made: Any) -> None:
    today = timezone.localdate()
    Tombstone.objects.create(
        **made, client_id=client.pk, name="Demo", reason="left", record={}, keep_until=today
    )
