"""Many holdings at once: all or nothing, told when they came in before, and undone at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portfolios.imports.reading import Fault, Row, digest_of
from portfolios.models import Account, Holding, Paste, Portfolio, Security
from portfolios.services.holdings import MOST_HOLDINGS, TooManyHoldings
from portfolios.services.locking import lock_securities, note
from portfolios.services.revaluing import revalue_securities
from portfolios.services.securities import (
    PRICE_VALUES,
    find_securities,
    holders_of,
    lock_portfolios,
    new_security,
    priceable,
    put_price,
    said_of,
    securities_for,
)
from portfolios.services.standing import keep_many
from portfolios.valuing import NeedsPrice, NeedsRate, TooLarge, rates_of, value_of
from questionnaire.models import ClientProfile
from questionnaire.services.locking import lock
from riskalloc.engine.amounts import plain
from riskalloc.firms.audit import By, plain_values
from riskalloc.firms.tenancy import unless_hidden
from riskalloc.web.errors import Gone

PASTED = "pasted"  # where the price comes from
BATCH = 200
TICK = timedelta(microseconds=1)
FIRST_VERSION = 1
Prices = dict[UUID, dict[str, Any]]  # what they were before, as the trail says it


class SamePaste(Exception):
    """The same rows came into the same account before, and were not undone."""

    def __init__(self, earlier: Paste) -> None:
        super().__init__(f"{earlier} had the same rows")
        self.earlier = earlier


class CannotSave(Exception):
    """Lines that need something that only the firm's securities tell: a price, a rate."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(fault.sentence for fault in faults))
        self.faults = faults


class ChangedSince(Exception):
    """So many holdings of a paste were changed, or deleted, by hand."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} holdings have changed since")
        self.count = count


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a row comes to. Nothing of it is saved: `security` may be one that there is not yet."""

    row: Row
    security: Security
    value: Decimal | None  # in the portfolio's currency; None where there is a fault
    fault: str

    @property
    def is_new(self) -> bool:
        """Whether there is no such security in the firm yet."""
        return self.security._state.adding

    @property
    def keeps_price(self) -> bool:
        """Whether the firm's price holds, although the row has another one."""
        return self.row.price is not None and self.row.price != self.security.price


# -- Looking ahead ----------------------------------------------------------------------------------------


def foresee(*, account: Account, client: ClientProfile, rows: Sequence[Row]) -> list[Line]:
    """What saving would do, for a page to show; `client` comes from `visible_to`."""
    wanted = _wanted(account, rows)
    found = find_securities(firm=account.firm, symbols={new.symbol for new in wanted.values()})
    by_symbol = {symbol: found.get(new.symbol, new) for symbol, new in wanted.items()}
    _put_prices(rows, by_symbol, account, client)
    return _lines(rows, by_symbol, account, rates_of(account.portfolio))


def _wanted(account: Account, rows: Iterable[Row]) -> dict[str, Security]:
    """By each symbol of the rows, its security as it would be made."""
    by_symbol: dict[str, Security] = {}
    by_clean: dict[str, Security] = {}
    for row in rows:
        if row.symbol not in by_symbol:
            new = new_security(
                firm=account.firm, symbol=row.symbol, name=row.name, currency=account.currency
            )
            by_symbol[row.symbol] = by_clean.setdefault(new.symbol, new)
    return by_symbol


def _put_prices(
    rows: Iterable[Row], by_symbol: Mapping[str, Security], account: Account, client: ClientProfile
) -> Prices:
    """Set the prices that the rows have on the securities, unsaved, where this person may."""
    today = timezone.localdate()
    before: Prices = {}
    may = priceable([*by_symbol.values()], client)
    for row in rows:
        security = by_symbol[row.symbol]
        is_allowed = security.pk in may and security.currency == account.currency
        if row.price is None or not is_allowed:
            continue
        was = plain_values(security, PRICE_VALUES)
        if was != put_price(security, row.price, today, PASTED):
            before.setdefault(security.pk, was)
    return before


def _lines(
    rows: Iterable[Row],
    by_symbol: Mapping[str, Security],
    account: Account,
    rates: dict[str, Decimal],
) -> list[Line]:
    found = []
    for row in rows:
        security, value, fault = by_symbol[row.symbol], None, ""
        try:
            value = value_of(_holding(row), security, account, rates)
        except NeedsPrice:
            fault = _needs_price(row, security, account)
        except NeedsRate as needs:
            fault = _("there is no exchange rate for {currency} yet. Type it first.").format(
                currency=needs.currency
            )
        except TooLarge:
            fault = _("it comes to more than we can reckon with. Check quantity and price.")
        sentence = fault and _("Line {line}: {reason}").format(line=row.line, reason=fault)
        found.append(Line(row=row, security=security, value=value, fault=sentence))
    return found


