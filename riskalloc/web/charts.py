"""Geometry of our charts. Templates only print it, as attributes of SVG elements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from itertools import groupby

from riskalloc.engine.amounts import half_up, plain
from riskalloc.engine.assets import AssetClass, Mix, Top
from riskalloc.web.templatetags.figures import percent

GAP = Decimal("0.25")  # percent of the width between two segments
LABELLED_FROM = 8  # percent
NAMED_FROM = 22  # percent: room for the name as well

# Two letters and a style for each class, so that colour is never the only carrier.
LETTERS: Mapping[str, str] = {
    AssetClass.US_LARGE_CAP: "US",
    AssetClass.US_SMALL_CAP: "SC",
    AssetClass.INTL_DEVELOPED: "IN",
    AssetClass.EMERGING: "EM",
    AssetClass.US_AGGREGATE: "BD",
    AssetClass.GOVERNMENT: "GV",
    AssetClass.IG_CORPORATE: "CO",
    AssetClass.TIPS: "IL",
    AssetClass.HIGH_YIELD: "HY",
    AssetClass.REIT: "RE",
    AssetClass.COMMODITIES: "CM",
    AssetClass.GOLD: "GO",
    AssetClass.CASH: "CA",
}
STYLES: Mapping[str, str] = {
    AssetClass.US_LARGE_CAP: "us-large",
    AssetClass.US_SMALL_CAP: "us-small",
    AssetClass.INTL_DEVELOPED: "intl",
    AssetClass.EMERGING: "intl striped",
    AssetClass.US_AGGREGATE: "bonds",
    AssetClass.GOVERNMENT: "bonds",
    AssetClass.IG_CORPORATE: "bonds striped",
    AssetClass.TIPS: "bonds dotted",
    AssetClass.HIGH_YIELD: "bonds crossed",
    AssetClass.REIT: "alts",
    AssetClass.COMMODITIES: "alts striped",
    AssetClass.GOLD: "alts dotted",
    AssetClass.CASH: "cash",
}
TOP_STYLES = {
    Top.STOCKS: "us-large",
    Top.BONDS: "bonds",
    Top.ALTERNATIVES: "alts",
    Top.CASH: "cash",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One part of a stacked bar, as text what is read aloud; `x`, `width` and `label_x` in percent of it."""

    style: str
    pattern: str
    name: str
    letters: str
    percent: Decimal
    text: str
    x: str
    width: str
    label_x: str
    is_labelled: bool
    is_named: bool

    def __str__(self) -> str:
        return f"{self.name} {self.text}"


def stacked_bar(
    parts: Iterable[tuple[str, str, Decimal]],
    styles: Mapping[str, str] = STYLES,
    letters: Mapping[str, str] = LETTERS,
) -> tuple[Segment, ...]:
    """Segments for (class, name, percent), side by side."""
    segments, left = [], Decimal(0)
    for asset, name, share in parts:
        style, _, pattern = styles[asset].partition(" ")
        segments.append(
            Segment(
                style=style,
                pattern=pattern,
                name=name,
                letters=letters[asset],
                percent=share,
                text=percent(share),
                x=plain(left),
                width=plain(max(share - GAP, share / 2)),
                label_x=plain(left + 1),
                is_labelled=share >= LABELLED_FROM,
                is_named=share >= NAMED_FROM,
            )
        )
        left += share
    return tuple(segments)


def mix_bar(mix: Mix) -> list[tuple[str, int, int]]:
    """Style, left edge and width (of 100) of each top class."""
    found, left = [], 0
    for top, points in mix:
        found.append((TOP_STYLES[top], left, points))
        left += points
    return found


# -- Lines over days --------------------------------------------------------------------------------------

# A line is drawn in these units and stretched to its place; what stands beside it, in percent of that.
WIDTH, HEIGHT = Decimal(1000), Decimal(100)
TOP_EDGE, BOTTOM_EDGE = Decimal(16), Decimal(86)  # percent: the first scale line, and nought
LAST_PART, LOWEST_WORD = Decimal(750), Decimal(74)  # where the word beside the end stands
MOST_COLUMNS = 100  # of each, a picture can show the lowest, the highest and the last
MOST_STEPS, MOST_YEARS = 4, 3
NICE = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))

