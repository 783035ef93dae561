"""A client with a row in every table that hangs on a profile, people who sign in, and what is stored."""

import time
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db.models import Model
from django.test import Client

from questionnaire.models import (
    ClientProfile,
    HouseholdMember,
    LifeEvent,
    Note,
    Override,
    Reminder,
    Review,
)
from questionnaire.services.owning import own
from riskalloc.firms.accounts.sessions import HOUR, SEEN_AT, SIGNED_IN_AT
from riskalloc.firms.audit import By, record
from riskalloc.firms.models import (
    AuditEntry,
    Firm,
    Invitation,
    Membership,
    Role,
    TenantModel,
    User,
)
from tests.factories import DraftFactory, assign, make_assessment, make_own_client
from tests.firms.people import browser_of

E_MAIL, PHONE = "canary-client@example.org", "+1 555 0100 canary"
NOTED = "Canary of the desk: thinks about selling the house."
REASON = "Sells the business next spring and needs more cash."


def make_whole(firm: Firm | None = None, **fields: Any) -> ClientProfile:
    """Signs in, has two assessments and everything else; in a practice also an advisor."""
    user = User.objects.create_user(E_MAIL)
    client = make_own_client(user=user, firm=firm, email=E_MAIL, phone=PHONE, **fields)
    verify(user)
    advisor = assign(client) if firm else user
    fill(client, advisor)
    return client


def fill(client: ClientProfile, advisor: User) -> None:
    by, of_client = By(user=advisor, name=advisor.email), {"firm": client.firm, "client": client}
    first, second = make_assessment(), make_assessment(horizon_years="4")
    for assessment in (first, second):
        own(assessment=assessment, client=client, by=by, filled_in_by=client.email)
    HouseholdMember.objects.create(**of_client, name="Demo partner", relation="wife")
    facts = {**of_client, "assessment": second}
    LifeEvent.objects.create(
        **facts,
        kind="new_job",
        events_version="1",
        happened_on=date(2026, 2, 3),
        recorded_by=E_MAIL,
    )
    mix = {"stocks": 40, "bonds": 40, "alternatives": 10, "cash": 10}
    Override.objects.create(**facts, **mix, reason=REASON, made_by=advisor.email)
    Review.objects.create(
        **facts, held_on=date(2026, 2, 20), summary=REASON, recorded_by=advisor.email
    )
    if not client.firm.is_personal:  # a desk has notes
        Note.objects.create(**of_client, text=NOTED, written_by=advisor.email)
    Reminder.objects.create(**of_client, due_on=date(2026, 3, 1))
    DraftFactory(token_hash=f"of advisor {client.pk}", client=client, started_by=advisor)
    invitation = Invitation.objects.create(
        firm=client.firm, email=E_MAIL, role=Role.CLIENT, token_hash=client.pk.hex
    )
    ClientProfile.objects.filter(pk=client.pk).update(invitation=invitation)
    client.refresh_from_db()


def verify(user: User, *, verified: bool = True) -> None:
    EmailAddress.objects.create(user=user, email=user.email, verified=verified, primary=True)


def note(client: ClientProfile, action: str = "looked at") -> AuditEntry:
    return record(by=By(), firm_id=client.firm_id, action=action, of=client, about=client.pk)


# -- People in front of a browser --------------------------------------------------------------------------


def signed_in(user: User, *, recently: bool = True) -> Client:
    """Somebody who has shown who they are: just now, or an hour ago."""
    browser = browser_of(user)
    session = browser.session
    now = int(time.time())
    session[SIGNED_IN_AT], session[SEEN_AT] = now if recently else now - HOUR, now
    session.save()
    return browser


def owner_of(firm: Firm) -> User:
    return Membership.objects.get(firm=firm, role=Role.OWNER).user


# -- What is stored ----------------------------------------------------------------------------------------

OURS = [
    *apps.get_app_config("questionnaire").get_models(),
    *apps.get_app_config("firms").get_models(),
]


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of ours."""
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in OURS}


def tenant_models() -> list[type[Model]]:
    found = [model for model in apps.get_models() if issubclass(model, TenantModel)]
    assert len(found) >= 8
    return found


def rows_about(client: ClientProfile) -> dict[str, int]:
    """How many rows of this app hang on a profile, by table, found by the foreign keys."""
    return {
        relation.related_model._meta.label: relation.related_model.objects.filter(
            **{relation.field.name: client.pk}
        ).count()
        for relation in ClientProfile._meta.related_objects
        if relation.related_model._meta.app_label == "questionnaire"
    }
