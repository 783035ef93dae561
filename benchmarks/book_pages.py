"""Pages about many clients, of an advisor with 200 of them, and once of the owner of the whole firm.

The floor of each is one statement that finds what the page has to know of its clients by their keys, and
nothing else. What a page costs beside it is mostly its template, and the same in every table; what must not
be is that it grows with the table. That shows in its time, and, whatever else the machine does meanwhile, in
how many blocks of the database it looks at.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter_ns, process_time_ns
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection
from django.test import Client
from django.urls import reverse

from benchmarks.book_whatif import FALL
from portfolios.demo.book import Book, build_book
from portfolios.demo.book_holdings import Shape
from portfolios.models import CLASSES
from questionnaire.demo.accounts import CODE_KEY
from riskalloc.firms.models import Membership, Role

SMALL_SIZES = (1_000, 10_000)  # without PostgreSQL
ROUNDS = 30
WARM_UP_CALLS = 3
FEW_ROUNDS = 3
FROM = 10_000  # portfolios: what a page takes there is what it may take in any table
MOST_GROWTH = 1.2
PER_PAGE = 50
HOLDINGS = 12
Call = Callable[[], object]


# -- The bare statement -----------------------------------------------------------------------------------

MINE = """
WITH mine AS (
    SELECT c.* FROM questionnaire_assignment d JOIN questionnaire_clientprofile c ON c.id = d.client_id
    WHERE d.membership_id = %(desk)s AND c.archived_at IS NULL
)
"""
OWNED = """
FROM mine LEFT JOIN portfolios_portfolio p ON p.client_id = mine.id AND p.archived_at IS NULL
LEFT JOIN portfolios_standing s ON s.portfolio_id = p.id
"""
SAID = "rti", "iss", "method", "public_id", "created_at", "kept_contradictions"
# Of each row that is left only: the last assessment by its key, then what it says.
LATEST = """
LEFT JOIN questionnaire_assessment a ON a.id = (
    SELECT o.assessment_id FROM questionnaire_ownership o
    JOIN questionnaire_assessment b ON b.id = o.assessment_id
    WHERE o.client_id = few.id ORDER BY b.created_at DESC, b.id DESC LIMIT 1
)
"""
DATES = """
(SELECT MAX(r.held_on) FROM questionnaire_review r WHERE r.client_id = few.id),
(SELECT MAX(e.recorded_at) FROM questionnaire_lifeevent e WHERE e.client_id = few.id),
(SELECT MAX(n.made_at) FROM portfolios_plan n WHERE n.client_id = few.id)
"""
ASSESSED = ", ".join(f"a.{name}" for name in SAID)
STANDS = """
mine.id, mine.name, mine.name_folded, mine.review_due_on, p.id AS portfolio_id, p.currency, s.value,
s.drift, s.fires_band, s.fires_guard_rail, s.fires_portfolio_drift, s.largest, s.behaves_like,
s.oldest_price_on, s.cash
"""


def some_of_them(order: str) -> str:
    few = f"SELECT {STANDS} {OWNED} ORDER BY {order} LIMIT {PER_PAGE}"
    return f"{MINE} SELECT few.*, {ASSESSED}, {DATES} FROM ({few}) few {LATEST}"


def all_of_them() -> str:
    return f"{MINE} SELECT few.*, {ASSESSED}, {DATES} FROM (SELECT {STANDS} {OWNED}) few {LATEST}"


def what_they_hold() -> str:
    """Each portfolio's classes, its bands, and its target by key."""
    held = ", ".join(f"s.{name}, t.{name}" for name in CLASSES)
    return f"""
    {MINE} SELECT mine.id, mine.name, p.currency, s.value, s.drift, y.*, {held} {OWNED}
    LEFT JOIN portfolios_policy y ON y.portfolio_id = p.id
    LEFT JOIN portfolios_target t ON t.id = (
        SELECT aim.id FROM portfolios_target aim WHERE aim.portfolio_id = p.id
        ORDER BY aim.made_at DESC, aim.id DESC LIMIT 1
    )
    """


# -- Pages ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPage:
    name: str
    path: str
    floor: str

    @property
    def address(self) -> str:
        path, _, query = self.path.partition("?")
        return f"{reverse(path)}?{query}"


PAGES: Sequence[DeskPage] = (
    DeskPage(
        name="Client list", path="desk_clients", floor=some_of_them("mine.name_folded, mine.id")
    ),
    DeskPage(
        name="Worst drift first",
        path="desk_clients?sort=-drift",
        floor=some_of_them("s.drift IS NULL, s.drift DESC, mine.id"),
    ),
    DeskPage(name="Morning", path="desk", floor=all_of_them()),
    DeskPage(name="What if", path=f"desk_whatif?{FALL}", floor=what_they_hold()),
)


@dataclass(frozen=True, slots=True)
class Spent:
    """Milliseconds of one call: on the clock, and of processors, the database's own included."""

    clock: float
    processor: float


@dataclass(frozen=True, slots=True)
class Measured:
    """Medians, the fastest round of the page, and how many blocks the page and its floor look at."""

    floor: Spent
    page: Spent
    fastest: Spent
    ratio: float
    blocks: int
    floor_blocks: int


def report(sizes: Sequence[int]) -> Iterator[str]:
    """The pages alone, on whichever database there is."""
    yield f"Medians of {ROUNDS} rounds, in milliseconds; a portfolio has {HOLDINGS} holdings."
    found: Found = {}
    for size in sizes:
        shape = Shape(holdings=(HOLDINGS, HOLDINGS), second=0.0)
        book = build_book(clients=size, firm_name=f"Demo book of {size:,}", shape=shape)
        yield f"\n{book.counts.portfolios:,} portfolios"
        yield from page_lines(book, size, found)
    yield ""
    yield from growth_lines(found)


