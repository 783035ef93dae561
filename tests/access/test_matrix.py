"""Every route, for ten people, by four ways, for their own and for other people's objects."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.access.asides import ASIDES
from tests.access.cast import ACTORS, World
from tests.access.cells import cells_of, routes
from tests.access.deeds import DEEDS, ONLY_SESSION
from tests.access.extras import BEFORE
from tests.access.faults import faults_of, faults_without_second_step
from tests.access.policy import NOBODYS, NOT_THERE, POLICY, READS_ARE_NOTED, WORDS
from tests.access.policy_portfolios import GONE_ALREADY
from tests.access.shown import NOT_SHOWN, SHOWN
from tests.access.world import build

pytestmark = pytest.mark.django_db

ROUTES = routes()
FEWEST_CELLS = 6_720  # of 70 routes, four ways, eight people and three objects


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Built once; each test works in a savepoint of this transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", POLICY)
def test_a_route_keeps_to_the_policy(name: str, world: World) -> None:
    faults = list(faults_of(ROUTES[name], world))
    assert not faults, "\n".join(faults)


# -- The table itself --------------------------------------------------------------------------------------


def test_each_route_has_a_policy_and_each_policy_a_route() -> None:
    assert POLICY.keys() == ROUTES.keys()


def test_each_policy_speaks_of_everybody_in_known_words() -> None:
    for route, row in (*POLICY.items(), *NOT_THERE.items(), *NOBODYS.items()):
        assert row.keys() == set(ACTORS), route
        assert {word for outcome in row.values() for word in outcome.split()} <= WORDS, route
    exceptions = {
        *ASIDES,
        *NOT_THERE,
        *NOBODYS,
        *SHOWN,
        *NOT_SHOWN,
        *READS_ARE_NOTED,
        *DEEDS,
        *BEFORE,
        *ONLY_SESSION,
        *GONE_ALREADY,
    }
    assert exceptions <= POLICY.keys()


def test_how_many_cells_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    cells = sum(1 for route in ROUTES.values() for _ in cells_of(route))
    with capsys.disabled():
        print(f"\nThe access matrix: {len(ROUTES)} routes, {cells:,} cells.")  # noqa: T201
    assert cells >= FEWEST_CELLS


# -- Without a second step ---------------------------------------------------------------------------------


def test_a_desk_and_staff_need_a_second_step_first(world: World) -> None:
    faults = list(faults_without_second_step(world))
    assert not faults, "\n".join(faults)
