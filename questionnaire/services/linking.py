"""A link under which somebody answers for a client, without an account."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from questionnaire.models import ClientProfile, Draft, hashed
from questionnaire.services.answering import start_draft_for
from questionnaire.services.locking import lock
from riskalloc import methodology
from riskalloc.firms.audit import By
from riskalloc.firms.letters import write_letter

TOKEN_BYTES = 16  # 128 bits, as every token of ours


@transaction.atomic
def send_link(
    *, client: ClientProfile, email: str, sent_id: UUID, by: By, link_of: Callable[[str], str]
) -> None:
    """Start a draft and write the letter that opens it. The same `sent_id` writes one letter."""
    client = lock(client)
    token = token_of(sent_id, client)
    if Draft.objects.filter(token_hash=hashed(token)).exists():
        return
    method = methodology.load(client.firm.method)
    start_draft_for(client=client, token=token, by=by, method=method, is_link=True)
    context = {
        "client": client,
        "firm": client.firm,
        "address": link_of(token),
        "days": settings.DRAFT_DAYS,
    }
    write_letter(to=email, template="questionnaire/letters/link", context=context)


def token_of(sent_id: UUID, client: ClientProfile) -> str:
    """Always the same for one form, and known to nobody without our key: only its hash is kept."""
    said = f"{client.pk.hex}.{sent_id.hex}"
    digest = salted_hmac("questionnaire.link", said, algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:TOKEN_BYTES]).rstrip(b"=").decode()
