"""The thread of a portfolio's figures: from a plan's line and a difference down to prices and answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portfolios.display.drift import listed
from portfolios.display.plans import money, title_of
from portfolios.display.targets import source_of_target
from portfolios.models import Portfolio
from portfolios.services.mixes import CLASSES_OF, percents_of
from portfolios.services.plan_records import ClassLine, Result
from portfolios.services.sources import Part, Priced, members_of, parts_of, prices_of
from portfolios.snapshots import HeldRow, Snapshot, names_of_classes
from riskalloc.engine.amounts import half_up
from riskalloc.engine.assets import AssetClass, Top
from riskalloc.engine.holding_classes import HoldingClass
from riskalloc.engine.levels import Row
from riskalloc.engine.plans import Kind
from riskalloc.web.numbers import exact_text, money_text
from riskalloc.web.templatetags.figures import percent, points

DAY = "j M Y"
ALL = Decimal(100)
MOST_PARTS = 100  # of a portfolio of thousands, the largest


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One of the things that a figure is made of; `href` opens it further."""

    name: str
    figure: str
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One step of the thread: a figure, what it is called, why it is that, and where it goes on."""

    title: str
    figure: str
    sentence: str
    items: tuple[Item, ...] = ()
    href: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    title: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """A portfolio at the moment, with what its currency makes of figures."""

    portfolio: Portfolio
    now: Snapshot

    def amount(self, value: Decimal) -> str:
        return money_text(half_up(value, 2), 2, self.portfolio.currency)

    def signed(self, value: Decimal) -> str:
        return f"+{self.amount(value)}" if value > 0 else self.amount(value)

    def why(self, what: str) -> str:
        kwargs = {"portfolio_id": self.portfolio.pk, "what": what}
        return reverse("portfolio_why", kwargs=kwargs)


# -- A class ----------------------------------------------------------------------------------------------


def why_class(portfolio: Portfolio, now: Snapshot, name: str, plan: Result | None) -> Why | None:
    """A row of either level; with a plan, what it does with the class comes first. None for no such row."""
    look, members = Look(portfolio, now), members_of(now, name)
    row = row_of(now, name)
    if row is None and not members:
        return None
    nodes: list[Node] = []
    if plan is not None:
        nodes += plan_nodes(plan, name)
    if row is not None:
        nodes.append(difference_node(look, row))
    nodes += [value_node(look, members), total_node(look)]
    if row is not None:
        nodes.append(target_node(look, row, members))
    return Why(title=names_of_classes()[name], nodes=tuple(nodes))


def row_of(now: Snapshot, name: str) -> Row[HoldingClass] | Row[str] | None:
    if now.drift is None:
        return None
    return now.drift.classes.row(name) or now.drift.tops.row(name)


def difference_node(look: Look, row: Row[HoldingClass] | Row[str]) -> Node:
    say = _("{value} is held. {target} of {total} would be {goal}.")
    return Node(
        title=_("The difference"),
        figure=look.signed(row.amount),
        sentence=say.format(
            value=look.amount(row.value),
            target=percent(row.target),
            total=look.amount(look.now.value),
            goal=look.amount(row.value - row.amount),
        )
        + " "
        + _("That is {points} of the whole.").format(points=points(row.points)),
    )


def value_node(look: Look, members: Sequence[HoldingClass]) -> Node:
    parts = parts_of(look.now, members)
    prices = prices_of(look.portfolio, look.now)
    names = names_of_classes()
    say = _("What is in this class, largest first.")
    if len(members) > 1:
        say = _("What is in {classes}, largest first. They count as one row.").format(
            classes=listed([names[member] for member in members])
        )
    if not parts:
        say = _("Nothing of it is held.")
    return Node(
        title=_("The value now"),
        figure=look.amount(sum((part.amount for part in parts), Decimal(0))),
        sentence=say,
        items=tuple(part_item(look, part, prices) for part in parts[:MOST_PARTS]),
    )


def part_item(look: Look, part: Part, prices: dict[UUID, Priced]) -> Item:
    """`88% of VTI: 100 × $312.50, typed, 30 Sep 2026`, and opens it."""
    share = "" if part.percent == ALL else _("{percent} of ").format(percent=percent(part.percent))
    if part.row is None:
        name = _("{share}Cash in {account}").format(share=share, account=part.name)
        return Item(name=name, figure=look.amount(part.amount))
    made_of = product_text(part.row, prices[part.row.id], look)
    return Item(
        name=f"{share}{part.name}: {made_of}",
        figure=look.amount(part.amount),
        href=look.why(str(part.row.id)),
    )


def product_text(row: HeldRow, priced: Priced, look: Look) -> str:
    """What a holding's value is worked out from, with where its price comes from."""
    if row.quantity is None or row.price is None:
        return _("typed as a value")
    text = f"{exact_text(row.quantity)} × {price_text(row.price, priced.currency)}"
    if priced.currency != look.portfolio.currency:
        text += f" × {exact_text(priced.rate)}"
    return ", ".join(filter(None, (text, priced.source, day_of(row))))


