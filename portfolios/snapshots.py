"""The seam between rows and the engine: what a client owns and is meant to own, as the engine's values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from portfolios.models import CLASSES, Account, Holding, HoldingRole, Policy, Portfolio, Target
from portfolios.valuing import rate_for, rates_of_each
from questionnaire.models import Assessment, ClientProfile
from riskalloc import methodology
from riskalloc.engine import drift, positions, triggers
from riskalloc.engine.amounts import half_up
from riskalloc.engine.assets import AssetClass
from riskalloc.engine.bands import NUMBERS, Band, BandKind
from riskalloc.engine.holding_classes import HoldingClass, class_names
from riskalloc.engine.levels import NothingToMeasure

BASIS_POINT = Decimal("0.01")  # of a percent


class HeldRow(NamedTuple):
    """One holding with what the engine needs of its security, in the order of `COLUMNS`."""

    id: UUID
    account_id: UUID
    symbol: str
    value: Decimal
    role: str
    frozen_until: date | None
    reason: str
    quantity: Decimal | None
    price: Decimal | None
    priced_on: date | None
    cost_basis: Decimal | None
    cost_currency: str
    is_counted: bool
    account_reason: str
    classes: tuple[int, ...]


COLUMNS = (
    "id",
    "account_id",
    "security__symbol",
    "value",
    "role",
    "frozen_until",
    "reason",
    "quantity",
    "security__price",
    "security__priced_on",
    "cost_basis",
    "account__currency",
    "account__is_counted",
    "account__reason",
)
PER_CLASS = tuple(f"security__{name}" for name in CLASSES)
HELD_CLASSES = tuple(map(HoldingClass, CLASSES))
READ = attrgetter(*(name.replace("__", ".") for name in COLUMNS))


def held_rows(portfolio: Portfolio) -> list[HeldRow]:
    return held_rows_of_each([portfolio.pk])[portfolio.pk]


def held_rows_of_each(portfolio_ids: Sequence[UUID]) -> dict[UUID, list[HeldRow]]:
    """One query."""
    found: dict[UUID, list[HeldRow]] = {key: [] for key in portfolio_ids}
    rows = Holding.objects.kept().filter(portfolio__in=portfolio_ids)
    in_order = rows.order_by("account__created_at", "created_at", "pk")
    count = len(COLUMNS)
    for *row, key in in_order.values_list(*COLUMNS, *PER_CLASS, "portfolio_id"):
        found[key].append(HeldRow._make((*row[:count], tuple(row[count:]))))
    return found


def held_row(holding: Holding) -> HeldRow:
    """The same of a holding that may not be stored, with its security and account."""
    classes = tuple(getattr(holding.security, name) for name in CLASSES)
    return HeldRow._make((*READ(holding), classes))


def accounts_of_each(portfolio_ids: Sequence[UUID]) -> dict[UUID, list[Account]]:
    """One query."""
    found: dict[UUID, list[Account]] = {key: [] for key in portfolio_ids}
    accounts = Account.objects.filter(portfolio__in=portfolio_ids)
    for account in accounts.order_by("created_at", "pk"):
        found[account.portfolio_id].append(account)
    return found


def owned(
    accounts: Sequence[Account], held: Iterable[HeldRow], rates: dict[str, Decimal], today: date
) -> positions.Portfolio:
    """Accounts and positions in the portfolio's currency."""
    cash = {
        account.pk: half_up(account.cash * rate_for(rates, account.currency), 2)
        for account in accounts
    }
    return positions.Portfolio(
        accounts=tuple(
            positions.Account(
                id=str(account.pk),
                name=account.name,
                treatment=positions.Treatment(account.tax),
                cash=cash[account.pk] if account.is_counted else Decimal(0),
            )
            for account in accounts
        ),
        positions=(
            *(position_of(row, rates, today) for row in held),
            *(
                _cash_left_out(account.pk, account.name, cash[account.pk], account.reason)
                for account in accounts
                if not account.is_counted and account.cash
            ),
        ),
    )


