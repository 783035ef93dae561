"""The method once more, in the plainest way, from its published text: what the engine is held against.

Fractions and plain conditions; nothing here is shared with the engine but the answers themselves.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import floor
from types import SimpleNamespace

from riskalloc.engine.scoring import Answers
from tests.engine import published
from tests.engine.cast import CODES

LOSS_LIMITS = {"up_to_5": 5, "up_to_10": 10, "up_to_20": 20, "up_to_35": 35}
RISK = ("drop_reaction", "horizon", "trade_off", "past_behaviour", "max_loss")
NEAR_TERM = (0, 30, 0, 70)

Mix = tuple[int, ...]
Weights = dict[str, Fraction]


def assess(a: Answers, version: str, sleeves: str) -> SimpleNamespace:
    """Scores, limits, mix, exact weights and findings of a set of answers."""
    case = SimpleNamespace(items=score_items(a))
    case.raw = sum(case.items[name] for name in RISK)
    case.iss = sum(case.items.values()) - case.raw
    reserve = min(case.items["emergency_fund"], case.items["debt_to_income"])
    case.is_near_term = version == "v1" and a.horizon_years < 3
    case.limits = limit_steps(a, case, reserve) if version == "v1" else []
    case.rti = case.raw + sum(change for _, change in case.limits)
    case.label, case.iss_label = label(case.rti), "high" if case.iss >= 15 else "low"

    allowed = shift(version, case.iss, reserve, a.horizon_years)
    near_term = weigh(NEAR_TERM, published.CORE)

    def weights_at(rti: int) -> Weights:
        return weigh(moved(base(version, rti), allowed), shares(sleeves, label(rti), case.items))

    case.shift = 0 if case.is_near_term else allowed
    case.base = NEAR_TERM if case.is_near_term else base(version, case.rti)
    case.mix = moved(case.base, case.shift)
    case.weights = near_term if case.is_near_term else weights_at(case.rti)
    case.findings = list(findings(a, case, version))
    case.nearest = nearest(LOSS_LIMITS.get(a.max_loss), case.rti, weights_at, near_term)
    case.gap = months_wanted(a) * Fraction(a.monthly_essentials) - Fraction(a.savings)
    return case


# -- Scores ----------------------------------------------------------------------------------------


def score_items(a: Answers) -> dict[str, int]:
    years, fall = a.horizon_years, place("largest_fall", a.largest_fall)
    never = a.past_behaviour == "never_invested"
    return {
        "drop_reaction": place("drop_reaction", a.drop_reaction),
        "horizon": 1 + (years >= 3) + (years >= 5) + (years > 10) + (years > 15),
        "trade_off": place("trade_off", a.trade_off),
        "past_behaviour": 2 if never else place("past_behaviour", a.past_behaviour),
        "max_loss": place("max_loss", a.max_loss),
        "job_security": place("job_security", a.job_security),
        "emergency_fund": emergency_fund(Fraction(a.savings), Fraction(a.monthly_essentials)),
        "debt_to_income": debt_to_income(a),
        "income_variability": max(1, fall - 1) if a.market_linked else fall,
        "household_cover": place("household_cover", a.household_cover),
    }


def place(question: str, code: str) -> int:
    return CODES[question].index(code) + 1


def emergency_fund(savings: Fraction, essentials: Fraction) -> int:
    return 1 + sum(savings >= months * essentials for months in (1, 3, 6, 12)) if essentials else 5


def debt_to_income(a: Answers) -> int:
    if a.monthly_income == 0:
        return 5 if a.monthly_debt == 0 and a.job_security == "tenured_or_pension" else 1
    percent = 100 * Fraction(a.monthly_debt) / Fraction(a.monthly_income)
    return 1 + sum(percent <= edge for edge in (43, 36, 28, 20))


def limit_steps(a: Answers, case: SimpleNamespace, reserve: int) -> list[tuple[str, int]]:
    """(rule, change) of each limit that changed something, counted from what the ones before left."""
    items = case.items
    drop, past = items["drop_reaction"], items["past_behaviour"]
    counted = min(drop, past + 1) if a.past_behaviour in ("sold_all", "sold_some") else drop
    lowest = min(counted, items["trade_off"], past, items["max_loss"])
    years = floor(a.horizon_years)
    limits = {
        "C1": case.raw - drop + counted,
        "C3": 4 * lowest + 6,
        "capacity": case.iss + 8,
        "reserve": 12 + 3 * reserve,
        "horizon": 5 if years < 3 else published.HORIZON_LIMITS.get(years, 25),
    }
    steps, rti = [], case.raw
    for rule, limit in limits.items():
        if limit < rti:
            steps.append((rule, limit - rti))
            rti = limit
    return steps


def label(rti: int) -> str:
    return "conservative" if rti <= 10 else "moderate" if rti <= 15 else "aggressive"


# -- Mix and weights -------------------------------------------------------------------------------


def base(version: str, rti: int) -> Mix:
    if version == "v1":
        return published.mix(published.V1_BASE[min(rti, 18)])
    return published.mix(published.SEED_BASE[label(rti)])


def shift(version: str, iss: int, reserve: int, years: Decimal) -> int:
    if version == "seed-1":
        return 10 if iss >= 15 else -20
    points = min(max(2 * (iss - 15), -20), 10)
    if points <= 0:
        return points
    return min(points, 5 * (reserve - 1), 0 if years < 7 else 5 if years < 10 else 10)


def moved(mix: Mix, points: int) -> Mix:
    stocks, bonds, alternatives, cash = mix
    if points >= 0:
        from_cash = min(points, cash)
        from_bonds = min(points - from_cash, bonds)
        taken = from_cash + from_bonds
        more = (taken + 1) // 2
        return stocks + more, bonds - from_bonds, alternatives + taken - more, cash - from_cash
    from_alternatives = min(-points // 2, alternatives)
    from_stocks = min(-points // 2, stocks)
    taken = from_alternatives + from_stocks
    more = taken // 2
    return stocks - from_stocks, bonds + more, alternatives - from_alternatives, cash + taken - more


def shares(sleeves: str, label: str, items: dict[str, int]) -> dict[str, str]:
    if sleeves == "diversified":
        alternatives = {"alternatives": published.DIVERSIFIED_ALTERNATIVES}
        return published.CORE | published.DIVERSIFIED[label] | alternatives
    growth = Fraction(items["horizon"] + items["trade_off"], 2)
    calm = Fraction(items["drop_reaction"] + items["past_behaviour"] + items["max_loss"], 3)
    if label == "aggressive" and growth - calm >= 1:
        return published.CORE | {"stocks": "12/2/3/0"}
    return published.CORE


def weigh(mix: Mix, shares: dict[str, str]) -> Weights:
    """Exact weight of each class that has one."""
    weights = {}
    for points, (top, classes) in zip(mix, published.TOPS.items(), strict=True):
        parts = published.mix(shares[top])
        for asset, part in zip(classes, parts, strict=True):
            weights[asset] = Fraction(points * part, 100 * sum(parts))
    return {asset: weight for asset, weight in weights.items() if weight}


def split(units: int, weights: Weights) -> dict[str, int]:
    """Whole units by largest remainder; ties to the earlier class."""
    parts = {asset: floor(units * weight) for asset, weight in weights.items()}
    while sum(parts.values()) < units:
        parts[max(parts, key=lambda asset: units * weights[asset] - parts[asset])] += 1
    return parts


# -- Market and findings ---------------------------------------------------------------------------


def average(weights: Weights, figures: dict[str, Fraction]) -> Fraction:
    return sum((weight * figures[asset] for asset, weight in weights.items()), Fraction(0))


def worst(weights: Weights) -> Fraction:
    return min(average(weights, published.episode(id)) for id in published.EPISODES)


def nearest(limit: int | None, rti: int, weights_at, near_term: Weights) -> int | None:
    """The highest lower RTI whose mix stays within `limit`; 0 for the short-term mix; None for none."""
    if limit is None:
        return None
    within = (lower for lower in range(rti - 1, 4, -1) if worst(weights_at(lower)) >= -limit)
    return next(within, 0 if worst(near_term) >= -limit else None)


def findings(a: Answers, case: SimpleNamespace, version: str) -> Iterator[str]:
    bound = {rule for rule, _ in case.limits} & {"capacity", "reserve", "horizon"}
    if a.max_loss in LOSS_LIMITS and -worst(case.weights) > LOSS_LIMITS[a.max_loss]:
        yield "C2"
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