def day_of(row: HeldRow) -> str:
    return date_format(row.priced_on, DAY) if row.priced_on else ""


def price_text(price: Decimal, currency: str) -> str:
    """With all its decimals, at least two."""
    places = max(2, len(exact_text(price).partition(".")[2]))
    return money_text(price, places, currency)


def total_node(look: Look) -> Node:
    switches = look.now.switches
    said = [_("all holdings that count")]
    if switches.counts_excluded:
        said.append(_("those that are usually left out"))
    said.append(_("the cash in the accounts") if switches.counts_cash else _("no cash"))
    return Node(
        title=_("The whole"),
        figure=look.amount(look.now.value),
        sentence=_("It is {what}.").format(what=listed(said)),
    )


def target_node(
    look: Look, row: Row[HoldingClass] | Row[str], members: Sequence[HoldingClass]
) -> Node:
    """The target's own parts of the row, and the answers or the person that it comes from."""
    target = look.now.target_row
    assert target is not None  # there is no row without
    percents, names = percents_of(target), names_of_classes()
    named = [name for name in targeted(row.name, members) if percents.get(name)]
    source = source_of_target(target, look.portfolio.client)
    day = date_format(target.made_at, DAY)
    if source is None:
        say = _("Typed by {who} on {day}.").format(who=target.made_by, day=day)
        href = reverse("portfolio_target", kwargs={"portfolio_id": look.portfolio.pk})
        link = _("The target")
    else:
        say = _("From {source}; made the target by {who} on {day}.").format(
            source=source.words, who=target.made_by, day=day
        )
        href, link = result_address(source.result, row, target.override_id is not None)
    items = [Item(name=names[name], figure=percent(percents[name])) for name in named]
    return Node(
        title=_("The target"),
        figure=percent(row.target),
        sentence=say,
        items=tuple(items) if len(items) > 1 else (),
        href=href,
        link=link,
    )


def targeted(name: str, members: Sequence[HoldingClass]) -> list[str]:
    """The asset classes whose targets make that of a row."""
    if name in set(Top):
        return [asset.value for asset in CLASSES_OF[Top(name)]]
    return [member.value for member in members]


def result_address(
    result: str, row: Row[HoldingClass] | Row[str], is_overridden: bool
) -> tuple[str, str]:
    """The class's own thread in the result; the result itself where it says nothing of this class."""
    has_thread = row.target and row.name in {*Top, *AssetClass} and not row.line.members
    if has_thread and not is_overridden:
        address = reverse("why", kwargs={"public_id": result, "key": row.name})
        return address, _("Every step from the answers to this percentage")
    return reverse("result", kwargs={"public_id": result}), _("The result with every step")


# -- A line of a plan -------------------------------------------------------------------------------------


def plan_nodes(plan: Result, name: str) -> Iterable[Node]:
    line = next((line for line in plan.classes if line.name == name), None)
    if line is None:
        return
    skipped = [left.sentence for left in plan.left_out if left.name == name]
    amount = money_text(line.amount, 2, plan.currency)
    yield Node(
        title=title_of(line, plan) if line.amount else _("Nothing is done with it"),
        figure=f"+{amount}" if line.amount > 0 else amount,
        sentence=" ".join([rule_of(line, plan), *skipped]),
    )


