"""E-mails: written from two templates, sent by a task once the transaction is through."""

from collections.abc import Mapping
from email.utils import make_msgid
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django_tasks import task

from riskalloc.firms.jobs import KINDS, Doing, NotDone
from riskalloc.firms.models import Firm, Job, JobItem
from riskalloc.web.queues import enqueue_with_commit
from riskalloc.web.throttle import seconds_to_wait


def write_letter(
    *, to: str, template: str, context: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> None:
    """Send `<template>.subject.txt` and `<template>.txt`, if what is being written is committed."""
    subject = " ".join(as_text(f"{template}.subject.txt", context).split())
    body = as_text(f"{template}.txt", context)
    queue_letter(to=to, subject=subject, body=body, headers=headers)


def queue_letter(
    *, to: str, subject: str, body: str, headers: Mapping[str, str] | None = None
) -> None:
    """To leave once what is being written is committed."""
    letter = {"to": to, "subject": subject, "body": body, "headers": with_id(headers or {})}
    enqueue_with_commit(send_letter, **letter)


def with_id(headers: Mapping[str, str]) -> dict[str, str]:
    """The Message-ID belongs to the letter, not to its leaving: where a worker died between the two, a second
    copy has the same, by which mail servers know it.
    """
    return {"Message-ID": make_msgid(domain=urlsplit(settings.SITE_URL).hostname), **headers}


def wait_to_write(request: HttpRequest) -> int:
    """Seconds: letters go to people who may not know us, so only some of them a minute."""
    return seconds_to_wait(request, "inviting", settings.INVITATIONS_PER_MINUTE)


# -- By work on many clients ------------------------------------------------------------------------------


def may_write(doing: Doing) -> None:
    """Before a letter of work on many: raises NotDone where the practice has used up those of today.

    One letter of a practice after the other, so that two workers do not both write the last one.
    """
    Firm.objects.locked().get(pk=doing.firm_id)
    if letters_written(doing.firm_id) >= settings.BULK_LETTERS_PER_DAY:
        raise NotDone(
            f"Not sent: the practice’s {settings.BULK_LETTERS_PER_DAY:,} letters for today are"
            " used up. Try again tomorrow."
        )


def letters_left(firm_id: UUID) -> int:
    """How many letters of new work would go out today, once those that are waiting have."""
    running = Job.objects.running().filter(firm=firm_id, kind__in=kinds_with_letters())
    waiting = JobItem.objects.filter(job__in=running, state=JobItem.State.WAITING).count()
    return max(0, settings.BULK_LETTERS_PER_DAY - letters_written(firm_id) - waiting)


def letters_written(firm_id: UUID) -> int:
    """Today, by work on many."""
    began = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    jobs = Job.objects.filter(firm=firm_id, kind__in=kinds_with_letters())
    done = JobItem.objects.filter(job__in=jobs, state=JobItem.State.DONE, done_at__gte=began)
    return done.count()


def kinds_with_letters() -> list[str]:
    return [kind.name for kind in KINDS.values() if kind.writes_letters]


# -- Text -------------------------------------------------------------------------------------------------


def as_text(template: str, context: Mapping[str, Any]) -> str:
    return render_to_string(template, dict(context), using="letters")


@task()
def send_letter(to: str, subject: str, body: str, headers: dict[str, str]) -> None:
    EmailMessage(subject=subject, body=body, to=[to], headers=headers).send()
