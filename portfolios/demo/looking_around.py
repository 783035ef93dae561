"""Made-up clients for an empty desk: in a demo practice of the person's own, which one press removes."""

from django.db import transaction
from django.db.models import QuerySet

from portfolios.demo.book import Desk, fill
from questionnaire.models import ClientProfile
from questionnaire.services.leaving import close_firm, delete_client
from riskalloc.firms.audit import By, record
from riskalloc.firms.models import Firm, Membership, Role, User
from riskalloc.firms.services import found_practice

NAME, CLIENTS, SEED = "Demo practice", 12, 1


class HasOwnClients(Exception):
    """Somebody was added to the demo practice by hand."""


def demo_desks(user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(
        user=user, role=Role.OWNER, firm__is_demo=True, firm__is_personal=False
    ).select_related("firm", "user")


@transaction.atomic
def load_demo_clients(*, user: User, practice: Firm, by: By) -> Firm:
    """The demo practice; the one that is there, where there is one. The practice's trail tells of it."""
    _one_at_a_time(user)
    if desk := demo_desks(user).first():
        return desk.firm
    firm = found_practice(name=NAME, owner=user, by=by, is_demo=True)
    firm.retention_years = 0  # of people who do not exist no record is kept
    firm.save(update_fields=["retention_years"])
    members = tuple(demo_desks(user).filter(firm=firm))
    counts = fill(Desk(firm=firm, members=members), clients=CLIENTS, seed=SEED)
    # In an installation with real letters, none leaves for people who do not exist.
    ClientProfile.objects.filter(firm=firm).update(email="")
    after = {"clients": counts.clients}
    record(by=by, firm_id=practice.pk, action="demo clients loaded", of=firm, after=after)
    return firm


@transaction.atomic
def remove_demo_clients(*, user: User, practice: Firm, by: By) -> None:
    """Everything of the demo practice, its trail as well; twice is once. Raises HasOwnClients."""
    _one_at_a_time(user)
    desk = demo_desks(user).first()
    if desk is None:
        return
    firm, pk = desk.firm, desk.firm_id
    clients = list(ClientProfile.objects.filter(firm=firm).select_related("firm").order_by("pk"))
    if any(not is_made_up(client) for client in clients):
        raise HasOwnClients
    for client in clients:
        delete_client(client=client, by=by)
    close_firm(firm)
    after = {"clients": len(clients)}
    record(by=by, firm_id=practice.pk, action="demo clients removed", of=Firm(pk=pk), after=after)


def is_made_up(client: ClientProfile) -> bool:
    """Those that were loaded came long before their firm's row was made: nobody who is typed in does."""
    return client.created_at < client.firm.created_at


def _one_at_a_time(user: User) -> None:
    """Two presses wait for each other here."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
