"""Clients, running questionnaires (drafts) and their results (assessments, never changed)."""

from questionnaire.models.assessments import Assessment, Erasure, Override, Ownership
from questionnaire.models.clients import Assignment, ClientProfile, HouseholdMember, Tombstone
from questionnaire.models.drafts import Draft, hashed
from questionnaire.models.events import LifeEvent, Reminder
from riskalloc.firms.models import new_token

__all__ = [
    "Assessment",
    "Assignment",
    "ClientProfile",
    "Draft",
    "Erasure",
    "HouseholdMember",
    "LifeEvent",
    "Override",
    "Ownership",
    "Reminder",
    "Tombstone",
    "hashed",
    "new_token",
]
