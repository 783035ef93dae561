"""What can need doing about a client, each said once.

Filters, tiles, status words, the morning page and bulk work all ask here. The order is that of urgency: what
can do harm if it waits comes first, what is only untidy last. What depends on the day is compared in the
query with `%(today)s` and the days around it; nothing about the clock is stored.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

STALE_AFTER = timedelta(days=30)
EVENT_HOLDS = timedelta(days=365)  # a life event that nobody looked at is no news after that
MOST_IN_ONE = 20  # percent of a portfolio in one holding
NO_RANK = 99


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """`word` is its status word; `sql` whether it holds, and `size` by how much, larger first."""

    key: str
    word: Any
    sql: str
    size: str = "0"
    is_in_the_morning: bool = True


CONDITIONS: tuple[Condition, ...] = (
    Condition(
        key="guard_rail",
        word=_("Too much in stocks"),
        sql="owned.guard_rail = 1",
        size="owned.drift",
    ),
    Condition(key="band", word=_("Out of band"), sql="owned.band = 1", size="owned.drift"),
    Condition(
        key="portfolio_drift",
        word=_("Far from target"),
        sql="owned.portfolio_drift = 1",
        size="owned.drift",
    ),
    Condition(
        key="event",
        word=_("Life event"),
        sql="events.recorded_at >= %(event_from)s",
    ),
    Condition(
        key="contradiction",
        word=_("Answers disagree"),
        sql="latest.kept_contradictions"
        " AND (reviewed.recorded_at IS NULL OR reviewed.recorded_at < latest.created_at)",
    ),
    Condition(
        key="mismatch",
        word=_("Unlike the score"),
        sql="(owned.low_likeness <> latest.label OR owned.high_likeness <> latest.label)",
    ),
    Condition(key="overdue", word=_("Review overdue"), sql="client.review_due_on < %(today)s"),
    Condition(
        key="concentration",
        word=_("Much in one holding"),
        sql="owned.concentrated = 1",
        size="owned.largest",
    ),
    Condition(
        key="cash", word=_("Too much cash"), sql="cash.client_id IS NOT NULL", size="cash.over"
    ),
    Condition(key="stale", word=_("Old prices"), sql="owned.oldest_price_on < %(stale_before)s"),
    Condition(key="plan", word=_("Plan not done"), sql="plans.client_id IS NOT NULL"),
    Condition(
        key="unassessed",
        word=_("Not assessed yet"),
        sql="latest.client_id IS NULL",
        is_in_the_morning=False,
    ),
    Condition(
        key="empty",
        word=_("No portfolio yet"),
        sql="COALESCE(owned.total, 0) = 0",
        is_in_the_morning=False,
    ),
)
BY_KEY: Mapping[str, Condition] = {condition.key: condition for condition in CONDITIONS}
# They come first: a rank below their number is one of them.
MORNING = tuple(condition for condition in CONDITIONS if condition.is_in_the_morning)
REBALANCE = ("guard_rail", "band", "portfolio_drift")

# What can be asked for besides: several at once, and none at all.
DRIFT, FINE = "drift", "fine"
MORE_WORDS: Mapping[str, Any] = {DRIFT: _("Rebalance due"), FINE: _("Nothing is due")}


def word_of(key: str) -> str:
    return str(MORE_WORDS[key] if key in MORE_WORDS else BY_KEY[key].word)


def sql_of(key: str) -> str:
    """Whether a condition holds, or one of the two that are made of others; never null."""
    if key == DRIFT:
        return any_of(BY_KEY[part].sql for part in REBALANCE)
    if key == FINE:
        return f"NOT {any_of(condition.sql for condition in CONDITIONS)}"
    return any_of([BY_KEY[key].sql])


def any_of(parts: Iterable[str]) -> str:
    return f"COALESCE({' OR '.join(f'COALESCE({part}, FALSE)' for part in parts)}, FALSE)"


def rank_sql() -> str:
    """Which comes first, from 0; 99 where nothing needs doing."""
    cases = " ".join(f"WHEN {one.sql} THEN {place}" for place, one in enumerate(CONDITIONS))
    return f"CASE {cases} ELSE {NO_RANK} END"


def size_sql() -> str:
    """Of the one that comes first, how much of it there is."""
    cases = " ".join(f"WHEN {one.sql} THEN {one.size}" for one in CONDITIONS)
    return f"COALESCE(CASE {cases} ELSE 0 END, 0)"


def days_around(today: date) -> dict[str, str]:
    """What the conditions compare with, as both databases read it."""
    return {
        "today": today.isoformat(),
        "stale_before": (today - STALE_AFTER).isoformat(),
        "event_from": (today - EVENT_HOLDS).isoformat(),
    }
