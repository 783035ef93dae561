"""One thing at a time happens to a client."""

from questionnaire.models import ClientProfile
from riskalloc.web.errors import Gone


def lock(client: ClientProfile) -> ClientProfile:
    """The client as they are now, until the transaction ends; Gone if they left or were deleted meanwhile.

    Whatever hangs on a client is written under this lock, so that its firm is the client's.
    """
    rows = ClientProfile.objects.select_for_update(of=("self",))
    related = ("firm", "membership__user", "invitation")
    locked = rows.select_related(*related).filter(pk=client.pk, firm=client.firm_id).first()
    if locked is None:
        raise Gone
    return locked
