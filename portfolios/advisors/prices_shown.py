"""Prices before they are saved, and afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portfolios.advisors.prices_forms import MOST_TICKED
from portfolios.imports.prices import PriceReading
from portfolios.imports.reading import Fault
from portfolios.models import PriceImport, Security
from portfolios.services.prices import PriceLine, Verdict
from riskalloc.engine.amounts import plain
from riskalloc.web.numbers import MINUS, exact_text, money_text

MOST_SHOWN = 200
ENORMOUS = 1_000  # percent: from there on the exact figure says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceShown:
    line: PriceLine
    kept: str
    new: str
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """`asked` wait for a tick; those beyond what a page asks about are not taken."""

    rows: Sequence[PriceShown]
    count: int
    more: int
    same: int
    asked: Sequence[PriceShown]
    not_asked: int
    faults: Sequence[Fault]
    faults_more: int

    @property
    def can_be_saved(self) -> bool:
        return bool(self.count or self.asked)

    @property
    def fault_count(self) -> int:
        return len(self.faults) + self.faults_more


def preview(reading: PriceReading, lines: Sequence[PriceLine]) -> Preview:
    by_verdict: dict[Verdict, list[PriceLine]] = {verdict: [] for verdict in Verdict}
    for line in lines:
        by_verdict[line.verdict].append(line)
    ready, asked = by_verdict[Verdict.TAKE], by_verdict[Verdict.ASK]
    left = [Fault(line=one.row.line, sentence=one.sentence) for one in by_verdict[Verdict.LEAVE]]
    faults = sorted([*reading.faults, *left], key=lambda fault: fault.line)
    return Preview(
        rows=[shown(line) for line in ready[:MOST_SHOWN]],
        count=len(ready),
        more=max(len(ready) - MOST_SHOWN, 0),
        same=len(by_verdict[Verdict.SAME]),
        asked=[shown(line) for line in asked[:MOST_TICKED]],
        not_asked=max(len(asked) - MOST_TICKED, 0),
        faults=faults[:MOST_SHOWN],
        faults_more=max(len(faults) - MOST_SHOWN, 0),
    )


def shown(line: PriceLine) -> PriceShown:
    assert line.security is not None  # else there is nothing to take
    price, currency = line.security.price, line.security.currency
    return PriceShown(
        line=line,
        kept="—" if price is None else price_text(price, currency),
        new=price_text(line.row.price, currency),
        change=change_text(line.change),
    )


def change_text(change: Decimal | None) -> str:
    if change is None:
        return _("first price")
    if abs(change) > ENORMOUS:
        return _("more than ten times as much")
    sign = MINUS if change < 0 else "+" if change > 0 else ""
    return f"{sign}{exact_text(abs(change))}%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One price that came in, beside the one that was there."""

    symbol: str
    before: str
    after: str
    day: str


def taken_in(price_import: PriceImport) -> list[Taken]:
    """The first of them; one query."""
    told = price_import.effect["prices"][:MOST_SHOWN]
    keys = [one["security"] for one in told]
    rows = Security.objects.filter(firm=price_import.firm_id, pk__in=keys)
    known = {str(security.pk): security for security in rows}
    return [taken(one, known.get(one["security"])) for one in told]


def taken(one: Mapping[str, Any], security: Security | None) -> Taken:
    """Of a security that is gone only the figures are left."""
    currency = security.currency if security else "USD"
    return Taken(
        symbol=security.symbol if security else _("(gone)"),
        before=kept_text(one["before"]["price"], currency),
        after=kept_text(one["after"]["price"], currency),
        day=date_format(date.fromisoformat(one["after"]["priced_on"]), "j M Y"),
    )


def kept_text(kept: str | None, currency: str) -> str:
    return price_text(Decimal(kept), currency) if kept else "—"


def price_text(price: Decimal, currency: str) -> str:
    """With the decimals that it has: of a small price two would say nothing."""
    decimals = len(plain(price).partition(".")[2])
    return money_text(price, max(decimals, 2) if decimals else 0, currency)


def left_of(price_import: PriceImport) -> list[str]:
    """Why lines were not taken."""
    found: list[str] = price_import.effect["left"]
    return found
