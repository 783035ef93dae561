"""Clients, running questionnaires (drafts) and their results (assessments, never changed)."""

from questionnaire.models.assessments import Assessment, Erasure, Override, Ownership
from questionnaire.models.clients import Assignment, ClientProfile, HouseholdMember, Tombstone
from questionnaire.models.drafts import Draft, hashed
from questionnaire.models.events import LifeEvent, Reminder
from questionnaire.models.model_portfolios import (
    ModelDraft,
    ModelMix,
    ModelRetirement,
    ModelsInUse,
    PublishedModels,
)
from questionnaire.models.reviews import Note, Review
from riskalloc.firms.models import new_token

__all__ = [
    "Assessment",
    "Assignment",
    "ClientProfile",
    "Draft",
    "Erasure",
    "HouseholdMember",
    "LifeEvent",
    "ModelDraft",
    "ModelMix",
    "ModelRetirement",
    "ModelsInUse",
    "Note",
    "Override",
    "Ownership",
    "PublishedModels",
    "Reminder",
    "Review",
    "Tombstone",
    "hashed",
    "new_token",
]
