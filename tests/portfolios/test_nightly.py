"""Every night all portfolios are brought up to date, once, and what is too large holds nobody up."""

from datetime import date
from unittest.mock import patch

import pytest
from django.core.management import call_command

from portfolios.models import Portfolio, Standing
from portfolios.services import nightly
from portfolios.services.standing import keep_many
from portfolios.valuing import TooLarge
from riskalloc.firms.models import Job, Role
from tests.factories import MembershipFactory
from tests.firms.people import browser_of
from tests.portfolios.factories import PortfolioFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 21)


@pytest.fixture
def book() -> list[Portfolio]:
    first = PortfolioFactory()
    firm = first.firm
    return sorted(
        [first, *(PortfolioFactory(firm=firm, client__firm=firm) for _ in range(4))],
        key=lambda portfolio: portfolio.pk,
    )


def start(portfolio: Portfolio) -> Job:
    with patch.object(nightly, "PART", 2):
        job = nightly.start_nightly(portfolio.firm, DAY)
    assert job
    return job


def test_a_book_is_refreshed_in_parts(
    book: list[Portfolio], django_capture_on_commit_callbacks
) -> None:
    Standing.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        job = start(book[0])
    assert [item.said for item in job.items.order_by("position")] == [
        "2 portfolios",
        "2 portfolios",
        "1 portfolio",
    ]
    assert set(Standing.objects.values_list("pk", flat=True)) == {each.pk for each in book}


def test_twice_a_night_is_once(book: list[Portfolio]) -> None:
    assert start(book[0]) == start(book[0])
    assert Job.objects.count() == 1


def test_what_is_too_large_holds_up_nobody_and_its_owner_reads_which_it_is(
    book: list[Portfolio], django_capture_on_commit_callbacks
) -> None:
    Standing.objects.all().delete()
    large = book[1]

    def keep(keys) -> int:
        keys = list(keys)
        if large.pk in keys:
            raise TooLarge
        return keep_many(keys)

    with patch.object(nightly, "keep_many", keep), django_capture_on_commit_callbacks(execute=True):
        job = start(book[0])
    assert Standing.objects.count() == 4
    failed = job.items.get(state="failed")
    assert (failed.key, failed.said) == (large.pk, nightly.TOO_LARGE)
    owner = MembershipFactory(firm=job.firm, role=Role.OWNER)
    page = browser_of(owner.user).get(job.get_absolute_url()).content.decode()
    assert large.client.name in page
    assert f"/p/{large.pk}/" in page


def test_the_command_starts_a_job_for_each_practice_and_a_task_for_each_person(
    book: list[Portfolio], django_capture_on_commit_callbacks, capsys
) -> None:
    alone = PortfolioFactory(client__firm__is_personal=True)
    Portfolio.objects.filter(pk=alone.pk).update(firm=alone.client.firm)
    Standing.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("refresh_nightly")
    assert capsys.readouterr().out == "Started for 1 practices and 1 people.\n"
    assert Standing.objects.count() == 6
