"""Letters that ask to look again: one for each day on which a review is due."""

from datetime import date, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from questionnaire.models import ClientProfile, Reminder
from questionnaire.services.locking import lock
from riskalloc.firms.audit import By, record
from riskalloc.firms.letters import write_letter
from riskalloc.firms.models import User
from riskalloc.firms.tenancy import admit_to

AHEAD = timedelta(days=14)  # a letter goes out this long before the day
SIGNER = signing.Signer(salt="questionnaire.unsubscribe", sep=".")


def waiting_for_letter(today: date) -> models.QuerySet[ClientProfile]:
    """Whose review is due or soon will be, who want a letter, can sign in, and have not had it yet.

    Clients without a sign-in are not written to: their advisors see them as due.
    """
    verified = EmailAddress.objects.filter(
        user=OuterRef("membership__user"),
        email__iexact=OuterRef("membership__user__email"),
        verified=True,
    )
    sent = Reminder.objects.filter(client=OuterRef("pk"), due_on=OuterRef("review_due_on"))
    due = ClientProfile.objects.active().filter(
        review_due_on__lte=today + AHEAD, wants_reminders=True, membership__user__is_active=True
    )
    return due.filter(Exists(verified), ~Exists(sent))


@task()
def send_reminder(client_id: str, due_on: str) -> bool:
    """Write the letter for one due day; may run twice, or at the same time, and writes once."""
    return remind(client_id=UUID(client_id), due_on=date.fromisoformat(due_on))


@transaction.atomic
def remind(*, client_id: UUID, due_on: date) -> bool:
    """Whether there was a letter to write: the row and the letter are of one transaction."""
    admit_to(
        ClientProfile.objects.filter(pk=client_id)
    )  # a task of the system, which nobody signed
    locked = waiting_for_letter(timezone.localdate()).select_for_update(of=("self",))
    clients = locked.select_related("membership__user")
    client = clients.filter(pk=client_id, review_due_on=due_on).first()
    if client is None or client.membership is None:
        return False
    _, is_new = Reminder.objects.get_or_create(
        client=client, due_on=due_on, defaults={"firm_id": client.firm_id}
    )
    if not is_new:  # somebody was faster between the question and the lock
        return False
    _write_reminder(client, client.membership.user, due_on)
    after = {"due_on": str(due_on)}
    record(
        by=By(),
        firm_id=client.firm_id,
        action="reminder sent",
        of=client,
        about=client.pk,
        after=after,
    )
    return True


def _write_reminder(client: ClientProfile, user: User, due_on: date) -> None:
    """Nothing that anybody typed stands in it: it cannot be made to say something else."""
    stop = address_of("unsubscribe", token=unsubscribe_token(client))
    context = {
        "due_on": due_on,
        "is_past": due_on < timezone.localdate(),
        "page": address_of("client", client_id=client.pk),
        "stop": stop,
    }
    headers = {  # one click in the mail program: RFC 8058
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    write_letter(
        to=user.email, template="questionnaire/letters/reminder", context=context, headers=headers
    )


def address_of(name: str, **kwargs: object) -> str:
    """A page as a letter names it that no request led to."""
    return f"{settings.SITE_URL}{reverse(name, kwargs=kwargs)}"


# -- Wanting them or not -----------------------------------------------------------------------------------


def unsubscribe_token(client: ClientProfile) -> str:
    """What the link in a letter carries: it never expires, and only we can make it."""
    return SIGNER.sign(client.pk.hex)


def client_of_token(token: str) -> ClientProfile | None:
    try:
        client_id = UUID(hex=SIGNER.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    clients = ClientProfile.objects.filter(pk=client_id)
    admit_to(clients)
    return clients.first()


@transaction.atomic
def switch_reminders(*, client: ClientProfile, wanted: bool, by: By) -> None:
    """Twice is once. A form of the profile that is open elsewhere learns of it by the version."""
    locked = lock(client)
    if locked.wants_reminders == wanted:
        return
    locked.wants_reminders = wanted
    locked.version += 1
    locked.save(update_fields=["wants_reminders", "version"])
    record(
        by=by,
        firm_id=locked.firm_id,
        action="reminders switched on" if wanted else "reminders switched off",
        of=locked,
        about=locked.pk,
        before={"wants_reminders": not wanted},
        after={"wants_reminders": wanted},
    )
