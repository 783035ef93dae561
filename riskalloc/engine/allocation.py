"""Scores to an allocation: base mix, income shift, sleeves."""

from dataclasses import dataclass, replace
from decimal import Decimal
from math import gcd

from riskalloc.engine.amounts import plain
from riskalloc.engine.assets import PLACES, Mix, Sleeve, Top, Weights
from riskalloc.engine.rules import (
    ONE_PERCENT,
    Methodology,
    OwnModels,
    RiskLabel,
    ShiftCaps,
    row_for,
)
from riskalloc.engine.scoring import Scores
from riskalloc.engine.steps import Step

# Money that is needed soon stands in plain classes, whatever sleeves the rest is in.
PLAIN_SLEEVES = "core"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """A mix of top classes, its exact weights over asset classes, and the steps that led there.

    `shift` is the number of points that the income score moved, after its caps. `sleeves` names the set
    in use, `sleeve_shares` how each top class is divided.
    """

    base: Mix
    shift: int
    mix: Mix
    sleeves: str
    has_growth_split: bool
    weights: Weights
    steps: tuple[Step, ...]


def allocate(scores: Scores, sleeves: str, method: Methodology) -> Allocation:
    """The allocation that a method gives for scores, in a set of sleeves."""
    method.classes.row(sleeves, scores.rti_label)  # an unknown set is refused in every case
    if scores.near_term:
        return near_term_allocation(scores, method)
    if method.models:
        return model_allocation(scores, sleeves, method, method.models)
    base = base_mix(scores, method)
    uncapped = uncapped_shift(scores, method)
    shift = capped(uncapped, scores, method.shift.caps)
    mix = shifted(base, shift)
    has_growth_split = is_growth_split(scores, sleeves, method)
    shares = sleeve_shares(scores, sleeves, method)
    weights = Weights.refine(mix, shares)
    return Allocation(
        base=base,
        shift=shift,
        mix=mix,
        sleeves=sleeves,
        has_growth_split=has_growth_split,
        weights=weights,
        steps=(
            base_step(scores, base),
            shift_step(scores, base, mix, shift, uncapped, method.shift.caps),
            sleeves_step(sleeves, shares, mix, weights, has_growth_split),
        ),
    )


def target_mix(scores: Scores, method: Methodology) -> Mix:
    """The mix of that allocation alone: for comparisons, which need no steps. No sleeves change it."""
    if scores.near_term:
        return method.classes.near_term
    if method.models:
        return model_mix(scores.rti_label, method, method.models)
    shift = capped(uncapped_shift(scores, method), scores, method.shift.caps)
    return shifted(base_mix(scores, method), shift)


def target_weights(scores: Scores, sleeves: str, method: Methodology) -> Weights:
    """The weights of that allocation alone."""
    if scores.near_term:
        return near_term_weights(method)
    return Weights.refine(target_mix(scores, method), sleeve_shares(scores, sleeves, method))


def near_term_weights(method: Methodology) -> Weights:
    """Exact weights of money that is needed soon; the same for every label."""
    sleeves = method.classes.row(PLAIN_SLEEVES, RiskLabel.CONSERVATIVE).by_top()
    return Weights.refine(method.classes.near_term, sleeves)


def near_term_allocation(scores: Scores, method: Methodology) -> Allocation:
    mix = method.classes.near_term
    shares = method.classes.row(PLAIN_SLEEVES, scores.rti_label).by_top()
    weights = near_term_weights(method)
    base = Step(
        rule="near_term",
        inputs={"years": plain(scores.horizon_years or Decimal(0))},
        after=mix.figures(),
        sentence=f"Money that is needed in less than 3 years stands in {mix}, whatever the scores.",
    )
    return Allocation(
        base=mix,
        shift=0,
        mix=mix,
        sleeves=PLAIN_SLEEVES,
        has_growth_split=False,
        weights=weights,
        steps=(base, sleeves_step(PLAIN_SLEEVES, shares, mix, weights, False)),
    )


