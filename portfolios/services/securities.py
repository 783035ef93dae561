"""What can be held: found or made, classed, and priced for everybody in the firm at once."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Upper

from portfolios.models import CLASSES, Holding, Portfolio, Security
from portfolios.services.locking import ChangedMeanwhile, lock_securities
from portfolios.services.revaluing import revalue_securities
from portfolios.services.standing import keep_many
from questionnaire.models import ClientProfile
from riskalloc import methodology
from riskalloc.firms.audit import By, changes, plain_values, record
from riskalloc.firms.models import Firm
from riskalloc.methodology.securities import SYMBOL, SecurityList
from riskalloc.web.errors import Gone

IN_A_PERCENT = 100  # basis points
PRICE_VALUES = ("price", "priced_on", "price_source")


# -- Finding and making -----------------------------------------------------------------------------------


def clean_symbol(text: str) -> str:
    """Without spaces around it; what looks like a ticker in capitals."""
    symbol = " ".join(text.split())
    return symbol.upper() if SYMBOL.fullmatch(symbol.upper()) else symbol


def find_security(*, firm: Firm, symbol: str) -> Security | None:
    """The firm's security of a symbol, whatever its case."""
    rows = Security.objects.filter(firm=firm).alias(folded=Upper("symbol"))
    return rows.filter(folded=Upper(Value(clean_symbol(symbol)))).first()


def find_securities(*, firm: Firm, symbols: Iterable[str]) -> dict[str, Security]:
    """The same for many, by the symbols as they were asked for; without those that there are not."""
    wanted = set(symbols)
    plain = {symbol: clean_symbol(symbol).upper() for symbol in wanted if symbol.isascii()}
    rows = Security.objects.filter(firm=firm).alias(folded=Upper("symbol"))
    by_fold = {row.symbol.upper(): row for row in rows.filter(folded__in=set(plain.values()))}
    found: dict[str, Security] = {
        symbol: by_fold[fold] for symbol, fold in plain.items() if fold in by_fold
    }
    for symbol in wanted - set(plain):  # databases differ in what is upper case beyond ASCII
        security = find_security(firm=firm, symbol=symbol)
        if security is not None:
            found[symbol] = security
    return found


@transaction.atomic
def security_for(
    *,
    firm: Firm,
    symbol: str,
    name: str = "",
    currency: str = "USD",
    by: By,
    about: ClientProfile | None = None,
) -> Security:
    """The firm's security of a symbol, made where there is none. Asked for at once, it is made once.

    `about` is the client in whose portfolio somebody asked for it.
    """
    wanted = new_security(firm=firm, symbol=symbol, name=name, currency=currency)
    security = securities_for(firm=firm, wanted=[wanted])[wanted.symbol]
    if security.pk == wanted.pk:
        _record(security, "security added", by, about, after=said_of(security))
    return security


def securities_for(*, firm: Firm, wanted: Iterable[Security]) -> dict[str, Security]:
    """The firm's securities by the symbols wanted; those that there are not are made of `wanted` as it is.

    The caller is in a transaction, has locked no security yet, and writes the trail.
    """
    by_symbol = {security.symbol: security for security in wanted}
    found = find_securities(firm=firm, symbols=by_symbol)
    # Sorted, so that two who make the same ones do not wait for each other in a circle.
    missing = sorted(set(by_symbol) - set(found), key=lambda symbol: (symbol.upper(), symbol))
    if not missing:
        return found
    made = [by_symbol[symbol] for symbol in missing]
    Security.objects.bulk_create(made, ignore_conflicts=True)
    found |= find_securities(firm=firm, symbols=missing)
    lost = sorted(set(missing) - set(found))
    if lost:  # SQLite ignores every kind of conflict, those with a check included
        raise ValueError(f"The database does not take {lost}.")
    return found


def new_security(*, firm: Firm, symbol: str, name: str = "", currency: str = "USD") -> Security:
    """As it would be made: its classes from the built-in list, else as its name suggests, else none."""
    symbol, name = clean_symbol(symbol), " ".join(name.split())
    listed = built_in().listed(symbol)
    percents = listed.classes if listed else built_in().guessed(f"{symbol} {name}")
    security = Security(
        firm=firm,
        symbol=symbol,
        name=name or (listed.name if listed else ""),
        currency=currency,
        is_guessed=bool(percents),
    )
    security.put_per_class({held: percent * IN_A_PERCENT for held, percent in percents.items()})
    return security


def built_in() -> SecurityList:
    return methodology.load_securities(methodology.SECURITIES_VERSION)


# -- Who may change what the whole firm shares ------------------------------------------------------------


def may_price(security: Security, client: ClientProfile) -> bool:
    """Whether whoever looks at this client may set the price: `client` comes from `visible_to`."""
    return security.pk in priceable([security], client)


def may_classify(security: Security, client: ClientProfile) -> bool:
    """The same for name and classes: a client of a practice only where nobody else holds it."""
    return client.can_be_changed and (_is_free(client) or not _held_by_others([security], client))