def _holding(row: Row) -> Holding:
    typed = row.value if row.quantity is None else None
    return Holding(quantity=row.quantity, typed_value=typed, cost_basis=row.cost)


def _needs_price(row: Row, security: Security, account: Account) -> str:
    if security.currency != account.currency:
        return _(
            "{symbol} is priced in {theirs}, and this account is in {ours}. Give the value alone."
        ).format(symbol=row.symbol, theirs=security.currency, ours=account.currency)
    return _("{symbol} has no price yet. Add a price or a value.").format(symbol=row.symbol)


# -- Saving -----------------------------------------------------------------------------------------------


@transaction.atomic
def save_rows(
    *,
    account: Account,
    client: ClientProfile,
    paste_id: UUID,
    rows: Sequence[Row],
    by: By,
    is_meant: bool = False,
) -> Paste:
    """All rows or none. Sent twice, saved once. `client` comes from `visible_to`.

    Prices are set where this person may; elsewhere the firm's hold, and `effect` names them. Raises SamePaste
    unless the repetition is meant, CannotSave, TooManyHoldings, TooLarge or Gone.
    """
    lock(account.client)
    known = Paste.objects.filter(pk=paste_id).first()
    if known and known.portfolio_id == account.portfolio_id:
        return known
    _check_new(account, rows, is_meant=is_meant)
    wanted = _wanted(account, rows)
    made = securities_for(firm=account.firm, wanted=wanted.values())
    locked = _lock_all(made.values())
    by_symbol = {symbol: locked[made[new.symbol].pk] for symbol, new in wanted.items()}
    before = _put_prices(rows, by_symbol, account, client)
    priced = [locked[key] for key in before]
    portfolio, refreshed = _lock_with(account, before)
    account = _as_it_is(account)
    lines = _lines(rows, by_symbol, account, rates_of(portfolio))
    if faults := [Fault(line=line.row.line, sentence=line.fault) for line in lines if line.fault]:
        raise CannotSave(faults)
    _save_prices(priced)
    revalue_securities(priced, refreshed)
    holdings = _save_holdings(lines, account)
    new_keys = {new.pk for new in wanted.values()}
    paste = Paste.objects.create(
        # An id that is somebody else's says nothing here.
        pk=uuid4() if known else unless_hidden(Paste, paste_id),
        firm=portfolio.firm,
        client=portfolio.client,
        portfolio=portfolio,
        account=account,
        digest=digest_of(rows),
        rows=len(rows),
        effect=_effect(holdings, priced, before, lines),
        made_by=by.name,
    )
    keep_many(refreshed)
    added = [security for key, security in locked.items() if key in new_keys]
    note(portfolio, "holdings pasted", paste, by, after=_said(paste, holdings, added))
    return paste


def _check_new(account: Account, rows: Sequence[Row], *, is_meant: bool) -> None:
    same = Paste.objects.filter(account=account, digest=digest_of(rows), undone_at=None)
    if not is_meant and (earlier := same.first()):
        raise SamePaste(earlier)
    held = Holding.objects.kept().filter(portfolio=account.portfolio_id).count()
    if held + len(rows) > MOST_HOLDINGS:
        raise TooManyHoldings


def _lock_all(securities: Iterable[Security]) -> dict[UUID, Security]:
    """Gone where one was removed meanwhile, with the client who alone held it."""
    keys = {security.pk for security in securities}
    locked = lock_securities(keys)
    if len(locked) < len(keys):
        raise Gone
    return locked


def _lock_with(account: Account, priced: Iterable[UUID]) -> tuple[Portfolio, dict[UUID, Portfolio]]:
    """The account's portfolio with all others that new prices touch."""
    locked = lock_portfolios({account.portfolio_id} | holders_of(priced))
    portfolio = locked.get(account.portfolio_id)
    if portfolio is None or portfolio.client_id != account.client_id:
        raise Gone
    return portfolio, locked


def _as_it_is(account: Account) -> Account:
    found = Account.objects.filter(pk=account.pk, portfolio=account.portfolio_id).first()
    if found is None:
        raise Gone
    return found


