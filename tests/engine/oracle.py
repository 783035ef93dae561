"""The method once more, in the plainest way, from its published text: what the engine is held against.

Fractions and plain conditions; nothing here is shared with the engine but the answers themselves.
"""

from fractions import Fraction
from functools import cache
from math import floor
from types import SimpleNamespace

from riskalloc.engine.scoring import Answers
from tests.engine import published
from tests.engine.cast import CODES

LOSS_LIMITS = {"up_to_5": 5, "up_to_10": 10, "up_to_20": 20, "up_to_35": 35}
RISK = ("drop_reaction", "horizon", "trade_off", "past_behaviour", "max_loss")


def assess(a: Answers, version: str, sleeves: str) -> SimpleNamespace:
    """Scores, limits, mix, exact weights and findings of a set of answers."""
    items = score_items(a)
    raw = sum(items[name] for name in RISK)
    iss = sum(items.values()) - raw
    k = min(items["emergency_fund"], items["debt_to_income"])
    is_near = version == "v1" and a.horizon_years < 3
    steps = limit_steps(a, items, raw, iss, k) if version == "v1" else []
    rti = raw + sum(change for _, change in steps)
    d = shift(version, iss, k, a.horizon_years)
    growth, calm = (
        items["horizon"] + items["trade_off"],
        sum(items[i] for i in (RISK[0], *RISK[3:])),
    )
    wants_growth = Fraction(growth, 2) - Fraction(calm, 3) >= 1

    def weights_at(rti: int) -> dict[str, Fraction]:
        return weigh(moved(base(version, rti), d), sleeves, label(rti), wants_growth)

    near = weigh((0, 30, 0, 70), "core", "conservative", wants_growth)
    case = SimpleNamespace(items=items, raw=raw, iss=iss, rti=rti, steps=steps, is_near=is_near)
    case.label, case.iss_label = label(rti), "high" if iss >= 15 else "low"
    case.base = (0, 30, 0, 70) if is_near else base(version, rti)
    case.shift = 0 if is_near else d
    case.mix = moved(case.base, case.shift)
    case.weights = near if is_near else weights_at(rti)
    case.findings = list(findings(a, case, version))
    case.nearest = nearest(LOSS_LIMITS.get(a.max_loss), rti, weights_at, near)
    case.gap = max(0, months_wanted(a) * Fraction(a.monthly_essentials) - Fraction(a.savings))
    return case


def score_items(a: Answers) -> dict[str, int]:
    years, past = a.horizon_years, a.past_behaviour
    scores = {name: codes.index(getattr(a, name)) + 1 for name, codes in CODES.items()
              if name not in ("past_behaviour", "largest_fall")}  # fmt: skip
    scores["horizon"] = 1 + (years >= 3) + (years >= 5) + (years > 10) + (years > 15)
    scores["past_behaviour"] = (
        2 if past == "never_invested" else CODES["past_behaviour"].index(past) + 1
    )
    fall = CODES["largest_fall"].index(a.largest_fall) + 1
    scores["income_variability"] = max(1, fall - 1) if a.market_linked else fall
    scores["emergency_fund"] = 5
    if a.monthly_essentials:
        months = Fraction(a.savings) / Fraction(a.monthly_essentials)
        scores["emergency_fund"] = 1 + sum(months >= edge for edge in (1, 3, 6, 12))
    if a.monthly_income:
        percent = 100 * Fraction(a.monthly_debt) / Fraction(a.monthly_income)
        scores["debt_to_income"] = 1 + sum(percent <= edge for edge in (43, 36, 28, 20))
    else:
        is_pension = scores["job_security"] == 5
        scores["debt_to_income"] = 5 if is_pension and not a.monthly_debt else 1
    del fall
    return scores


def limit_steps(a: Answers, items: dict[str, int], raw: int, iss: int, k: int) -> list:
    """(rule, change) of each limit that changed something, counted from what the ones before left."""
    drop = items["drop_reaction"]
    if a.past_behaviour in ("sold_all", "sold_some"):
        drop = min(drop, items["past_behaviour"] + 1)
    lowest = min(drop, items["trade_off"], items["past_behaviour"], items["max_loss"])
    years = floor(a.horizon_years)
    limits = {
        "C1": raw - items["drop_reaction"] + drop,
        "C3": 4 * lowest + 6,
        "capacity": iss + 8,
        "reserve": 12 + 3 * k,
        "horizon": 5 if years < 3 else published.HORIZON_LIMITS.get(years, 25),
    }
    steps, rti = [], raw
    for rule, limit in limits.items():
        if limit < rti:
            steps.append((rule, limit - rti))
            rti = limit
    return steps


