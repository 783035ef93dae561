"""Prices of a whole firm at once: what lines come to, all of them saved together, and taken back.

Every holding of what got a price, and every portfolio of such a holding, is worked out anew: in the same
transaction where they are few, else by a job of batches, each of which sees the prices as they are then.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from portfolios.imports.prices import PriceRow
from portfolios.imports.reading import Fault
from portfolios.models import PriceImport, Security
from portfolios.services.locking import lock_securities
from portfolios.services.revaluing import revalue_securities
from portfolios.services.securities import (
    PRICE_VALUES,
    find_securities,
    holders_of,
    lock_portfolios,
    put_price,
)
from portfolios.services.standing import keep_many
from portfolios.valuing import TooLarge
from riskalloc.engine.amounts import half_up, plain
from riskalloc.firms.audit import By, plain_values, record
from riskalloc.firms.jobs import Doing, NotDone, job_kind
from riskalloc.firms.models import Firm
from riskalloc.firms.services.jobs import start_job
from riskalloc.firms.tenancy import unless_hidden
from riskalloc.web.numbers import exact_text

SOURCE = "price file"
JUMP = Decimal("0.5")  # of the price that is kept: from there on a person says that it is meant
AT_ONCE = 500  # portfolios that one answer brings up to date
IN_A_BATCH = 250
JOB = "refresh_after_prices"
BATCH = 200


class Verdict(Enum):
    TAKE = "take"
    SAME = "same"  # this price of this day is kept already
    ASK = "ask"  # a jump: a person confirms it
    LEAVE = "leave"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLine:
    """What a row comes to. `reason` says why it is left, or what is asked; without the number of its line."""

    row: PriceRow
    security: Security | None
    verdict: Verdict
    reason: str = ""
    change: Decimal | None = None  # in percent of the price that is kept

    @property
    def sentence(self) -> str:
        return _("Line {line}: {reason}").format(line=self.row.line, reason=self.reason)


# -- Looking ahead ----------------------------------------------------------------------------------------


def foresee(*, firm: Firm, rows: Sequence[PriceRow]) -> list[PriceLine]:
    """What saving would do, for a page to show. As many queries however many rows."""
    found = known_securities(firm, rows)
    return [judged(row, found.get(row.symbol)) for row in rows]


def known_securities(firm: Firm, rows: Iterable[PriceRow]) -> dict[str, Security]:
    """By the symbols as they came. Beyond ASCII the case has to be the same: that keeps it at two queries."""
    symbols = {row.symbol for row in rows}
    other = {symbol for symbol in symbols if not symbol.isascii()}
    exact = Security.objects.filter(firm=firm, symbol__in=other) if other else ()
    found = find_securities(firm=firm, symbols=symbols - other)
    return found | {security.symbol: security for security in exact}


def judged(row: PriceRow, security: Security | None) -> PriceLine:
    if security is None:
        reason = _("your firm knows no {symbol}. Check the symbol.").format(symbol=row.symbol)
    else:
        reason = why_left(row, security)
    if security is None or reason:
        return PriceLine(row=row, security=security, verdict=Verdict.LEAVE, reason=reason)
    change = change_of(row, security)
    if (row.price, row.day) == (security.price, security.priced_on):
        return PriceLine(row=row, security=security, verdict=Verdict.SAME, change=change)
    if change is not None and abs(change) > JUMP * 100:
        say = _("{symbol} would go from {old} to {new}. Tick it if that is right.").format(
            symbol=security.symbol,
            old=exact_text(security.price or Decimal(0)),
            new=exact_text(row.price),
        )
        return PriceLine(row=row, security=security, verdict=Verdict.ASK, reason=say, change=change)
    return PriceLine(row=row, security=security, verdict=Verdict.TAKE, change=change)


def why_left(row: PriceRow, security: Security) -> str:
    if row.currency and row.currency != security.currency:
        return _(
            "the price is in {one}, and {symbol} is kept in {other}. Convert it first."
        ).format(one=row.currency, symbol=security.symbol, other=security.currency)
    if security.priced_on and row.day < security.priced_on:
        return _("the price kept of {symbol} is newer, of {day}. Nothing to do.").format(
            symbol=security.symbol, day=date_format(security.priced_on, "j M Y")
        )
    return ""


def change_of(row: PriceRow, security: Security) -> Decimal | None:
    """In percent; None where there is no price yet. From nothing it is more than any jump."""
    if security.price is None:
        return None
    if not security.price:
        return Decimal(10) ** 6
    return half_up((row.price / security.price - 1) * 100, 1)


# -- Saving -----------------------------------------------------------------------------------------------


@transaction.atomic
def take_prices(
    *,
    firm: Firm,
    import_id: UUID,
    rows: Sequence[PriceRow],
    confirmed: Collection[int] = (),
    left: Sequence[Fault] = (),
    by: By,
) -> PriceImport:
    """Save all that can be taken, or nothing. Sent twice, saved once. Raises TooLarge.

    `confirmed` are the lines of jumps that are meant, `left` what could not be read: it is kept beside the
    lines that are not taken. What a line comes to is decided anew under the locks.
    """
    known = PriceImport.objects.filter(pk=import_id).first()
    if known and known.firm_id == firm.pk:
        return known
    found = known_securities(firm, rows)
    locked = lock_securities([security.pk for security in found.values()])
    lines = [
        judged(row, locked.get(found[row.symbol].pk) if row.symbol in found else None)
        for row in rows
    ]
    taken = [line for line in lines if is_taken(line, confirmed)]
    not_taken = [*left, *left_lines(lines, confirmed)]
    before = put_all(taken)
    return _keep(
        firm=firm,
        # an id that is another firm's says nothing here
        import_id=uuid4() if known else unless_hidden(PriceImport, import_id),
        effect={
            "prices": before,
            "same": sum(line.verdict is Verdict.SAME for line in lines),
            "left": [fault.sentence for fault in sorted(not_taken, key=lambda fault: fault.line)],
        },
        taken=taken,
        by=by,
    )


def is_taken(line: PriceLine, confirmed: Collection[int]) -> bool:
    asked = line.verdict is Verdict.ASK and line.row.line in confirmed
    return line.verdict is Verdict.TAKE or asked


def left_lines(lines: Iterable[PriceLine], confirmed: Collection[int]) -> Iterable[Fault]:
    for line in lines:
        if line.verdict is Verdict.LEAVE:
            yield Fault(line=line.row.line, sentence=line.sentence)
        elif line.verdict is Verdict.ASK and line.row.line not in confirmed:
            say = _("Line {line}: the jump of {symbol} to {price} was not confirmed.")
            sentence = say.format(
                line=line.row.line, symbol=line.row.symbol, price=exact_text(line.row.price)
            )
            yield Fault(line=line.row.line, sentence=sentence)


def put_all(lines: Sequence[PriceLine]) -> list[dict[str, Any]]:
    """Write the prices on the locked securities; what they were, and are."""
    told, securities = [], []
    for line in lines:
        assert line.security is not None
        was = plain_values(line.security, PRICE_VALUES)
        now = put_price(line.security, line.row.price, line.row.day, SOURCE)
        line.security.version += 1
        securities.append(line.security)
        told.append({"security": str(line.security.pk), "before": was, "after": now})
    Security.objects.bulk_update(securities, [*PRICE_VALUES, "version"], batch_size=BATCH)
    return told


def _keep(
    *,
    firm: Firm,
    import_id: UUID,
    effect: Mapping[str, Any],
    taken: Sequence[PriceLine],
    by: By,
) -> PriceImport:
    securities = [line.security for line in taken if line.security is not None]
    count, job = refresh_holders(firm, securities, uuid5(import_id, JOB), by)
    kept = PriceImport.objects.create(
        pk=import_id,
        firm=firm,
        taken=len(taken),
        portfolios=count,
        effect=dict(effect),
        job=job,
        made_by=by.name,
    )
    record(
        by=by,
        firm_id=firm.pk,
        action="prices taken",
        of=kept,
        after={
            "count": len(taken),
            "portfolios": count,
            "not_taken": len(effect["left"]),
            "prices": {
                line.row.symbol: f"{plain(line.row.price)} of {line.row.day.isoformat()}"
                for line in taken
            },
        },
    )
    return kept


# -- Taking back ------------------------------------------------------------------------------------------


@transaction.atomic
def undo_prices(*, price_import: PriceImport, by: By) -> int:
    """Give back each price that is still the one that came in; how many were. Twice is once."""
    rows = PriceImport.objects.select_for_update(of=("self",)).select_related("firm")
    kept = rows.get(pk=price_import.pk)
    if kept.undone_at:
        return 0
    told = {UUID(one["security"]): one for one in kept.effect["prices"]}
    back = []
    for key, security in lock_securities(told).items():
        was, came = told[key]["before"], told[key]["after"]
        # without a price nothing could be held any more
        if is_still(security, came) and was["price"] is not None:
            put_price(
                security,
                Decimal(was["price"]),
                date.fromisoformat(was["priced_on"]),
                was["price_source"],
            )
            security.version += 1
            back.append(security)
    Security.objects.bulk_update(back, [*PRICE_VALUES, "version"], batch_size=BATCH)
    _count, job = refresh_holders(kept.firm, back, uuid5(kept.pk, f"undo {JOB}"), by)
    kept.undone_at, kept.job = timezone.now(), job
    kept.effect = kept.effect | {"given_back": len(back)}
    kept.save(update_fields=["undone_at", "job", "effect"])
    record(
        by=by,
        firm_id=kept.firm_id,
        action="prices taken back",
        of=kept,
        after={"count": len(back), "of": kept.taken},
    )
    return len(back)


def is_still(security: Security, came: Mapping[str, Any]) -> bool:
    """Whether the price is the one that came in; 5 and 5.00 are one price."""
    now = plain_values(security, PRICE_VALUES)
    same_price = security.price == Decimal(came["price"])
    return same_price and all(now[name] == came[name] for name in ("priced_on", "price_source"))


# -- Bringing portfolios up to date -----------------------------------------------------------------------


def refresh_holders(
    firm: Firm, securities: Sequence[Security], job_id: UUID, by: By
) -> tuple[int, UUID | None]:
    """Those who hold any of these locked securities: how many, and the job where they are many."""
    keys = sorted(holders_of(security.pk for security in securities))
    if len(keys) <= AT_ONCE:
        portfolios = lock_portfolios(keys)
        revalue_securities(securities, portfolios)
        keep_many(portfolios)
        return len(portfolios), None
    parts = [keys[start : start + IN_A_BATCH] for start in range(0, len(keys), IN_A_BATCH)]
    own = {
        uuid5(job_id, str(number)): {"portfolios": [str(key) for key in part]}
        for number, part in enumerate(parts)
    }
    job = start_job(
        job_id=job_id,
        firm_id=firm.pk,
        kind=JOB,
        keys=own,
        own=own,
        arguments={"securities": [str(security.pk) for security in securities]},
        title=_("Bring {n} portfolios up to date").format(n=f"{len(keys):,}"),
        by=by,
    )
    return len(keys), job.pk


@job_kind(JOB, title=_("Bring portfolios up to date"))
def refresh_batch(doing: Doing) -> str:
    """One batch at the prices of this moment; whoever has none of them any more is left as they are."""
    keys = [UUID(key) for key in doing.arguments["securities"]]
    securities = [one for one in lock_securities(keys).values() if one.firm_id == doing.firm_id]
    wanted = holders_of(one.pk for one in securities) & set(map(UUID, doing.own["portfolios"]))
    portfolios = lock_portfolios(wanted)
    try:
        with transaction.atomic():
            revalue_securities(securities, portfolios)
            keep_many(portfolios)
    except TooLarge:
        raise NotDone(
            _(
                "One of these portfolios would be worth more than can be reckoned with. Check the prices."
            )
        ) from None
    say = ngettext("{n} portfolio", "{n} portfolios", len(portfolios))
    return say.format(n=len(portfolios))
