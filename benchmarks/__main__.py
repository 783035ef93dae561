"""`python -m benchmarks`: make a database, measure, print the table."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import django
from django.core.management import call_command
from django.db import connections
from django.test import override_settings

ROUNDS = 60
FEWEST_ROUNDS = 2


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help=f"at least {FEWEST_ROUNDS}; {ROUNDS} if not said"
    )
    parser.add_argument(
        "--writes",
        action="store_true",
        help="only writes with and without audit entry, in an empty DATABASE_URL if there is one",
    )
    parser.add_argument(
        "--saving",
        action="store_true",
        help="only saving a holding over HTTP, in an empty DATABASE_URL if there is one",
    )
    parser.add_argument(
        "--book", action="store_true", help="only whole books; without PostgreSQL their pages only"
    )
    parser.add_argument(
        "--sizes",
        type=int,
        nargs="+",
        help="with --book: so many portfolios, such as 10000 1000000",
    )
    options = parser.parse_args()
    rounds = options.rounds
    if rounds < FEWEST_ROUNDS:
        parser.error(f"a median needs at least {FEWEST_ROUNDS} rounds")
    is_part = options.writes or options.saving or options.book
    database = os.environ.get("DATABASE_URL") if is_part else None
    with TemporaryDirectory() as folder, production(Path(folder), database):
        from benchmarks.report import report, report_saving, report_writes

        if options.book:
            print_books(options.sizes)
            return
        if options.saving:
            print(report_saving(rounds, Path(folder)))
            return
        if not options.writes:
            print(report(rounds), end="\n\n")
        print(report_writes(rounds))


def print_books(sizes: list[int] | None) -> None:
    from benchmarks import book, book_pages
    from riskalloc.firms.tenancy import everything

    is_small = connections["default"].vendor == "sqlite"
    asked = tuple(sizes or (book_pages.SMALL_SIZES if is_small else book.SIZES))
    with everything():
        lines = book_pages.report(asked) if is_small else book.report(asked, book.ROUNDS)
        for line in lines:
            print(line, flush=True)


@contextmanager
def production(folder: Path, database: str | None = None) -> Iterator[None]:
    """The product with its settings of production, and with data and static files in `folder`."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "riskalloc.settings",
        "DEBUG": "false",
        "SECRET_KEY": "a-made-up-secret-" * 5,
        "ALLOWED_HOSTS": "testserver",
        # Kept open between requests: opening a file again would make every floor higher.
        "DATABASE_URL": database or f"sqlite:///{folder / 'benchmarks.sqlite3'}?conn_max_age=3600",
        "CACHE_URL": "locmemcache://",
    }
    django.setup()
    with override_settings(ROOT_URLCONF="benchmarks.urls", STATIC_ROOT=folder / "static"):
        call_command("migrate", verbosity=0)
        # The reader of the API's description is large, and no page that is measured has it.
        call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=["ninja"])
        yield
        connections.close_all()


if __name__ == "__main__":
    main()
