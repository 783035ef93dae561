"""From one cell to a day: as spreadsheets and custodians write it."""

import re
from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _

LONGEST = 32
YEAR_FIRST = re.compile(
    r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ][\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?", re.ASCII
)
YEAR_LAST = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?: [\d:]+(?: ?[AP]M)?)?", re.ASCII
)
PLAIN = re.compile(r"\d{8}", re.ASCII)
IN_WORDS = ("%d %b %Y", "%d-%b-%Y", "%d %B %Y", "%b %d %Y", "%B %d %Y", "%b %d, %Y", "%B %d, %Y")
CENTURY = 2000


class NotADay(ValueError):
    """A cell that is no day; says what to do."""


def is_day(cell: str) -> bool:
    """Whether it looks like one, in whatever order."""
    if not cell or len(cell) > LONGEST:
        return False
    return (
        bool(YEAR_FIRST.fullmatch(cell) or YEAR_LAST.fullmatch(cell)) or in_words(cell) is not None
    )


def is_day_first(cells: Iterable[str]) -> tuple[bool, bool]:
    """Whether 3/4/2026 is the 3rd of April, and whether that is sure: one day past the 12th tells for all.

    Points stand between the numbers where the day comes first; else the month does.
    """
    found = [match for cell in cells if (match := YEAR_LAST.fullmatch(cell[:LONGEST]))]
    first = any(int(match[1]) > 12 for match in found)
    second = any(int(match[3]) > 12 for match in found)
    if first != second:
        return first, True
    has_points = bool(found) and all(match[2] == "." for match in found)
    is_open = any(match[1] != match[3] for match in found) and not has_points
    return has_points, not is_open


def day_of(cell: str, *, day_first: bool) -> date:
    """Raises NotADay."""
    found = _parsed(cell, day_first) if len(cell) <= LONGEST else None
    if found is None:
        say = _("“{cell}” is no date. Write it like 2026-11-21.")
        raise NotADay(say.format(cell=cell[:LONGEST]))
    return found


def _parsed(cell: str, day_first: bool) -> date | None:
    if match := YEAR_FIRST.fullmatch(cell):
        return _date(match[1], match[3], match[4])
    if PLAIN.fullmatch(cell):
        return _date(cell[:4], cell[4:6], cell[6:])
    if match := YEAR_LAST.fullmatch(cell):
        day, month = (match[1], match[3]) if day_first else (match[3], match[1])
        year = match[4] if len(match[4]) == 4 else str(CENTURY + int(match[4]))
        return _date(year, month, day)
    return in_words(cell)


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def in_words(cell: str) -> date | None:
    """`21 Nov 2026`, by the English names of months."""
    if not any(letter.isalpha() for letter in cell) or not cell.isascii():
        return None
    for form in IN_WORDS:
        try:
            return datetime.strptime(cell, form).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    return None
