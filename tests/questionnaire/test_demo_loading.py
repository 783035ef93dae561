"""Loading the demo into a database that is empty, or nearly."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.management import CommandError
from pytest_django import Settings

from riskalloc.firms.models import Firm, User
from tests.demo import run
from tests.factories import UserFactory
from tests.firms.people import everything

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _trying_things_out(settings: Settings) -> None:
    settings.DEBUG = True


def test_it_is_refused_where_real_people_have_accounts(settings: Settings) -> None:
    settings.DEBUG = False
    for options in ({}, {"code": True}):
        with pytest.raises(CommandError, match="DEBUG=true only"):
            run(**options)
    assert not User.objects.exists()


def test_twice_is_the_same_and_says_the_same() -> None:
    with time_machine.travel(datetime(2026, 11, 21, 12, tzinfo=UTC), tick=False):
        said, rows = run(), everything()
        assert run() == said
    assert everything() == rows


def test_somebody_else_s_account_is_left_alone() -> None:
    UserFactory(email="dev@example.org")
    with pytest.raises(CommandError, match=r"dev@example\.org has an account here already"):
        run()
    assert not Firm.objects.exists()
