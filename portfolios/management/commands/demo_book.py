"""Fill a demo firm with invented clients by the thousand."""

from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db import connection

from portfolios.demo.book import NAME, NameTaken, build_book
from questionnaire.demo.accounts import PASSWORD, code_now
from riskalloc.firms.tenancy import SystemCommand

MOST = 100_000
BUILT = """\
{counts.clients:,} invented clients with {counts.assessments:,} results, {counts.portfolios:,} portfolios
and {counts.holdings:,} holdings are in “{firm}” ({seconds:.0f} seconds).

  Sign in as one of its desk; the password is always {password}, and the code now is {code}
  (another one every half minute: manage.py demo --code)

    {owner}    owner
    {advisor}    the first of {advisors:,} advisors, with 200 clients each
"""


class Command(SystemCommand):
    help = "Fill a new demo firm with invented clients, portfolios and a year of history."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clients", type=int, default=5_000, help=f"at most {MOST:,}")
        parser.add_argument("--firm-name", default=NAME, help="one that no other book has")
        parser.add_argument("--seed", type=int, default=1, help="another one invents other people")

    def handle(self, *args: Any, **options: Any) -> None:
        clients, name = options["clients"], options["firm_name"]
        if not settings.DEBUG:
            raise CommandError(
                "The demo is for trying things out: its password is known to everybody."
                " It loads with DEBUG=true only, never where real people have accounts."
            )
        if not 1 <= clients <= MOST:
            raise CommandError(f"A book has between 1 and {MOST:,} clients.")
        start = perf_counter()
        try:
            book = build_book(clients=clients, firm_name=name, seed=options["seed"])
        except NameTaken:
            raise CommandError(
                f"There is a book “{name}” already. Give this one another --firm-name."
            ) from None
        count_rows()
        self.stdout.write(
            BUILT.format(
                counts=book.counts,
                firm=book.firm.name,
                seconds=perf_counter() - start,
                password=PASSWORD,
                code=code_now(),
                owner=book.owner.email,
                advisor=book.advisors[0].email,
                advisors=len(book.advisors),
            )
        )


def count_rows() -> None:
    """PostgreSQL learns of so many new rows by itself only a minute later, and pages are slow until then."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