# What each page of the advisor took, by its name and the number of portfolios.
Found = dict[str, dict[int, Measured]]


def page_lines(book: Book, portfolios: int, found: Found) -> Iterator[str]:
    """A line for each page of an advisor, then the owner's, who has all of the clients."""
    desk = some_advisor(book)
    title = f"Pages, {desk.assignments.count()} clients"
    yield f"{title:22}   floor    page   ratio   processors   fastest   blocks   of the floor"
    for page, measured in measure(desk, PAGES):
        found.setdefault(page.name, {})[portfolios] = measured
        yield line(page.name, measured)
    owner = Membership.objects.get(firm=book.firm, user=book.owner)
    ask = opened(owner)
    for page in PAGES:
        spent = typical([timed(partial(ask, page.address)) for _ in range(FEW_ROUNDS)])
        name = f"{page.name}, owner"
        yield f"{name:30}{spent.clock:>8,.0f}{spent.processor:>21,.0f}"


def line(name: str, measured: Measured) -> str:
    return (
        f"{name:22}{measured.floor.clock:>8,.1f}{measured.page.clock:>8,.0f}{measured.ratio:>8.1f}"
        f"{measured.page.processor:>13,.0f}{measured.fastest.clock:>10,.0f}"
        f"{measured.blocks:>9,}{measured.floor_blocks:>15,}"
    )


def growth_lines(found: Found) -> Iterator[str]:
    """Each page in the largest table beside the one of 10,000, or the smallest if there is none larger."""
    for name, by_size in found.items():
        last = max(by_size)
        first = FROM if last > FROM in by_size else min(by_size)
        if last > first:
            yield growth_line(name, first, last, by_size)


def growth_line(name: str, first: int, last: int, by_size: Mapping[int, Measured]) -> str:
    small, large = by_size[first], by_size[last]
    growth = large.fastest.clock / small.fastest.clock
    outcome = "reached" if growth <= MOST_GROWTH else "missed"
    blocks = f", blocks {large.blocks / small.blocks:.2f}" if small.blocks else ""
    return (
        f"{name:18} from {first:,} to {last:,} portfolios: fastest {growth:.2f}, median"
        f" {large.page.clock / small.page.clock:.2f}{blocks}   {MOST_GROWTH:g} at most: {outcome}"
    )


def some_advisor(book: Book) -> Membership:
    """In the middle of the table, with as many clients as anybody."""
    desks = Membership.objects.filter(firm=book.firm, role=Role.ADVISOR).order_by("user_id")
    return desks.select_related("user")[desks.count() // 2]


def measure(desk: Membership, pages: Sequence[DeskPage]) -> Iterator[tuple[DeskPage, Measured]]:
    """In turns: floor, page, floor, page."""
    ask = opened(desk)
    for page in pages:
        bare = partial(fetch, page.floor, {"desk": prepared(desk.pk)})
        asked = partial(ask, page.address)
        for _ in range(WARM_UP_CALLS):
            bare()
            asked()
        rounds = [(timed(bare), timed(asked)) for _ in range(ROUNDS)]
        floors, products = zip(*rounds, strict=True)
        yield (
            page,
            Measured(
                floor=typical(floors),
                page=typical(products),
                fastest=min(products, key=lambda spent: spent.clock),
                ratio=median(product.clock / floor.clock for floor, product in rounds),
                blocks=blocks_of(asked),
                floor_blocks=blocks_of(bare),
            ),
        )


def blocks_of(work: Call) -> int:
    """How many blocks its queries look at, by what PostgreSQL says of each; 0 elsewhere."""
    counted: list[int] = []

    def explained(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith(("SELECT", "WITH")):
            with connection.connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
                plan = cursor.fetchone()[0][0]["Plan"]
            counted.append(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])
        return execute(sql, params, many, context)

    if connection.vendor == "postgresql":
        with connection.execute_wrapper(explained):
            work()
    return sum(counted)


def opened(desk: Membership) -> Callable[[str], None]:
    if not Authenticator.objects.filter(user=desk.user).exists():
        TOTP.activate(desk.user, CODE_KEY)  # who was copied has none, and a desk asks for it
    browser = Client()
    browser.force_login(desk.user)

    def ask(address: str) -> None:
        answer = browser.get(address, secure=True)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"

    return ask


def typical(spent: Sequence[Spent]) -> Spent:
    return Spent(
        clock=median(one.clock for one in spent), processor=median(one.processor for one in spent)
    )


def timed(work: Call) -> Spent:
    clock, processor = perf_counter_ns(), processors_ns()
    work()
    return Spent((perf_counter_ns() - clock) / 10**6, (processors_ns() - processor) / 10**6)


def processors_ns() -> int:
    """Of this process, and of the database's process for it where that is on this machine."""
    return process_time_ns() + (server_ns() if connection.vendor == "postgresql" else 0)


def server_ns() -> int:
    """On Linux, and without what parallel workers take."""
    tasks = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(tasks.read_text().split()[0]) if os.access(tasks, os.R_OK) else 0


def fetch(sql: str, values: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.fetchall()


def prepared(key: Any) -> Any:
    """One of the databases has no keys of its own kind."""
    return key if connection.vendor == "postgresql" else key.hex
