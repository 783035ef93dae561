"""Every night: where all portfolios stand, some thousands at a time."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID, uuid5

from django.db import transaction
from django.urls import reverse
from django_tasks import task

from portfolios.models import Portfolio
from portfolios.services.standing import keep_many
from portfolios.valuing import TooLarge
from riskalloc.firms.audit import By
from riskalloc.firms.jobs import Doing, Names, job_kind
from riskalloc.firms.models import Firm, Job, Viewer
from riskalloc.firms.services.jobs import start_job
from riskalloc.firms.tenancy import everything, within
from riskalloc.web.queues import LONG_WORK

NIGHTLY = UUID("5f0c6f2e-9d55-4d0b-9a43-6a1b1f0e8d11")  # names of jobs are made from it
PART = 2_000  # portfolios that are locked together, for about a second at most
TOO_LARGE = "It is worth more than can be calculated. Look at its quantities and prices."


def start_nightly(firm: Firm, day: date) -> Job | None:
    """One job for a practice and a day, however often it is started; None where it has no portfolios."""
    job_id = uuid5(NIGHTLY, f"{firm.pk} {day}")
    own = {
        uuid5(job_id, str(number)): {"first": str(first), "last": str(last)}
        for number, (first, last) in enumerate(parts_of(firm))
    }
    if not own:
        return None
    return start_job(
        job_id=job_id, firm_id=firm.pk, kind="nightly_refresh", keys=own, own=own, by=By()
    )


def parts_of(firm: Firm) -> Iterator[tuple[UUID, UUID]]:
    """The first and the last key of each part."""
    rows = Portfolio.objects.filter(firm=firm).order_by("pk").values_list("pk", flat=True)
    last = UUID(int=0)
    while keys := list(rows.filter(pk__gt=last)[:PART]):
        last = keys[-1]
        yield keys[0], last


def names_of(keys: Sequence[UUID], user: Viewer) -> Names:
    """A part has no name; a portfolio is called after its client."""
    seen = Portfolio.objects.visible_to(user).filter(pk__in=keys).select_related("client")
    named = {
        each.pk: (
            f"{each.client.name}: {each.name}",
            reverse("portfolio", kwargs={"portfolio_id": each.pk}),
        )
        for each in seen
    }
    return {key: named.get(key, ("A part of the book", "")) for key in keys}


@job_kind("nightly_refresh", title="Bring every portfolio up to date", names_of=names_of)
def refresh_part(doing: Doing) -> str:
    """By one statement; where one of them is too large, one by one, so that the others are kept."""
    rows = Portfolio.objects.filter(firm=doing.firm_id)
    keys = list(
        rows.filter(pk__gte=doing.own["first"], pk__lte=doing.own["last"]).values_list(
            "pk", flat=True
        )
    )
    try:
        with transaction.atomic():
            keep_many(keys)
    except TooLarge:
        _refresh_each(doing, keys)
    count = len(keys) - len(doing.failures)
    return f"{count:,} portfolio{'' if count == 1 else 's'}"


def _refresh_each(doing: Doing, keys: Sequence[UUID]) -> None:
    for key in keys:
        try:
            with transaction.atomic():
                keep_many([key])
        except TooLarge:
            doing.failed(key, TOO_LARGE)


@task(queue_name=LONG_WORK)
def refresh_firm_of_one(firm_id: str) -> None:
    """Of one person: nobody watches it, and doing it twice is doing it once."""
    firm = UUID(firm_id)
    with within(firm):
        keep_many(Portfolio.objects.filter(firm=firm).values_list("pk", flat=True))


def start_all(day: date) -> tuple[int, int]:
    """How many practices, and how many firms of one person."""
    with everything():
        firms = Firm.objects.filter(pk__in=Portfolio.objects.values("firm")).order_by("pk")
        practices, others = list(firms.filter(is_personal=False)), firms.filter(is_personal=True)
        started = sum(start_nightly(firm, day) is not None for firm in practices)
        of_one = list(others.values_list("pk", flat=True))
    for firm_id in of_one:
        refresh_firm_of_one.enqueue(firm_id=str(firm_id))
    return started, len(of_one)
