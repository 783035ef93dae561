"""A whole demo firm: invented clients by the thousand, with results, portfolios and a year of history.

Set-based throughout: rows are made in memory a batch at a time and inserted many at once. The trail says
when the firm was founded, who sits at its desk, and that the book was loaded with so many rows; not each row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.text import slugify

from portfolios.demo import book_people as told
from portfolios.demo.book_history import add_plans, add_weeks
from portfolios.demo.book_holdings import Market, Owned, Shape, by_class, put_into, securities
from portfolios.models import Account, Holding, Policy, Portfolio, Security, Target
from portfolios.services.standing import keep_many
from questionnaire.demo.accounts import CODE_KEY, PASSWORD
from questionnaire.demo.telling import LOADING, moment
from questionnaire.models import Assessment, Assignment, ClientProfile, LifeEvent, Ownership
from riskalloc import methodology
from riskalloc.firms.audit import record
from riskalloc.firms.models import Firm, Membership, Role, User
from riskalloc.firms.services import found_practice

NAME = "Demo book"
CLIENTS_PER_ADVISOR = 200
BATCH = 1_000  # clients
AT_ONCE = 2_000  # rows of one INSERT
FOUNDED_DAYS_AGO = 1_500


class NameTaken(Exception):
    """There is a book of this name."""


class Counts(NamedTuple):
    clients: int
    assessments: int
    portfolios: int
    holdings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    firm: Firm
    owner: User
    advisors: tuple[User, ...]
    counts: Counts


@transaction.atomic
def build_book(
    *,
    clients: int,
    firm_name: str = NAME,
    seed: int = 1,
    shape: Shape | None = None,
    has_past: bool = True,
) -> Book:
    """A marked demo firm with so many clients; the same seed invents the same people. NameTaken.

    Without a past there are no values of earlier days and no saved plans.
    """
    desk = Desk.founded(firm_name, advisors=max(1, -(-clients // CLIENTS_PER_ADVISOR)))
    counts = fill(desk, clients=clients, seed=seed, shape=shape, has_past=has_past)
    users = [member.user for member in desk.members]
    return Book(firm=desk.firm, owner=users[0], advisors=tuple(users[1:]), counts=counts)


def fill(
    desk: "Desk", *, clients: int, seed: int, shape: Shape | None = None, has_past: bool = True
) -> Counts:
    """So many clients for a firm that has none."""
    chance = Random(seed)  # noqa: S311  # a book is no secret
    rows = securities(chance, desk.firm)
    Security.objects.bulk_create(rows)
    pool = told.replies(chance, clients, methodology.load(desk.firm.method))
    market = Market(funds=by_class(rows), share=rows[-1], pool=pool, shape=shape or Shape())
    parts = [
        add_clients(chance, desk, market, first, min(BATCH, clients - first))
        for first in range(0, clients, BATCH)
    ]
    if has_past:
        add_weeks(desk.firm)
        add_plans(chance, desk.firm, clients)
    counts = Counts(*map(sum, zip(*parts, strict=True)))
    record(
        by=LOADING,
        firm_id=desk.firm.pk,
        action="demo book loaded",
        of=desk.firm,
        after=counts._asdict(),
    )
    return counts


# -- The desk ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The owner comes first."""

    firm: Firm
    members: tuple[Membership, ...]

    @classmethod
    def founded(cls, name: str, *, advisors: int) -> "Desk":
        emails = list(addresses(name, advisors))
        if User.objects.filter(email=emails[0]).exists():
            raise NameTaken(name)
        users = accounts(emails)
        firm = found_practice(name=name, owner=users[0], by=LOADING, is_demo=True)
        Firm.objects.filter(pk=firm.pk).update(created_at=moment(FOUNDED_DAYS_AGO))
        members = [Membership(firm=firm, user=user, role=Role.ADVISOR) for user in users[1:]]
        Membership.objects.bulk_create(members)
        for member in members:
            after = {"user": member.user.email, "role": Role.ADVISOR.value}
            record(by=LOADING, firm_id=firm.pk, action="member added", of=member, after=after)
        owner = Membership.objects.select_related("user").get(firm=firm, user=users[0])
        return cls(firm=firm, members=(owner, *members))

    def advisor_of(self, number: int) -> Membership:
        """Of a desk of one, the owner."""
        return (self.members[1:] or self.members)[number // CLIENTS_PER_ADVISOR]


def addresses(name: str, advisors: int) -> Iterator[str]:
    part = slugify(name)
    yield f"owner.{part}@example.org"
    for number in range(1, advisors + 1):
        yield f"advisor{number}.{part}@example.org"


def accounts(emails: list[str]) -> list[User]:
    """One password for all, hashed once: hashing takes longer than everything else here."""
    password, joined_at = make_password(PASSWORD), moment(FOUNDED_DAYS_AGO)
    users = User.objects.bulk_create(
        User(email=email, password=password, joined_at=joined_at) for email in emails
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    for user in users:
        TOTP.activate(user, CODE_KEY)
    return users


# -- The clients ------------------------------------------------------------------------------------------


def add_clients(chance: Random, desk: Desk, market: Market, first: int, count: int) -> Counts:
    batch = list(told.people(chance, desk.firm, market.pool, first, count))
    ClientProfile.objects.bulk_create((person.client for person in batch), AT_ONCE)
    Assignment.objects.bulk_create(
        (
            Assignment(firm=desk.firm, client=person.client, membership=desk.advisor_of(number))
            for number, person in enumerate(batch, start=first)
        ),
        AT_ONCE,
    )
    answered = add_answers(chance, desk, batch, first)
    owned = Owned()
    for person, rows in zip(batch, answered, strict=True):
        put_into(owned, chance, person, rows, market)
    insert(owned)
    keep_many(portfolio.pk for portfolio in owned.portfolios)
    return Counts(
        clients=count,
        assessments=sum(map(len, answered)),
        portfolios=len(owned.portfolios),
        holdings=len(owned.holdings),
    )


def add_answers(
    chance: Random, desk: Desk, batch: list[told.Person], first: int
) -> list[list[Assessment]]:
    answered = [told.assessments(person) for person in batch]
    Assessment.objects.bulk_create((row for rows in answered for row in rows), AT_ONCE)
    owned: list[Ownership] = []
    happened: list[LifeEvent] = []
    for number, (person, rows) in enumerate(zip(batch, answered, strict=True), start=first):
        email = desk.advisor_of(number).user.email
        owned += told.ownerships(person, rows, email)
        if person.has_event:
            happened.append(told.event_of(chance, person, rows[-1], email))
    Ownership.objects.bulk_create(owned, AT_ONCE)
    LifeEvent.objects.bulk_create(happened, AT_ONCE)
    return answered


def insert(owned: Owned) -> None:
    Portfolio.objects.bulk_create(owned.portfolios, AT_ONCE)
    Policy.objects.bulk_create(owned.policies, AT_ONCE)
    Account.objects.bulk_create(owned.accounts, AT_ONCE)
    Holding.objects.bulk_create(owned.holdings, AT_ONCE)
    Target.objects.bulk_create(owned.targets, AT_ONCE)