def position_of(row: HeldRow, rates: dict[str, Decimal], today: date) -> positions.Position:
    role = positions.role_on(today, positions.Role(row.role), row.frozen_until)
    cost = row.cost_basis
    return positions.Position(
        id=str(row.id),
        name=row.symbol,
        account=str(row.account_id),
        value=row.value,
        classes=percents_of(row.classes),
        role=role if row.is_counted else positions.Role.EXCLUDED,
        quantity=row.quantity,
        price=row.price,
        cost_basis=None if cost is None else half_up(cost * rate_for(rates, row.cost_currency), 2),
        reason=row.reason if row.is_counted else row.account_reason or row.reason,
    )


def _cash_left_out(key: UUID, account: str, cash: Decimal, reason: str) -> positions.Position:
    """Cash of an account that is not counted: the base says so, and a switch may count it."""
    return positions.Position(
        id=f"cash of {key}",
        name=f"Cash in {account}",
        account=str(key),
        value=cash,
        classes={HoldingClass.CASH: positions.WHOLE},
        role=positions.Role.EXCLUDED,
        reason=reason,
    )


def percents_of(basis_points: Iterable[int]) -> dict[HoldingClass, Decimal]:
    return {
        held: units * BASIS_POINT
        for held, units in zip(HELD_CLASSES, basis_points, strict=True)
        if units
    }


# -- Target and policy ------------------------------------------------------------------------------------


def target_of(row: Target) -> drift.Target:
    return drift.Target(
        percents={AssetClass(name): units * BASIS_POINT for name, units in row.per_class().items()}
    )


def policy_of(row: Policy) -> triggers.Policy:
    kind = BandKind(row.band)
    numbers = {name: getattr(row, f"band_{name}") for name in NUMBERS[kind]}
    return triggers.Policy(
        band=Band(kind=kind, **numbers),
        ceilings={} if row.stocks_ceiling is None else {"stocks": row.stocks_ceiling},
        portfolio_drift=row.drift_points,
        has_calendar=row.watches_calendar,
        has_life_events=row.watches_life_events,
        minimum_trade=row.minimum_trade,
        whole_shares=row.whole_shares,
        cash_to_keep=row.cash_to_keep,
    )


def switches_of(row: Policy) -> positions.Switches:
    return positions.Switches(counts_cash=row.counts_cash)


class LastDays(NamedTuple):
    """Of a client: when the clock's triggers last had an occasion."""

    assessed_on: date | None
    life_event_on: date | None


def last_days_of(client: ClientProfile) -> LastDays:
    """Two queries."""
    latest = Assessment.objects.only("created_at").latest_of(client)
    event = client.life_events.order_by("-happened_on").first()
    return LastDays(
        assessed_on=latest.created_at.date() if latest else None,
        life_event_on=event.happened_on if event else None,
    )


def occasions_of(portfolio: Portfolio, today: date) -> triggers.Occasions:
    """Two queries."""
    return occasions_on(today, portfolio.policy, last_days_of(portfolio.client))


def occasions_on(today: date, policy: Policy, last: LastDays) -> triggers.Occasions:
    return triggers.Occasions(
        today=today,
        reviewed_on=max(filter(None, (policy.reviewed_on, last.assessed_on)), default=None),
        assessed_on=last.assessed_on,
        life_event_on=last.life_event_on,
    )


def names_of_classes(method: str = methodology.DEFAULT_VERSION) -> Mapping[str, str]:
    return class_names(methodology.load(method).classes)


