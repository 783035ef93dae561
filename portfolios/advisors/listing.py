"""The client list as its page prints it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from portfolios.advisors import choices, conditions
from portfolios.advisors.actions import DAY, Action, action_for
from portfolios.advisors.book import Book, Row
from portfolios.advisors.choices import Asked
from portfolios.advisors.facts import Facts, facts_of
from riskalloc.engine.amounts import half_up
from riskalloc.web.numbers import money_text, number_text

PER_PAGE = 50
NONE = "–"
MOST_WORDS = 3  # behind the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One client. `words` are the status words behind the first, `tone` how loud that one is."""

    id: UUID
    name: str
    risk: str
    risk_score: str
    income: str
    income_score: str
    value: str
    value_note: str
    drift: str
    word: str
    words: tuple[str, ...]
    tone: str
    reviewed: str
    due: str
    is_late: bool
    action: Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A column: the address that sorts by it, and how it is sorted now (for `aria-sort`)."""

    name: str
    text: str
    query: str
    sorted: str
    is_number: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    lines: tuple[Line, ...]
    headings: tuple[Heading, ...]
    count: int
    first: int
    last: int
    page: int
    pages: int
    earlier: str | None
    later: str | None
    asked: Asked
    said: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def counted(self) -> str:
        """`23 clients`: what a screen reader says after each change."""
        word = ngettext("{n} client", "{n} clients", self.count)
        return word.format(n=number_text(Decimal(self.count)))


def listing(book: Book, asked: Asked, advisors: Mapping[str, str]) -> Listing:
    """Three queries; one more where the page that was asked for is beyond the last."""
    choice, notes = asked.choice(), list(asked.notes)
    keys, count = book.page(choice, start=(asked.page - 1) * PER_PAGE, count=PER_PAGE)
    pages = max(1, -(-count // PER_PAGE))
    page = min(asked.page, pages)
    if page != asked.page:
        say = _("There is no page {n}; this is the last one.")
        notes.append(say.format(n=number_text(Decimal(asked.page))))
        keys, count = book.page(choice, start=(page - 1) * PER_PAGE, count=PER_PAGE)
    rows = book.rows(keys, archived=asked.archived)
    facts = facts_of(rows)
    first = (page - 1) * PER_PAGE
    return Listing(
        lines=tuple(line(row, facts[row.id], book.today) for row in rows),
        headings=tuple(headings(asked)),
        count=count,
        first=first + 1,
        last=first + len(rows),
        page=page,
        pages=pages,
        earlier=asked.query(page=page - 1) if page > 1 else None,
        later=asked.query(page=page + 1) if page < pages else None,
        asked=asked,
        said=tuple(choices.in_words(asked, advisors)),
        notes=tuple(notes),
    )


def line(row: Row, owned: list[Facts], today: date) -> Line:
    first = row.holds[0] if row.holds else conditions.FINE
    return Line(
        id=row.id,
        name=row.name,
        risk=row.label.capitalize() or NONE,
        risk_score="" if row.rti is None else str(row.rti),
        income=row.income.capitalize() or NONE,
        income_score="" if row.iss is None else str(row.iss),
        value=value_of(row),
        value_note=value_note(row),
        drift=NONE if row.drift is None else number_text(half_up(row.drift, 1), 1),
        word=conditions.word_of(first),
        words=tuple(words_behind(row.holds[1:])),
        tone=tone_of(first),
        reviewed=date_format(row.reviewed_on, DAY) if row.reviewed_on else NONE,
        due=date_format(row.due_on, DAY) if row.due_on else "",
        is_late=row.due_on is not None and row.due_on < today,
        action=action_for(row, first, owned),
    )


def words_behind(keys: Sequence[str]) -> Iterator[str]:
    """The next few, and how many more there are."""
    yield from (conditions.word_of(key) for key in keys[:MOST_WORDS])
    if more := len(keys) - MOST_WORDS:
        yield from [_("{n} more").format(n=more)] if more > 0 else []


def tone_of(key: str) -> str:
    if key in (*conditions.REBALANCE, "overdue"):
        return "over"
    return "soon" if key in {one.key for one in conditions.MORNING} else ""


def value_of(row: Row) -> str:
    if row.value is None:
        return NONE
    return money_text(half_up(row.value, 0), 0, row.currency)


def value_note(row: Row) -> str:
    """Nobody knows a rate between portfolios, so what is in another currency is named, not added."""
    if not row.elsewhere:
        return ""
    say = ngettext(
        "and {n} portfolio in another currency",
        "and {n} portfolios in other currencies",
        row.elsewhere,
    )
    return say.format(n=row.elsewhere)


def headings(asked: Asked) -> Iterator[Heading]:
    texts = {
        "name": _("Client"),
        "risk": _("Risk"),
        "income": _("Income"),
        "value": _("Value"),
        "drift": _("Drift"),
        "status": _("Status"),
        "reviewed": _("Last review"),
        "next": _("Next"),
    }
    for name, text in texts.items():
        first = choices.SORTS[name][1]
        is_up, is_down = asked.sort == name, asked.sort == f"-{name}"
        # A second press turns it round.
        again = {True: f"-{name}", False: name}[is_up] if is_up or is_down else f"{first}{name}"
        yield Heading(
            name=name,
            text=text,
            query=asked.query(sort=again, page=1),
            sorted="ascending" if is_up else "descending" if is_down else "",
            is_number=name in ("value", "drift"),
        )
