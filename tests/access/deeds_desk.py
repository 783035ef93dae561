"""What is posted at the desk."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID


def deeds(new_id: UUID) -> dict[str, Any]:
    def chosen(firm: SimpleNamespace) -> dict[str, Any]:
        return {"do": "review", "id": new_id, "chosen": firm.client.pk.hex}

    return {
        "desk_chosen": chosen,
        "filter_save": lambda firm: {"id": new_id, "name": "Demo new", "query": "status=drift"},
        "filter_rename": lambda firm: {"name": "Demo other"},
    }
