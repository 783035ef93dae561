"""What the second wall costs: pages as the application's role, beside the same without any policy.

    python -m tests.with_postgres python -m benchmarks.walls --clients 2000

Both ways go through the whole application on one connection that stays open, in turn. Without the wall:
the owner of the tables, whom no policy holds for, and no transaction around the request.
"""

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from time import perf_counter_ns
from typing import Any
from unittest.mock import patch

ROUNDS = 60
Page = Callable[[], object]
LINE = "{:32} {:>9,.0f} {:>9,.0f} {:>8.2f} {:>16}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.walls", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--clients", type=int, default=2_000)
    options = parser.parse_args()
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "riskalloc.settings",
        "DEBUG": "true",  # the demo loads with it only; what it costs, both ways have
        "DATABASE_POOL": "false",
        "DATABASE_URL": os.environ["DATABASE_URL"] + "?conn_max_age=3600",
        "CACHE_URL": "locmemcache://",
    }
    import django

    django.setup()
    from django.conf import settings

    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["testserver"]
    report(options.clients, options.rounds)


def report(clients: int, rounds: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    from benchmarks.rounds import Pair, measure
    from portfolios.demo.book import build_book
    from riskalloc.firms.grants import ROLE, secure

    call_command("migrate", verbosity=0)
    book = build_book(clients=clients, firm_name="Demo book", seed=1)
    secure(ROLE)
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT {ROLE} TO CURRENT_USER")
        cursor.execute("ANALYZE")
    pages = list(pages_of(book))
    pairs = [
        Pair(
            name=name,
            floor=partial(without_wall, page),
            product=page,
            repeats=3,
            clock=perf_counter_ns,
        )
        for name, page in pages
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {ROLE}")
    print(f"Medians of {rounds} rounds, in microseconds on the clock; {clients:,} clients.\n")
    print("page                               without      with    ratio      middle half")
    for pair, found in zip(pairs, measure(pairs, rounds), strict=True):
        lower, upper = found.middle_half
        half = f"{lower:.2f} to {upper:.2f}"
        print(LINE.format(pair.name, found.floor, found.product, found.ratio, half))


def pages_of(book: Any) -> Iterator[tuple[str, Page]]:
    from django.test import Client
    from django.urls import reverse

    from portfolios.models import Portfolio

    advisor = book.advisors[0]
    portfolio = Portfolio.objects.filter(client__assignments__membership__user=advisor)[:1].get()
    for who, user in (("advisor", advisor), ("owner", book.owner)):
        browser = Client()
        browser.force_login(user)
        for name, address in (
            ("portfolio", reverse("portfolio", args=[portfolio.pk])),
            ("client list", reverse("desk_clients")),
            ("client list, worst first", reverse("desk_clients") + "?sort=-drift"),
            ("morning", reverse("desk")),
        ):
            status = browser.get(address).status_code
            if status != 200:
                print(f"{who} {name}: {status}, left out")
                continue
            yield f"{who}, {name}", partial(browser.get, address)


def without_wall(page: Page) -> None:
    """One statement to become the owner and one back, which count here and not above."""
    from riskalloc.firms import tenancy

    with as_owner(), patch.object(tenancy, "stands", lambda: False):
        page()


@contextmanager
def as_owner() -> Iterator[None]:
    from django.db import connection

    from riskalloc.firms.grants import ROLE

    connection.connection.execute("RESET ROLE")
    yield
    connection.connection.execute(f"SET ROLE {ROLE}")


if __name__ == "__main__":
    main()
