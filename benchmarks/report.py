"""Measure everything in one run, and print it as tables."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.engine import engine_beside_arithmetic
from benchmarks.pages import PageBesideFloor, pages_beside_floors
from benchmarks.plans import FEW, MANY, growth, plans_beside_arithmetic
from benchmarks.rounds import Measured, Pair, measure
from benchmarks.saving import at_work, check, savers
from benchmarks.writes import verified, writes_with_and_without_entry

MOST_MICROSECONDS = 1000  # for a run of the engine
MOST_OF_PLANS = 500  # microseconds for drift, triggers and three plans of twelve classes
MOST_OF_GROWTH = MANY / FEW  # times as long for so many times as many holdings
MOST_OF_A_SAVE = 1.5  # that is answered
MOST_OF_A_WRITE = 1.5  # with its entry in the trail
FEWEST_ENTRIES_A_SECOND = 20_000
ENTRIES_A_ROUND = 500


class Unfair(Exception):
    """A floor that does not do what its page does."""


def report(rounds: int) -> str:
    pages, engine = pages_beside_floors(), engine_beside_arithmetic()
    plans = (plans_beside_arithmetic(), growth())
    unfair = [page.page.name for page in pages if not page.is_fair]
    if unfair:
        raise Unfair(f"These cannot be compared with their floors: {', '.join(unfair)}.")
    measured = measure([*(page.pair for page in pages), *engine, *plans], rounds)
    of_pages, of_engine = measured[: len(pages)], measured[len(pages) : -len(plans)]
    of_plans, of_growth = measured[-len(plans) :]
    return "\n".join(
        (
            f"Medians of {rounds} rounds, in microseconds of processor time for one call.",
            "",
            *page_table(pages, of_pages),
            "",
            *engine_table(engine, of_engine),
            engine_row(plans[0], of_plans, MOST_OF_PLANS),
            "",
            row("growth", "", "", str(FEW), str(MANY), "ratio", "middle half", "aim"),
            row(plans[1].name, "", "", *times_of(of_growth), times_more(of_growth)),
        )
    )


def report_writes(rounds: int) -> str:
    """By the clock on the wall: what a person waits for."""
    pairs = writes_with_and_without_entry()
    measured = measure(pairs, rounds)
    trail = verified(rounds * ENTRIES_A_ROUND)
    speed = trail.entries / trail.seconds
    is_reached = speed >= FEWEST_ENTRIES_A_SECOND and not trail.faults
    outcome = f"{FEWEST_ENTRIES_A_SECOND:,} at least: {'reached' if is_reached else 'missed'}"
    return "\n".join(
        (
            f"Medians of {rounds} rounds, in microseconds for one transaction, committed.",
            "",
            *write_table(pairs, measured),
            "",
            f"verify_audit: {trail.entries:,} entries, {speed:,.0f} a second, {outcome}",
        )
    )


def report_saving(rounds: int, folder: Path) -> str:
    """What a person waits for after Save, and what of it is work of the server's processor."""
    found = savers()
    checked = [check(saver) for saver in found for _ in range(2)]
    with at_work(found, folder) as pairs:
        measured = measure(pairs, rounds)
    lines = [row("over HTTP", "bytes", "queries", "floor", "save", "ratio", "middle half", "aim")]
    for pair, (size, queries), times in zip(pairs, checked, measured, strict=True):
        figures = (f"{size:,}", str(queries), *times_of(times))
        lines.append(row(pair.name, *figures, verdict(times.ratio, MOST_OF_A_SAVE)))
    said = (
        f"Medians of {rounds} rounds, in microseconds for one request to gunicorn with one worker."
    )
    return "\n".join((said, "", *lines))


def write_table(pairs: Sequence[Pair], measured: Sequence[Measured]) -> list[str]:
    lines = [row("write", "", "", "without", "with", "ratio", "middle half", "aim")]
    for pair, times in zip(pairs, measured, strict=True):
        figures = ("", "", *times_of(times))
        lines.append(row(pair.name, *figures, verdict(times.ratio, MOST_OF_A_WRITE)))
    return lines


def page_table(pages: Sequence[PageBesideFloor], measured: Sequence[Measured]) -> list[str]:
    lines = [row("page", "bytes", "queries", "floor", "page", "ratio", "middle half", "aim")]
    for page, times in zip(pages, measured, strict=True):
        size, queries = len(page.answer.body), len(page.answer.tables)
        figures = (f"{size:,}", str(queries), *times_of(times))
        lines.append(row(page.page.name, *figures, verdict(times.ratio, page.page.most)))
    return lines


def engine_table(pairs: Sequence[Pair], measured: Sequence[Measured]) -> list[str]:
    lines = [row("engine", "", "a second", "bare", "engine", "ratio", "middle half", "aim")]
    lines += [
        engine_row(pair, times, MOST_MICROSECONDS)
        for pair, times in zip(pairs, measured, strict=True)
    ]
    return lines


def engine_row(pair: Pair, times: Measured, most: float) -> str:
    figures = ("", f"{1_000_000 / times.product:,.0f}", *times_of(times))
    return row(pair.name, *figures, verdict(times.product, most))


def times_more(times: Measured) -> str:
    return verdict(times.ratio, MOST_OF_GROWTH)


def times_of(times: Measured) -> tuple[str, str, str, str]:
    lower, upper = times.middle_half
    ratio, spread = f"{times.ratio:.2f}", f"{lower:.2f} to {upper:.2f}"
    return f"{times.floor:,.0f}", f"{times.product:,.0f}", ratio, spread


def verdict(measured: float, most: float) -> str:
    return f"{most:g} at most: {'reached' if measured <= most else 'missed'}"


def row(name: str, *figures: str) -> str:
    widths = (8, 10, 8, 8, 8, 16, 24)
    cells = (figure.rjust(width) for figure, width in zip(figures, widths, strict=True))
    return (name.ljust(24) + "".join(cells)).rstrip()
