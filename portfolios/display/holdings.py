"""The table of holdings: every figure of a row ready made, so that the template only prints."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from portfolios.display.portfolios import STALE_DAYS
from portfolios.models import Holding, HoldingRole, Portfolio
from portfolios.snapshots import HeldRow, Snapshot, names_of_classes, percents_of
from riskalloc.engine.amounts import CENT
from riskalloc.engine.holding_classes import HoldingClass
from riskalloc.engine.levels import printed_weights
from riskalloc.engine.positions import WHOLE, Position, is_counted
from riskalloc.web.numbers import exact_text, money_text
from riskalloc.web.templatetags.figures import percent

PER_PAGE = 100
DAY = "j M Y"
CASH = "cash of "
NO_SHARE = "–"
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One holding. Texts, but for what the template decides by."""

    id: UUID
    symbol: str
    name: str
    classes: str
    is_guessed: bool
    account: str
    quantity: str
    price: str
    priced: str  # when, where that is not today
    is_stale: bool
    value: str
    share: str
    remark: str
    is_counted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CashLine:
    account: str
    value: str
    share: str
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a change of one row does to the others on the page."""

    id: str
    share: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One page of rows; cash and totals are of all of them.

    Where only the rows of one security are wanted, `others` are the shares of the other ones.
    """

    rows: tuple[Row, ...]
    others: tuple[Share, ...]
    cash: tuple[CashLine, ...]
    total: str
    left_out: str
    count: int
    number: int
    pages: int

    @property
    def first(self) -> int:
        return (self.number - 1) * PER_PAGE + 1

    @property
    def last(self) -> int:
        return min(self.number * PER_PAGE, self.count)

    @property
    def earlier(self) -> int:
        return self.number - 1

    @property
    def later(self) -> int:
        return self.number + 1 if self.number < self.pages else 0


