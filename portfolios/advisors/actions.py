"""The one next step for a client, and why, in a sentence with its number."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from portfolios.advisors.book import Row
from portfolios.advisors.facts import Facts, worst_of
from riskalloc.engine.amounts import half_up
from riskalloc.web.numbers import exact_text, number_text

DAY = "j M Y"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    text: str
    address: str


def action_for(row: Row, key: str, owned: Sequence[Facts]) -> Action:
    """`key` is the condition; empty where nothing is due."""
    of_portfolio = TO_PORTFOLIO.get(key)
    if of_portfolio and owned:
        text, name, pick = of_portfolio
        return Action(text=_(text), address=reverse(name, args=[pick(row, owned).id]))
    if key == "event":
        return Action(text=_("See what changed"), address=reverse("compare", args=[row.id]))
    if key == "contradiction":
        return Action(text=_("Read the answers"), address=reverse("result", args=[row.result]))
    if key == "overdue" and row.can_change:
        return Action(text=_("Prepare the review"), address=reverse("desk_packet", args=[row.id]))
    if key == "empty" and row.can_change and not owned:
        address = reverse("portfolio_new", args=[row.id])
        return Action(text=_("Add what they own"), address=address)
    text = TO_CLIENT.get(key, _("Open")) if row.can_change else _("Open")
    return Action(text=_(text), address=reverse("client", args=[row.id]))


TO_CLIENT = {"unassessed": "Assess"}


def worst(row: Row, owned: Sequence[Facts]) -> Facts:
    found = worst_of(owned)
    assert found is not None
    return found


def unlike(row: Row, owned: Sequence[Facts]) -> Facts:
    differs = [one for one in owned if one.behaves_like and one.behaves_like != row.label]
    return max(differs or owned, key=lambda one: one.value)


def most_in_one(row: Row, owned: Sequence[Facts]) -> Facts:
    return max(owned, key=lambda one: one.share)


def most_cash(row: Row, owned: Sequence[Facts]) -> Facts:
    return max(owned, key=lambda one: one.cash_share)


def oldest_price(row: Row, owned: Sequence[Facts]) -> Facts:
    return min(owned, key=lambda one: one.oldest_price_on or date.max)


def planned(row: Row, owned: Sequence[Facts]) -> Facts:
    return next((one for one in owned if one.has_plan), owned[0])


def first(row: Row, owned: Sequence[Facts]) -> Facts:
    return owned[0]


Pick = Callable[[Row, Sequence[Facts]], Facts]
TO_PORTFOLIO: Mapping[str, tuple[str, str, Pick]] = {
    "guard_rail": ("See a plan", "portfolio_plan", worst),
    "band": ("See a plan", "portfolio_plan", worst),
    "portfolio_drift": ("See a plan", "portfolio_plan", worst),
    "mismatch": ("See how it behaves", "portfolio_look", unlike),
    "concentration": ("See the holdings", "portfolio", most_in_one),
    "cash": ("See a plan", "portfolio_plan", most_cash),
    "stale": ("See the prices", "portfolio", oldest_price),
    "plan": ("See the plan", "portfolio_plans", planned),
    "empty": ("Add holdings", "portfolio", first),
}


# -- Why --------------------------------------------------------------------------------------------------


def reason_for(row: Row, key: str, owned: Sequence[Facts], event: str) -> str:
    return REASONS[key](row, owned, event)


def too_much_in_stocks(row: Row, owned: Sequence[Facts], event: str) -> str:
    ceiling = worst(row, owned).stocks_ceiling
    if ceiling is None:
        return far_away(row, owned, event)
    say = _("Over {n}%, and {points} from target.")
    return say.format(n=exact_text(ceiling), points=points_of(row.drift))


def far_away(row: Row, owned: Sequence[Facts], event: str) -> str:
    return _("The mix is {points} from its target.").format(points=points_of(row.drift))


def something_happened(row: Row, owned: Sequence[Facts], event: str) -> str:
    return _("“{event}” was reported.").format(event=event)


def answers_disagree(row: Row, owned: Sequence[Facts], event: str) -> str:
    return _("Two answers disagree and were kept; risk {n} of 25.").format(n=row.rti)


def unlike_the_score(row: Row, owned: Sequence[Facts], event: str) -> str:
    say = _("Behaves like {found}; the score says {label}, {n} of 25.")
    found = unlike(row, owned).behaves_like
    return say.format(found=found, label=row.label, n=row.rti)


def review_was_due(row: Row, owned: Sequence[Facts], event: str) -> str:
    assert row.due_on is not None
    return _("The review was due on {day}.").format(day=date_format(row.due_on, DAY))


def much_in_one(row: Row, owned: Sequence[Facts], event: str) -> str:
    say = _("{n}% of {portfolio} is in one holding.")
    one = most_in_one(row, owned)
    return say.format(n=number_text(half_up(one.share, 1), 1), portfolio=one.name)


def too_much_cash(row: Row, owned: Sequence[Facts], event: str) -> str:
    return _("Cash is {points} over its target.").format(points=points_of(row.cash_over))


def old_prices(row: Row, owned: Sequence[Facts], event: str) -> str:
    assert row.oldest_price_on is not None
    day = date_format(row.oldest_price_on, DAY)
    return _("The oldest price is of {day}.").format(day=day)


def not_done(row: Row, owned: Sequence[Facts], event: str) -> str:
    say = ngettext(
        "{n} line of a saved plan is not done.",
        "{n} lines of a saved plan are not done.",
        row.plan_lines,
    )
    return say.format(n=row.plan_lines)


REASONS: Mapping[str, Callable[[Row, Sequence[Facts], str], str]] = {
    "guard_rail": too_much_in_stocks,
    "band": far_away,
    "portfolio_drift": far_away,
    "event": something_happened,
    "contradiction": answers_disagree,
    "mismatch": unlike_the_score,
    "overdue": review_was_due,
    "concentration": much_in_one,
    "cash": too_much_cash,
    "stale": old_prices,
    "plan": not_done,
}


def age_of(row: Row, key: str, beyond: int | None, today: date) -> str:
    """Since when, as far as anybody knows."""
    if key in ("guard_rail", "band", "portfolio_drift"):
        return "" if beyond is None else days_text(beyond, _("for {days}"), _("since today"))
    say, of_row = AGES[key]
    day = of_row(row)
    return "" if day is None else days_text((today - day).days, _(say), _("today"))


AGES: Mapping[str, tuple[str, Callable[[Row], date | None]]] = {
    "event": ("{days} ago", lambda row: row.event_on),
    "contradiction": ("answered {days} ago", lambda row: row.assessed_at),
    "mismatch": ("answered {days} ago", lambda row: row.assessed_at),
    "overdue": ("{days} late", lambda row: row.due_on),
    "concentration": ("prices {days} old", lambda row: row.oldest_price_on),
    "cash": ("prices {days} old", lambda row: row.oldest_price_on),
    "stale": ("{days} old", lambda row: row.oldest_price_on),
    "plan": ("saved {days} ago", lambda row: row.plan_on),
}


def days_text(days: int, say: str, none: str) -> str:
    word = ngettext("{n} day", "{n} days", days)
    return say.format(days=word.format(n=number_text(Decimal(days)))) if days > 0 else none


def points_of(value: Decimal | None) -> str:
    """`3.6 points`: for sentences."""
    rounded = half_up(value or Decimal(0), 1)
    word = ngettext("{n} point", "{n} points", 1 if rounded == 1 else 2)
    return word.format(n=number_text(rounded, 1))
