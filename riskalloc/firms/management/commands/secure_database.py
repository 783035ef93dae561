"""Make the role that the application runs as, which the second wall holds for."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError, connection

from riskalloc.firms.grants import ROLE, TooPowerful, secure

PASSWORD = "APP_DATABASE_PASSWORD"  # noqa: S105  # the name of a variable


class Command(BaseCommand):
    help = (
        "Give the role that the application runs as what it needs in PostgreSQL, and no more. Run it as the"
        f" owner of the tables, once; later migrations do it again. {PASSWORD} is the role's password, and"
        " may be left out once it is set."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--role", default=ROLE, help=f"its name, {ROLE} where none is given")

    def handle(self, *args: Any, **options: Any) -> None:
        role = options["role"]
        if connection.vendor != "postgresql":
            raise CommandError("SQLite has no roles: there is nothing to secure.")
        try:
            secure(role, os.environ.get(PASSWORD, ""))
        except TooPowerful as error:
            raise CommandError(
                f"{role} is superuser, passes row-level security or owns the tables, so nothing would hold"
                " for it. Choose another name with --role."
            ) from error
        except ProgrammingError as error:
            raise CommandError(
                f"This is for the owner of the tables. Where they may not make roles, a superuser first says"
                f" CREATE ROLE {role} LOGIN PASSWORD '...'. PostgreSQL said: {error}"
            ) from error
        self.stdout.write(f"{role} may do what the product needs. Name it in DATABASE_URL.")
