"""A change of a profile with its audit entry, beside the same change without it; and reading the trail."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from time import perf_counter_ns, thread_time_ns
from uuid import uuid4

from django.db import transaction

from benchmarks.rounds import Pair
from questionnaire.models import ClientProfile
from questionnaire.services import clients
from riskalloc.firms.audit import By, record
from riskalloc.firms.models import Firm, Role, User
from riskalloc.firms.services.founding import found_practice
from riskalloc.firms.verification import Report, verify

REPEATS = 10
FIRMS = 10


def writes_with_and_without_entry() -> tuple[Pair, ...]:
    """Each call is a transaction of its own, committed; the clock on the wall waits for the disk too."""
    client, by = made_client()
    change = changing(client, by)

    def without_entry() -> None:
        with unrecorded():
            change()

    return (
        Pair(
            name="Profile change",
            floor=without_entry,
            product=change,
            repeats=REPEATS,
            clock=perf_counter_ns,
        ),
        Pair(
            name="its processor time",
            floor=without_entry,
            product=change,
            repeats=REPEATS,
            clock=thread_time_ns,
        ),
    )


def made_client() -> tuple[ClientProfile, By]:
    owner = User.objects.create_user("demo-owner@example.org", "a made-up password")
    by = By(user=owner, name=owner.email, on_behalf_of="Demo client", request_id="ab" * 8)
    firm = found_practice(name="Demo practice", owner=owner, by=by)
    client = clients.create_client(
        client_id=uuid4(),
        membership=firm.memberships.get(role=Role.OWNER),
        values={"name": "Demo client", "email": "demo-client@example.org"},
        by=by,
    )
    return client, by


def changing(client: ClientProfile, by: By) -> Callable[[], None]:
    """The service that the page calls, with another telephone number each time."""
    versions = count(client.version)

    def change() -> None:
        version = next(versions)
        values = {"phone": f"+1 555 {version:06}"}
        clients.change_client(client=client, version=version, values=values, by=by)

    return change


@contextmanager
def unrecorded() -> Iterator[None]:
    """The service as it is, but for its entry in the trail."""
    vars(clients)["record"] = lambda **entry: None
    try:
        yield
    finally:
        vars(clients)["record"] = record


def verified(entries: int) -> Report:
    """Walk a trail of this many entries more, in a few firms."""
    owner = User.objects.create_user("demo-trail@example.org", "a made-up password")
    by = By(user=owner, name=owner.email, on_behalf_of="Demo client", request_id="ab" * 8)
    for _ in range(FIRMS):
        append(found_practice(name="Demo practice", owner=owner, by=by), by, entries // FIRMS)
    return verify()


@transaction.atomic
def append(firm: Firm, by: By, entries: int) -> None:
    for number in range(entries):
        record(
            by=by,
            firm_id=firm.pk,
            action="profile changed",
            of=firm,
            about=firm.pk,
            before={"name": "Demo client", "phone": f"+1 555 {number:06}"},
            after={"name": "Demo client", "phone": f"+1 555 {number + 1:06}"},
        )
