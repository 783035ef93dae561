"""Findings: each on both sides of its threshold, and that none changes a score."""

from dataclasses import replace
from decimal import Decimal

import pytest

from riskalloc.engine.calculation import Calculation, allocate_scores, assess
from riskalloc.engine.reviews import Circumstances, Finding
from tests.engine.cast import (
    AMOUNT,
    METHODS,
    SEED,
    V1,
    answers,
    answers_scoring,
    calculate,
)
from tests.methodology.tables import changed

BY_VERSION = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.version)
FIRST_LIMIT = "questionnaire.questions.5.fields.0.choices.{}.limit"


def found(calculation: Calculation) -> dict[str, Finding]:
    return {finding.rule: finding for finding in calculation.findings}


def finding(rule: str, method=V1, sleeves: str = "core", **changes) -> Finding | None:
    return found(calculate(method, sleeves, **changes)).get(rule)


def scoring(rti_items, iss_items=(4, 4, 4, 4, 4), method=V1, **known) -> dict[str, Finding]:
    given = answers_scoring(rti_items, iss_items)
    return found(assess(given, AMOUNT, method, circumstances=Circumstances(**known)))


# -- C2: deeper than bearable ----------------------------------------------------------------------


def test_the_worked_example_fell_deeper_than_its_20_percent():
    c2 = finding("C2")
    assert c2.sentence == (
        "You said that a fall of up to 20% is bearable. In 2007 to 2009 this mix would have fallen "
        "51.8%. The nearest mix that stayed within 20% in all three bad times is that of a risk score of 8: "
        "30% stocks, 50% bonds, 10% alternatives, 10% cash."
    )
    assert c2.figures == {
        "rti": 8,
        "stocks": 30,
        "bonds": 50,
        "alternatives": 10,
        "cash": 10,
        "change": Decimal("-51.8"),
        "amount": Decimal("-51815.00"),
    }


def test_the_nearest_mix_is_that_of_the_highest_score_that_stays_within():
    # In 2007 to 2009, at ISS 20: RTI 8 (30/50/10/10) fell 19.9 %, RTI 9 (35/47/11/7) 23.7 %.
    assert finding("C2", max_loss="up_to_20").figures["rti"] == 8
    # RTI 11 (45/41/13/1) fell 31.3 %, RTI 12 (50/36/14/0) 35.2 %.
    assert finding("C2", max_loss="up_to_35").figures["rti"] == 11


def test_the_nearest_mix_stands_in_the_sleeves_in_use():
    # Diversified, RTI 12 fell 34.3 % and RTI 13 (55/30/15/0) 37.7 %.
    c2 = finding("C2", sleeves="diversified", max_loss="up_to_35")
    assert c2.figures["rti"] == 12


@BY_VERSION
def test_where_no_score_helps_it_names_the_near_term_mix(method):
    c2 = finding("C2", method, max_loss="up_to_5")
    assert c2.sentence.endswith(
        "At your income score no risk score has a mix that stayed within 5% in all three bad times. "
        "The mix for near-term money did: 30% bonds, 70% cash."
    )
    assert c2.figures["cash"] == 70
    assert "rti" not in c2.figures


def test_it_speaks_of_the_income_score_because_another_one_may_have_such_a_mix():
    def worst(rti, iss):
        changes = allocate_scores(rti, iss, AMOUNT, V1).outlook.episodes
        return min(episode.change for episode in changes)

    assert "rti" not in finding("C2", max_loss="up_to_10").figures  # ISS 20
    assert all(worst(rti, 20) < -10 for rti in range(5, 26))
    assert worst(5, 15) == Decimal("-8.022")  # 10/40/0/50, in 2022


def test_where_nothing_helps_it_says_so():
    method = changed(FIRST_LIMIT.format(0), "3.92")  # near-term money fell 3.93 % in 2022
    c2 = finding("C2", method, max_loss="up_to_5")
    assert c2.sentence.endswith("No mix of this method stayed within 3.92% in all three bad times.")
    assert set(c2.figures) == {"change", "amount"}
    barely = changed(FIRST_LIMIT.format(0), "3.93")
    assert finding("C2", barely, max_loss="up_to_5").figures["cash"] == 70


@pytest.mark.parametrize(("limit", "fires"), [("51.814", True), ("51.815", False)])
def test_it_fires_only_where_the_fall_is_strictly_deeper(limit, fires):
    method = changed(FIRST_LIMIT.format(2), limit)
    assert (finding("C2", method) is not None) == fires


@BY_VERSION
@pytest.mark.parametrize("sleeves", ["core", "diversified"])
def test_over_35_percent_has_no_limit(method, sleeves):
    assert finding("C2", method, sleeves, max_loss="over_35", trade_off="mix_75") is None


def test_near_term_money_is_never_too_deep():
    assert finding("C2", horizon_years="2", max_loss="up_to_5") is None


