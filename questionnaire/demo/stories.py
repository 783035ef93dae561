"""What an invented life is made of. Days count back from today, so that no story grows old."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from riskalloc.engine.assets import Mix


class Birth(NamedTuple):
    """The age today, and the birthday."""

    age: int
    month: int
    day: int

    def on(self, today: date) -> date:
        had_birthday = (self.month, self.day) <= (today.month, today.day)
        return date(today.year - self.age - (not had_birthday), self.month, self.day)


def in_months(today: date, months: int) -> date:
    """The first day of a month to come."""
    years, month = divmod(today.month - 1 + months, 12)
    return date(today.year + years, month + 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Another mix than the calculated one, on the day of the chapter."""

    mix: Mix
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """The questions answered once. `answers` are those that changed since the chapter before, by field.

    Without an `event` all questions were gone through, which took some `seconds`.
    """

    days_ago: int
    answers: Mapping[str, str]
    event: str = ""
    days_since_event: int = 0
    seconds: int | None = None
    decision: Decision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    name: str
    relation: str
    born: Birth | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A client. Whoever `signs_in` answered the questions alone; `typed_by` did it for the others."""

    name: str
    email: str = ""
    about: str = ""
    phone: str = ""
    born: Birth | None = None
    retires_in_months: int | None = None
    notes: str = ""
    household: tuple[Relative, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    signs_in: bool = False
    typed_by: str = ""
    looked_after_by: tuple[str, ...] = ()
    known_days: int = 0  # where there is no chapter to tell it
    archived_days_ago: int = 0
    link_sent_days_ago: int = 0
    link_answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # so far

    @property
    def author(self) -> str:
        """Who typed the answers."""
        return self.email if self.signs_in else self.typed_by

    @property
    def begins_days_ago(self) -> int:
        return self.chapters[0].days_ago + 1 if self.chapters else self.known_days


# -- Shorter ways to say it --------------------------------------------------------------------------------


def first(days_ago: int, seconds: int, answers: Mapping[str, str]) -> Chapter:
    return Chapter(days_ago=days_ago, seconds=seconds, answers=answers)


def review(
    days_ago: int, seconds: int, decision: Decision | None = None, **answers: str
) -> Chapter:
    return Chapter(days_ago=days_ago, seconds=seconds, decision=decision, answers=answers)


def event(kind: str, days_ago: int, days_since_event: int, **answers: str) -> Chapter:
    return Chapter(
        event=kind, days_ago=days_ago, days_since_event=days_since_event, answers=answers
    )


def all_answers(
    amount: str,
    years: str,
    risk: str,
    job: str,
    savings: tuple[str, str],
    debts: tuple[str, str],
    fall: str,
    cover: str,
    *,
    needed: str = "0",
    market_linked: str = "no",
) -> dict[str, str]:
    """All fields. `risk`: in a fall, the mix, the last real fall and the largest loss, as four words."""
    drop_reaction, trade_off, past_behaviour, max_loss = risk.split()
    return {
        "amount": amount,
        "needed_within_3_years": needed,
        "drop_reaction": drop_reaction,
        "horizon_years": years,
        "trade_off": trade_off,
        "past_behaviour": past_behaviour,
        "max_loss": max_loss,
        "job_security": job,
        "savings": savings[0],
        "monthly_essentials": savings[1],
        "monthly_debt": debts[0],
        "monthly_income": debts[1],
        "largest_fall": fall,
        "market_linked": market_linked,
        "household_cover": cover,
    }
