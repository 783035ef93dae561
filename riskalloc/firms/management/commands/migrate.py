"""Django's `migrate`, which sees all firms, for the tables' owner stands before the second wall too.

What is new it grants to the role that the product runs as.
"""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate

from riskalloc.firms.grants import secure_again
from riskalloc.firms.tenancy import everything


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        with everything():
            super().handle(*args, **options)
        secure_again()
