"""Django's `migrate`, which sees all firms: the tables' owner stands before the second wall too."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate

from riskalloc.firms.tenancy import everything


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        with everything():
            super().handle(*args, **options)
