"""Invented holdings to try things out with: added at once to an empty portfolio, and gone at once."""

from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from portfolios.models import Account, Holding, Portfolio, Security
from portfolios.services.locking import lock_portfolio, note
from portfolios.services.securities import built_in, new_security, securities_for
from portfolios.services.standing import keep
from portfolios.valuing import rates_of, value_of
from questionnaire.services.locking import lock
from riskalloc.firms.audit import By, plain_values
from riskalloc.firms.models import Firm

ACCOUNT = "Sample account"
KEPT_ACCOUNT = "My account"
SOURCE = "sample"


class Lot(NamedTuple):
    listed: str
    quantity: Decimal
    price: Decimal

    @property
    def symbol(self) -> str:
        """One of its own: the price of the real fund belongs to everybody in the firm."""
        return f"{self.listed} ({SOURCE})"


# The article's example grown to $110,000: US large-cap has run ahead of the rest.
LOTS = (
    Lot("VOO", Decimal(125), Decimal(560)),
    Lot("VXUS", Decimal(200), Decimal(75)),
    Lot("AGG", Decimal(100), Decimal(100)),
    Lot("VNQ", Decimal(160), Decimal("93.75")),
)
SYMBOLS = tuple(lot.symbol for lot in LOTS)


class NotEmpty(Exception):
    """There are holdings: the sample would mix with them."""


@transaction.atomic
def add_sample(*, portfolio: Portfolio, by: By) -> Account:
    """Sent twice, added once. Raises NotEmpty, or NeedsRate where dollars have no rate."""
    client = lock(portfolio.client)
    wanted = [invented(lot, client.firm) for lot in LOTS]
    securities = securities_for(firm=client.firm, wanted=wanted)
    locked = lock_portfolio(portfolio, [security.pk for security in securities.values()])
    known = locked.accounts.filter(is_sample=True).first()
    if known:
        return known
    if locked.holdings.kept().exists():
        raise NotEmpty
    of_client = {"firm": client.firm, "client": client, "portfolio": locked}
    account = Account.objects.create(
        name=ACCOUNT, is_sample=True, currency=locked.currency, **of_client
    )
    rates = rates_of(locked)
    holdings = []
    for lot in LOTS:
        security = securities[lot.symbol]
        holding = Holding(account=account, security=security, quantity=lot.quantity, **of_client)
        holding.value = value_of(holding, security, account, rates)
        holdings.append(holding)
    Holding.objects.bulk_create(holdings)
    keep(locked)
    note(locked, "sample added", account, by, after=said_of(account, holdings))
    return account


def invented(lot: Lot, firm: Firm) -> Security:
    """As it would be made: the name and the classes of the fund that it stands for."""
    listed = built_in().listed(lot.listed)
    assert listed is not None  # the list has them all
    security = new_security(firm=firm, symbol=lot.symbol, name=listed.name)
    security.put_per_class(new_security(firm=firm, symbol=lot.listed).per_class())
    security.is_guessed = False
    security.price, security.priced_on = lot.price, timezone.localdate()
    security.price_source = SOURCE
    return security


@transaction.atomic
def remove_sample(*, portfolio: Portfolio, by: By) -> None:
    """Without a trace in any figure. What somebody added to its account by hand stays, in an account."""
    client = lock(portfolio.client)
    mine = Security.objects.filter(firm=client.firm, symbol__in=SYMBOLS)
    locked = lock_portfolio(portfolio, list(mine.values_list("pk", flat=True)))
    for account in locked.accounts.filter(is_sample=True):
        key, holdings = account.pk, account.holdings.filter(security__in=mine)
        before = said_of(account, list(holdings))
        holdings.delete()
        clear(account)
        keep(locked)
        account.pk = key
        note(locked, "sample removed", account, by, before=before)
    mine.filter(price_source=SOURCE, holdings__isnull=True).delete()


def clear(account: Account) -> None:
    if account.cash or account.holdings.exists():
        account.is_sample, account.name = False, KEPT_ACCOUNT
        account.version += 1
        account.save(update_fields=["is_sample", "name", "version"])
    else:
        account.delete()


def said_of(account: Account, holdings: list[Holding]) -> dict[str, object]:
    values = plain_values(account, ("name", "currency"))
    return values | {"holdings": [str(holding.value) for holding in holdings]}