def table(portfolio: Portfolio, now: Snapshot, page: int, symbol: str = "") -> Table:
    """The rows of a page, or of the last one where there are fewer; of one symbol, or of all."""
    pages = max(1, -(-len(now.held) // PER_PAGE))
    number = min(max(page, 1), pages)
    shares = shares_of(now)
    on_page = now.held[(number - 1) * PER_PAGE : number * PER_PAGE]
    held = [row for row in on_page if symbol in ("", row.symbol)]
    others = [str(row.id) for row in on_page if symbol not in ("", row.symbol)]
    left_out = sum(p.value for p in now.owned.positions if not is_counted(p, now.switches))
    return Table(
        rows=rows_of(portfolio, now, held, shares),
        others=tuple(Share(id=key, share=share_text(shares, key)) for key in others),
        cash=cash_lines(portfolio, now, shares),
        total=money_text(now.value, 2, portfolio.currency),
        left_out=money_text(left_out, 2, portfolio.currency) if left_out else "",
        count=len(now.held),
        number=number,
        pages=pages,
    )


def only_rows(portfolio: Portfolio, now: Snapshot, ids: Iterable[UUID]) -> tuple[Row, ...]:
    wanted = set(ids)
    held = [row for row in now.held if row.id in wanted]
    return rows_of(portfolio, now, held, shares_of(now))


def rows_of(
    portfolio: Portfolio, now: Snapshot, held: Sequence[HeldRow], shares: Mapping[str, Decimal]
) -> tuple[Row, ...]:
    """One query, for what only the page shows."""
    columns = ("security__name", "security__is_guessed", "security__currency", "account__name")
    found = Holding.objects.filter(pk__in=[row.id for row in held]).values_list("pk", *columns)
    told = {key: rest for key, *rest in found}
    names, positions = names_of_classes(), {p.id: p for p in now.owned.positions}
    return tuple(
        row_of(row, positions[str(row.id)], told[row.id], now, portfolio, shares, names)
        for row in held
        if row.id in told
    )


def row_of(
    row: HeldRow,
    position: Position,
    told: Sequence,
    now: Snapshot,
    portfolio: Portfolio,
    shares: Mapping[str, Decimal],
    names: Mapping[str, str],
) -> Row:
    name, is_guessed, currency, account = told
    has_price = row.quantity is not None and row.price is not None
    return Row(
        id=row.id,
        symbol=row.symbol,
        name=name,
        classes=classes_text(position.look_through(), names),
        is_guessed=is_guessed,
        account=account,
        quantity="" if row.quantity is None else exact_text(row.quantity),
        price=price_text(row.price, currency) if has_price and row.price is not None else "",
        priced=priced_text(row, now.today),
        is_stale=is_stale(row, now.today),
        value=money_text(row.value, 2, portfolio.currency),
        share=share_text(shares, str(row.id)),
        remark=remark_of(row, position),
        is_counted=is_counted(position, now.switches),
    )


def price_text(price: Decimal, currency: str) -> str:
    """At least with cents, and with all the decimals it has."""
    places = max(2, len(exact_text(price).partition(".")[2]))
    return money_text(price, places, currency)


def priced_text(row: HeldRow, today: date) -> str:
    if row.quantity is None or row.priced_on is None or row.priced_on == today:
        return ""
    days = (today - row.priced_on).days
    if days > STALE_DAYS:
        return ngettext("{n} day old", "{n} days old", days).format(n=days)
    return date_format(row.priced_on, DAY)


def is_stale(row: HeldRow, today: date) -> bool:
    if row.quantity is None or row.priced_on is None:
        return False
    return (today - row.priced_on).days > STALE_DAYS


def remark_of(row: HeldRow, position: Position) -> str:
    """Why a holding is not like the others."""
    because = f": {position.reason}" if position.reason else ""
    if not row.is_counted or row.role == HoldingRole.EXCLUDED:
        return _("Not counted{because}").format(because=because)
    if position.role.value != HoldingRole.FROZEN:
        return ""
    if row.frozen_until:
        day = date_format(row.frozen_until, DAY)
        return _("Not traded until {day}{because}").format(day=day, because=because)
    return _("Never traded{because}").format(because=because)


def classes_text(classes: Mapping[HoldingClass, Decimal], names: Mapping[str, str]) -> str:
    """`US large-cap`, or with percent where there are several."""
    if list(classes.values()) == [WHOLE]:
        return names[next(iter(classes))]
    by_share = sorted(classes.items(), key=lambda part: -part[1])
    return ", ".join(f"{names[held]} {percent(share)}" for held, share in by_share)


def classes_of(basis_points: Sequence[int], names: Mapping[str, str]) -> str:
    """The same for a security, by its class columns."""
    known = percents_of(basis_points)
    rest = WHOLE - sum(known.values(), NOTHING)
    return classes_text(known | ({HoldingClass.UNCLASSIFIED: rest} if rest else {}), names)


# -- Shares, cash and totals ------------------------------------------------------------------------------


def shares_of(now: Snapshot) -> dict[str, Decimal]:
    """Percent of what is counted, by the id of a holding or of an account's cash; together 100."""
    counted = {p.id: p.value for p in now.owned.positions if is_counted(p, now.switches)}
    if now.switches.counts_cash:
        counted |= {CASH + account.id: account.cash for account in now.owned.accounts}
    cents = [int(value / CENT) for value in counted.values()]
    weights = printed_weights(cents, sum(cents))
    return dict(zip(counted, weights, strict=True))


def share_text(shares: Mapping[str, Decimal], key: str) -> str:
    return percent(shares[key]) if key in shares else NO_SHARE


def cash_lines(
    portfolio: Portfolio, now: Snapshot, shares: Mapping[str, Decimal]
) -> tuple[CashLine, ...]:
    """The cash of every account that has some, where it is counted and where it is not."""
    accounts = {account.id: account for account in now.owned.accounts}
    outside = {p.account: p for p in now.owned.positions if p.id.startswith(CASH)}
    return tuple(
        CashLine(
            account=account.name,
            value=money_text(
                outside[key].value if key in outside else account.cash, 2, portfolio.currency
            ),
            share=NO_SHARE if key in outside else share_text(shares, CASH + key),
            remark=cash_remark(outside.get(key), now),
        )
        for key, account in accounts.items()
        if account.cash or key in outside
    )


def cash_remark(outside: Position | None, now: Snapshot) -> str:
    if outside is not None:
        because = f": {outside.reason}" if outside.reason else ""
        return _("Not counted{because}").format(because=because)
    return "" if now.switches.counts_cash else _("Not counted")
