"""From bytes to text, and from text to records."""

import csv
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from portfolios.imports.reading import (
    LONGEST_CELL,
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    Fault,
    NotRead,
)

DELIMITERS = ("\t", ";", ",")  # in this order: the earlier is rarer in words and numbers
SAMPLE = 200  # lines that say which it is
BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
QUOTED = re.compile(r'"[^"]*"')
MOST_RECORDS = 2 * MOST_ROWS  # with what is left out


class Record(NamedTuple):
    """One line, or several where a cell is quoted; `width` counts the cells before any were cut off."""

    line: int
    cells: tuple[str, ...]
    width: int

    @property
    def filled(self) -> list[str]:
        return [cell for cell in self.cells if cell]

    @property
    def text(self) -> str:
        return " ".join(self.filled)[:80]

    @property
    def has_long_cell(self) -> bool:
        return any(len(cell) > LONGEST_CELL for cell in self.cells)


def text_of(source: str | bytes) -> str:
    """The text of a paste or a file, with plain line ends. Raises NotRead."""
    if len(source) > MOST_BYTES:
        raise _too_large()
    text = decoded(source) if isinstance(source, bytes) else source.removeprefix("\ufeff")
    if "\0" in text or not _can_be_written(text):
        raise NotRead(
            _("This is not a text file. Save it as CSV in your spreadsheet and try again.")
        )
    if not text.strip():
        raise NotRead(_("There is nothing to read. Paste at least one line, or choose a file."))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _can_be_written(text: str) -> bool:
    """Half a character, as a broken copy may leave one, has no bytes."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        return False
    if size > 2 * MOST_BYTES:  # a file in cp1252 or utf-16 may grow
        raise _too_large()
    return True


def _too_large() -> NotRead:
    return NotRead(_("That is more than 2 MB. Take it in parts."))


def decoded(source: bytes) -> str:
    """UTF-16 where it says so, else UTF-8, else what Windows writes in the west."""
    try:
        if encoding := BOMS.get(source[:2]):
            return source.decode(encoding)
        try:
            return source.decode("utf-8-sig")
        except UnicodeDecodeError:
            return source.decode("cp1252")
    except UnicodeDecodeError:
        raise NotRead(
            _("We cannot read the letters of this file. Save it as “CSV UTF-8” and try again.")
        ) from None


def delimiter_of(text: str) -> str:
    """What at least a quarter of the first lines have outside of quotation marks; else a comma."""
    lines = [QUOTED.sub("", line) for line in text.split("\n", SAMPLE)[:SAMPLE] if line.strip()]
    for delimiter in DELIMITERS:
        if 4 * sum(delimiter in line for line in lines) >= max(len(lines), 1):
            return delimiter
    return DELIMITERS[-1]


def records_of(text: str, delimiter: str) -> tuple[list[Record], Fault | None]:
    """The lines that are not empty, and where the reading had to stop. Raises NotRead for too many."""
    found: list[Record] = []
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True, skipinitialspace=True)
    line = 1
    try:
        for cells in reader:
            kept = tuple(map(clean, cells[:MOST_COLUMNS]))
            if any(kept):
                found.append(Record(line, kept, len(cells)))
            if len(found) > MOST_RECORDS:
                raise too_many()
            line = reader.line_num + 1
    except csv.Error:
        return found, Fault(
            line=line,
            sentence=_(
                "Line {line}: a quotation mark is not closed where its cell ends. Close it or take it out. "
                "Nothing after it was read."
            ).format(line=line),
        )
    return found, None


def _lines(text: str) -> Iterator[str]:
    return (f"{line}\n" for line in text.split("\n"))


def too_many() -> NotRead:
    return NotRead(_("There are more than 5,000 lines. Take them in parts of 5,000 at most."))


def clean(cell: str) -> str:
    """One line without spaces around it, and without marks that nobody sees."""
    text = " ".join(cell.split())
    if text.isprintable():
        return text
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