def rule_of(line: ClassLine, plan: Result) -> str:
    """The rule in words, with the numbers that it was used on."""
    held, total = money(line.value, plan), money(plan.total, plan)
    end = money(half_up(line.value, 2) + line.amount, plan)
    ends = _("From {held} to {end}, {after} of {total}.").format(
        held=held, end=end, after=percent(line.after), total=total
    )
    rules = {
        Kind.FULL: _("Every class goes to its target, here {target} of {total}."),
        Kind.INTO_BAND: _(
            "Only what is outside its band is traded, to the edge of the band. The money goes where"
            " least of the target {target} is filled, or comes from where most is."
        ),
    }
    new_cash = _("New cash goes where least of the target is filled, here of {target} of {total}.")
    raised = _("Cash is raised where most of the target is filled, here of {target} of {total}.")
    rule = rules.get(Kind(plan.kind), raised if plan.cash_flow < 0 else new_cash)
    return f"{rule.format(target=percent(line.target), total=total)} {ends}"


# -- A holding --------------------------------------------------------------------------------------------


def why_holding(portfolio: Portfolio, now: Snapshot, key: UUID) -> Why | None:
    """Its value, its price, and its classes; None where it is not in the portfolio."""
    row = next((row for row in now.held if row.id == key), None)
    if row is None:
        return None
    look, priced = Look(portfolio, now), prices_of(portfolio, now)[key]
    nodes = [holding_node(look, row, priced)]
    if row.quantity is not None and row.price is not None:
        nodes.append(price_node(row, priced))
        if priced.currency != portfolio.currency:
            nodes.append(rate_node(look, priced))
    nodes.append(classes_node(look, row))
    return Why(title=row.symbol, nodes=tuple(nodes))


def holding_node(look: Look, row: HeldRow, priced: Priced) -> Node:
    if row.quantity is None or row.price is None:
        sentence = _("Typed as a value.")
    else:
        say = _("{product}, rounded to the cent.")
        product = f"{exact_text(row.quantity)} × {price_text(row.price, priced.currency)}"
        if priced.currency != look.portfolio.currency:
            product += f" × {exact_text(priced.rate)}"
        sentence = say.format(product=product)
    return Node(title=_("The value"), figure=look.amount(row.value), sentence=sentence)


def price_node(row: HeldRow, priced: Priced) -> Node:
    say = _("Of {day}; where from: {source}.") if priced.source else _("Of {day}.")
    return Node(
        title=_("The price"),
        figure=price_text(row.price or Decimal(0), priced.currency),
        sentence=say.format(day=day_of(row), source=priced.source),
    )


def rate_node(look: Look, priced: Priced) -> Node:
    say = _("What 1 {currency} is worth in {base}, typed on {day}.")
    return Node(
        title=_("The exchange rate"),
        figure=exact_text(priced.rate),
        sentence=say.format(
            currency=priced.currency,
            base=look.portfolio.currency,
            day=date_format(priced.typed_on, DAY) if priced.typed_on else "",
        ),
    )


def classes_node(look: Look, row: HeldRow) -> Node:
    """Look-through: what it is of, the rest unclassified."""
    names = names_of_classes()
    position = next(p for p in look.now.owned.positions if p.id == str(row.id))
    shares = position.look_through()
    items = tuple(
        Item(name=names[held], figure=percent(share), href=look.why(row_name(look.now, held)))
        for held, share in shares.items()
    )
    return Node(
        title=_("What is in it"),
        figure=percent(ALL),
        sentence=_("It counts in each class by these shares of its value."),
        items=items,
    )


def row_name(now: Snapshot, held: HoldingClass) -> str:
    """The row that a class counts in."""
    rows = now.drift.classes.rows if now.drift else ()
    return next((row.name.value for row in rows if held in row.line.members), held.value)