Days = Sequence[tuple[date, Decimal | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place on an axis, in percent of the picture, and what it stands for."""

    at: str
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChart:
    """A line that stays level from one day to the next, up to today. It breaks where nothing is known.

    `scale` are the lines of the vertical axis from 0 on, `years` where a year begins; `end_x` and `end_y`
    are where the line is now, None where it is not, and `has_room_below` says on which side of that a word
    stands free of the line. All in percent of the picture but the `path`.
    """

    path: str
    scale: tuple[Mark, ...]
    years: tuple[Mark, ...]
    limit: Mark | None
    end_x: str
    end_y: str | None
    has_room_below: bool


def line_chart(days: Days, today: date, limit: Decimal | None = None) -> LineChart:
    """`days` in order, at least one, none after today; values are not negative."""
    values = [value for _, value in days if value is not None]
    scale = scale_of(max([*values, limit or Decimal(0)]))
    first, last = days[0][0], days[-1][1]
    span = (today - first).days

    def across(day: date) -> Decimal:
        return WIDTH * (day - first).days / span if span else WIDTH

    def down(value: Decimal) -> Decimal:
        return BOTTOM_EDGE - (BOTTOM_EDGE - TOP_EDGE) * value / scale[-1]

    points = [(across(day), None if value is None else down(value)) for day, value in days]
    return LineChart(
        path=step_path(thinned(points)),
        scale=tuple(Mark(at=place(down(value)), value=value) for value in scale if values),
        years=year_marks(first, today),
        limit=None if limit is None else Mark(at=place(down(limit)), value=limit),
        end_x=place(HEIGHT),
        end_y=None if last is None else place(down(last)),
        has_room_below=last is not None and is_above(points, down(last)),
    )


def place(number: Decimal) -> str:
    return plain(half_up(number, 2))


def scale_of(most: Decimal) -> list[Decimal]:
    """From 0 in few round steps to the first that is not below `most`; 0 to 1 where all is 0."""
    if not most:
        return [Decimal(0), Decimal(1)]
    power = Decimal(1).scaleb(most.adjusted() - 1)
    steps = (nice * unit for unit in (power, power * 10) for nice in NICE)
    step = next(step for step in steps if step * MOST_STEPS >= most)
    count = int((most / step).to_integral_value(ROUND_CEILING))
    return [step * i for i in range(count + 1)]


Point = tuple[Decimal, Decimal | None]


def thinned(points: list[Point]) -> list[Point]:
    """What the picture can show: of each column the lowest, the highest and the last, and the very first."""
    if len(points) <= MOST_COLUMNS:
        return points
    kept = points[:1]
    for _, column in groupby(points[1:], key=lambda point: int(point[0] * MOST_COLUMNS / WIDTH)):
        group = list(column)
        known = [(y, i) for i, (_, y) in enumerate(group) if y is not None]
        shown = {i for _, i in (min(known), max(known))} if known else set()
        kept += [group[i] for i in sorted(shown | {len(group) - 1})]
    return kept


def is_above(points: list[Point], end: Decimal) -> bool:
    """Whether the last part of the line is mostly above its end, which is not at the bottom."""
    last = [y for x, y in points if y is not None and x >= LAST_PART]
    return end <= LOWEST_WORD and sum(last) < end * len(last)


def step_path(points: list[Point]) -> str:
    """Level to the next point, then up or down; a new start after each gap."""
    path, is_drawn = [], False
    for x, y in points:
        if is_drawn:
            path.append(f"H{place(x)}")
        if y is not None:
            path.append(f"V{place(y)}" if is_drawn else f"M{place(x)} {place(y)}")
        is_drawn = y is not None
    return " ".join([*path, f"H{place(WIDTH)}"] if is_drawn else path)


def year_marks(first: date, today: date) -> tuple[Mark, ...]:
    """Where years begin, as far as the names of the first and last day leave room."""
    span = Decimal((today - first).days)
    starts = [date(year, 1, 1) for year in range(first.year + 1, today.year + 1)]
    shares = [(start.year, 100 * (start - first).days / span) for start in starts]
    marks = [Mark(at=place(at), value=Decimal(year)) for year, at in shares if 30 <= at <= 70]
    return tuple(marks[:: -(-len(marks) // MOST_YEARS)] if marks else ())
