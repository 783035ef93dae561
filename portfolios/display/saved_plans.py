"""Saved plans: what was done of them, and how they stand against today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

from django.db.models import OuterRef, Subquery
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _, ngettext

from portfolios.display.looking import Look
from portfolios.display.plans import LineMark, order_text, query_of
from portfolios.models import Plan, PlanKind, PlanMark, Portfolio
from portfolios.services.plan_records import Inputs, OrderLine, PositionInput, Result
from portfolios.services.planning import NoTarget, in_currency, plan_for
from portfolios.services.plans import Moved, again, prices_moved
from portfolios.snapshots import names_of_classes
from questionnaire.models import ClientProfile
from riskalloc.engine.amounts import EngineError, half_up
from riskalloc.engine.assets import AssetClass
from riskalloc.web.numbers import exact_text, money_text

DAY, MOMENT = "j M Y", "j M Y, H:i"
MOST_LISTED = 50
ROLES = {"frozen": _("Frozen: never sold"), "excluded": _("Left out")}
MOST_ON_THE_PAGE = 5
LEAST_MOVE = Decimal("0.1")  # percent that are said as a figure
Marks = dict[int, PlanMark]


# -- Lists ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    id: UUID
    day: str
    title: str
    flow: str
    made_by: str
    progress: str


def rows_of(portfolio: Portfolio, most: int = MOST_LISTED) -> list[PlanRow]:
    """The newest first; two queries, however many there are."""
    plans = list(portfolio.plans.defer("inputs")[:most])
    marks = marks_of(plans)
    return [plan_row(plan, portfolio, marks.get(plan.pk, {})) for plan in plans]


def last_of_each(client: ClientProfile) -> dict[UUID, PlanRow]:
    """As a row, by portfolio; two queries."""
    return {
        plan.portfolio_id: plan_row(plan, plan.portfolio, marks)
        for plan, marks in last_plans(client)
    }


def last_plans(client: ClientProfile) -> list[tuple[Plan, Marks]]:
    """The newest plan of each of a client's portfolios, and what is marked in it; two queries."""
    newest = Plan.objects.filter(portfolio=OuterRef("pk")).order_by("-made_at", "-pk")
    keys = client.portfolios.values(newest=Subquery(newest.values("pk")[:1]))
    found = Plan.objects.filter(pk__in=keys).select_related("portfolio").defer("inputs")
    plans = list(found)
    marks = marks_of(plans)
    return [(plan, marks.get(plan.pk, {})) for plan in plans]


def plan_row(plan: Plan, portfolio: Portfolio, marks: Marks) -> PlanRow:
    done = sum(mark.is_done for mark in marks.values())
    flow = plan.cash_flow
    say = _("{amount} put in") if flow > 0 else _("{amount} taken out")
    amount = money_text(abs(flow), currency=portfolio.currency)
    return PlanRow(
        id=plan.pk,
        day=day_text(plan.made_at),
        title=PlanKind(plan.kind).label,
        flow=say.format(amount=amount) if flow else "",
        made_by=plan.made_by,
        progress=progress_text(done, len(plan.result["orders"])),
    )


def marks_of(plans: Iterable[Plan]) -> dict[UUID, Marks]:
    """The mark that holds, by plan and line; one query."""
    found: dict[UUID, Marks] = {}
    for mark in PlanMark.objects.filter(plan__in=[plan.pk for plan in plans]).order_by("made_at"):
        found.setdefault(mark.plan_id, {})[mark.line] = mark
    return found


def progress_of(result: Result, marks: Marks) -> str:
    return progress_text(sum(mark.is_done for mark in marks.values()), len(result.orders))


def progress_text(done: int, lines: int) -> str:
    if not lines:
        return _("nothing to do")
    say = ngettext("{done} of {lines} line done", "{done} of {lines} lines done", lines)
    return say.format(done=done, lines=lines)


def day_text(at: datetime, how: str = DAY) -> str:
    return date_format(localtime(at), how)


# -- Marks ------------------------------------------------------------------------------------------------


def line_marks(result: Result, marks: Marks) -> dict[int, LineMark]:
    return {order.number: line_mark(marks.get(order.number)) for order in result.orders}


def line_mark(mark: PlanMark | None) -> LineMark:
    said = ""
    if mark is not None and mark.is_done:
        say = _("Done on {day}, says {who}")
        said = say.format(day=day_text(mark.made_at), who=mark.made_by)
    return LineMark(is_done=bool(said), said=said, new_id=uuid4())


# -- What it was made of ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionShown:
    symbol: str
    account: str
    quantity: str
    price: str
    source: str
    value: str
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InputsShown:
    as_of: str
    value: str
    positions: tuple[PositionShown, ...]
    cash: tuple[tuple[str, str], ...]
    rates: tuple[str, ...]
    target: str
    target_source: str
    result: str  # the address of the assessment that the target came from