@BY_VERSION
def test_without_a_mix_there_is_nothing_to_hold_against_the_limit(method):
    assert "C2" not in found(assess(answers(), AMOUNT, method, needed=AMOUNT))


# -- C4: the situation, or what the method does not look at ------------------------------------------


@pytest.mark.parametrize(
    ("rti_items", "iss_items", "fires"),
    [
        ((3, 5, 4, 3, 3), (2, 2, 2, 2, 2), False),  # RTI 18, ISS 10
        ((4, 5, 4, 4, 4), (2, 2, 2, 2, 2), True),  # capacity
        ((3, 3, 3, 3, 3), (5, 1, 5, 5, 5), False),
        ((3, 3, 3, 3, 4), (5, 1, 5, 5, 5), True),  # reserve
        ((4, 3, 3, 4, 3), (5, 5, 5, 5, 5), False),  # 17 at 10 years
        ((4, 3, 4, 4, 4), (5, 5, 5, 5, 5), True),  # 19 at 10 years
    ],
)
def test_a_limit_of_the_situation_that_bound_is_named(rti_items, iss_items, fires):
    assert ("C4" in scoring(rti_items, iss_items)) == fires


def test_it_says_which_score_the_calculation_follows():
    c4 = finding("C4", savings="0")
    assert c4.sentence.endswith("follows your situation: a risk score of 15, not 18.")
    assert c4.figures == {"raw": 18, "effective": 15}


def test_a_limit_that_the_answers_set_is_none_of_the_situation():
    assert "C4" not in scoring((5, 5, 5, 1, 5), (5, 5, 5, 5, 5))  # C1 and C3 alone


@pytest.mark.parametrize(("years", "fires"), [("2.99", True), ("3", False)])
def test_the_banded_method_says_that_it_does_not_look_at_time(years, fires):
    c4 = finding("C4", SEED, horizon_years=years)
    assert (c4 is not None) == fires
    if c4:
        assert c4.sentence.endswith("does not look at that; v1 would give 30% bonds, 70% cash.")


def test_the_graduated_method_says_that_near_term_money_is_safe():
    assert finding("C4", horizon_years="2.99").sentence.startswith(
        "You need this money in less than 3 years."
    )


# -- C5 to C8: how far the answers can be trusted ------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "fires"), [((3, 5, 5, 2, 1), True), ((3, 5, 4, 2, 1), False)], ids=["16", "15"]
)
def test_a_first_timer_with_a_score_of_16_is_told_so(items, fires):
    sold = answers_scoring(items)
    never = replace(sold, past_behaviour="never_invested")  # the same score
    assert ("C5" in found(assess(never, AMOUNT, SEED))) == fires
    assert "C5" not in found(assess(sold, AMOUNT, SEED))


def test_the_graduated_method_holds_a_first_timer_at_14():
    given = answers(past_behaviour="never_invested", drop_reaction="buy_more", trade_off="mix_75")
    calculation = assess(given, AMOUNT, V1)
    assert calculation.scores.rti == 14  # the lowest answer is 2
    assert "C5" not in found(calculation)


@BY_VERSION
@pytest.mark.parametrize("score", [1, 2, 3, 4, 5])
def test_ten_equal_scores_are_rare(score, method):
    assert "C6" in scoring([score] * 5, [score] * 5, method)


@BY_VERSION
def test_nine_equal_scores_are_not(method):
    assert "C6" not in scoring((3, 3, 3, 3, 3), (3, 3, 3, 3, 4), method)
    assert "C6" not in scoring((3, 3, 2, 3, 3), (3, 3, 3, 3, 3), method)


@BY_VERSION
@pytest.mark.parametrize(("seconds", "fires"), [(29, True), (30, False), (None, False)])
def test_ten_answers_in_under_30_seconds_are_fast(seconds, fires, method):
    items = (4, 4, 3, 4, 3)
    assert ("C6" in scoring(items, method=method, seconds_taken=seconds)) == fires


@pytest.mark.parametrize(
    ("rti_before", "stocks_rise", "fires"),
    [
        (15, "20", True),
        (16, "20", False),
        (15, "19.99", False),
        (None, "20", False),
        (15, None, False),
    ],
)
def test_a_score_that_rose_with_the_market_is_doubted(rti_before, stocks_rise, fires):
    known = {
        "rti_before": rti_before,
        "stocks_rise": None if stocks_rise is None else Decimal(stocks_rise),
    }
    assert ("C7" in scoring((4, 4, 3, 4, 3), **known)) == fires  # RTI 18
    assert "C7" not in scoring((4, 4, 3, 4, 3), method=SEED, **known)


def test_the_borders_of_labels_are_named():
    def bordering(method):
        return [r for r in range(5, 26) if "C8" in found(allocate_scores(r, 20, AMOUNT, method))]

    assert bordering(V1) == [10, 11, 15, 16]
    assert bordering(SEED) == []


