"""How work on many clients calls them, for whoever looks at it."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse

from questionnaire.models import ClientProfile
from riskalloc.firms.jobs import Names
from riskalloc.firms.models import Viewer


def client_names(keys: Sequence[UUID], user: Viewer) -> Names:
    """Of those that this person may see now."""
    clients = ClientProfile.objects.at_the_desk_of(user).filter(pk__in=keys)
    return {
        pk: (name, reverse("client", kwargs={"client_id": pk}))
        for pk, name in clients.values_list("pk", "name")
    }