def _save_prices(priced: Sequence[Security]) -> None:
    for security in priced:
        security.version += 1
    Security.objects.bulk_update(priced, [*PRICE_VALUES, "version"], batch_size=BATCH)


def _save_holdings(lines: Iterable[Line], account: Account) -> list[Holding]:
    """In the order of the lines, which is that of their times as well."""
    now, holdings = timezone.now(), []
    for place, line in enumerate(lines):
        holding = _holding(line.row)
        holding.firm_id, holding.client_id = account.firm_id, account.client_id
        holding.portfolio_id, holding.account = account.portfolio_id, account
        holding.security, holding.value = line.security, line.value
        holding.created_at = now + place * TICK
        holdings.append(holding)
    return Holding.objects.bulk_create(holdings)


def _effect(
    holdings: Iterable[Holding],
    priced: Iterable[Security],
    before: Prices,
    lines: Iterable[Line],
) -> dict[str, Any]:
    """What was done, so that it can be undone and told.

    `kept_prices`: symbol, price in the rows, price of the firm. `total` is in the portfolio's currency.
    """
    kept = {line.row.symbol: line for line in lines if line.keeps_price}
    return {
        "total": plain(sum((holding.value for holding in holdings), Decimal(0))),
        "holdings": [str(holding.pk) for holding in holdings],
        "prices": [
            {"security": str(security.pk), "version": security.version, **before[security.pk]}
            for security in priced
        ],
        "kept_prices": [
            [symbol, plain(line.row.price or Decimal(0)), plain(line.security.price or Decimal(0))]
            for symbol, line in kept.items()
        ],
    }


def _said(paste: Paste, holdings: Iterable[Holding], added: Iterable[Security]) -> dict[str, Any]:
    """Enough to do it once more: what came in, what was added for it, and the prices that it set."""
    said = ("id", "security_id", "quantity", "typed_value", "cost_basis", "value")
    prices = {row["security"] for row in paste.effect["prices"]}
    securities = {holding.security_id: holding.security for holding in holdings}
    return {
        "rows": paste.rows,
        "total": paste.effect["total"],
        "account_id": str(paste.account_id),
        "digest": paste.digest,
        "holdings": [list(plain_values(holding, said).values()) for holding in holdings],
        "securities": [{"id": str(security.pk), **said_of(security)} for security in added],
        "prices": [
            [key, *plain_values(securities[UUID(key)], PRICE_VALUES).values()]
            for key in sorted(prices)
        ],
    }


# -- Undoing ----------------------------------------------------------------------------------------------


@transaction.atomic
def undo_paste(*, paste: Paste, by: By) -> Paste:
    """Its holdings go, and prices that nobody has set since are what they were. Undone twice, undone once.

    Raises ChangedSince where one of its holdings was changed by hand.
    """
    lock(paste.client)
    prices = {UUID(row["security"]): row for row in paste.effect["prices"]}
    locked = lock_securities(prices)
    before = {
        key: prices[key]
        for key, security in locked.items()
        # a client who has left for another firm leaves the prices of the first one alone
        if security.firm_id == paste.firm_id
        and security.version == prices[key]["version"]
        and prices[key]["price"] is not None
    }
    portfolio, refreshed = _lock_with(paste.account, before)
    paste = Paste.objects.get(pk=paste.pk)
    if paste.undone_at is not None:
        return paste
    _delete_holdings(paste)
    restored = [locked[key] for key in before]
    for security in restored:
        row = before[security.pk]
        day = date.fromisoformat(row["priced_on"])
        put_price(security, Decimal(row["price"]), day, row["price_source"])
    _save_prices(restored)
    revalue_securities(restored, refreshed)
    paste.undone_at = timezone.now()
    paste.save(update_fields=["undone_at"])
    keep_many(refreshed)
    was = {"rows": paste.rows, "total": paste.effect["total"]}
    given_back = [[str(row.pk), *plain_values(row, PRICE_VALUES).values()] for row in restored]
    note(portfolio, "paste undone", paste, by, before=was, after={"prices": given_back})
    return paste


def _delete_holdings(paste: Paste) -> None:
    rows = Holding.objects.filter(
        pk__in=paste.effect["holdings"], portfolio=paste.portfolio_id, version=FIRST_VERSION
    )
    changed = paste.rows - rows.count()
    if changed:
        raise ChangedSince(changed)
    rows.delete()
