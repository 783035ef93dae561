"""A whole book of clients on PostgreSQL: work over all of it, each beside its floor.

`LINES` is what is measured over a whole book, `book_pages.PAGES` the pages of an advisor with 200 clients.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import perf_counter

from django.db import connection
from django.utils import timezone

from benchmarks.book_pages import Found, growth_lines, page_lines
from benchmarks.book_rows import book_of
from benchmarks.book_whatif import bare_what_if, what_if
from portfolios.demo.book import Book
from portfolios.management.commands.refresh_drift import batches
from portfolios.models import CLASSES, Holding, Portfolio, Security
from portfolios.services.securities import set_price
from portfolios.services.standing import keep_many
from questionnaire.demo.telling import LOADING

SIZES = (1_000, 10_000, 100_000)
ROUNDS = 3
NOTHING = Decimal(0)
PART_OF_HOLDERS = 60  # percent of all portfolios hold the security whose price changes
MOST = 1.3  # times the bare statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A book, and the security that most of it holds."""

    book: Book
    portfolios: int
    security: Security


Work = Callable[[Scene], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The product's way beside the least that it could take; `prepare` is not timed."""

    name: str
    floor: Work
    product: Work
    most: float
    prepare: Work | None = None


# -- The bare statement -----------------------------------------------------------------------------------

LEAN = f"""
CREATE TABLE lean (portfolio_id uuid PRIMARY KEY, value bigint,
    {", ".join(f"{name} bigint" for name in CLASSES)})
"""


def bare_sums(scene: Scene) -> None:
    run(bare_sql(f"h.firm_id = '{scene.book.firm.pk}'"))


def bare_sql(which: str) -> str:
    """What every portfolio holds of each class, put into a table that has nothing else."""
    sums = ", ".join(f"sum(h.value * s.{name})::bigint" for name in CLASSES)
    changed = ", ".join(f"{name} = excluded.{name}" for name in ("value", *CLASSES))
    return f"""
    INSERT INTO lean SELECT h.portfolio_id, sum(h.value)::bigint, {sums}
    FROM portfolios_holding h JOIN portfolios_security s ON s.id = h.security_id WHERE {which}
    GROUP BY h.portfolio_id ON CONFLICT (portfolio_id) DO UPDATE SET {changed}
    """  # names of columns only


def bare_price(scene: Scene) -> None:
    """The holdings' new value, and the sums of those who hold it."""
    key = scene.security.pk
    held = f"security_id = '{key}'"
    run(f"UPDATE portfolios_holding SET value = round(quantity / 1000000.0 * 1.01) WHERE {held}")
    run(bare_sql(f"h.portfolio_id IN (SELECT portfolio_id FROM portfolios_holding WHERE {held})"))


# -- What is measured -------------------------------------------------------------------------------------


def refresh_all(scene: Scene) -> None:
    for keys in batches(scene.book.firm.pk, None):
        keep_many(keys)


def move_all(scene: Scene) -> None:
    """A cent more in each account: every standing says something else."""
    run("UPDATE portfolios_account SET cash = cash + 1")
    run("VACUUM ANALYZE portfolios_account")
    run("VACUUM ANALYZE portfolios_standing")


def price_changes(scene: Scene) -> None:
    security = Security.objects.get(pk=scene.security.pk)
    set_price(
        security=security,
        price=(security.price or NOTHING) + 1,
        priced_on=timezone.localdate(),
        source="benchmark",
        version=security.version,
        by=LOADING,
    )


LINES: list[Line] = [
    Line(name="Nightly refresh, same", floor=bare_sums, product=refresh_all, most=MOST),
    Line(
        name="Nightly refresh, changed",
        floor=bare_sums,
        product=refresh_all,
        prepare=move_all,
        most=MOST,
    ),
    Line(name="Price of 60 %", floor=bare_price, product=price_changes, most=MOST),
    Line(name="What if for all", floor=bare_what_if, product=what_if, most=MOST),
]


# -- In turns ---------------------------------------------------------------------------------------------


def report(sizes: tuple[int, ...], rounds: int) -> Iterator[str]:
    """Line by line, as soon as it is known. Each book is a firm of its own, beside the ones before."""
    yield f"Medians of {rounds} rounds, in milliseconds; a portfolio has 12 holdings."
    found: Found = {}
    for size in sizes:
        before = database_size()
        scene = scene_of(size)
        each = (database_size() - before) // scene.portfolios
        yield f"\n{scene.portfolios:,} portfolios, {each:,} bytes of database for each"
        yield from page_lines(scene.book, scene.portfolios, found)
        has = megabytes("VmRSS")
        forget_most_memory()
        for line in LINES:
            yield row(line, scene, rounds)
        yield f"memory of the process {has} MB before these lines, in them at most {megabytes('VmHWM')} MB"
    yield ""
    yield from growth_lines(found)


def megabytes(name: str) -> int:
    """What Linux says of this process: VmRSS is what it has now, VmHWM the most that it had."""
    lines = Path("/proc/self/status").read_text().splitlines()
    said = dict(line.split(":", 1) for line in lines)
    return int(said[name].split()[0]) // 1024


def forget_most_memory() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def row(line: Line, scene: Scene, rounds: int) -> str:
    floors, products = [], []
    for _ in range(rounds):
        floors.append(milliseconds(line.floor, scene))
        if line.prepare:
            line.prepare(scene)
        products.append(milliseconds(line.product, scene))
    ratio = median(product / floor for floor, product in zip(floors, products, strict=True))
    outcome = "reached" if ratio <= line.most else "missed"
    return (
        f"{line.name:28}{median(floors):>12,.0f}{median(products):>12,.0f}{ratio:>8.2f}"
        f"   {line.most:g} at most: {outcome}"
    )


def milliseconds(work: Work, scene: Scene) -> float:
    start = perf_counter()
    work(scene)
    return (perf_counter() - start) * 1000


def scene_of(size: int) -> Scene:
    book = book_of(size)
    run("DROP TABLE IF EXISTS lean")
    run(LEAN)
    count = Portfolio.objects.filter(firm=book.firm).count()
    return Scene(book=book, portfolios=count, security=most_held(book))


def most_held(book: Book) -> Security:
    """One security that so many of all portfolios hold, each in one holding of the value it had."""
    security = Security.objects.filter(firm=book.firm, price__isnull=False).order_by("pk")[0]
    Security.objects.filter(pk=security.pk).update(price=100)
    run(
        f"""
        UPDATE portfolios_holding SET security_id = '{security.pk}', quantity = value * 10000
        WHERE id IN (
            SELECT DISTINCT ON (portfolio_id) id FROM portfolios_holding
            WHERE firm_id = '{book.firm.pk}'
                AND get_byte(uuid_send(portfolio_id), 1) < 256 * {PART_OF_HOLDERS} / 100
            ORDER BY portfolio_id, id
        )
        """
    )
    run("VACUUM ANALYZE portfolios_holding")
    assert Holding.objects.filter(security=security).exists()
    return security


def database_size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        size: int = cursor.fetchone()[0]
    return size


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
