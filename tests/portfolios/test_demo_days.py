"""What the demo's people own holds together whatever day it is loaded."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from portfolios.demo.history import WEEKS
from portfolios.models import Holding, Portfolio, Standing, Target
from portfolios.services.standing import keep_many
from tests.demo import loaded_on
from tests.portfolios.whole import strays, wrong_figures

pytestmark = pytest.mark.django_db
DAYS = [date(2026, 11, 21), date(2028, 2, 29), date(2031, 1, 1)]


@pytest.fixture(scope="module", autouse=True, params=DAYS, ids=str)
def _some_day(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    with loaded_on(request.param, django_db_blocker):
        yield


def test_every_figure_is_right_and_everybody_has_what_is_theirs() -> None:
    assert wrong_figures() == strays() == []
    before = {row.pk: (row.value, row.drift, row.per_class()) for row in Standing.objects.all()}
    keep_many(before)
    assert before == {
        row.pk: (row.value, row.drift, row.per_class()) for row in Standing.objects.all()
    }


def test_the_past_is_two_years_long_and_ends_today() -> None:
    today = timezone.localdate()
    for portfolio in Portfolio.objects.select_related("standing", "client"):
        days = list(portfolio.days.order_by("day"))
        assert len(days) == WEEKS + 1
        assert days[0].day == today - timedelta(weeks=WEEKS)
        assert (days[-1].day, days[-1].value) == (today, portfolio.standing.value)
        assert portfolio.client.created_at < portfolio.created_at
        assert portfolio.created_at.date() <= days[0].day
        assert all(0 < day.value < 2 * days[-1].value for day in days)
        jumps = [later.value / earlier.value for earlier, later in pairwise(days)]
        assert Decimal("0.9") < min(jumps) <= max(jumps) < Decimal("1.1")
        first = portfolio.targets.order_by("made_at").first()
        for day in days:
            assert (day.drift is not None) == (first.made_at.date() <= day.day)
            assert day.drift is None or 0 <= day.drift <= 100
    assert not Holding.objects.filter(acquired_on__gte=today).exists()
    assert not Holding.objects.filter(frozen_until__lte=today).exists()
    assert not Target.objects.filter(made_at__gt=timezone.now()).exists()
