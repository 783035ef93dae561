"""Whether a firm's own mixes hold together: what is missing before they can be used, in sentences."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

from riskalloc.engine.amounts import half_up, plain
from riskalloc.engine.assets import AssetClass, Top, Weights
from riskalloc.engine.market import portfolio_volatility
from riskalloc.engine.rules import ONE_PERCENT, WHOLE, Methodology, Parts, RiskLabel
from riskalloc.engine.triggers import STOCKS_CEILING

Mixes = Mapping[RiskLabel, Parts]  # basis points


def problems(mixes: Mixes, method: Methodology) -> tuple[str, ...]:
    """Everything that has to change first; empty where the mixes can be published.

    The rules are those of the published tables: every label has its mix, each adds up to 100 % in whole
    percents of the four parts, nothing is negative, and a higher label is never the more careful one.
    """
    found = [
        sentence
        for label in RiskLabel
        for sentence in mix_problems(label, mixes.get(label), method)
    ]
    return tuple(found or order_problems(mixes, method))


def mix_problems(label: RiskLabel, parts: Parts | None, method: Methodology) -> Iterator[str]:
    name = label.capitalize()
    total = sum(parts.values()) if parts else 0
    if not parts or not any(parts.values()):
        yield f"{name} has no figures yet. Fill in 100%."
        return
    for asset, part in parts.items():
        if part < 0:
            yield f"{name}: {method.classes.classes[asset].name} is {percent(part)}. Nothing is below 0%."
    if total != WHOLE:
        yield f"{name} adds up to {percent(total)}. {missing(WHOLE - total)}"
        return
    for top, share in method.classes.top_shares(parts).items():
        if over := share % ONE_PERCENT:
            yield (
                f"{name}: {top} add up to {percent(share)}. Each of the four parts is a whole percent: add "
                f"{points(ONE_PERCENT - over)} or take away {points(over)}."
            )


def order_problems(mixes: Mixes, method: Methodology) -> Iterator[str]:
    """A higher risk label has as many stocks, and swings as much, as the one below it."""
    for lower, higher in pairwise(RiskLabel):
        few, many = (stocks(mixes[label], method) for label in (lower, higher))
        calm, lively = (swings(mixes[label], method) for label in (lower, higher))
        if many < few:
            yield (
                f"{higher.capitalize()} has {percent(many)} stocks, and {lower} {percent(few)}. "
                f"Give {higher} {points(few - many)} more, or {lower} {points(few - many)} less."
            )
        elif lively < calm:
            yield (
                f"{higher.capitalize()} swings by {half_up(lively, 1)}% a year, and {lower} by "
                f"{half_up(calm, 1)}%. Make {higher} livelier, or {lower} calmer."
            )


def cautions(mixes: Mixes, method: Methodology) -> tuple[str, ...]:
    """What may be meant so, and is worth knowing before it is published."""
    most = int(STOCKS_CEILING) * ONE_PERCENT
    shares = {label: stocks(parts, method) for label, parts in mixes.items()}
    return tuple(
        f"{label.capitalize()} has {percent(share)} stocks. Portfolios are flagged above "
        f"{plain(STOCKS_CEILING)}%, unless their own rule is changed."
        for label, share in shares.items()
        if share > most
    )


def stocks(parts: Parts, method: Methodology) -> int:
    return method.classes.top_shares(parts)[Top.STOCKS]


def swings(parts: Parts, method: Methodology) -> Decimal:
    """Volatility in percent a year, by the method's assumptions."""
    weights = Weights({asset: parts[asset] for asset in AssetClass if parts.get(asset)})
    return portfolio_volatility(weights, method.assumptions)


def missing(units: int) -> str:
    return f"Add {points(units)}." if units > 0 else f"Take away {points(-units)}."


def percent(units: int) -> str:
    return f"{plain(Decimal(units) / ONE_PERCENT)}%"


def points(units: int) -> str:
    return "1 point" if units == ONE_PERCENT else f"{plain(Decimal(units) / ONE_PERCENT)} points"
