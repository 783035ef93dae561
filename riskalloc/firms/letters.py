"""E-mails: written from two templates, sent by a task once the transaction is through."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django_tasks import task

from riskalloc.web.queues import enqueue_with_commit
from riskalloc.web.throttle import seconds_to_wait


def write_letter(
    *, to: str, template: str, context: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> None:
    """Send `<template>.subject.txt` and `<template>.txt`, if what is being written is committed."""
    subject = " ".join(as_text(f"{template}.subject.txt", context).split())
    body = as_text(f"{template}.txt", context)
    enqueue_with_commit(send_letter, to=to, subject=subject, body=body, headers=dict(headers or {}))


def wait_to_write(request: HttpRequest) -> int:
    """Seconds: letters go to people who may not know us, so only some of them a minute."""
    return seconds_to_wait(request, "inviting", settings.INVITATIONS_PER_MINUTE)


def as_text(template: str, context: Mapping[str, Any]) -> str:
    return render_to_string(template, dict(context), using="letters")


@task()
def send_letter(to: str, subject: str, body: str, headers: dict[str, str]) -> None:
    EmailMessage(subject=subject, body=body, to=[to], headers=headers).send()
