"""From one cell to a number: whose decimal comma, which currency."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import get_decimal_symbol
from django.utils.translation import gettext as _, gettext_lazy as _lazy

from portfolios.imports.reading import MOST, Means
from portfolios.models.fixed import MONEY_PLACES, PRICE_PLACES, QUANTITY_PLACES
from riskalloc.web.numbers import LONGEST, NotANumber, exact_text, locale, parse_number

LOCALES = {".": "en_US", ",": "de_DE"}  # whose separators go with a decimal mark
OTHER = {".": ",", ",": "."}
NOTHING = frozenset("- -- --- – — n/a na n.a. #n/a null none nan".split()) | {""}
PLACES = {
    Means.QUANTITY: QUANTITY_PLACES,
    Means.PRICE: PRICE_PLACES,
    Means.VALUE: MONEY_PLACES,
    Means.COST: MONEY_PLACES,
}
OWED = _lazy("the {means} is below 0, and what is owed cannot be kept here. Leave the line out.")
WRONG = _lazy("the {means} is below 0. Correct it, or leave that cell empty.")
BELOW = {Means.QUANTITY: OWED, Means.VALUE: OWED, Means.PRICE: WRONG, Means.COST: WRONG}
SIGNS = {"USD": "$", "CAD": "$", "AUD": "$", "NZD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
DRESS = "-+−() $€£¥"
DIGITS = re.compile(r"[0-9][0-9.,]*")
SHOWN = 30


class NotAFigure(ValueError):
    """A cell that is no number for its column; says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How the numbers are written, and in which currency money is."""

    decimal: str = "."
    currency: str = "USD"


def is_nothing(cell: str) -> bool:
    return cell.lower() in NOTHING


def figure(cell: str, means: Means, style: Style) -> Decimal | None:
    """The number of a cell, None where it says that there is none. Raises NotAFigure."""
    if is_nothing(cell):
        return None
    number = _parsed(cell, means, style)
    if number < 0:
        raise NotAFigure(BELOW[means].format(means=means.value))
    if number > MOST[means]:
        raise NotAFigure(
            _("the {means} “{cell}” is too large. At most {most} can be kept.").format(
                means=means.value, cell=cell[:SHOWN], most=exact_text(MOST[means])
            )
        )
    return number


def _parsed(cell: str, means: Means, style: Style) -> Decimal:
    if "%" in cell:
        raise NotAFigure(
            _("“{cell}” is a percentage. Give the {means} itself.").format(
                cell=cell[:SHOWN], means=means.value
            )
        )
    bare = without_currency(cell, style.currency)
    if means is Means.QUANTITY and bare != cell:
        raise NotAFigure(
            _(
                "the quantity “{cell}” is an amount of money. Put it under value, or give the units."
            ).format(cell=cell[:SHOWN])
        )
    try:
        if len(bare) > LONGEST:
            raise NotANumber(_("Use plain digits, like 25,000 or 25,000.50."))
        return parse_number(bare, places=PLACES[means], written_in=LOCALES[style.decimal])
    except NotANumber as error:
        raise NotAFigure(
            _("the {means} “{cell}” cannot be read. {why}").format(
                means=means.value, cell=cell[:SHOWN], why=error
            )
        ) from None


def without_currency(cell: str, currency: str) -> str:
    """Without the sign and the name of the account's own currency. Raises NotAFigure for another one."""
    bare = cell.replace(SIGNS.get(currency, currency), "", 1)
    bare = re.sub(rf"^{currency} ?| ?{currency}$", "", bare, count=1, flags=re.IGNORECASE)
    if any(unicodedata.category(sign) == "Sc" for sign in bare):
        raise NotAFigure(
            _(
                "“{cell}” is in another currency than this account ({currency}). Convert it first."
            ).format(cell=cell[:SHOWN], currency=currency)
        )
    return bare.strip()


# -- Before anything is known -----------------------------------------------------------------------------


def is_figure(cell: str) -> bool:
    """Whether it looks like a number, of whatever style and currency."""
    return _digits(cell) is not None


def is_money(cell: str) -> bool:
    return any(unicodedata.category(sign) == "Sc" for sign in cell[:LONGEST])


def decimal_of(cells: Iterable[str], delimiter: str) -> tuple[str, bool]:
    """The decimal mark that the numbers use, and whether that is sure.

    Where they contradict each other it is the reader's own, so that those of the other kind are refused.
    Where no number tells (1,234 may be either), it is the reader's own as well, but a comma where semicolons
    stand between the columns: whoever writes so needs the comma for something else.
    """
    marks, is_open = set(), False
    for cell in cells:
        mark = mark_of(cell)
        marks |= {mark} - {None}
        is_open = is_open or (mark is None and _has_mark(cell))
    if len(marks) == 1:
        return marks.pop() or ".", True
    own = get_decimal_symbol(locale())
    own = own if own in LOCALES else "."
    if not marks and delimiter == ";":
        own = ","
    return own, not marks and not is_open


def mark_of(cell: str) -> str | None:
    """The decimal mark of one number, where it can be only that."""
    body = _digits(cell) or ""
    found = [sign for sign in body if sign in OTHER]
    if not found:
        return None
    last = found[-1]
    if len(set(found)) == 2:
        return last if found.count(last) == 1 else None
    if len(found) > 1:  # thousands, or a date
        head, *groups = body.split(last)
        is_grouped = 1 <= len(head) <= 3 and all(len(group) == 3 for group in groups)
        return OTHER[last] if is_grouped else None
    head, tail = body.split(last)
    return None if len(tail) == 3 and len(head) <= 3 and head != "0" else last


def _has_mark(cell: str) -> bool:
    body = _digits(cell) or ""
    return "," in body or "." in body


def _digits(cell: str) -> str | None:
    """What is left of a number without sign, brackets, currency and spaces; None where it is no number."""
    if len(cell) > LONGEST:
        return None
    body = re.sub(r"^[A-Z]{3} | [A-Z]{3}$", "", cell, count=1).strip(DRESS).replace(" ", "")
    return body if DIGITS.fullmatch(body) else None