# -- All of it --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A portfolio as it is now: what is owned, what it is meant to be, and how the two compare.

    `target` and `drift` are None where there is no target; `drift` also where nothing is counted.
    """

    owned: positions.Portfolio
    held: tuple[HeldRow, ...]
    rates: Mapping[str, Decimal]
    policy: triggers.Policy
    switches: positions.Switches
    target_row: Target | None
    target: drift.Target | None
    drift: drift.Drift | None
    counted: positions.Tally
    today: date

    @property
    def value(self) -> Decimal:
        """What is counted; exact, and a whole number of cents."""
        return sum(self.counted.by_class.values(), Decimal(0))


def snapshot(
    portfolio: Portfolio,
    today: date,
    *,
    switches: positions.Switches | None = None,
    cash_flow: Decimal = Decimal(0),
    occasions: triggers.Occasions | None = None,
) -> Snapshot:
    """Everything that pages and plans are made from; the portfolio comes with its policy and client."""
    (known,) = known_of_each([portfolio])
    return worked_out(known, portfolio.policy, today, switches, cash_flow, occasions)


def snapshots_of(portfolios: Sequence[Portfolio], today: date) -> list[Snapshot]:
    """Of portfolios of one client, with its occasions; as many queries as one of them takes."""
    if not portfolios:
        return []
    last = last_days_of(portfolios[0].client)
    return [
        worked_out(known, one.policy, today, occasions=occasions_on(today, one.policy, last))
        for one, known in zip(portfolios, known_of_each(portfolios), strict=True)
    ]


class Known(NamedTuple):
    """What the database says of a portfolio."""

    rates: dict[str, Decimal]
    accounts: list[Account]
    held: list[HeldRow]
    target: Target | None


def known_of_each(portfolios: Sequence[Portfolio]) -> list[Known]:
    """In their order; four queries."""
    keys = [portfolio.pk for portfolio in portfolios]
    rates, accounts = rates_of_each(portfolios), accounts_of_each(keys)
    held, targets = held_rows_of_each(keys), Target.objects.latest_of_each(portfolios)
    return [Known(rates[key], accounts[key], held[key], targets.get(key)) for key in keys]


def worked_out(
    known: Known,
    policy_row: Policy,
    today: date,
    switches: positions.Switches | None = None,
    cash_flow: Decimal = Decimal(0),
    occasions: triggers.Occasions | None = None,
) -> Snapshot:
    mine = owned(known.accounts, known.held, known.rates, today)
    policy, switches = policy_of(policy_row), switches or switches_of(policy_row)
    target = target_of(known.target) if known.target else None
    found = measured(mine, target, policy, switches, cash_flow, occasions)
    return Snapshot(
        owned=mine,
        held=tuple(known.held),
        rates=known.rates,
        policy=policy,
        switches=switches,
        target_row=known.target,
        target=target,
        drift=found,
        counted=counted_in(mine, switches, found),
        today=today,
    )


def looked_at(
    now: Snapshot, switches: positions.Switches, occasions: triggers.Occasions
) -> Snapshot:
    """What was read a moment ago, as somebody looks at it today; no query."""
    if switches == now.switches:
        return replace(now, drift=now.drift and drift.on_occasion(now.drift, now.policy, occasions))
    found = measured(now.owned, now.target, now.policy, switches, Decimal(0), occasions)
    counted = counted_in(now.owned, switches, found)
    return replace(now, switches=switches, drift=found, counted=counted)


def counted_in(
    mine: positions.Portfolio, switches: positions.Switches, found: drift.Drift | None
) -> positions.Tally:
    return found.counted if found else positions.tally(mine, frozenset(), switches)


def measured(
    mine: positions.Portfolio,
    target: drift.Target | None,
    policy: triggers.Policy,
    switches: positions.Switches,
    cash_flow: Decimal,
    occasions: triggers.Occasions | None,
) -> drift.Drift | None:
    if target is None:
        return None
    more: dict[str, Any] = {"switches": switches, "cash_flow": cash_flow, "occasions": occasions}
    try:
        return drift.measure(mine, target, policy, names_of_classes(), **more)
    except NothingToMeasure:
        return None


def oldest_price(held: Iterable[HeldRow]) -> date | None:
    """The day of the oldest price that anything counted stands at."""
    return min(
        (
            row.priced_on
            for row in held
            if row.quantity
            and row.priced_on
            and row.is_counted
            and row.role != HoldingRole.EXCLUDED
        ),
        default=None,
    )
