"""A paste before it is saved: what was understood, what it comes to, and what is in its way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _, ngettext

from portfolios.imports.reading import Fault, LeftOut, Reading
from portfolios.models import CLASSES, WHOLE, Account, Holding, Paste, Security
from portfolios.services.pasting import Line
from portfolios.snapshots import BASIS_POINT, names_of_classes
from riskalloc.web.numbers import exact_text

MOST_SHOWN = 200  # lines of a preview; its total is over all of them
MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    """One line as it was understood; `remarks` say what saving it would mean beside."""

    line: Line
    classes: str
    remarks: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    rows: list[PreviewRow]
    count: int
    more: int
    faults: list[Fault]
    left_out: Sequence[LeftOut]
    total: Decimal
    held: list[str]  # symbols that are in the account already

    @property
    def can_be_saved(self) -> bool:
        return not self.faults and self.count > 0


def preview(reading: Reading, lines: Sequence[Line], account: Account) -> Preview:
    names = names_of_classes()
    unready = [Fault(line=one.row.line, sentence=one.fault) for one in lines if one.fault]
    ready = [line for line in lines if not line.fault]
    return Preview(
        rows=[row_of(line, names) for line in ready[:MOST_SHOWN]],
        count=len(ready),
        more=max(len(ready) - MOST_SHOWN, 0),
        faults=sorted([*reading.faults, *unready], key=lambda fault: fault.line),
        left_out=reading.left_out,
        total=sum((line.value or Decimal(0) for line in ready), Decimal(0)),
        held=held_already(lines, account),
    )


def row_of(line: Line, names: Mapping[str, str]) -> PreviewRow:
    return PreviewRow(
        line=line, classes=classes_text(line.security, names), remarks=list(remarks(line))
    )


def remarks(line: Line) -> list[str]:
    found = []
    if line.is_new:
        found.append(_("New here"))
    if line.row.is_worked_out:
        found.append(_("Price worked out from value and quantity"))
    if line.keeps_price and line.security.price is not None:
        say = _("Your firm’s price of {price} stays")
        found.append(say.format(price=exact_text(line.security.price)))
    return found


def classes_text(security: Security, names: Mapping[str, str]) -> str:
    """`US large-cap`, or `60% US large-cap, 40% US bonds`."""
    parts = sorted(
        ((name, units) for name in CLASSES if (units := getattr(security, name))),
        key=lambda part: -part[1],
    )
    if not parts:
        return _("Unclassified")
    if parts[0][1] == WHOLE:
        return names[parts[0][0]]
    words = [f"{exact_text(units * BASIS_POINT)}% {names[name]}" for name, units in parts]
    rest = len(words) - MOST_NAMED
    more = [_("{count} more").format(count=rest)] if rest > 0 else []
    return ", ".join([*words[:MOST_NAMED], *more])


def held_already(lines: Sequence[Line], account: Account) -> list[str]:
    """What would be in the account twice."""
    keys = {line.security.pk for line in lines}
    if account._state.adding or not keys:
        return []
    rows = Holding.objects.kept().filter(account=account)
    there = set(rows.values_list("security", flat=True))
    symbols = {line.security.symbol for line in lines if line.security.pk in there}
    return sorted(symbols)


def kept_prices(paste: Paste) -> list[str]:
    """Whose price stays what it was, because others in the firm depend on it."""
    say = _("{symbol}: {mine} in your rows, {theirs} stays")
    return [
        say.format(
            symbol=symbol, mine=exact_text(Decimal(mine)), theirs=exact_text(Decimal(theirs))
        )
        for symbol, mine, theirs in paste.effect.get("kept_prices", [])
    ]


def changed_since(count: int) -> str:
    say = ngettext(
        "{count} of its holdings was changed or deleted by hand since. Undoing would lose that:"
        " delete the others by hand.",
        "{count} of its holdings were changed or deleted by hand since. Undoing would lose that:"
        " delete the others by hand.",
        count,
    )
    return say.format(count=count)
