"""The loader reads strictly: what does not hold together is refused, with its place."""

from decimal import Decimal

import pytest

from riskalloc.engine.amounts import EngineError, RulesError
from riskalloc.engine.calculation import allocate_scores
from riskalloc.engine.rules import Methodology
from riskalloc.methodology import DEFAULT_VERSION, build, load, versions
from tests.methodology.tables import GONE, changed, table


def test_both_versions_load_and_v1_is_the_default():
    assert versions() == ("v1", "seed-1")
    assert DEFAULT_VERSION == "v1"
    for version in versions():
        assert isinstance(load(version), Methodology)
        assert load(version).version == version
        assert load(version) is load(version)


@pytest.mark.parametrize("version", ["", "v2", "V1", "../v1", "assumptions-2025-12"])
def test_an_unknown_version_is_refused_with_those_that_there_are(version):
    with pytest.raises(EngineError, match=r"Choose v1 or seed-1\."):
        load(version)


def test_a_file_that_was_not_changed_builds():
    assert build(table()) == load("v1")
    assert build(table("seed-1")) == load("seed-1")


def refuses(path: str, value: object, reason: str) -> None:
    with pytest.raises(RulesError, match=reason):
        changed(path, value)


# -- Keys and types --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("surprise", r"surprise @ \$$"),
        ("limits.capacity.surprise", r"surprise @ \$\.limits\.capacity"),
        ("base.rows.3.surprise", r"surprise @ \$\.base\.rows\[3\]"),
        ("questionnaire.questions.1.fields.0.choices.2.surprise", r"choices\[2\]"),
        ("assumptions.classes.gold.surprise", r"assumptions\.classes\['gold'\]"),
    ],
)
def test_an_unknown_key_is_refused_with_its_place(path, place):
    refuses(path, 1, place)


@pytest.mark.parametrize(
    "path",
    [
        "summary",
        "base",
        "limits.capacity.plus",
        "classes.near_term",
        "findings.sentences",
        "questionnaire.questions.2.title",
        "assumptions.risk_free.as_of",
    ],
)
def test_a_missing_key_is_refused_with_its_name(path):
    refuses(path, GONE, f"'{path.rsplit('.')[-1]}'")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("version", 1),
        ("summary", ["text"]),
        ("released", "2026-11-21"),
        ("limits.capacity.plus", "8"),
        ("limits.capacity.plus", 8.0),
        ("limits.capacity.plus", True),
        ("limits.horizon.by_year", {"3": "8"}),
        ("limits.horizon.by_year", {"three": 8}),
        ("base.rows.0.mix", ["10", 40, 0, 50]),
        ("base.rows.0.mix", [10.0, 40, 0, 50]),
        ("classes.sleeves.0.stocks", {"us_large_cap": 80.0, "intl_developed": 20}),
        ("questionnaire.questions.0.fields.1.optional", "yes"),
        ("questionnaire.questions.0.fields.1.optional", 1),
        ("assumptions.inflation", 2.5),
        ("assumptions.inflation", "two"),
        ("assumptions.classes.gold.compound", "Infinity"),
        ("assumptions.classes.gold.volatility", "NaN"),
        ("assumptions.risk_free.percent", " 4.18"),
        ("assumptions.risk_free.percent", "4_1.8"),
        ("assumptions.premium.percent", "1e1"),
    ],
)
def test_a_value_of_another_type_is_refused(path, value):
    refuses(path, value, r"(is not|invalid literal).* @ \$")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("rti_labels.0.label", "timid"),
        ("classes.classes.gold.top", "metals"),
        ("assumptions.market", "the_moon"),
        ("questionnaire.questions.0.fields.0.kind", "dollars"),
    ],
)
def test_a_word_outside_its_list_is_refused(path, value):
    refuses(path, value, f"'{value}' is not a valid")


# -- Tables over scores ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("base.rows.0", GONE),  # 5 is missing
        ("base.rows.3", GONE),  # 8 is missing
        ("base.rows.13.last", 24),  # 25 is missing
        ("base.rows.0.last", 6),  # 6 twice
        ("shift.rows.15.last", 24),
        ("shift.rows.3.first", 7),
        ("rti_labels.0.last", 9),
        ("rti_labels.0.last", 11),
        ("iss_labels.1.first", 16),
        ("iss_labels.0.first", 4),
    ],
)
def test_a_table_with_a_gap_or_an_overlap_is_refused(path, value):
    refuses(path, value, "must cover 5 to 25 without gap or overlap")


@pytest.mark.parametrize("mix", [[10, 40, 0, 49], [10, 40, 0, 51], [-10, 60, 0, 50]])
@pytest.mark.parametrize("path", ["base.rows.0.mix", "classes.near_term"])
def test_a_mix_that_is_not_100_is_refused(path, mix):
    refuses(path, mix, "adds up to 100 and has no negative part")


@pytest.mark.parametrize("mix", [[10, 40, 50], [10, 40, 0, 50, 0]])
def test_a_mix_has_four_parts(mix):
    refuses("base.rows.0.mix", mix, "positional argument")


