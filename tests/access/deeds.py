"""What is posted to each route: as right as can be, so that only the policy can be why it is refused."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import uuid5

from django.utils import timezone

from questionnaire.display import events as events_shown
from questionnaire.forms.events import EventForm
from questionnaire.models import Assessment, ClientProfile
from riskalloc.firms.models import Role
from tests.access.cast import NEVER_MADE
from tests.access.deeds_desk import deeds as deeds_of_desk
from tests.access.deeds_portfolios import deeds as deeds_of_portfolios
from tests.access.deeds_reviews import deeds as deeds_of_reviews
from tests.access.modelling import deeds as deeds_of_models
from tests.accounts.people import OTHER_PASSWORD, PASSWORD
from tests.api.calculator import BODIES

Deed = Callable[[SimpleNamespace], dict[str, Any]]
NEW_ID = uuid5(NEVER_MADE, "what a form makes")
MAIL = "demo-new@example.org"


def nothing(firm: SimpleNamespace) -> dict[str, Any]:
    return {}


def always(**values: Any) -> Deed:
    return lambda firm: values


def profile(**others: Any) -> dict[str, Any]:
    return {
        "name": "Demo changed",
        "email": MAIL,
        "phone": "1",
        "born_on": "",
        "retires_on": "",
        "currency": "EUR",
        "notes": "Changed",
        **others,
    }


def settings_of(firm: SimpleNamespace) -> dict[str, Any]:
    return {
        "version": firm.firm.version,
        "name": "Demo changed",
        "retention_years": 3,
    }


def event_of(firm: SimpleNamespace) -> dict[str, Any]:
    """A life event as its page sends it after the preview."""
    client = ClientProfile.objects.select_related("firm").get(pk=firm.client.pk)
    kind = events_shown.published_events().event("job_loss")
    base, today = Assessment.objects.latest_of(client), timezone.localdate()
    asking = events_shown.asking(kind, client, base, today)
    form = EventForm.of_answers(asking.questions, asking.start, amount=base.amount, today=today)
    sent = {name: as_sent(value) for name, value in form.initial.items() if value is not None}
    sent |= {"event_id": str(NEW_ID)}
    form = EventForm(asking.questions, amount=base.amount, today=today, data=sent)
    assert form.is_valid(), form.errors
    digest = events_shown.digest(asking, {**asking.kept, **form.answers()})
    return sent | {"action": "save", "base": base.public_id, "previewed": digest}


def as_sent(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def advisors_of(firm: SimpleNamespace) -> dict[str, Any]:
    return {"advisors": [str(firm.colleague.pk)]}


def sign_in(firm: SimpleNamespace) -> dict[str, Any]:
    """As the other client, who has no second step."""
    return {"login": firm.sibling.email, "password": PASSWORD}


DEEDS: dict[str, Deed] = {
    "question": always(amount="50000", needed_within_3_years="0"),
    "check": always(version="1"),
    "keep": always(version="1"),
    "unsubscribe": always(wants="no"),
    "client_new": always(**profile(id=NEW_ID)),
    "client_edit": always(**profile(version="1")),
    "client_household": always(id=NEW_ID, name="Demo new", relation="", born_on=""),
    "client_invite": always(email=MAIL),
    "client_link": always(email=MAIL),
    "client_override": always(
        id=NEW_ID, stocks=50, bonds=30, alternatives=10, cash=10, reason="Because this is better"
    ),
    "client_advisors": advisors_of,
    "client_reminders": always(wants="no"),
    "event": event_of,
    "client_delete": always(confirmation="delete"),
    **deeds_of_portfolios(NEW_ID),
    **deeds_of_reviews(NEW_ID),
    **deeds_of_desk(NEW_ID),
    **deeds_of_models(NEW_ID),
    "firm_new": always(id=NEW_ID, name="Demo new"),
    "firm_settings": settings_of,
    "firm_invite": always(id=NEW_ID, email=MAIL, role=Role.READER.value),
    "member": always(role=Role.READER.value),
    "account_signup": always(email=MAIL, password1=OTHER_PASSWORD),
    "account_reauthenticate": always(password=PASSWORD),
    "account_email": always(email=MAIL, action_add=""),
    "account_change_password": always(oldpassword=PASSWORD, password1=OTHER_PASSWORD),
    "account_reset_password": always(email=MAIL),
    "account_login": sign_in,
    **{f"api:{operation}": always(**body) for operation, body in BODIES.items()},
    "mfa_edit_webauthn": always(name="Demo key"),
    "staff:firms_membership_change": always(role=Role.READER.value),
    "staff:firms_membership_delete": always(post="yes"),
}

# Routes whose deed changes nothing but the session, or the browser's cookie.
ONLY_SESSION = {
    "account_email",  # a code for the new address is kept until it is typed
    "account_logout",
    "account_reauthenticate",
    "account_reset_password",  # as for the e-mail
    "open_link",
    "save_result",
    "usersessions_list",
}