def model_allocation(
    scores: Scores, sleeves: str, method: Methodology, models: OwnModels
) -> Allocation:
    """A firm's own mix for the risk label: no base mix, no income shift, no sleeves of the method."""
    mix = model_mix(scores.rti_label, method, models)
    shares = sleeve_shares(scores, sleeves, method)
    weights = Weights.refine(mix, shares)
    return Allocation(
        base=mix,
        shift=0,
        mix=mix,
        sleeves=sleeves,
        has_growth_split=False,
        weights=weights,
        steps=(
            model_step(scores, mix, models),
            model_classes_step(shares, mix, weights, models),
        ),
    )


def model_mix(label: RiskLabel, method: Methodology, models: OwnModels) -> Mix:
    shares = method.classes.top_shares(models.mixes[label])
    return Mix(*(shares[top] // ONE_PERCENT for top in Top))


def base_mix(scores: Scores, method: Methodology) -> Mix:
    return row_for(method.base.rows, scores.rti).mix


def uncapped_shift(scores: Scores, method: Methodology) -> int:
    return row_for(method.shift.rows, scores.iss).points


def capped(points: int, scores: Scores, caps: ShiftCaps | None) -> int:
    """A rise within what reserve and time allow; a fall is never capped."""
    if caps is None or points <= 0:
        return points
    limits = [points, reserve_cap(scores, caps)]
    if scores.horizon_years is not None:
        limits += [cap.most for cap in caps.years if scores.horizon_years < cap.below]
    return min(limits)


def reserve_cap(scores: Scores, caps: ShiftCaps) -> int:
    """How far the reserve lets a rise go; no cap where it is not known."""
    return 100 if scores.reserve is None else caps.reserve_factor * (scores.reserve - 1)


def shifted(base: Mix, points: int) -> Mix:
    """Move `points` into stocks and alternatives, or out of them where negative."""
    if points >= 0:
        cash = min(points, base.cash)
        bonds = min(points - cash, base.bonds)
        to_alternatives = (cash + bonds) // 2
        return Mix(
            stocks=base.stocks + cash + bonds - to_alternatives,
            bonds=base.bonds - bonds,
            alternatives=base.alternatives + to_alternatives,
            cash=base.cash - cash,
        )
    half = -points // 2
    alternatives, stocks = min(half, base.alternatives), min(half, base.stocks)
    to_bonds = (alternatives + stocks) // 2
    return Mix(
        stocks=base.stocks - stocks,
        bonds=base.bonds + to_bonds,
        alternatives=base.alternatives - alternatives,
        cash=base.cash + alternatives + stocks - to_bonds,
    )


def is_growth_split(scores: Scores, sleeves: str, method: Methodology) -> bool:
    """Whether growth answers stand at least the margin above composure answers (compared exactly)."""
    split = method.classes.growth_split
    if (
        method.models
        or not scores.items
        or sleeves != split.set
        or scores.rti_label is not split.label
    ):
        return False
    growth = sum(scores.items[item] for item in split.growth) * len(split.composure)
    composure = sum(scores.items[item] for item in split.composure) * len(split.growth)
    return growth - composure >= split.margin * len(split.growth) * len(split.composure)


def sleeve_shares(scores: Scores, sleeves: str, method: Methodology) -> dict[Top, Sleeve]:
    shares = method.classes.row(sleeves, scores.rti_label).by_top()
    if is_growth_split(scores, sleeves, method):
        shares[Top.STOCKS] = method.classes.growth_split.stocks
    return shares | model_shares(scores.rti_label, method)


def model_shares(label: RiskLabel, method: Methodology) -> dict[Top, Sleeve]:
    """How a firm's own mix divides the top classes that it has; of a whole of 100 where that is exact."""
    if not method.models:
        return {}
    found: dict[Top, Sleeve] = {}
    parts = sorted(method.models.mixes[label].items(), key=lambda part: PLACES[part[0]])
    for top, whole in method.classes.top_shares(dict(parts)).items():
        inside = {a: part for a, part in parts if part and method.classes.classes[a].top is top}
        if inside:
            is_exact = all(part * 100 % whole == 0 for part in inside.values())
            common = whole // 100 if is_exact and whole % 100 == 0 else gcd(*inside.values())
            found[top] = {asset: part // common for asset, part in inside.items()}
    return found


# -- The steps, as values and sentences -----------------------------------------------------------------


def base_step(scores: Scores, base: Mix) -> Step:
    return Step(
        rule="base",
        inputs={"rti": str(scores.rti), "label": scores.rti_label.value},
        after=base.figures(),
        sentence=f"A risk score of {scores.rti} starts from {base}.",
    )


def shift_step(
    scores: Scores, base: Mix, mix: Mix, shift: int, uncapped: int, caps: ShiftCaps | None
) -> Step:
    return Step(
        rule="shift",
        inputs={"iss": str(scores.iss), "points": str(shift), "uncapped": str(uncapped)},
        before=base.figures(),
        after=mix.figures(),
        sentence=shift_sentence(scores, base, mix, shift, uncapped, caps),
    )


def shift_sentence(
    scores: Scores, base: Mix, mix: Mix, shift: int, uncapped: int, caps: ShiftCaps | None
) -> str:
    """What the income score moved, out of what and into what, and what held it back."""
    score = f"Your income score of {scores.iss}"
    moves = [(new - old, top.value) for (top, new), (_, old) in zip(mix, base, strict=True)]
    held = ""
    if caps and shift != uncapped:
        by_reserve = reserve_cap(scores, caps) == shift
        what = "Your emergency fund and debts allow" if by_reserve else "Your time allows"
        held = f" {what} {shift}, not {uncapped}."
    if mix == base:
        return f"{score} leaves the mix as it is.{held}"
    out = " and ".join(f"{-points} out of {top}" for points, top in moves if points < 0)
    into = " and ".join(f"{points} into {top}" for points, top in moves if points > 0)
    moved = sum(points for points, _ in moves if points > 0)
    points_moved = "1 point" if moved == 1 else f"{moved} points"
    return f"{score} moves {points_moved}: {out}; {into}.{held}"


def model_step(scores: Scores, mix: Mix, models: OwnModels) -> Step:
    day = f"{models.published_on:%d %b %Y}".lstrip("0")
    return Step(
        rule="model",
        inputs={
            "rti": str(scores.rti),
            "label": scores.rti_label.value,
            "firm": models.firm,
            "name": models.name,
            "version": str(models.number),
        },
        after=mix.figures(),
        sentence=f"A risk score of {scores.rti} is {scores.rti_label}. For that, {models.firm} has its own "
        f"model in place of the method’s mix: “{models.name}”, version {models.number}, published by "
        f"{models.published_by} on {day}. It has {mix}. The income score does not move it.",
    )


def model_classes_step(
    shares: dict[Top, Sleeve], mix: Mix, weights: Weights, models: OwnModels
) -> Step:
    step = sleeves_step(models.name, shares, mix, weights, False)
    return replace(step, rule="model_classes", sentence="Each part is divided as the model says.")


def sleeves_step(
    sleeves: str, shares: dict[Top, Sleeve], mix: Mix, weights: Weights, has_growth_split: bool
) -> Step:
    return Step(
        rule="growth_split" if has_growth_split else "sleeves",
        inputs={"set": sleeves}
        | {
            asset.value: f"{part}/{sum(sleeve.values())}"
            for top, sleeve in shares.items()
            for asset, part in sleeve.items()
        },
        before=mix.figures(),
        after={asset.value: percent for asset, percent in weights.percents().items()},
        sentence=sleeves_sentence(sleeves, mix, has_growth_split),
    )


def sleeves_sentence(sleeves: str, mix: Mix, has_growth_split: bool) -> str:
    if has_growth_split:
        return (
            "Your answers about growth stand a point or more above those about calm, so stocks are "
            "divided 12 : 2 : 3 over large US companies, smaller ones, and those abroad."
        )
    if sleeves == PLAIN_SLEEVES and not mix.stocks:
        return "Each part stands in one class."
    if sleeves == PLAIN_SLEEVES:
        return "Four fifths of stocks are large US companies, one fifth companies abroad."
    return "Each part is spread over several classes, as your risk label says."