@pytest.mark.parametrize("limits", [{"3": 8, "5": 9}, {"4": 8}, {"2": 7, "3": 8}])
def test_horizon_limits_that_skip_a_year_are_refused(limits):
    refuses("limits.horizon.by_year", limits, "must follow year by year")


# -- Sleeves ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sleeve", "reason"),
    [
        ({"us_large_cap": 80}, "must add up to 100"),
        ({"us_large_cap": 80, "intl_developed": 21}, "must add up to 100"),
        ({"us_large_cap": 120, "intl_developed": -20}, "no part of stocks is negative"),
        ({"us_large_cap": 80, "reit": 20}, "are not stocks"),
        ({"us_large_cap": 80, "bitcoin": 20}, "'bitcoin' is not a valid AssetClass"),
    ],
)
def test_a_sleeve_that_does_not_fit_is_refused(sleeve, reason):
    refuses("classes.sleeves.0.stocks", sleeve, reason)


def test_a_sleeve_may_name_a_class_that_it_leaves_out():
    method = changed("classes.sleeves.0.stocks", {"us_large_cap": 100, "intl_developed": 0})
    lines = allocate_scores(18, 20, Decimal(100), method).lines
    assert [line.asset for line in lines] == ["us_large_cap", "us_aggregate", "reit"]


def test_every_set_of_sleeves_has_every_label():
    refuses("classes.sleeves.1", GONE, "one row for every label")
    refuses("classes.sleeves.1.labels", ["conservative", "moderate"], "one row for every label")


@pytest.mark.parametrize("stocks", [{"us_large_cap": 12, "reit": 3}, {"us_large_cap": 0}])
def test_the_growth_split_divides_stocks_alone(stocks):
    refuses("classes.growth_split.stocks", stocks, "is not a part of stocks")


def test_every_class_is_there():
    refuses("classes.classes.gold", GONE, "Every class is named once")
    refuses("assumptions.classes.gold", GONE, "Every class has one assumption")
    refuses("assumptions.correlations.gold", GONE, "one row of correlations")


# -- Questions -------------------------------------------------------------------------------------

BANDS = "questionnaire.questions.2.bands"  # of the horizon


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (f"{BANDS}.0.below", "6", "the bands must rise"),
        (f"{BANDS}.1.below", "3", "the bands must rise"),
        (f"{BANDS}.0.up_to", "3", "ends below an edge or with it"),
        (f"{BANDS}.0.below", GONE, "only the last band is open"),
        (f"{BANDS}.1.below", GONE, "only the last band is open"),
        (f"{BANDS}.4.up_to", "100", "the last band must be open"),
        (f"{BANDS}.4", GONE, "scores are 1 to 5"),
        (f"{BANDS}.0.score", 2, "scores are 1 to 5"),
        (f"{BANDS}.0.score", 6, "scores are 1 to 5"),
    ],
)
def test_bands_that_do_not_follow_each_other_are_refused(path, value, reason):
    refuses(path, value, reason)


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("fields.0.choices.0.code", "sell_some", "two choices share a code"),
        ("fields.0.choices.0.score", 2, "scores are 1 to 5"),
        ("fields.0.choices", [], "a choice needs choices"),
        ("fields.0.kind", "money", "nothing else has them"),
    ],
)
def test_choices_that_do_not_fit_are_refused(path, value, reason):
    refuses(f"questionnaire.questions.1.{path}", value, reason)


@pytest.mark.parametrize(
    ("path", "value"),
    [("questionnaire.questions.1", GONE), ("questionnaire.questions.2.about", "income")],
)
def test_there_are_five_questions_on_risk_and_five_on_income(path, value):
    refuses(path, value, "five questions on risk and five on income")


def test_the_last_row_of_reserve_months_fits_everyone():
    refuses("findings.reserve_months.3", GONE, "fits everyone")


# -- Correlations ----------------------------------------------------------------------------------

ROWS = "assumptions.correlations"


def test_correlations_that_are_not_symmetric_are_refused():
    refuses(f"{ROWS}.us_large_cap.1", "0.80", "us_small_cap, us_large_cap: not symmetric")


def test_a_class_that_does_not_correlate_1_with_itself_is_refused():
    refuses(f"{ROWS}.tips.7", "0.99", "tips must correlate 1 with itself")


def test_correlations_that_are_not_square_are_refused():
    refuses(f"{ROWS}.tips.7", GONE, "form a square")


def test_correlations_that_cannot_all_be_true_are_refused():
    other = table()
    rows = other["assumptions"]["correlations"]
    rows["us_large_cap"][2] = rows["intl_developed"][0] = "-0.85"  # both follow small caps by 0.8
    with pytest.raises(RulesError, match="not positive semi-definite"):
        build(other)


@pytest.mark.parametrize("volatility", ["0", "-1.0"])
def test_a_class_that_does_not_swing_is_refused(volatility):
    refuses("assumptions.classes.us_large_cap.volatility", volatility, "more than 0")