def priceable(securities: Collection[Security], client: ClientProfile) -> set[UUID]:
    """The keys of those whose price may be set.

    All for the desk, and in a firm of one. A client of a practice sets a price that nobody else in the firm
    depends on, or the first one.
    """
    keys = {security.pk for security in securities}
    if not client.can_be_changed:
        return set()
    if _is_free(client):
        return keys
    priced = [security for security in securities if security.price is not None]
    return keys - _held_by_others(priced, client)


def _is_free(client: ClientProfile) -> bool:
    return client.is_managed or client.firm.is_personal


def _held_by_others(securities: Iterable[Security], client: ClientProfile) -> set[UUID]:
    keys = [security.pk for security in securities]
    others = Holding.objects.kept().filter(firm=client.firm_id).exclude(client=client)
    return set(others.filter(security__in=keys).values_list("security", flat=True).distinct())


# -- Prices and classes -----------------------------------------------------------------------------------


@transaction.atomic
def set_price(
    *,
    security: Security,
    price: Decimal,
    priced_on: date,
    source: str,
    version: int,
    by: By,
    about: ClientProfile | None = None,
) -> Security:
    """A new price, and what every holding of it in the firm is worth now.

    Raises ChangedMeanwhile, unless what somebody else saved is the same, and TooLarge.
    """
    locked = _locked(security)
    before = plain_values(locked, PRICE_VALUES)
    was, now = changes(before, put_price(locked, price, priced_on, source))
    if not now:
        return locked
    _check_version(locked, version)
    locked.version += 1
    locked.save(update_fields=[*PRICE_VALUES, "version"])
    refreshed = lock_holders([locked.pk])
    revalue_securities([locked], refreshed)
    keep_many(refreshed)
    _record(locked, "price set", by, about, before=was, after=now)
    return locked


@transaction.atomic
def set_classes(
    *,
    security: Security,
    per_class: Mapping[str, int],
    name: str,
    version: int,
    by: By,
    about: ClientProfile | None = None,
) -> Security:
    """What is in it, in basis points, as somebody has looked it up. Raises ChangedMeanwhile as above."""
    locked = _locked(security)
    before = said_of(locked) | dict.fromkeys(CLASSES, 0) | locked.per_class()
    locked.put_per_class(per_class)
    locked.name, locked.is_guessed = name, False
    after = said_of(locked) | dict.fromkeys(CLASSES, 0) | locked.per_class()
    was, now = changes(before, after)
    if not now:
        return locked
    _check_version(locked, version)
    locked.version += 1
    locked.save(update_fields=["name", "is_guessed", "version", *CLASSES])
    held = Holding.objects.kept().filter(security=locked)
    keep_many(lock_portfolios(held.values_list("portfolio", flat=True)))
    _record(locked, "security changed", by, about, before=was, after=now)
    return locked


def put_price(security: Security, price: Decimal, priced_on: date, source: str) -> dict[str, Any]:
    """The price of a locked security, not saved yet; as the trail says it."""
    same = security.price == price  # 5 and 5.00 are one price
    security.price = security.price if same else price
    security.priced_on, security.price_source = priced_on, source
    return plain_values(security, PRICE_VALUES)


def holders_of(securities: Iterable[UUID]) -> set[UUID]:
    """The portfolios whose value depends on the price of one of these."""
    counted = Holding.objects.kept().filter(quantity__isnull=False, security__in=securities)
    return set(counted.values_list("portfolio", flat=True))


def lock_holders(securities: Collection[UUID]) -> list[UUID]:
    """The same, locked after these securities, in the order of their keys."""
    counted = Holding.objects.kept().filter(quantity__isnull=False, security__in=securities)
    rows = Portfolio.objects.select_for_update(of=("self",)).order_by("pk")
    return list(rows.filter(pk__in=counted.values("portfolio")).values_list("pk", flat=True))


def lock_portfolios(keys: Iterable[UUID]) -> dict[UUID, Portfolio]:
    """After the locks of their securities, in the order of their keys."""
    rows = Portfolio.objects.select_for_update(of=("self",))
    return {row.pk: row for row in rows.filter(pk__in=set(keys)).order_by("pk")}


def said_of(security: Security) -> dict[str, Any]:
    """What the trail keeps of it."""
    values = plain_values(security, ("symbol", "name", "currency", "is_guessed"))
    return values | security.per_class()


def _locked(security: Security) -> Security:
    locked = lock_securities([security.pk]).get(security.pk)
    if locked is None:
        raise Gone
    return locked


def _check_version(locked: Security, version: int) -> None:
    if locked.version != version:
        raise ChangedMeanwhile(Security.objects.get(pk=locked.pk))


def _record(
    security: Security,
    action: str,
    by: By,
    about: ClientProfile | None,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    record(
        by=by,
        firm_id=security.firm_id,
        action=action,
        of=security,
        about=about.pk if about else None,
        before=before,
        after=after,
    )
