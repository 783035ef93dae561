"""A client in a few figures, for whoever sits at the desk: what it is worth, how far off, what comes next."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from portfolios.display.portfolios import Row, points_text, rows_of
from questionnaire.display.clients import Standing, standing
from questionnaire.models import ClientProfile
from riskalloc.web.numbers import money_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do, where, and why."""

    what: str
    why: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    value: str  # "" where there is nothing
    portfolios: str
    drift: str
    drift_of: str
    is_due: bool
    step: Step | None


def summary_of(
    client: ClientProfile, is_assessed: bool, today: date, due: Step | None = None
) -> Summary:
    """One query, however many portfolios there are. `due` is what the desk's list says of this client."""
    rows = [row for row in rows_of(client, today) if row.portfolio.archived_at is None]
    furthest = max(rows, key=lambda row: row.portfolio.standing.drift or Decimal(-1), default=None)
    drift = furthest.portfolio.standing.drift if furthest else None
    say = ngettext("in {n} portfolio", "in {n} portfolios", len(rows))
    return Summary(
        value=value_text(rows),
        portfolios=say.format(n=len(rows)) if rows else "",
        drift="" if drift is None else points_text(drift),
        drift_of=furthest.portfolio.name if furthest and drift is not None else "",
        is_due=any(row.is_due for row in rows),
        step=next(steps(client, is_assessed, standing(client, today), rows, due), None),
    )


def value_text(rows: Sequence[Row]) -> str:
    """Each currency for itself: what one is worth in another is not known here."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        totals[row.portfolio.currency] += row.portfolio.standing.value
    return " + ".join(money_text(total, currency=code) for code, total in sorted(totals.items()))


def steps(
    client: ClientProfile,
    is_assessed: bool,
    review: Standing,
    rows: Sequence[Row],
    due: Step | None,
) -> Iterator[Step]:
    """What needs somebody, the most pressing first."""
    if client.is_archived:
        return
    if not is_assessed:
        link = reverse("client_link", args=[client.pk])
        yield Step(what=_("Send a link"), why=_("Nothing is calculated yet."), address=link)
        return
    if due is not None:
        yield due
    yield from (target_of(row) for row in rows if lacks_target(row))
    if review.is_soon:
        packet = reverse("desk_packet", args=[client.pk])
        why = soon_text(review.days_left or 0)
        yield Step(what=_("Prepare the review"), why=why, address=packet)


def soon_text(days: int) -> str:
    say = ngettext("The review is due in {n} day.", "The review is due in {n} days.", days)
    return say.format(n=days) if days else _("The review is due today.")


def lacks_target(row: Row) -> bool:
    return bool(row.portfolio.standing.value) and row.portfolio.standing.drift is None


def target_of(row: Row) -> Step:
    return Step(
        what=_("Set the target of {name}").format(name=row.portfolio.name),
        why=_("Without a target nothing can be compared."),
        address=reverse("portfolio_target", args=[row.portfolio.pk]),
    )
