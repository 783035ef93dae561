"""What the address of a list asks for. What cannot be understood is left out, and said."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portfolios.advisors import conditions
from portfolios.advisors.book import Choice
from portfolios.models.standings import DRIFT_PLACES
from questionnaire.models.names import words_of
from riskalloc.engine.rules import IncomeLabel, RiskLabel
from riskalloc.web.numbers import NotANumber, exact_text, parse_number

LONGEST_SEARCH = 100
LONGEST_SAID = 40
MOST_NOTES = 5
MOST_WORDS = 8
NOBODY = "none"  # as the advisor: of those whom only the owner looks after
ASSESSED = "DATE(latest.created_at)"
LOOKED_AT = f"""
COALESCE(
    CASE WHEN reviewed.held_on > {ASSESSED} THEN reviewed.held_on END, {ASSESSED}, reviewed.held_on)
"""

# What each column is sorted by, and the direction that it starts with.
SORTS: Mapping[str, tuple[str, str]] = {
    "name": ("client.name_folded", ""),
    "risk": ("latest.rti", ""),
    "income": ("latest.iss", ""),
    "value": (
        "CASE WHEN owned.low_currency = owned.high_currency THEN owned.total ELSE owned.own END",
        "-",
    ),
    "drift": ("owned.drift", "-"),
    "status": (conditions.rank_sql(), ""),
    "reviewed": (LOOKED_AT, ""),
    "due": ("client.review_due_on", ""),
    "next": (conditions.rank_sql(), ""),  # what is urgent first
}
USUAL_SORT = "name"
BY_URGENCY = ("status", "next")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A list as somebody asked for it. `sort` has a minus before it where the last comes first."""

    q: str = ""
    risk: str = ""
    income: str = ""
    status: tuple[str, ...] = ()
    drift: Decimal | None = None
    due: date | None = None
    advisor: str = ""
    archived: bool = False
    sort: str = USUAL_SORT
    page: int = 1
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def is_narrowed(self) -> bool:
        """Whether somebody may be left out by it."""
        usual = Asked(archived=self.archived, sort=self.sort, page=self.page)
        return self != usual

    def query(self, **changes: Any) -> str:
        """The part of an address behind the question mark; empty for the usual list."""
        return urlencode(list(replace(self, **changes)._pairs()))

    def _pairs(self) -> Iterable[tuple[str, str]]:
        texts = {
            "q": self.q,
            "risk": self.risk,
            "income": self.income,
            "drift": "" if self.drift is None else f"{self.drift:f}",
            "due": self.due.isoformat() if self.due else "",
            "advisor": self.advisor,
            "archived": "1" if self.archived else "",
            "sort": self.sort if self.sort != USUAL_SORT else "",
            "page": str(self.page) if self.page > 1 else "",
        }
        for name, text in texts.items():
            if text:
                yield name, text
            if name == "income":
                yield from (("status", key) for key in self.status)

    def choice(self) -> Choice:
        wheres = list(self._wheres())
        return Choice(
            where=tuple(sql for sql, _values in wheres),
            values={name: value for _sql, values in wheres for name, value in values.items()},
            order=order_of(self.sort),
            archived=self.archived,
        )

    def _wheres(self) -> Iterable[tuple[str, Mapping[str, Any]]]:
        for place, word in enumerate(words_of(self.q)[:MOST_WORDS]):
            # Letters and digits only: nothing in a word means anything to LIKE.
            yield f"client.name_folded LIKE %(word_{place})s", {f"word_{place}": f"% {word}%"}
        if self.risk:
            yield "latest.label = %(risk)s", {"risk": self.risk}
        if self.income:
            yield "latest.income = %(income)s", {"income": self.income}
        for key in self.status:
            yield conditions.sql_of(key), {}
        if self.drift is not None:
            units = int(self.drift.scaleb(DRIFT_PLACES))
            yield "owned.drift >= %(least_drift)s", {"least_drift": units}
        if self.due:
            yield "client.review_due_on < %(due)s", {"due": self.due.isoformat()}
        if self.advisor:
            yield advisor_sql(self.advisor)


def advisor_sql(advisor: str) -> tuple[str, Mapping[str, Any]]:
    assigned = (
        "EXISTS (SELECT 1 FROM questionnaire_assignment looked"
        " WHERE looked.client_id = client.id{who})"
    )
    if advisor == NOBODY:
        return f"NOT {assigned.format(who='')}", {}
    return assigned.format(who=" AND looked.membership_id = %(advisor)s"), {
        "advisor": UUID(advisor)
    }


def order_of(sort: str) -> str:
    """Who has nothing to be sorted by comes last either way; nobody ever changes places with another."""
    column, way = sort.removeprefix("-"), "DESC" if sort.startswith("-") else "ASC"
    sql, _first = SORTS[column]
    size = f"{conditions.size_sql()} DESC, " if column in BY_URGENCY else ""
    return f"CASE WHEN {sql} IS NULL THEN 1 ELSE 0 END, {sql} {way}, {size}client.name_folded, client.id"