def inputs_shown(inputs: Inputs, result: Result) -> InputsShown:
    accounts = {account.id: account.name for account in inputs.accounts}
    target, names = inputs.target, names_of_classes()
    # One of the databases keeps the names in an order of its own.
    named = [name for name in AssetClass if name in target.percents]
    percents = [f"{exact_text(target.percents[name])}% {names[name]}" for name in named]
    say = _("set on {day} by {who}")
    return InputsShown(
        as_of=date_format(inputs.as_of, DAY),
        value=money_text(inputs.value, 2, result.currency),
        positions=tuple(position_shown(p, accounts, result) for p in inputs.positions),
        cash=tuple(
            (account.name, money_text(account.cash, 2, result.currency))
            for account in inputs.accounts
            if account.cash
        ),
        rates=tuple(
            f"1 {rate.currency} = {exact_text(rate.rate)} {result.currency}, "
            f"{date_format(rate.typed_on, DAY)}"
            for rate in inputs.rates
        ),
        target=", ".join(percents),
        target_source=say.format(day=day_text(target.made_at), who=target.made_by),
        result=target.result,
    )


def position_shown(
    position: PositionInput, accounts: Mapping[str, str], result: Result
) -> PositionShown:
    has_price = position.quantity is not None and position.price is not None
    return PositionShown(
        symbol=position.symbol,
        account=accounts[position.account_id],
        quantity="" if position.quantity is None else exact_text(position.quantity),
        price=price_text(position.price, position.currency) if has_price else "",
        source=source_text(position) if has_price else _("typed as a value"),
        value=money_text(position.value, 2, result.currency),
        remark=ROLES.get(position.role, ""),
    )


def price_text(price: Decimal | None, currency: str) -> str:
    assert price is not None
    places = max(2, len(f"{price.normalize():f}".partition(".")[2]))
    return money_text(price, places, currency)


def source_text(position: PositionInput) -> str:
    day = date_format(position.priced_on, DAY) if position.priced_on else ""
    return ", ".join(filter(None, (position.price_source, day)))


# -- Against today ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A line that would be another one today; empty where there would be none."""

    what: str
    then: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    prices: str
    sentence: str
    changed: tuple[Changed, ...]
    query: str


def today(portfolio: Portfolio, plan: Plan, result: Result, inputs: Inputs) -> Today:
    """What has moved since, and the lines that differ if it is planned again today."""
    look = Look(cash=inputs.counts_cash, left_out=inputs.counts_excluded)
    sentence, changed = planned_again(portfolio, plan, result, inputs)
    return Today(
        prices=prices_sentence(prices_moved(portfolio, inputs), result),
        sentence=sentence,
        changed=changed,
        query=query_of(plan.kind, plan.cash_flow, look),
    )


def planned_again(
    portfolio: Portfolio, plan: Plan, result: Result, inputs: Inputs
) -> tuple[str, tuple[Changed, ...]]:
    now, wanted = again(portfolio, plan, inputs)
    try:
        fresh = plan_for(portfolio, now, wanted)
    except NoTarget:
        return _("There is no target any more."), ()
    except EngineError as error:
        why = in_currency(str(error), portfolio.currency)
        return _("Today there is no such plan. {why}").format(why=why), ()
    changed = tuple(differences(result, fresh))
    say = ngettext(
        "Planned again today, {n} line would differ.",
        "Planned again today, {n} lines would differ.",
        len(changed),
    )
    if not changed:
        say = _("Planned again today, every line would be the same.")
    return say.format(n=len(changed)), changed


def differences(then: Result, now: Result) -> Iterable[Changed]:
    before = {order.key: order for order in then.orders}
    after = {order.key: order for order in now.orders}
    for key in dict.fromkeys([*before, *after]):
        was, is_now = before.get(key), after.get(key)
        if amount_of(was) != amount_of(is_now):
            one = was or is_now
            assert one is not None
            yield Changed(what=name_of(one), then=said_of(was, then), now=said_of(is_now, now))


def amount_of(order: OrderLine | None) -> Decimal:
    return order.amount if order else Decimal(0)


def name_of(order: OrderLine) -> str:
    name = order.symbol or order.label
    return (
        _("{name} in {account}").format(name=name, account=order.account) if order.account else name
    )


def said_of(order: OrderLine | None, result: Result) -> str:
    if order is None:
        return _("nothing")
    say = _("{what}, {amount}")
    amount = money_text(abs(order.amount), 2, result.currency)
    return say.format(what=order_text(order), amount=amount)


def prices_sentence(moved: Moved | None, result: Result) -> str:
    """`Prices moved 0.8% since`, and by what."""
    if moved is None:
        return ""
    then, now = (money_text(value, 2, result.currency) for value in (moved.then, moved.now))
    if moved.then == moved.now:
        return _("Prices have not moved since.")
    size = half_up(abs(moved.percent), 1)
    by = f"{exact_text(size)}%" if size >= LEAST_MOVE else _("less than 0.1%")
    say = _(
        "Prices rose {by} since: what the plan counted by price was {then}, and is {now} today."
    )
    if moved.now < moved.then:
        say = _(
            "Prices fell {by} since: what the plan counted by price was {then}, and is {now} today."
        )
    return say.format(by=by, then=then, now=now)
