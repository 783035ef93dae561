"""People who are signed in, in a browser, and the letters that they get."""

import re
from datetime import timedelta

from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page

from questionnaire.models import Assessment, ClientProfile
from questionnaire.services.owning import own
from riskalloc.firms.audit import By
from riskalloc.firms.models import User
from tests.factories import columns_of, make_assessment
from tests.firms.people import browser_of


def sign_in(page: Page, user: User) -> None:
    """As if this person had signed in here, with a second step where one is asked for."""
    session = browser_of(user).cookies["session"].value
    cookie = {"name": "session", "value": session, "domain": "localhost", "path": "/"}
    page.context.add_cookies([cookie])


def assessed(client: ClientProfile, *, days_ago: int = 0, **answers: str) -> Assessment:
    """An assessment of the client, made some days ago."""
    made = make_assessment(**answers)
    if days_ago:
        columns = columns_of(made) | {"created_at": timezone.now() - timedelta(days=days_ago)}
        made = Assessment.objects.create(**columns)
    own(assessment=made, client=client, by=By())
    return made


def link_in_letter(pattern: str) -> str:
    """The path of the link in the last letter."""
    found = re.search(rf"https?://[^/\s]+(/{pattern}/\S+)", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found.group(1)


def code_in_letter() -> str:
    """The code that stands on a line of its own."""
    found = re.search(r"^\s*([A-Z0-9-]{6,9})\s*$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found.group(1)
