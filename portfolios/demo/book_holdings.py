"""What invented clients own: portfolios with about a dozen of the built-in securities each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import uuid4

from django.utils import timezone

from portfolios.demo.book_people import Person, Reply, since
from portfolios.models import (
    Account,
    BandKind,
    Holding,
    HoldingRole,
    Kind,
    Policy,
    Portfolio,
    Security,
    Target,
    Tax,
)
from portfolios.services.securities import built_in, new_security
from questionnaire.demo.telling import LOADING
from questionnaire.models import Assessment
from riskalloc.engine.amounts import half_up
from riskalloc.firms.models import Firm

SOURCE = "demo"
STALE_DAYS = 130  # nobody has looked up the price of the one share
MOSTLY = 7_000  # basis points of a class that make it the security's own
INVENTED = ("RIVQ", "Rivet Quantum Motors (invented)", "6.20", {"us_small_cap": 10_000})
TAKEN_OVER = timedelta(minutes=30)
ACCOUNTS = (
    ("Brokerage", Kind.BROKERAGE, Tax.TAXABLE),
    ("401(k)", Kind.K401, Tax.DEFERRED),
    ("Roth IRA", Kind.ROTH_IRA, Tax.FREE),
)
# How far prices have carried a portfolio since it was last put right, and for what part of them.
CALM, STIRRED, WILD = 0.03, 0.10, 0.25
CASH = (Decimal("0.001"), Decimal("0.004"), Decimal("0.008"), Decimal("0.11"))  # parts of the whole
THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """`holdings` at least and at most; `second` is the part of clients with two portfolios."""

    holdings: tuple[int, int] = (8, 16)
    second: float = 0.25


@dataclass(slots=True, kw_only=True)
class Owned:
    """Rows that are not saved yet, of many clients."""

    portfolios: list[Portfolio] = field(default_factory=list)
    policies: list[Policy] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)


# -- Securities -------------------------------------------------------------------------------------------


def securities(chance: Random, firm: Firm) -> list[Security]:
    """The built-in list and one share, at invented prices."""
    today = timezone.localdate()
    symbols = [symbol for group in built_in().groups for symbol in group.securities]
    rows = []
    for symbol in symbols:
        row = new_security(firm=firm, symbol=symbol)
        row.is_guessed = False
        cents = 100 if row.cash else chance.randint(1_500, 48_000)
        put_price(row, Decimal(cents) / 100, today - timedelta(days=1))
        rows.append(row)
    symbol, name, price, classes = INVENTED
    row = Security(firm=firm, symbol=symbol, name=name, **classes)
    put_price(row, Decimal(price), today - timedelta(days=STALE_DAYS))
    return [*rows, row]


def put_price(row: Security, price: Decimal, priced_on: date) -> None:
    row.price, row.priced_on, row.price_source = price, priced_on, SOURCE


def by_class(rows: list[Security]) -> dict[str, list[Security]]:
    """What is mostly of a class; the last one, a single share, is of none."""
    found: dict[str, list[Security]] = {}
    for row in rows[:-1]:
        units = row.per_class()
        most = max(units, key=units.__getitem__)
        if units[most] >= MOSTLY:
            found.setdefault(most, []).append(row)
    return found


# -- Portfolios -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What there is to own, and what others have answered."""

    funds: Mapping[str, list[Security]]
    share: Security
    pool: list[Reply]
    shape: Shape


def put_into(
    owned: Owned, chance: Random, person: Person, rows: list[Assessment], market: Market
) -> None:
    count = 2 if chance.random() < market.shape.second else 1
    for name in ("Retirement", "House")[:count]:
        portfolio = Portfolio(
            id=uuid4(),
            firm_id=person.client.firm_id,
            client=person.client,
            name=name,
            created_at=since(person),
        )
        owned.portfolios.append(portfolio)
        owned.policies.append(policy_of(chance, portfolio))
        reply = person.answered[-1][1] if person.answered else chance.choice(market.pool)
        if target := target_of(chance, portfolio, person, rows, reply):
            owned.targets.append(target)
        # One in twenty-five holds what others have answered.
        like = chance.choice(market.pool) if chance.random() < 1 / 25 else reply
        fill(owned, chance, portfolio, like.target, market)


