"""A client's portfolios in one list, each with where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _, ngettext

from portfolios.models import Portfolio, Standing
from questionnaire.models import ClientProfile
from riskalloc.engine.amounts import half_up
from riskalloc.web.numbers import exact_text, money_text, number_text

STALE_DAYS = 30  # from then on the age of prices is said
AND = _(" and ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One portfolio; `status` in words, and whether it asks for something."""

    portfolio: Portfolio
    value: str
    drift: str
    status: str
    reasons: str
    is_due: bool


def rows_of(client: ClientProfile, today: date) -> list[Row]:
    """All of a client's, the archived ones last: one query, however many there are."""
    found = client.portfolios.select_related("standing", "policy")
    by_age = sorted(found, key=lambda one: (one.archived_at is not None, one.created_at))
    return [row_of(portfolio, today) for portfolio in by_age]


def row_of(portfolio: Portfolio, today: date) -> Row:
    standing = portfolio.standing
    fired = list(fired_by(portfolio))
    return Row(
        portfolio=portfolio,
        value=money_text(standing.value, currency=portfolio.currency),
        drift="" if standing.drift is None else points_text(standing.drift),
        status=status_of(standing, is_due=bool(fired)),
        reasons=" ".join([*sentences_of(fired), *old_prices(standing, today)]),
        is_due=bool(fired),
    )


def status_of(standing: Standing, *, is_due: bool) -> str:
    if is_due:
        return _("Rebalance due")
    if not standing.value:
        return _("Nothing in it yet")
    return _("No target yet") if standing.drift is None else _("Nothing is due")


def fired_by(portfolio: Portfolio) -> Iterable[str]:
    """What makes a rebalance due, of that which does not depend on the day."""
    standing, policy = portfolio.standing, portfolio.policy
    if standing.fires_guard_rail and policy.stocks_ceiling is not None:
        yield _("stocks are over {n}%").format(n=exact_text(policy.stocks_ceiling))
    if standing.fires_band:
        yield _("a class is outside its band")
    if standing.fires_portfolio_drift and policy.drift_points is not None:
        yield _("the drift is {n} points or more").format(n=exact_text(policy.drift_points))


def old_prices(standing: Standing, today: date) -> Iterable[str]:
    if standing.oldest_price_on is None:
        return
    days = (today - standing.oldest_price_on).days
    if days > STALE_DAYS:
        yield _("The oldest price is {days} days old.").format(days=days)


def sentences_of(parts: list[str]) -> Iterable[str]:
    """`Stocks are over 80%, and a class is outside its band.`"""
    text = AND.join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
    if text:
        yield f"{text[0].upper()}{text[1:]}."


def points_text(points: Decimal) -> str:
    rounded = half_up(points, 2)
    word = ngettext("point", "points", 1 if rounded == 1 else 2)
    return f"{number_text(rounded, 2)} {word}"
