"""The book in pictures: each a sentence, its picture, and a table with the same numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from django.db import connection
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portfolios.advisors import conditions
from portfolios.advisors.actions import DAY
from portfolios.advisors.book import Book, day_of, number
from portfolios.advisors.morning import BUCKETS, Kind
from portfolios.display.history import Line, change_sentence, line
from portfolios.models.fixed import MONEY_PLACES
from riskalloc.engine.amounts import half_up, plain
from riskalloc.engine.rules import RiskLabel
from riskalloc.web.numbers import money_text, number_text
from riskalloc.web.templatetags.figures import counted

WHOLE = Decimal(100)
GAP = Decimal("0.3")  # percent of the width
A_LETTER = 2  # percent of the width, with something to spare


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Some of the clients; places in percent of the picture. `query` leads to them, where one can."""

    name: str
    count: int
    share: str
    style: str
    x: str
    width: str
    label_x: str
    has_number: bool
    has_name: bool
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    sentence: str
    said: str
    slices: tuple[Slice, ...]


def stacked(parts: Sequence[tuple[str, int, str, str]], sentence: str) -> Bar:
    """Of (name, count, style, query); nothing is drawn where there is nobody."""
    total = sum(count for _name, count, *_rest in parts)
    slices, left = [], Decimal(0)
    for name, count, style, query in parts:
        percent = WHOLE * count / total if total else Decimal(0)
        slices.append(
            Slice(
                name=name,
                count=count,
                share=f"{number_text(half_up(percent, 0))}%",
                style=style,
                x=place(left),
                width=place(max(percent - GAP, percent / 2)),
                label_x=place(left + 1),
                has_number=percent >= A_LETTER * (len(str(count)) + 1),
                has_name=percent >= A_LETTER * (len(f"{name} {count}") + 2),
                query=query,
            )
        )
        left += percent
    said = ", ".join(f"{one.name} {one.count}" for one in slices)
    return Bar(sentence=sentence, said=said, slices=tuple(slices))


def place(value: Decimal) -> str:
    return plain(half_up(value, 2))


# -- By label and by status -------------------------------------------------------------------------------

LABEL_STYLES = {
    RiskLabel.CONSERVATIVE: "shade-1",
    RiskLabel.MODERATE: "shade-2",
    RiskLabel.AGGRESSIVE: "shade-3",
}
# What comes first for a client, in four groups.
GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "rebalance": ("shade-over", conditions.REBALANCE),
    "answers": ("shade-warn", ("event", "contradiction", "mismatch", "overdue")),
    "holdings": ("shade-2", ("concentration", "cash", "stale", "plan")),
    "new": ("shade-1", ("unassessed", "empty")),
}


def by_label(kinds: Sequence[Kind]) -> Bar:
    counts = {label: count_of(kinds, label) for label in (*RiskLabel, None)}
    parts = [
        (label.capitalize(), counts[label], LABEL_STYLES[label], f"risk={label}")
        for label in RiskLabel
    ]
    parts.append((_("Not assessed"), counts[None], "shade-0", "status=unassessed"))
    most = max(RiskLabel, key=lambda label: counts[label])
    assessed = sum(counts[label] for label in RiskLabel)
    say = _("{n} of {all} assessed clients are {label}.")
    if not assessed:
        return stacked(parts, _("Nobody is assessed yet."))
    return stacked(parts, say.format(n=counted(counts[most]), all=counted(assessed), label=most))


def count_of(kinds: Sequence[Kind], label: str | None) -> int:
    return sum(kind.clients for kind in kinds if kind.label == label)


def by_status(kinds: Sequence[Kind]) -> Bar:
    names = {
        "rebalance": _("Rebalance due"),
        "answers": _("Answers or review"),
        "holdings": _("Cash, prices, plans"),
        "new": _("Still to be set up"),
    }
    ranks = {key: place for place, key in enumerate(conditions.BY_KEY)}
    parts = []
    for group, (style, keys) in GROUPS.items():
        among = {ranks[key] for key in keys}
        count = sum(kind.clients for kind in kinds if kind.rank in among)
        parts.append((names[group], count, style, ""))
    fine = sum(kind.clients for kind in kinds if kind.rank == conditions.NO_RANK)
    parts.append((conditions.word_of(conditions.FINE), fine, "shade-0", "status=fine"))
    total = sum(kind.clients for kind in kinds)
    say = _("Nothing is due for {n} of {all}.")
    return stacked(parts, say.format(n=counted(fine), all=counted(total)))


# -- How far from the target ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Of the histogram; `y` is where it begins, downwards, in percent."""

    name: str
    count: int
    x: str
    middle: str
    y: str
    height: str
    label_y: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    sentence: str
    said: str
    columns: tuple[Column, ...]
    without: int


COLUMN_TOP, COLUMN_FLOOR = Decimal(14), Decimal(86)
STEP = WHOLE / len(BUCKETS)


