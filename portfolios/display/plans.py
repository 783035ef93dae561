"""A plan as it is read: every line a sentence of its own numbers, and totals that visibly balance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

from django.utils.translation import gettext as _, ngettext

from portfolios.display.looking import Look
from portfolios.display.looks import HELD_LETTERS, HELD_STYLES
from portfolios.models import PlanKind
from portfolios.services.plan_records import AccountLine, ClassLine, OrderLine, Result
from riskalloc.engine.amounts import half_up
from riskalloc.engine.plans import Kind
from riskalloc.web.numbers import exact_text, money_text, number_text
from riskalloc.web.templatetags.figures import percent

MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMark:
    """Whether a line of a saved plan is done, who said so, and the id of the mark that its button makes."""

    is_done: bool
    said: str
    new_id: UUID


Marks = Mapping[int, LineMark]
NO_MARKS: Marks = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderShown:
    number: int
    what: str  # "Sell 7.1428 VOO"
    where: str
    amount: str
    remark: str
    mark: LineMark | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What is done with a class, and the orders that do it."""

    key: str
    title: str
    style: str
    letters: str
    effect: str  # on the class and on the drift
    orders: tuple[OrderShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One figure of the balance."""

    name: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountShown:
    name: str
    terms: str
    balance: str
    needed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A deposit instead of sales; `query` opens its plan."""

    sentence: str
    amount: str
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanShown:
    """`left` and `right` of the balance come to the same sum."""

    title: str
    flow: str
    nothing: str
    drift: str
    groups: tuple[Group, ...]
    left: tuple[Term, ...]
    right: tuple[Term, ...]
    remarks: tuple[str, ...]
    accounts: tuple[AccountShown, ...]
    ways: tuple[Way, ...]
    no_way: str


def shown(result: Result, look: Look, marks: Marks = NO_MARKS) -> PlanShown:
    return PlanShown(
        title=PlanKind(result.kind).label,
        flow=flow_text(result),
        nothing="" if result.made else nothing_text(result),
        drift=drift_sentence(result),
        groups=tuple(groups_of(result, marks)),
        left=tuple(terms(result, money_that_comes(result))),
        right=tuple(terms(result, money_that_goes(result))),
        remarks=tuple(remarks(result)),
        accounts=tuple(accounts_of(result)),
        ways=tuple(ways_of(result, look)),
        no_way=no_way(result),
    )


def flow_text(result: Result) -> str:
    if not result.cash_flow:
        return ""
    say = _("with {amount} put in") if result.cash_flow > 0 else _("with {amount} taken out")
    return say.format(amount=money(abs(result.cash_flow), result))


def nothing_text(result: Result) -> str:
    """Why nothing is traded: it stands where it should, or nothing that may be traded would help."""
    if not result.drift_after:
        return _("Every class is at its target. There is nothing to sell or buy.")
    if result.kind == Kind.INTO_BAND and not result.instead.into_band:
        return _("No class is outside a band. There is nothing to sell or buy.")
    return _("Nothing that may be sold or bought would bring it closer.")


# -- Lines ------------------------------------------------------------------------------------------------


def groups_of(result: Result, marks: Marks) -> Iterable[Group]:
    """Sales first; within them in the order of the classes."""
    has_many = len(result.accounts) > 1
    for line in sorted(result.made, key=lambda line: line.amount > 0):
        orders = [order for order in result.orders if order.name == line.name]
        yield Group(
            key=line.name,
            title=title_of(line, result),
            style=HELD_STYLES[line.name],
            letters=HELD_LETTERS[line.name],
            effect=effect_text(line),
            orders=tuple(
                order_shown(order, result, marks.get(order.number), has_many=has_many)
                for order in orders
            ),
        )


def title_of(line: ClassLine, result: Result) -> str:
    if line.is_cash:
        say = (
            _("Keep {amount} more in {label}") if line.amount > 0 else _("Use {amount} of {label}")
        )
    else:
        say = _("Buy {amount} of {label}") if line.amount > 0 else _("Sell {amount} of {label}")
    label = line.label.lower() if line.is_cash else line.label
    return say.format(amount=money(abs(line.amount), result), label=label)


def effect_text(line: ClassLine) -> str:
    """`63.64% → 60%, which takes off 3.64 points of drift`."""
    moved, effect = moved_of(line), effect_of(line.effect)
    which = _("which {effect}").format(effect=effect) if effect else ""
    return ", ".join(filter(None, (moved, which)))


def moved_of(line: ClassLine) -> str:
    """Of a total of 0 there are no weights."""
    if not (line.before or line.after):
        return ""
    return f"{percent(line.before)} → {percent(line.after)}"


def effect_of(effect: Decimal) -> str:
    if not effect:
        return ""
    say = _("takes off {points} of drift") if effect > 0 else _("adds {points} of drift")
    return say.format(points=points_text(effect))


def order_shown(
    order: OrderLine, result: Result, mark: LineMark | None, *, has_many: bool
) -> OrderShown:
    return OrderShown(
        number=order.number,
        what=order_text(order),
        where=_("in {account}").format(account=order.account) if order.account and has_many else "",
        amount=money_text(abs(order.amount), 2, result.currency),
        remark=gain_text(order, result),
        mark=mark,
    )


def order_text(order: OrderLine) -> str:
    verb = _("Buy") if order.amount > 0 else _("Sell")
    if not order.position_id:
        return _("{verb} {label}: choose a fund").format(verb=verb, label=order.label)
    if order.shares is None:
        return f"{verb} {order.symbol}"
    return f"{verb} {exact_text(abs(order.shares))} {order.symbol}"


def gain_text(order: OrderLine, result: Result) -> str:
    if order.gain is None:
        return ""
    say = _("Taxable account: gain about {amount}.")
    if order.gain < 0:
        say = _("Taxable account: loss about {amount}.")
    return say.format(amount=money(abs(order.gain), result))


# -- Balances ---------------------------------------------------------------------------------------------


def money_that_comes(result: Result) -> Iterable[tuple[str, Decimal, bool]]:
    """Name, amount, and whether it is said although it is 0."""
    yield _("Sells"), result.sells, True
    yield _("new cash"), result.put_in, not result.taken_out
    yield _("cash used"), result.cash_used, False


def money_that_goes(result: Result) -> Iterable[tuple[str, Decimal, bool]]:
    yield _("buys"), result.buys, True
    yield _("taken out"), result.taken_out, False
    yield _("cash left"), result.cash_left, True


def terms(result: Result, parts: Iterable[tuple[str, Decimal, bool]]) -> Iterable[Term]:
    for name, amount, is_always in parts:
        if amount or is_always:
            yield Term(name=name, amount=money_text(amount, 2, result.currency))


def accounts_of(result: Result) -> Iterable[AccountShown]:
    """Every account in which something happens, where there are several or one lacks cash."""
    busy = [account for account in result.accounts if is_busy(account)]
    if len(result.accounts) < 2 and not any(account.needed for account in busy):
        return
    for account in busy:
        yield AccountShown(
            name=account.name or _("No account yet"),
            terms=account_terms(account, result),
            balance=money_text(account.balance, 2, result.currency),
            needed=money(account.needed, result) if account.needed else "",
        )


def is_busy(account: AccountLine) -> bool:
    return bool(account.cash_flow or account.sells or account.buys)


def account_terms(account: AccountLine, result: Result) -> str:
    """`$0.00 + sells $4,000.00 − buys $1,500.00`."""

    def said(amount: Decimal) -> str:
        return money_text(abs(amount), 2, result.currency)

    parts = [said(account.before)]
    if account.cash_flow:
        sign, name = ("+", _("new")) if account.cash_flow > 0 else ("−", _("taken out"))
        parts.append(f"{sign} {name} {said(account.cash_flow)}")
    if account.sells:
        parts.append("+ " + _("sells {amount}").format(amount=said(account.sells)))
    if account.buys:
        parts.append("− " + _("buys {amount}").format(amount=said(account.buys)))
    return " ".join(parts)


# -- Sentences --------------------------------------------------------------------------------------------


def drift_sentence(result: Result) -> str:
    after = result.drift_after if result.drift_in_shares is None else result.drift_in_shares
    end = points_text(half_up(after, 2))
    if result.drift_before is None:
        return _("Drift afterwards: {end}.").format(end=end)
    say = _("Drift: {start} → {end}.")
    if result.cash_flow > 0:
        say = _("Drift: {start} → {end}, where new cash that has no place yet counts as drift.")
    elif result.cash_flow < 0:
        say = _("Drift: {start} → {end}, where cash that is not raised yet counts as drift.")
    return say.format(start=exact_text(half_up(result.drift_before, 2)), end=end)


def remarks(result: Result) -> Iterable[str]:
    """What else has to be known: what new cash does, what was left out and why, what stays."""
    if result.drift_in_shares is not None:
        say = _("Whole shares only; in parts of shares the drift would end at {points}.")
        yield say.format(points=points_text(half_up(result.drift_after, 2)))
    if result.cash_effect and result.unplaced != result.cash_flow:
        say = _("{amount} of new cash finds its place, which {effect}.")
        if result.cash_flow < 0:
            say = _("{amount} is raised, which {effect}.")
        moved = abs(result.cash_flow) - abs(result.unplaced)
        yield say.format(amount=money(moved, result), effect=effect_of(result.cash_effect))
    for left in result.left_out:
        yield left.sentence
    if result.unplaced:
        say = _("{amount} stays in cash.")
        if result.unplaced < 0:
            say = _("{amount} of what is to be taken out is not raised.")
        yield say.format(amount=money(abs(result.unplaced), result))
    if result.untraded:
        yield untraded_sentence(result)


def untraded_sentence(result: Result) -> str:
    names = list(dict.fromkeys(held.symbol for held in result.untraded))
    some, more = ", ".join(names[:MOST_NAMED]), len(names) - MOST_NAMED
    if more > 0:
        some = _("{some} and {n} more").format(some=some, n=more)
    say = ngettext(
        "{names} spans several classes, or none: it is counted, but not sold or bought.",
        "{names} span several classes, or none: they are counted, but not sold or bought.",
        len(names),
    )
    return say.format(names=some)


def ways_of(result: Result, look: Look) -> Iterable[Way]:
    """Only where the plan sells something that new cash could spare."""
    instead = result.instead
    if not result.sells or result.cash_flow:
        return
    both = (
        (_("reaches the target"), instead.to_target, instead.months_to_target),
        (_("comes back into every band"), instead.into_band, instead.months_into_band),
    )
    for what, amount, months in both:
        if amount:
            yield Way(
                sentence=way_sentence(what, months, result),
                amount=money(amount, result),
                query=query_of(Kind.CASH_FLOW, amount, look),
            )


def way_sentence(what: str, months: int | None, result: Result) -> str:
    if months is None or result.instead.usual is None:
        return _("and sell nothing: that {what}.").format(what=what)
    say = ngettext(
        "and sell nothing: that {what}. It is {n} month of your usual {usual}.",
        "and sell nothing: that {what}. It is {n} months of your usual {usual}.",
        months,
    )
    return say.format(
        what=what, n=number_text(Decimal(months)), usual=money(result.instead.usual, result)
    )


def no_way(result: Result) -> str:
    if result.sells and not result.cash_flow and result.instead.to_target is None:
        return _("New cash alone cannot reach the target: something without a target is held.")
    return ""


# -- Words ------------------------------------------------------------------------------------------------


def money(amount: Decimal, result: Result) -> str:
    """In sentences: cents only where there are any."""
    return money_text(amount, currency=result.currency)


def points_text(points: Decimal) -> str:
    size = abs(points)
    return ngettext("{n} point", "{n} points", 1 if size == 1 else 2).format(n=exact_text(size))


def query_of(kind: str, cash_flow: Decimal, look: Look) -> str:
    """What opens a plan, seen the same way."""
    way = {"way": "out" if cash_flow < 0 else "in"} if cash_flow else {}
    amount = {"cash_flow": str(abs(half_up(cash_flow, 2)))} if cash_flow else {}
    return look.query(kind=str(kind), **way, **amount)
