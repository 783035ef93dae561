"""What happens to portfolios when their client leaves a firm, is deleted, or takes everything along."""

from collections.abc import Iterable
from uuid import UUID, uuid4

from django.db.models import Q

from portfolios.models import (
    Account,
    DayValue,
    ExchangeRate,
    Holding,
    Paste,
    Plan,
    PlanMark,
    Policy,
    Portfolio,
    Security,
    Standing,
    Target,
)
from portfolios.services.locking import lock_securities
from portfolios.services.securities import built_in, lock_portfolios
from questionnaire.models import ClientProfile
from questionnaire.services.belongings import Rows
from riskalloc.firms.audit import By, record


def lock_all(client: ClientProfile) -> None:
    """What a new price locks, in its order: so that it comes wholly before or wholly after."""
    ours = Q(holdings__client=client)
    if client.firm.is_personal:  # they go with their firm, held or not
        ours |= Q(firm=client.firm_id)
    lock_securities(Security.objects.filter(ours).values_list("pk", flat=True))
    lock_portfolios(client.portfolios.values_list("pk", flat=True))


# -- Leaving -----------------------------------------------------------------------------------------------


def move(client: ClientProfile, by: By) -> None:
    """Securities are the firm's: those that the client holds are copied, prices and all.

    The firm has just been founded, so it has none of them yet, and no figure changes.
    """
    held = list(Security.objects.filter(pk__in=held_by(client)).order_by("pk"))
    copies = {security.pk: copy_for(client, security) for security in held}
    Security.objects.bulk_create(copies.values())
    for security in held:
        mine = Holding.objects.filter(client=client, security=security)
        mine.update(security=copies[security.pk])
    drop_unheld(copies)
    if copies:
        record(
            by=by,
            firm_id=client.firm_id,
            action="securities brought along",
            of=client,
            about=client.pk,
            after={"securities": sorted(security.symbol for security in held)},
        )


def copy_for(client: ClientProfile, security: Security) -> Security:
    fields = security._meta.concrete_fields
    values = {field.attname: getattr(security, field.attname) for field in fields}
    return Security(**values | {"id": uuid4(), "firm_id": client.firm_id, "version": 1})


# -- Deleting ----------------------------------------------------------------------------------------------


def erase(client: ClientProfile) -> None:
    """The rest goes with the client's row; a security that is held does not."""
    securities = list(held_by(client))
    Holding.objects.filter(client=client).delete()
    drop_unheld(securities)


def drop_unheld(securities: Iterable[UUID]) -> None:
    """What nobody holds any more and no list knows: its name may be a client's address."""
    unheld = Security.objects.filter(pk__in=list(securities), holdings__isnull=True)
    private = [pk for pk, symbol in unheld.values_list("pk", "symbol") if is_private(symbol)]
    Security.objects.filter(pk__in=private).delete()


def is_private(symbol: str) -> bool:
    return built_in().listed(symbol) is None


# -- Taking along ------------------------------------------------------------------------------------------


def rows_of(client: ClientProfile) -> Rows:
    """Each column of each row; the securities are those that a holding names, deleted holdings included."""
    mine = Q(client=client)
    return {
        "portfolios": Portfolio.objects.filter(mine).order_by("created_at", "pk"),
        "accounts": Account.objects.filter(mine).order_by("created_at", "pk"),
        "holdings": Holding.objects.filter(mine).order_by("created_at", "pk"),
        "securities": Security.objects.filter(pk__in=held_by(client)).order_by("symbol", "pk"),
        "exchange_rates": ExchangeRate.objects.filter(mine).order_by("currency", "pk"),
        "targets": Target.objects.filter(mine).order_by("made_at", "pk"),
        "policies": Policy.objects.filter(mine).order_by("pk"),
        "standings": Standing.objects.filter(mine).order_by("pk"),
        "day_values": DayValue.objects.filter(mine).order_by("day", "pk"),
        "plans": Plan.objects.filter(mine).order_by("made_at", "pk"),
        "plan_marks": PlanMark.objects.filter(mine).order_by("made_at", "pk"),
        "pastes": Paste.objects.filter(mine).order_by("made_at", "pk"),
    }


def held_by(client: ClientProfile) -> Iterable[UUID]:
    found = Holding.objects.filter(client=client).order_by("security")
    return found.values_list("security", flat=True).distinct()