def label(rti: int) -> str:
    return "conservative" if rti <= 10 else "moderate" if rti <= 15 else "aggressive"


def base(version: str, rti: int) -> tuple[int, ...]:
    if version == "v1":
        return published.mix(published.V1_BASE[min(rti, 18)])
    return published.mix(published.SEED_BASE[label(rti)])


def shift(version: str, iss: int, k: int, years: object) -> int:
    if version == "seed-1":
        return 10 if iss >= 15 else -20
    d = min(max(2 * (iss - 15), -20), 10)
    if d > 0:
        d = min(d, 5 * (k - 1), 0 if years < 7 else 5 if years < 10 else 10)
    return d


def moved(mix: tuple[int, ...], d: int) -> tuple[int, ...]:
    stocks, bonds, alternatives, cash = mix
    if d >= 0:
        from_cash = min(d, cash)
        from_bonds = min(d - from_cash, bonds)
        taken = from_cash + from_bonds
        more = (taken + 1) // 2
        return stocks + more, bonds - from_bonds, alternatives + taken - more, cash - from_cash
    from_alternatives, from_stocks = min(-d // 2, alternatives), min(-d // 2, stocks)
    taken = from_alternatives + from_stocks
    more = taken // 2
    return stocks - from_stocks, bonds + more, alternatives - from_alternatives, cash + taken - more


@cache
def weigh(mix: tuple, sleeves: str, label: str, wants_growth: bool) -> dict[str, Fraction]:
    """Exact weight of each class that has one."""
    shares = dict(published.CORE)
    if sleeves == "diversified":
        shares |= published.DIVERSIFIED[label]
        shares["alternatives"] = published.DIVERSIFIED_ALTERNATIVES
    elif label == "aggressive" and wants_growth:
        shares["stocks"] = "12/2/3/0"
    weights = {}
    for points, (top, classes) in zip(mix, published.TOPS.items(), strict=True):
        parts = published.mix(shares[top])
        for asset, part in zip(classes, parts, strict=True):
            weights[asset] = Fraction(points, 100) * Fraction(part, sum(parts))
    return {asset: weight for asset, weight in weights.items() if weight}


def split(units: int, weights: dict[str, Fraction]) -> dict[str, int]:
    """Whole units by largest remainder; ties to the earlier class."""
    parts = {asset: floor(units * weight) for asset, weight in weights.items()}
    while sum(parts.values()) < units:
        parts[max(parts, key=lambda asset: units * weights[asset] - parts[asset])] += 1
    return parts


def episode_change(id: str, weights: dict[str, Fraction]) -> Fraction:
    changes = published.episode(id)
    return sum((weight * changes[asset] for asset, weight in weights.items()), Fraction(0))


def worst(weights: dict[str, Fraction]) -> Fraction:
    return min(episode_change(id, weights) for id in published.EPISODES)


def nearest(limit: int | None, rti: int, weights_at, near: dict) -> tuple | None:
    """The highest lower RTI whose mix stays within `limit`; 0 for the short-term mix; None for none."""
    if limit is None:
        return None
    within = [lower for lower in range(5, rti) if worst(weights_at(lower)) >= -limit]
    return max(within, default=0 if worst(near) >= -limit else None)


def findings(a: Answers, case: SimpleNamespace, version: str):
    if a.max_loss in LOSS_LIMITS and -worst(case.weights) > LOSS_LIMITS[a.max_loss]:
        yield "C2"
    bound = {rule for rule, _ in case.steps} & {"capacity", "reserve", "horizon"}
    if bound or a.horizon_years < 3:
        yield "C4"
    if case.rti >= 16 and a.past_behaviour == "never_invested":
        yield "C5"
    if len(set(case.items.values())) == 1:
        yield "C6"
    if version == "v1" and case.rti in (10, 11, 15, 16):
        yield "C8"
    if a.savings < 3 * a.monthly_essentials and case.mix[2] > 10:
        yield "liquidity"
    if months_wanted(a) * a.monthly_essentials > a.savings:
        yield "reserve_gap"


def months_wanted(a: Answers) -> int:
    if a.job_security in ("gig", "contract_or_new"):
        return 12
    if a.largest_fall in ("25_or_more", "15_to_25") or a.market_linked:
        return 9
    return 3 if a.household_cover in ("75_to_100", "100_or_more") else 6
