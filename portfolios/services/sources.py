"""Where the value of a class comes from: the holdings and the cash in it, by their look-through weights."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from portfolios.models import ExchangeRate, Portfolio
from portfolios.snapshots import HeldRow, Snapshot
from riskalloc.engine.exact import percent_of
from riskalloc.engine.holding_classes import TOPS, HoldingClass, in_order
from riskalloc.engine.positions import Position, is_counted

NOTHING = Decimal(0)
ALL = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """So much of a class lies in one position: `percent` of its value. Cash of an account has no row."""

    name: str
    row: HeldRow | None
    value: Decimal
    percent: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """What the engine does not need to know of a holding: currency, source of the price, exchange rate."""

    security_name: str
    currency: str
    source: str
    rate: Decimal
    typed_on: date | None


def members_of(now: Snapshot, name: str) -> tuple[HoldingClass, ...]:
    """The classes that are counted in a row of either level; nothing where there is no such row."""
    if now.drift is not None:
        row = now.drift.classes.row(name)
        if row is not None:
            return in_order([HoldingClass(name), *row.line.members])
    held = [held for held, value in now.counted.by_class.items() if value]
    if name in set(TOPS.values()):
        return in_order(each for each in held if TOPS[each] == name)
    return in_order(each for each in held if each == name)


def parts_of(now: Snapshot, members: Collection[HoldingClass]) -> tuple[Part, ...]:
    """Everything that is counted in these classes; adds up to their value."""
    rows = {str(row.id): row for row in now.held}
    found = list(cash_parts(now)) if HoldingClass.CASH in members else []
    for position in now.owned.positions:
        if is_counted(position, now.switches):
            part = part_of(position, rows.get(position.id), members)
            if part.amount:
                found.append(part)
    return tuple(sorted(found, key=lambda part: -part.amount))


def cash_parts(now: Snapshot) -> Iterable[Part]:
    for account in now.owned.accounts if now.switches.counts_cash else ():
        if account.cash:
            cash = account.cash
            yield Part(name=account.name, row=None, value=cash, percent=ALL, amount=cash)


def part_of(position: Position, row: HeldRow | None, members: Collection[HoldingClass]) -> Part:
    shares = position.look_through()
    percent = sum((share for held, share in shares.items() if held in members), NOTHING)
    return Part(
        name=position.name,
        row=row,
        value=position.value,
        percent=percent,
        amount=percent_of(percent, position.value),
    )


def prices_of(portfolio: Portfolio, now: Snapshot) -> dict[UUID, Priced]:
    """By holding; two queries."""
    typed = {
        rate.currency: rate.typed_on for rate in ExchangeRate.objects.filter(portfolio=portfolio)
    }
    columns = ("pk", "security__name", "security__currency", "security__price_source")
    rows = portfolio.holdings.kept().values_list(*columns)
    return {
        key: Priced(
            security_name=name,
            currency=currency,
            source=source,
            rate=now.rates.get(currency, NOTHING),
            typed_on=typed.get(currency),
        )
        for key, name, currency, source in rows
    }
