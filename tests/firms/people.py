"""People who are signed in as their role asks, and the rows that a refused request must not touch."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from riskalloc.firms.models import Firm, Invitation, Membership, Role, User
from riskalloc.firms.services.inviting import hash_of_token
from tests.factories import FirmFactory, MembershipFactory, UserFactory

OURS = ("firms", "questionnaire")


def browser_of(user: User, *, has_second_step: bool = True) -> Client:
    """A browser in which this person is signed in, with a second step."""
    EmailAddress.objects.get_or_create(user=user, email=user.email, verified=True, primary=True)
    if has_second_step:
        Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, data={})
    client = Client()
    client.force_login(user)
    return client


def member(firm: Firm | None = None, role: Role = Role.OWNER, **fields: Any) -> Membership:
    return MembershipFactory(firm=firm or FirmFactory(), role=role, **fields)


def invitation(token: str = "a-token-of-an-invitation", **fields: Any) -> Invitation:
    fields = {"email": "invited@example.org", "role": Role.ADVISOR, **fields}
    firm = fields.pop("firm", None) or FirmFactory()
    return Invitation.objects.create(firm=firm, token_hash=hash_of_token(token), **fields)


def invited(email: str = "invited@example.org") -> User:
    return UserFactory(email=email)


def queries(browser: Client, page: str) -> int:
    """How often a page asks the database."""
    browser.get(page)  # what is asked for once a minute is asked for here
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(page).status_code == 200
    return len(asked)


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of ours."""
    found = [model for label in OURS for model in apps.get_app_config(label).get_models()]
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values()) for model in found
    }


def every_field(*of: type[models.Model]) -> dict[str, str]:
    """What somebody posts who hopes that a form takes more than it shows."""
    names = {field.name for model in of for field in model._meta.concrete_fields}
    names |= {field.attname for model in of for field in model._meta.concrete_fields}
    return {name: guess(name) for name in sorted(names)}


def guess(name: str) -> str:
    if name == "role":
        return Role.OWNER
    if name.startswith(("is_", "wants_")):
        return "true"
    if name.endswith(("_at", "_on")):
        return "2001-01-01"
    return str(uuid4()) if name.endswith(("id", "firm", "user", "client")) else "99"


def at_the_same_time(count: int, act: Callable[[], object]) -> list[str]:
    """What each of several threads got: the name of the type that was returned or raised."""
    barrier = Barrier(count)
    outcomes: list[str] = []

    def run() -> None:
        barrier.wait()
        try:
            with transaction.atomic():
                outcomes.append(type(act()).__name__)
        except Exception as refusal:  # the test names those that it expects
            outcomes.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
