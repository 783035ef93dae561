"""Load invented people, for trying things out, and say how to sign in as one of them."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from questionnaire.demo.accounts import CODE_KEY, PASSWORD, code_now
from questionnaire.demo.loading import AddressTaken, SignIn, load_once, sign_ins
from questionnaire.services.belongings import add_all_to_demo
from riskalloc.firms.tenancy import SystemCommand

SIGN_INS = """\
  Sign in as one of these people. All of them are invented; the password is always {password}

{people}

  * asks for a code as well. It is {code} now, and another one every half minute: make demo-code
    An app for such codes shows the same with the key {key}

"""


class Command(SystemCommand):
    help = "Load invented people with two years of history, once, and print how to sign in as them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--code", action="store_true", help="only print the code of this moment"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "The demo is for trying things out: its password is known to everybody."
                " It loads with DEBUG=true only, never where real people have accounts."
            )
        if options["code"]:
            self.stdout.write(code_now())
            return
        try:
            load_once()
            add_all_to_demo()
        except AddressTaken as taken:
            raise CommandError(
                f"The demo was not loaded: {taken} has an account here already, and it is not the"
                " demo's. Delete that account to load the demo, or go on without it."
            ) from taken
        if found := sign_ins():
            self.stdout.write(in_words(found))


def in_words(found: list[SignIn]) -> str:
    width = max(len(sign_in.email) for sign_in in found)
    people = "\n".join(
        f"    {email:{width}} {'*' if asks_for_code else ' '} {who}"
        for email, who, asks_for_code in found
    )
    return SIGN_INS.format(password=PASSWORD, people=people, code=code_now(), key=CODE_KEY)