def test_the_neighbours_are_one_point_lower_and_one_higher():
    c8 = found(allocate_scores(10, 15, AMOUNT, V1))["C8"]
    assert c8.sentence == (
        "A risk score of 10 stands on a border. One point lower the mix would be 30% stocks, 47% "
        "bonds, 6% alternatives, 17% cash; one point higher 40% stocks, 41% bonds, 8% alternatives, "
        "11% cash."
    )


def test_the_border_is_that_of_the_effective_score():
    assert "C8" in found(calculate(savings="0"))  # RTI 18, held at 15


# -- Liquidity and the emergency fund ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("savings", "fires"), [("8999.99", True), ("9000", False), ("0", True), ("36000", False)]
)
def test_a_thin_reserve_beside_more_than_10_percent_alternatives_is_named(savings, fires):
    # Three months are $9,000; the banded method lifts alternatives to 15 % whatever the reserve.
    assert (finding("liquidity", SEED, savings=savings) is not None) == fires


def test_at_10_percent_alternatives_a_thin_reserve_is_not_named():
    thin = {"savings": "3000", "monthly_debt": "0"}
    low = calculate(**thin, household_cover="under_25", job_security="contract_or_new")
    assert (low.scores.iss, low.allocation.mix.alternatives) == (14, 9)
    assert "liquidity" not in found(low)
    level = calculate(**thin, household_cover="25_to_50", job_security="contract_or_new")
    assert (level.scores.iss, level.allocation.mix.alternatives) == (15, 10)
    assert "liquidity" not in found(level)
    high = calculate(**thin, household_cover="50_to_75", job_security="contract_or_new")
    assert (high.scores.iss, high.allocation.mix.alternatives) == (16, 11)
    assert found(high)["liquidity"].figures == {"alternatives": 11}


def test_who_must_spend_nothing_has_no_thin_reserve():
    assert finding("liquidity", SEED, savings="0", monthly_essentials="0") is None


@pytest.mark.parametrize(
    ("changes", "months"),
    [
        ({"job_security": "gig", "household_cover": "100_or_more"}, 12),
        ({"job_security": "contract_or_new", "largest_fall": "25_or_more"}, 12),
        ({"largest_fall": "25_or_more"}, 9),
        ({"largest_fall": "15_to_25", "household_cover": "100_or_more"}, 9),
        ({"market_linked": True, "household_cover": "100_or_more"}, 9),
        ({"largest_fall": "10_to_15", "household_cover": "75_to_100"}, 3),
        ({"household_cover": "100_or_more"}, 3),
        ({"household_cover": "50_to_75"}, 6),
        ({"household_cover": "under_25", "job_security": "permanent_or_cyclical"}, 6),
    ],
)
@BY_VERSION
def test_the_emergency_fund_to_aim_at_depends_on_work_and_cover(changes, months, method):
    spending = {"monthly_essentials": "2000", **changes}
    short = finding("reserve_gap", method, savings=2000 * months - Decimal("0.01"), **spending)
    assert short.figures == {"gap": Decimal("0.01"), "target": 2000 * months}
    assert finding("reserve_gap", method, savings=2000 * months, **spending) is None


def test_the_gap_is_said_in_dollars():
    gap = finding("reserve_gap", savings="1000", monthly_essentials="2500.50")
    assert gap.sentence == (
        "Keep 3 months of what you must spend, $7,501.50, because other income would cover most of "
        "your bills. You have $1,000: put $6,501.50 aside first."
    )


# -- All of them -----------------------------------------------------------------------------------


def test_findings_stand_in_the_published_order():
    given = answers_scoring((4, 3, 3, 3, 3), (3, 1, 3, 5, 4))  # RTI 16, held at 15; ISS 16
    known = Circumstances(seconds_taken=1, rti_before=5, stocks_rise=Decimal(50))
    rules = [f.rule for f in assess(given, AMOUNT, V1, circumstances=known).findings]
    assert rules == ["C2", "C4", "C6", "C7", "C8", "reserve_gap"]
    more = answers_scoring((3, 3, 3, 3, 3), (3, 2, 3, 5, 3))  # RTI 15, ISS 16, 11 % alternatives
    rules = [f.rule for f in assess(more, AMOUNT, V1, circumstances=known).findings]
    assert rules == ["C2", "C6", "C7", "C8", "liquidity", "reserve_gap"]


def test_scores_alone_can_only_say_what_scores_say():
    for method, rules in ((V1, {"C4", "C8"}), (SEED, {"C4"})):
        fired = {
            finding.rule
            for rti in range(5, 26)
            for iss in (5, 15, 25)
            for finding in allocate_scores(
                rti, iss, AMOUNT, method, horizon_years=Decimal(2 + rti % 9)
            ).findings
        }
        assert fired == rules


def test_circumstances_never_change_a_score():
    given = answers()
    known = Circumstances(seconds_taken=1, rti_before=5, stocks_rise=Decimal(50))
    assert assess(given, AMOUNT, V1, circumstances=known).scores == assess(given, AMOUNT, V1).scores
