"""How many portfolios of a book would pass which limit, and what the book would be worth; in sentences."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _, ngettext

from portfolios.advisors.whatif_sql import TRIGGERS, cents
from riskalloc.engine.amounts import half_up
from riskalloc.web.numbers import money_text, number_text

BILLION, MILLION = Decimal(10**9), Decimal(10**6)


class Kind(NamedTuple):
    """So many portfolios that are alike; see `totals_sql`."""

    currency: str
    has_target: bool
    is_reckoned: bool
    was_bucket: int | None
    bucket: int | None
    flags: tuple[bool | None, ...]  # each trigger before and after
    portfolios: int
    was_value: Decimal
    value: Decimal

    def was(self, trigger: str) -> bool:
        return bool(self.flags[2 * TRIGGERS.index(trigger)])

    def will(self, trigger: str) -> bool:
        return bool(self.flags[2 * TRIGGERS.index(trigger) + 1])

    @property
    def is_newly_over(self) -> bool:
        return any(self.will(trigger) and not self.was(trigger) for trigger in TRIGGERS)


def kinds_of(found: Sequence[Sequence[Any]]) -> list[Kind]:
    return [
        Kind(
            currency, bool(has_target), bool(is_reckoned), was_bucket, bucket,
            tuple(flags), count, cents(was_value), cents(value),
        )
        for currency, has_target, is_reckoned, was_bucket, bucket, *flags, count, was_value, value in found
    ]  # fmt: skip


def count_of(kinds: Sequence[Kind], which: Callable[[Kind], bool]) -> int:
    return sum(kind.portfolios for kind in kinds if which(kind))


# -- In sentences -----------------------------------------------------------------------------------------


def sentence(kinds: Sequence[Kind], count: int) -> str:
    """`31 of 214 portfolios would pass a limit that they keep now. The book would be worth …`"""
    measured = count_of(kinds, is_measured)
    if not measured:
        first = _("No portfolio can be measured against a target.")
    elif not count:
        first = ngettext(
            "The one portfolio with a target would pass no limit that it keeps now.",
            "None of {all} portfolios with a target would pass a limit that it keeps now.",
            measured,
        )
    else:
        first = ngettext(
            "The one portfolio with a target would pass a limit that it keeps now.",
            "{n} of {all} portfolios would pass a limit that they keep now.",
            measured,
        )
    counted = first.format(n=number_text(Decimal(count)), all=number_text(Decimal(measured)))
    return f"{counted} {worth(kinds)}"


def is_measured(kind: Kind) -> bool:
    return kind.was_bucket is not None and kind.is_reckoned


def worth(kinds: Sequence[Kind]) -> str:
    """Of the currency that most portfolios are in: nobody knows a rate between portfolios."""
    (currency, of_currency), *others = by_currency(kinds)
    was, will = sums(of_currency)
    subject = _("The book")
    if others:
        subject = _("What is in {currency}").format(currency=currency)
    if was == will:
        say = _("{subject} would be worth as much as now, {value}.")
    elif will < was:
        say = _("{subject} would be worth {value}, {change} less.")
    else:
        say = _("{subject} would be worth {value}, {change} more.")
    change = short_money(abs(will - was), currency)
    return say.format(subject=subject, change=change, value=short_money(will, currency))


def by_currency(kinds: Sequence[Kind]) -> list[tuple[str, list[Kind]]]:
    """The currency of most portfolios first; only what is reckoned, if anything is."""
    found: dict[str, list[Kind]] = {}
    for kind in kinds:
        found.setdefault(kind.currency, []).append(kind)
    return sorted(
        found.items(), key=lambda pair: (-sum(kind.portfolios for kind in pair[1]), pair[0])
    )


def sums(kinds: Sequence[Kind]) -> tuple[Decimal, Decimal]:
    was = sum((kind.was_value for kind in kinds if kind.is_reckoned), Decimal(0))
    return was, sum((kind.value for kind in kinds if kind.is_reckoned), Decimal(0))


def short_money(value: Decimal, currency: str) -> str:
    """`$4.1 million`; whole units where it is less than a million."""
    if value >= BILLION:
        text = money_text(half_up(value / BILLION, 1), 1, currency)
        return _("{n}\u00a0billion").format(n=text)
    if value >= MILLION:
        text = money_text(half_up(value / MILLION, 1), 1, currency)
        return _("{n}\u00a0million").format(n=text)
    return money_text(half_up(value, 0), 0, currency)


def counted_apart(kinds: Sequence[Kind]) -> Iterator[str]:
    """What the first count does not say, and what is not in it."""
    already = count_of(kinds, lambda kind: kind.is_newly_over and any(map(kind.was, TRIGGERS)))
    if already:
        say = ngettext(
            "{n} of them is past another limit already.",
            "{n} of them are past another limit already.",
            already,
        )
        yield say.format(n=number_text(Decimal(already)))
    without = count_of(kinds, lambda kind: kind.is_reckoned and not kind.has_target)
    if without:
        say = ngettext(
            "{n} portfolio has no target: only its value counts.",
            "{n} portfolios have no target: only their value counts.",
            without,
        )
        yield say.format(n=number_text(Decimal(without)))
    empty = count_of(
        kinds, lambda kind: kind.is_reckoned and kind.has_target and kind.was_bucket is None
    )
    if empty:
        say = ngettext("{n} portfolio holds nothing.", "{n} portfolios hold nothing.", empty)
        yield say.format(n=number_text(Decimal(empty)))
    lost = count_of(kinds, lambda kind: kind.was_bucket is not None and kind.bucket is None)
    if lost:
        say = ngettext(
            "{n} portfolio would be worth nothing.",
            "{n} portfolios would be worth nothing.",
            lost,
        )
        yield say.format(n=number_text(Decimal(lost)))
    large = count_of(kinds, lambda kind: not kind.is_reckoned)
    if large:
        say = ngettext(
            "{n} portfolio is too large to be reckoned with after such a move, and is left out.",
            "{n} portfolios are too large to be reckoned with after such a move, and are left out.",
            large,
        )
        yield say.format(n=number_text(Decimal(large)))


def rounded(value: Decimal, currency: str) -> str:
    return money_text(half_up(value, 0), 0, currency)
