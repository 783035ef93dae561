"""A practice writes only so many letters a day to many clients at once; nobody is lost by it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.utils import timezone

from questionnaire.models import ClientProfile
from riskalloc.firms.letters import letters_left
from riskalloc.firms.models import Job, JobItem
from riskalloc.firms.services.jobs import run_job
from tests.portfolios.advisors.desks import Desk
from tests.portfolios.advisors.test_bulk import ask, confirmed

pytestmark = pytest.mark.django_db
USED_UP = "Not sent: the practice’s 2 letters for today are used up. Try again tomorrow."


@pytest.fixture(autouse=True)
def two_a_day(settings: Any) -> None:
    settings.BULK_LETTERS_PER_DAY = 2


def people(desk: Desk, count: int) -> list[UUID]:
    made = [desk.client(f"Demo {n}", email=f"demo-{n}@example.org") for n in range(count)]
    return [client.pk for client in made]


def invited(desk: Desk, keys: list[UUID]) -> Job:
    response = confirmed(desk.browser, "invite", *keys)
    assert response.status_code == 303
    job = Job.objects.get(pk=response["Location"].split("/")[2])
    run_job(job.pk)
    return job


def said(job: Job) -> list[str]:
    return list(job.items.order_by("position").values_list("said", flat=True))


def a_day_later() -> None:
    JobItem.objects.filter(done_at__isnull=False).update(done_at=timezone.now() - timedelta(days=1))


def test_those_beyond_it_are_listed_and_tomorrow_they_are_tried_again() -> None:
    desk = Desk()
    mail.outbox.clear()
    job = invited(desk, people(desk, 5))
    assert said(job) == ["", "", USED_UP, USED_UP, USED_UP]
    page = desk.browser.get(job.get_absolute_url()).content.decode()
    assert page.count(USED_UP) == 3
    a_day_later()
    desk.browser.post(f"/jobs/{job.pk}/again/")
    run_job(job.again.pk)
    assert said(job.again) == ["", "", USED_UP]
    a_day_later()
    desk.browser.post(f"/jobs/{job.again.pk}/again/")
    run_job(job.again.again.pk)
    assert said(job.again.again) == [""]


def test_it_is_one_number_for_all_work_of_the_day_and_each_practice_has_its_own() -> None:
    desk, other = Desk(), Desk()
    invited(desk, people(desk, 1))
    assert said(invited(desk, people(desk, 2))) == ["", USED_UP]
    assert said(invited(other, people(other, 2))) == ["", ""]


def test_only_letters_that_were_written_count() -> None:
    desk = Desk()
    silent = desk.client("Demo silent").pk
    job = invited(desk, [silent, *people(desk, 2)])
    assert said(job)[1:] == ["", ""]
    assert "no e-mail address" in said(job)[0]


def test_other_work_writes_none_and_is_not_held_up() -> None:
    desk = Desk()
    invited(desk, people(desk, 2))
    assert letters_left(desk.firm.pk) == 0
    confirmed(desk.browser, "plan", *ClientProfile.objects.values_list("pk", flat=True))
    job = Job.objects.get(kind="prepare_plans")
    run_job(job.pk)
    assert USED_UP not in said(job)


@pytest.mark.parametrize(
    ("before", "chosen", "sentence"),
    [
        (0, 2, "All of the letters can go out today."),
        (0, 5, "2 letters go out today. 3 are listed as not sent; try them again tomorrow."),
        (1, 2, "1 letter goes out today. 1 is listed as not sent; try it again tomorrow."),
        (2, 4, "No letter goes out today. 4 are listed as not sent; try them again tomorrow."),
    ],
)
def test_the_page_that_asks_says_how_many_go_out_today(
    before: int, chosen: int, sentence: str
) -> None:
    desk = Desk()
    if before:
        invited(desk, people(desk, before))
    page = ask(desk.browser, "invite", *people(desk, chosen)).content.decode()
    assert sentence in page
    most = "A practice writes at most 2 letters a day to many clients at once."
    assert (most in page) is ("All of" not in sentence)
    assert "letters" not in ask(desk.browser, "plan", *people(desk, 1)).content.decode()


def test_letters_that_wait_for_their_turn_are_counted_before_new_ones() -> None:
    desk = Desk()
    confirmed(desk.browser, "invite", *people(desk, 2))
    page = ask(desk.browser, "invite", *people(desk, 1)).content.decode()
    assert "No letter goes out today. 1 is listed as not sent" in page


def test_letters_that_wait_in_another_practice_are_not_counted() -> None:
    desk, other = Desk(), Desk()
    confirmed(other.browser, "invite", *people(other, 2))
    assert letters_left(other.firm.pk) == 0
    assert letters_left(desk.firm.pk) == 2
