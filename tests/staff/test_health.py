"""What staff see of firms' size and health, and of work that went wrong."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from questionnaire.models import ClientProfile
from riskalloc.firms.models import Firm, Job, Role
from riskalloc.firms.services.jobs import run_job
from tests.factories import ClientFactory, MembershipFactory, UserFactory
from tests.firms.people import browser_of, member, queries
from tests.firms.works import job

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return browser_of(UserFactory(is_staff=True))


def columns(browser: Client, firm: Firm) -> dict[str, object]:
    """By their headings, as the list shows them."""
    changelist = browser.get("/staff/firms/firm/").context["cl"]
    (row,) = [row for row in changelist.result_list if row.pk == firm.pk]
    return {
        name.removeprefix("column_"): value
        for name, value in vars(row).items()
        if name.startswith("column_")
    }


def a_firm(clients: int) -> Job:
    found = job(2, own={}, by=member(role=Role.ADVISOR))
    for _ in range(clients):
        ClientFactory(firm=found.firm)
    return found


def test_firms_are_listed_with_their_size_and_health(browser: Client) -> None:
    found = a_firm(3)
    yesterday = timezone.localdate() - timedelta(days=1)
    overdue, gone, _ = ClientProfile.objects.filter(firm=found.firm)
    ClientProfile.objects.filter(pk=overdue.pk).update(review_due_on=yesterday)
    ClientProfile.objects.filter(pk=gone.pk).update(
        review_due_on=yesterday, archived_at=timezone.now()
    )
    MembershipFactory(firm=found.firm, role=Role.CLIENT)
    Job.objects.update(kind="gone")
    run_job(found.pk)
    shown = columns(browser, found.firm)
    assert shown.pop("last_activity") > timezone.now() - timedelta(minutes=5)
    assert shown == {
        "advisors": 1,
        "clients": 2,
        "overdue": 1,
        "portfolios": 0,
        "not_done_in_a_week": 2,
    }


def test_a_firm_that_is_empty_has_noughts(browser: Client) -> None:
    firm = member(role=Role.CLIENT).firm
    shown = columns(browser, firm)
    assert shown.pop("last_activity") is None
    assert set(shown.values()) == {0}


@pytest.mark.parametrize("page", ["/staff/firms/firm/", "/staff/firms/job/"])
def test_lists_ask_the_database_equally_often_however_long_they_are(
    browser: Client, page: str
) -> None:
    a_firm(1)
    few = queries(browser, page)
    for _ in range(4):
        a_firm(2)
    assert queries(browser, page) == few


def test_work_that_went_wrong_is_found_with_its_reasons(browser: Client) -> None:
    wrong, right, left = a_firm(0), a_firm(0), a_firm(0)
    run_job(right.pk)
    Job.objects.filter(pk=wrong.pk).update(kind="gone")
    run_job(wrong.pk)
    Job.objects.filter(pk=left.pk).update(lease_until=timezone.now() - timedelta(hours=1))
    for query, found in (("?far=failed", wrong), ("?far=left", left), ("?far=open", left)):
        page = browser.get(f"/staff/firms/job/{query}").content.decode()
        assert [each for each in (wrong, right, left) if str(each.pk) in page] == [found]
    row = browser.get(f"/staff/firms/job/{wrong.pk}/change/").content.decode()
    assert "2 x This version of RiskAlloc cannot do this work any more." in row


def test_work_is_searched_by_its_firm(browser: Client) -> None:
    one, other = a_firm(0), a_firm(0)
    page = browser.get("/staff/firms/job/", {"q": str(one.firm_id)}).content.decode()
    assert str(one.pk) in page
    assert str(other.pk) not in page