# -- Reading an address -----------------------------------------------------------------------------------


def read(sent: QueryDict, advisors: Iterable[str] = ()) -> Asked:
    """`advisors` are the keys that this person may ask for."""
    notes: list[str] = []
    offered = {*advisors, NOBODY} if advisors else set()
    asked = Asked(
        q=" ".join(sent.get("q", "")[:LONGEST_SEARCH].replace("\x00", "").split()),
        risk=one_of(sent, "risk", set(RiskLabel), _("There is no risk label {text}."), notes),
        income=one_of(
            sent, "income", set(IncomeLabel), _("There is no income label {text}."), notes
        ),
        status=statuses(sent.getlist("status"), notes),
        drift=points(sent.get("drift", ""), notes),
        due=day(sent.get("due", ""), notes),
        advisor=one_of(sent, "advisor", offered, _("There is no such advisor: {text}."), notes),
        archived=sent.get("archived") == "1",
        sort=one_of(sent, "sort", sort_names(), _("There is no column {text} to sort by."), notes)
        or USUAL_SORT,
        page=page_number(sent.get("page", ""), notes),
    )
    if asked.q and not words_of(asked.q):
        notes.append(_("Type letters or digits to search for, like “Mar”."))
        asked = replace(asked, q="")
    say = _("There is no filter {text}.")
    notes += [say.format(text=quoted(name)) for name in sent if name not in KNOWN]
    return replace(asked, notes=left_out(notes))


KNOWN = {"q", "risk", "income", "status", "drift", "due", "advisor", "archived", "sort", "page"}


def left_out(notes: list[str]) -> tuple[str, ...]:
    return tuple(f"{note} {_('It was left out.')}" for note in notes[:MOST_NOTES])


def quoted(text: str) -> str:
    cut = text if len(text) <= LONGEST_SAID else f"{text[:LONGEST_SAID]}…"
    return f"“{cut}”"


def sort_names() -> set[str]:
    return {f"{way}{name}" for name in SORTS for way in ("", "-")}


def one_of(sent: QueryDict, name: str, known: set[Any], say: str, notes: list[str]) -> str:
    text = sent.get(name, "").strip()
    if not text or text in known:
        return text
    notes.append(say.format(text=quoted(text)))
    return ""


def statuses(texts: list[str], notes: list[str]) -> tuple[str, ...]:
    """Each once, in the order of urgency."""
    known = [*conditions.BY_KEY, *conditions.MORE_WORDS]
    say = _("There is no status {text}.")
    notes += [say.format(text=quoted(text)) for text in texts if text and text not in known]
    return tuple(key for key in known if key in texts)


def points(text: str, notes: list[str]) -> Decimal | None:
    say = _("A drift is a number of points from 0 to 100, like 2.5; {text} is none.")
    return understood(text, number_of_points, say, notes)


def number_of_points(text: str) -> Decimal | None:
    try:
        number = parse_number(text, places=2)
    except NotANumber:
        return None
    return number if 0 <= number <= 100 else None


def day(text: str, notes: list[str]) -> date | None:
    say = _("A day looks like 2026-12-31; {text} is none.")
    return understood(text, parse_day, say, notes)


def parse_day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:  # 30 February
        return None


def understood(text: str, parse: Callable[[str], Any], say: str, notes: list[str]) -> Any:
    text = text.strip()
    if not text:
        return None
    value = parse(text)
    if value is None:
        notes.append(say.format(text=quoted(text)))
    return value


def page_number(text: str, notes: list[str]) -> int:
    text = text.strip()
    if not text:
        return 1
    if text.isascii() and text.isdecimal() and len(text) < 8 and int(text) >= 1:
        return int(text)
    notes.append(_("There is no page {text}.").format(text=quoted(text)))
    return 1


# -- In words ---------------------------------------------------------------------------------------------


def in_words(asked: Asked, advisors: Mapping[str, str]) -> list[str]:
    """What narrows the list, one line for each: beside the count, and on the page that confirms."""
    said = []
    if asked.q:
        said.append(_("name has “{q}”").format(q=asked.q))
    if asked.risk:
        said.append(_("risk {label}").format(label=asked.risk))
    if asked.income:
        said.append(_("income {label}").format(label=asked.income))
    said += [
        conditions.word_of(key)[0].lower() + conditions.word_of(key)[1:] for key in asked.status
    ]
    if asked.drift is not None:
        said.append(_("drift {n} points or more").format(n=exact_text(asked.drift)))
    if asked.due:
        said.append(_("review due before {day}").format(day=asked.due.isoformat()))
    if asked.advisor:
        name = advisors.get(asked.advisor, "")
        said.append(_("looked after by {name}").format(name=name) if name else _("no advisor yet"))
    return said
