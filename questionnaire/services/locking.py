"""One thing at a time happens to a client."""

from django.db.models import QuerySet

from questionnaire.models import ClientProfile
from riskalloc.web.errors import Gone


def lock(client: ClientProfile) -> ClientProfile:
    """The client as they are now, until the transaction ends; Gone if they left or were deleted meanwhile.

    Whatever hangs on a client is written under this lock, so that its firm is the client's.
    """
    return _locked(ClientProfile.objects.filter(pk=client.pk, firm=client.firm_id))


def lock_wherever(client: ClientProfile) -> ClientProfile:
    """The same, also if they have moved to another firm meanwhile."""
    return _locked(ClientProfile.objects.filter(pk=client.pk))


def _locked(clients: QuerySet[ClientProfile]) -> ClientProfile:
    """What belongs to a row is read once the lock is ours: joined to it, it would be from before the wait.

    No key: a new price writes rows that point to many clients, whom it does not lock.
    """
    if not clients.select_for_update(no_key=True).values_list("pk").first():
        raise Gone
    return clients.select_related("firm", "membership__user", "invitation").get()
