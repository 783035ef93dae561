"""What became of a portfolio, day by day: its value and its drift as lines, in words, and in a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from portfolios.display.classes import amount
from portfolios.models import Portfolio
from riskalloc.engine.amounts import half_up, plain
from riskalloc.web.charts import LineChart, line_chart
from riskalloc.web.numbers import exact_text

DAY = "j M Y"
MOST_ROWS = 60  # of the table; beyond that, the last day of each month

# For texts of so many letters at most: a class of the styles.
ROOMS = ((2, "room-2"), (5, "room-5"), (8, "room-8"), (11, "room-11"))

DayRow = tuple[date, Decimal, Decimal | None]
Known = tuple[date, Decimal]
Text = Callable[[Decimal], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`said` is the picture in numbers; `scale` and `years` are places in percent, with their texts."""

    sentence: str
    said: str
    chart: LineChart
    scale: tuple[tuple[str, str], ...]
    years: tuple[tuple[str, str], ...]
    limit: str
    end: str
    first_day: str
    last_day: str

    @property
    def room(self) -> str:
        """How much the texts of the scale take, which stand before the line and never under it."""
        longest = max((len(text) for _at, text in self.scale), default=0)
        return next((name for most, name in ROOMS if longest <= most), "room-most")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    day: str
    value: str
    drift: str


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """`drift` is None where no day has one. `is_thinned`: the table has one day of each month."""

    value: Line
    drift: Line | None
    rows: tuple[DayLine, ...]
    is_thinned: bool


def history(portfolio: Portfolio, today: date) -> History | None:
    """One query; None where there never was anything."""
    days = days_of(portfolio, today)
    if not days:
        return None
    shown = days if len(days) <= MOST_ROWS else last_of_months(days)
    return History(
        value=value_line(days, portfolio, today),
        drift=drift_line(days, portfolio, today),
        rows=tuple(day_line(row, portfolio) for row in reversed(shown)),
        is_thinned=len(shown) < len(days),
    )


def days_of(portfolio: Portfolio, today: date) -> list[DayRow]:
    """One query; none where there never was anything."""
    found = portfolio.days.filter(day__lte=today).order_by("day")
    days: list[DayRow] = list(found.values_list("day", "value", "drift"))
    return days if any(value for _day, value, _drift in days) else []


def day_line(row: DayRow, portfolio: Portfolio) -> DayLine:
    day, value, drift = row
    points = "" if drift is None else points_text(drift)
    return DayLine(day=date_format(day, DAY), value=amount(value, portfolio), drift=points)


def last_of_months(days: Sequence[DayRow]) -> list[DayRow]:
    months = groupby(days, key=lambda row: (row[0].year, row[0].month))
    return [list(group)[-1] for _month, group in months]


# -- The two lines ----------------------------------------------------------------------------------------


def value_line(days: Sequence[DayRow], portfolio: Portfolio, today: date) -> Line:
    known = [(day, value) for day, value, _drift in days]
    text = partial(amount, portfolio=portfolio)
    return line(known, today, change_sentence(known, text), _("Value"), text, text)


def change_sentence(known: Sequence[Known], text: Text) -> str:
    (first_day, first), (_day, last) = known[0], known[-1]
    if len(known) == 1:
        say = _("{now} since {day}.")
    elif last == first:
        say = _("{now} now, as on {day}.")
    else:
        say = _("{now} now, {change} more than on {day}.")
        if last < first:
            say = _("{now} now, {change} less than on {day}.")
    return say.format(
        now=text(last), change=text(abs(last - first)), day=date_format(first_day, DAY)
    )


def drift_line(days: Sequence[DayRow], portfolio: Portfolio, today: date) -> Line | None:
    """From the first day with a target on."""
    start = next((i for i, (*_row, drift) in enumerate(days) if drift is not None), None)
    if start is None:
        return None
    drifts = [(day, drift) for day, _value, drift in days[start:]]
    limit, last = portfolio.policy.drift_points, drifts[-1][1]
    said = [
        _("There is no drift to measure now.")
        if last is None
        else _("{points} from the target now.").format(points=points_text(last))
    ]
    if limit is not None:
        said.append(_("The limit is {points}.").format(points=points_text(limit)))
    return line(drifts, today, " ".join(said), _("Drift"), points_text, exact_text, limit)


def line(
    days: Sequence[tuple[date, Decimal | None]],
    today: date,
    sentence: str,
    name: str,
    text: Text,
    tick: Text,
    limit: Decimal | None = None,
) -> Line:
    chart = line_chart(days, today, limit)
    known = [(day, value) for day, value in days if value is not None]
    first, last = days[0][0], days[-1][1]
    return Line(
        sentence=sentence,
        said=f"{name}: {sentence} {extremes(known, text)}".strip(),
        chart=chart,
        scale=tuple((mark.at, tick(mark.value)) for mark in chart.scale),
        years=tuple((mark.at, plain(mark.value)) for mark in chart.years),
        limit="" if limit is None else _("limit {points}").format(points=text(limit)),
        end="" if last is None else text(last),
        first_day=date_format(first, DAY) if first < today else "",
        last_day=date_format(today, DAY),
    )


def extremes(known: Sequence[Known], text: Text) -> str:
    """`Lowest $90,000 on 3 Mar 2026, highest $110,000 on 21 Nov 2026.`"""
    if len(known) < 2:
        return ""
    low, high = (pick(known, key=lambda row: row[1]) for pick in (min, max))
    return _("Lowest {low} on {low_day}, highest {high} on {high_day}.").format(
        low=text(low[1]),
        low_day=date_format(low[0], DAY),
        high=text(high[1]),
        high_day=date_format(high[0], DAY),
    )


def points_text(value: Decimal) -> str:
    """`3.64 points`."""
    rounded = half_up(value, 2)
    word = ngettext("{n} point", "{n} points", 1 if rounded == 1 else 2)
    return word.format(n=exact_text(rounded))