def drift_histogram(kinds: Sequence[Kind]) -> Histogram | None:
    """None where nobody has a target."""
    counts = [sum(k.clients for k in kinds if k.bucket == nth) for nth in range(len(BUCKETS))]
    total = sum(counts)
    if not total:
        return None
    columns = tuple(column(nth, count, max(counts)) for nth, count in enumerate(counts))
    near = sum(count for edge, count in zip(BUCKETS, counts, strict=True) if edge < 3)
    say = _("{n} of {all} clients with a target are less than 3 points from it.")
    return Histogram(
        sentence=say.format(n=counted(near), all=counted(total)),
        said=", ".join(f"{one.name}: {one.count}" for one in columns),
        columns=columns,
        without=sum(kind.clients for kind in kinds if kind.bucket is None),
    )


def column(nth: int, count: int, most: int) -> Column:
    height = (COLUMN_FLOOR - COLUMN_TOP) * count / most
    first = BUCKETS[nth]
    last = BUCKETS[nth + 1] if nth + 1 < len(BUCKETS) else None
    return Column(
        name=f"{first}+" if last is None else f"{first}–{last}",
        count=count,
        x=place(STEP * nth + 1),
        middle=place(STEP * nth + STEP / 2),
        y=place(COLUMN_FLOOR - height),
        height=place(height),
        label_y=place(COLUMN_FLOOR - height - 3),
    )


# -- Assets over time -------------------------------------------------------------------------------------

WEEK, WEEKS = timedelta(days=7), 52
MOST_LOOKUPS = 40_000  # portfolios x days: of a large book fewer days are looked up
MOST_PORTFOLIOS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """`line` is None where there is nothing to draw, and `sentence` says why. `rows` are the newest first."""

    sentence: str
    line: Line | None
    rows: tuple[tuple[str, str], ...]
    others: int


CURRENCIES = """
SELECT p.currency, COUNT(*) FROM client
JOIN portfolios_portfolio p ON p.client_id = client.id AND p.archived_at IS NULL
GROUP BY p.currency ORDER BY COUNT(*) DESC, p.currency
"""


def assets(book: Book) -> Assets:
    """What the portfolios of today were worth in the past year. Two queries.

    Those in the currency that most of them have: between portfolios nobody knows a rate.
    """
    found = book.ask(CURRENCIES)
    if not found:
        return nothing(_("Nobody owns anything yet."))
    (currency, count), *rest = found
    if count > MOST_PORTFOLIOS:
        say = _("There are {n} portfolios: too many to add up while you wait.")
        return nothing(say.format(n=counted(count)))
    known = values_on(book, days_for(count, book.today), currency)
    if not any(value for _day, value in known):
        return nothing(_("Nobody owns anything yet."))
    text = partial(rounded, currency=currency)
    return Assets(
        sentence=change_sentence(known, text),
        line=line(known, book.today, change_sentence(known, text), _("Assets"), text, text),
        rows=tuple((date_format(day, DAY), text(value)) for day, value in reversed(known)),
        others=sum(number_of for _currency, number_of in rest),
    )


def nothing(sentence: str) -> Assets:
    return Assets(sentence=sentence, line=None, rows=(), others=0)


def rounded(value: Decimal, currency: str) -> str:
    return money_text(half_up(value, 0), 0, currency)


def days_for(count: int, today: date) -> list[date]:
    """Today and the same day of past weeks, as many as can be looked up; the first day first."""
    points = min(WEEKS, max(6, MOST_LOOKUPS // count))
    step = -(-WEEKS // points)
    return [today - WEEK * weeks for weeks in range(0, WEEKS + 1, step)][::-1]


def values_on(book: Book, days: Iterable[date], currency: str) -> list[tuple[date, Decimal]]:
    """From the first day on which there was anything; each portfolio as it last was on that day."""
    values = {f"day_{nth}": day.isoformat() for nth, day in enumerate(days)}
    of_kind = "::date" if connection.vendor == "postgresql" else ""
    listed = " UNION ALL ".join(f"SELECT %({name})s{of_kind} AS day" for name in values)
    sql = f"""
    SELECT w.day, SUM((
        SELECT d.value FROM portfolios_dayvalue d
        WHERE d.portfolio_id = p.id AND d.day <= w.day ORDER BY d.day DESC LIMIT 1))
    FROM client
    JOIN portfolios_portfolio p
        ON p.client_id = client.id AND p.archived_at IS NULL AND p.currency = %(currency)s
    CROSS JOIN ({listed}) w
    GROUP BY w.day ORDER BY w.day
    """  # noqa: S608  # names of columns and of values
    found = book.ask(sql, {**values, "currency": currency})
    known = [(day_of(day), number(total, MONEY_PLACES)) for day, total in found]
    return [(day, total) for day, total in known if day is not None and total is not None]
