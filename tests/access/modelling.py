"""A firm's own models in the world of the matrix, and what is posted about them."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from questionnaire.display.switching import preview
from questionnaire.models import (
    ClientProfile,
    ModelDraft,
    ModelMix,
    ModelRetirement,
    PublishedModels,
)
from questionnaire.services.switching import Course
from tests.questionnaire.modelled import MIXES, typed


def models_of(own: SimpleNamespace, word: Any, desk: tuple[str, ...]) -> PublishedModels:
    """A version that was retired, one that may be chosen, and a draft."""
    common = {"firm": own.firm, "published_by": word("models by", desk)}
    versions = [
        PublishedModels.objects.create(
            **common,
            number=number,
            name=word(f"models {number}", desk),
            note=word(f"note {number}", desk),
        )
        for number in (1, 2)
    ]
    for one in versions:
        for label, parts in MIXES.items():
            ModelMix.objects.create(firm=own.firm, published=one, label=label, **parts)
    ModelRetirement.objects.create(
        firm=own.firm, published=versions[0], retired_by=word("retired by", desk)
    )
    owner = {*desk} & {"owner"}
    ModelDraft.objects.create(
        firm=own.firm,
        name=word("draft of models", owner),
        note=word("note of draft", owner),
        mixes=MIXES,
        changed_by=word("drafted by", owner),
    )
    return versions[1]


def without_draft(firm: SimpleNamespace) -> None:
    ModelDraft.objects.filter(firm=firm.firm).delete()


def deeds(new_id: UUID) -> dict[str, Any]:
    return {
        "models_draft": lambda firm: typed(1, new_id) | {"action": "publish"},
        "firm_method": switch,
    }


def switch(firm: SimpleNamespace) -> dict[str, Any]:
    clients = ClientProfile.objects.filter(firm=firm.firm).active()
    found = preview(clients, Course(method="seed-1", published=None))
    return {
        "method": "seed-1",
        "mixes": "method",
        "version": firm.firm.version,
        "figures": found.figures,
        "seen": "on",
    }