def policy_of(chance: Random, portfolio: Portfolio) -> Policy:
    return Policy(
        portfolio=portfolio,
        firm_id=portfolio.firm_id,
        client=portfolio.client,
        band=chance.choices(
            (BandKind.FIVE_TWENTY_FIVE, BandKind.ABSOLUTE, BandKind.HYBRID), (8, 1, 1)
        )[0],
        drift_points=Decimal(chance.choice((3, 3, 3, 5))),
        usual_deposit=Decimal(chance.randint(1, 15) * 100) if chance.random() < 0.4 else None,
    )


def target_of(
    chance: Random, portfolio: Portfolio, person: Person, rows: list[Assessment], reply: Reply
) -> Target | None:
    """From the latest answers; the few who gave none have typed one, or have none."""
    if not rows and chance.random() < 0.5:
        return None
    made_at: datetime = rows[-1].created_at if rows else portfolio.created_at
    return Target(
        firm_id=portfolio.firm_id,
        client=portfolio.client,
        portfolio=portfolio,
        assessment=rows[-1] if rows else None,
        made_by=LOADING.name,
        made_at=made_at + TAKEN_OVER,
        **reply.target,
    )


# -- Holdings ---------------------------------------------------------------------------------------------


def fill(
    owned: Owned, chance: Random, portfolio: Portfolio, target: Mapping[str, int], market: Market
) -> None:
    worth = Decimal(round(min(2e7, max(4e3, chance.lognormvariate(12.3, 1.0)))))
    accounts = accounts_of(chance, portfolio)
    bought = [
        holding_of(chance, chance.choice(accounts), security, worth * Decimal(str(round(part, 6))))
        for security, part in parts_of(chance, target, market)
    ]
    cash = chance.choices(CASH, (4, 4, 3, 1))[0]
    accounts[0].cash = half_up(worth * cash, 2)
    owned.accounts += accounts
    owned.holdings += bought


def accounts_of(chance: Random, portfolio: Portfolio) -> list[Account]:
    return [
        Account(
            id=uuid4(),
            firm_id=portfolio.firm_id,
            client=portfolio.client,
            portfolio=portfolio,
            name=name,
            kind=kind,
            tax=tax,
            custodian="Demo custodian",
            created_at=portfolio.created_at,
        )
        for name, kind, tax in ACCOUNTS[: chance.randint(1, len(ACCOUNTS))]
    ]


def parts_of(
    chance: Random, target: Mapping[str, int], market: Market
) -> Iterator[tuple[Security, float]]:
    """So many securities with their parts of the whole, strayed from the target."""
    count = chance.randint(*market.shape.holdings)
    sigma = chance.choices((CALM, STIRRED, WILD), (78, 15, 7))[0]
    classes = {name: units for name, units in target.items() if units and name in market.funds}
    strayed = {name: units * chance.lognormvariate(0, sigma) for name, units in classes.items()}
    has_share = chance.random() < 0.05  # a fifth and more in one share
    whole = sum(strayed.values()) / (0.7 if has_share else 1.0)
    if has_share:
        yield market.share, 0.3
    left = count - has_share
    for place, (name, units) in enumerate(strayed.items()):
        funds = market.funds[name]
        others = len(strayed) - place - 1
        share = round(count * units / whole) if others else left
        chosen = chance.sample(funds, min(len(funds), max(1, min(share, left - others))))
        left -= len(chosen)
        yield from zip(chosen, split(chance, units / whole, len(chosen)), strict=True)


def split(chance: Random, whole: float, count: int) -> list[float]:
    sizes = [0.4 + chance.random() for _ in range(count)]
    return [whole * size / sum(sizes) for size in sizes]


def holding_of(chance: Random, account: Account, security: Security, worth: Decimal) -> Holding:
    price = security.price or Decimal(1)
    quantity = max(THOUSANDTH, (worth / price).quantize(THOUSANDTH))
    value, bought = half_up(quantity * price, 2), chance.randint(30, 3_000)
    has_cost, odd = chance.random() < 0.5, chance.random()
    return Holding(
        id=uuid4(),
        firm_id=account.firm_id,
        client_id=account.client_id,
        portfolio_id=account.portfolio_id,
        account=account,
        security=security,
        quantity=quantity,
        value=value,
        role=(
            HoldingRole.FROZEN if odd < 0.02
            else HoldingRole.EXCLUDED if odd < 0.03
            else HoldingRole.TRADABLE
        ),
        cost_basis=half_up(value * chance.randint(55, 115) / 100, 2) if has_cost else None,
        acquired_on=timezone.localdate() - timedelta(days=bought) if has_cost else None,
        created_at=account.created_at,
    )  # fmt: skip
