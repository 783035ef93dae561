"""Firms with mixes of their own, for tests."""

from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from questionnaire.models import ClientProfile, PublishedModels
from questionnaire.services import modelling
from questionnaire.services.answering import finish
from questionnaire.services.methods import method_for
from questionnaire.services.owning import own
from questionnaire.services.switching import Course, switch
from riskalloc.firms.audit import By
from riskalloc.firms.models import Firm, Role
from tests.factories import DraftFactory, answered
from tests.firms.people import browser_of, member

BY = By(name="owner@example.org")
MIXES = {
    "conservative": {"us_large_cap": 2000, "us_aggregate": 6000, "cash": 2000},
    "moderate": {"us_large_cap": 4533, "emerging": 467, "us_aggregate": 4000, "gold": 1000},
    "aggressive": {"us_large_cap": 6000, "intl_developed": 2000, "us_aggregate": 2000},
}


def drafted(firm: Firm, mixes: Any = MIXES, name: str = "Balanced") -> None:
    draft = modelling.start_draft(firm=firm, by=BY)
    modelling.save_draft(firm=firm, version=draft.version, name=name, note="", mixes=mixes, by=BY)


def published(firm: Firm, mixes: Any = MIXES, name: str = "Balanced") -> PublishedModels:
    drafted(firm, mixes, name)
    version = firm.model_draft.__class__.objects.get(firm=firm).version
    return modelling.publish(firm=firm, version=version, models_id=uuid4(), by=BY)


def using(firm: Firm, models: PublishedModels | None, method: str | None = None) -> None:
    firm.refresh_from_db()
    to = Course(method=method or firm.method, published=models)
    switch(firm=firm, version=firm.version, to=to, by=BY)
    firm.refresh_from_db()


def assessed(client: ClientProfile, **fields: str) -> Any:
    """A result of the client's, by what the firm uses now."""
    draft = DraftFactory(token_hash=uuid4().hex, answers=answered(**fields))
    found = finish(draft=draft, version=draft.version, method=method_for(client.firm))
    own(assessment=found, client=client, by=BY)
    return found


def owner_browser(firm: Firm, role: Role = Role.OWNER) -> Client:
    browser = browser_of(member(firm, role).user)
    browser.firm = firm
    return browser


def typed(version: int = 1, models_id: UUID | None = None, **shares: str) -> dict[str, str]:
    """What the form of a draft sends: MIXES, with some shares typed otherwise."""
    sent = {
        f"{label}_{name}": str(part / 100)
        for label, parts in MIXES.items()
        for name, part in parts.items()
    }
    named = {"version": str(version), "id": str(models_id or uuid4()), "name": "Balanced"}
    return {**named, "note": "", **sent, **shares}
