"""Books of portfolios with everything that a portfolio can have, drawn from a seed."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from portfolios.models import (
    CLASSES,
    WHOLE,
    Account,
    BandKind,
    ExchangeRate,
    Holding,
    HoldingRole,
    Policy,
    Portfolio,
    Security,
    Target,
    Tax,
)
from portfolios.services.standing import computed
from portfolios.valuing import rates_of, value_of
from questionnaire.models import ClientProfile
from riskalloc.engine.amounts import largest_remainder
from riskalloc.engine.assets import AssetClass

CENT = Decimal("0.01")
CURRENCIES = ("USD", "EUR")


def split_of(chance: Random, names: list[str], whole: int) -> dict[str, int]:
    """Some of the names with parts that add up to `whole`."""
    chosen = chance.sample(names, chance.randint(1, min(5, len(names))))
    edges = sorted(chance.choices(range(whole + 1), k=len(chosen) - 1))
    parts = [high - low for low, high in zip([0, *edges], [*edges, whole], strict=True)]
    return {name: part for name, part in zip(chosen, parts, strict=True) if part}


def securities_of(chance: Random, client: ClientProfile, count: int) -> list[Security]:
    made = []
    for number in range(count):
        classed = WHOLE if number % 4 else chance.choice([9_000, 1, 0])
        security = Security(
            firm=client.firm,
            symbol=f"S{number}",
            currency=chance.choice(CURRENCIES),
            price=Decimal(chance.randint(0, 10**10)).scaleb(-8),
            priced_on=date(2026, 1, 1) + timedelta(days=chance.randint(0, 300)),
        )
        names = list(CLASSES) if number % 3 == 0 else [str(asset) for asset in AssetClass]
        security.put_per_class(split_of(chance, names, classed) if classed else {})
        made.append(security)
    return Security.objects.bulk_create(made)


def book(client: ClientProfile, seed: int, count: int) -> Iterator[Portfolio]:
    """So many portfolios of one client."""
    chance = Random(seed)  # a book is no secret
    securities = securities_of(chance, client, 12)
    for number in range(count):
        portfolio = portfolio_of(chance, client, f"Book {number}")
        for account in accounts_of(chance, portfolio):
            fill(chance, account, securities)
        if chance.random() < 0.9:
            aim_at(chance, portfolio)
        yield portfolio


def portfolio_of(chance: Random, client: ClientProfile, name: str) -> Portfolio:
    of = {"firm": client.firm, "client": client}
    portfolio = Portfolio.objects.create(name=name, **of)
    ExchangeRate.objects.create(
        portfolio=portfolio,
        currency="EUR",
        rate=Decimal("1.12345678"),
        typed_on=date(2026, 3, 1),
        **of,
    )
    hundredths = Decimal(chance.randint(0, 3_000)).scaleb(-2)
    Policy.objects.create(
        portfolio=portfolio,
        band=chance.choice(BandKind.values),
        band_points=hundredths,
        band_percent=chance.choice([Decimal(20), hundredths]),
        band_floor=chance.choice([Decimal(1), hundredths]),
        stocks_ceiling=chance.choice([None, Decimal(80), Decimal("55.5")]),
        drift_points=chance.choice([None, Decimal(3), hundredths]),
        counts_cash=chance.random() < 0.8,
        **of,
    )
    return portfolio


def accounts_of(chance: Random, portfolio: Portfolio) -> list[Account]:
    return [
        Account.objects.create(
            firm=portfolio.firm,
            client=portfolio.client,
            portfolio=portfolio,
            name=f"Account {number}",
            tax=chance.choice(Tax.values),
            currency=chance.choice(CURRENCIES),
            cash=chance.choice([Decimal(0), Decimal(chance.randint(0, 10**7)) * CENT]),
            is_counted=chance.random() < 0.85,
        )
        for number in range(chance.randint(0, 3))
    ]


def fill(chance: Random, account: Account, securities: list[Security]) -> None:
    rates, made = rates_of(account.portfolio), []
    for security in chance.sample(securities, chance.randint(0, 6)):
        by_units = chance.random() < 0.7
        holding = Holding(
            firm=account.firm,
            client=account.client,
            portfolio=account.portfolio,
            account=account,
            security=security,
            quantity=Decimal(chance.randint(0, 10**11)).scaleb(-8) if by_units else None,
            typed_value=None if by_units else Decimal(chance.randint(0, 10**7)) * CENT,
            role=chance.choice([HoldingRole.TRADABLE, *HoldingRole.values]),
            deleted_at=account.created_at if chance.random() < 0.1 else None,
        )
        holding.value = value_of(holding, security, account, rates)
        made.append(holding)
    Holding.objects.bulk_create(made)


def aim_at(chance: Random, portfolio: Portfolio) -> None:
    """A target somewhere, and for most portfolios a later one close to what is held."""
    for parts in (anywhere(chance), nearby(chance, portfolio) if chance.random() < 0.7 else {}):
        if parts:
            target = Target(firm=portfolio.firm, client=portfolio.client, portfolio=portfolio)
            target.put_per_class(parts)
            target.save()


def anywhere(chance: Random) -> dict[str, int]:
    return split_of(chance, [str(asset) for asset in AssetClass], WHOLE)


def nearby(chance: Random, portfolio: Portfolio) -> dict[str, int]:
    """What is held in each class, give or take a few points, so that bands are just kept or just not."""
    held = computed(portfolio).per_class()
    named = {name: units for name, units in held.items() if name in set(AssetClass)}
    if not sum(named.values()):
        return {}
    parts = dict(zip(named, largest_remainder(WHOLE, list(named.values())), strict=True))
    giver, taker = chance.choices(list(parts), k=2)
    moved = min(parts[giver], chance.choice([0, 50, 99, 100, 101, 250, 300, 400, 499, 500, 501]))
    parts[giver] -= moved
    parts[taker] += moved
    return {name: part for name, part in parts.items() if part}
