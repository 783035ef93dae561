"""The built-in list of securities: what is in it, what a name says, and how strictly it is read."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from portfolios.models import CLASSES
from riskalloc.engine.amounts import EngineError, RulesError
from riskalloc.methodology import SECURITIES_VERSION, build_securities, load_securities, read
from tests.methodology.tables import GONE, put

LIST = load_securities(SECURITIES_VERSION)
EVERY = [(symbol, group) for group in LIST.groups for symbol in group.securities]

# Typed a second time from the figures that were agreed on.
AGREED = {
    "VOO": {"us_large_cap": 100},
    "VTI": {"us_large_cap": 88, "us_small_cap": 12},
    "VB": {"us_small_cap": 100},
    "VXUS": {"intl_developed": 73, "emerging": 27},
    "VTWAX": {"us_large_cap": 56, "us_small_cap": 7, "intl_developed": 27, "emerging": 10},
    "AGG": {"us_aggregate": 100},
    "BND": {"us_aggregate": 100},
    "VTEB": {"municipal": 100},
    "VTIP": {"tips": 100},
    "VNQ": {"reit": 100},
    "GLD": {"gold": 100},
    "VBIAX": {"us_large_cap": 53, "us_small_cap": 7, "us_aggregate": 40},
    "VTTHX": {
        "us_large_cap": 38,
        "us_small_cap": 5,
        "intl_developed": 20,
        "emerging": 7,
        "us_aggregate": 21,
        "intl_bonds": 9,
    },
    "VTHRX": {
        "us_large_cap": 34,
        "us_small_cap": 4,
        "intl_developed": 18,
        "emerging": 6,
        "us_aggregate": 26,
        "intl_bonds": 11,
        "tips": 1,
    },
    "VFFVX": {
        "us_large_cap": 48,
        "us_small_cap": 6,
        "intl_developed": 26,
        "emerging": 10,
        "us_aggregate": 7,
        "intl_bonds": 3,
    },
    "BTC": {"crypto": 100},
    "SPAXX": {"cash": 100},
    "VMFXX": {"cash": 100},
}


@pytest.mark.parametrize("symbol", AGREED)
def test_the_agreed_figures_are_those_of_the_list(symbol):
    assert LIST.listed(symbol).classes == AGREED[symbol]


def test_it_loads_once_with_version_and_date():
    assert load_securities(SECURITIES_VERSION) is LIST
    assert (LIST.version, LIST.released) == ("1", date(2026, 11, 21))
    with pytest.raises(EngineError, match=r"Choose 1\."):
        load_securities("2")


def test_its_classes_are_those_that_can_be_held():
    named = {name for part in (*LIST.groups, *LIST.guesses) for name in part.classes}
    assert named < set(CLASSES)


def test_it_knows_the_funds_that_most_people_hold():
    wanted = """VTI VOO SPY IVV VXUS VEA VWO BND AGG VTEB MUB VTIP SCHP TIP VNQ SCHH GLD IAU DBC PDBC VT VB
        IWM SCHB SCHF SCHD VTTHX VBIAX VMFXX SPAXX SWVXX IBIT"""
    assert [symbol for symbol in wanted.split() if LIST.listed(symbol) is None] == []
    assert len(EVERY) >= 60


@pytest.mark.parametrize(("symbol", "group"), EVERY)
def test_every_security_says_what_it_is_and_where_that_comes_from(symbol, group):
    listed = LIST.listed(symbol)
    assert listed.name == group.securities[symbol]
    assert 95 <= sum(listed.classes.values()) <= 100
    assert (listed.remark, listed.as_of) == (group.remark, group.as_of)


@pytest.mark.parametrize("symbol", ["vti", " VTI ", "Vti"])
def test_case_and_spaces_make_no_other_symbol(symbol):
    assert LIST.listed(symbol).symbol == "VTI"


@pytest.mark.parametrize("symbol", ["", "V", "NVLT", "VTI X", "\uff36\uff34\uff29"])
def test_what_is_not_listed_is_not_known(symbol):
    assert LIST.listed(symbol) is None


# -- Guesses -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "classes"),
    [
        ("S&P 500 Index Fund", "us_large_cap"),
        ("Total US Bond Market", "us_aggregate"),
        ("Emerging Markets Small-Cap ETF", "emerging"),
        ("US REITs", "reit"),
        ("Government Money Market", "cash"),
        ("Cash & Cash Investments", "cash"),
        ("California Municipal Bonds", "municipal"),
        ("U.S. TIPS Fund", "tips"),
        ("High Yield Corporate Bond", "high_yield"),
        ("High Yield Savings", "cash"),
        ("Long-Term Treasury", "government"),
        ("MSCI EAFE", "intl_developed"),
        ("Russell 2000 Index", "us_small_cap"),
        ("Bitcoin Trust", "crypto"),
        ("Rental property", "direct_property"),
    ],
)
def test_words_of_a_name_suggest_a_class(name, classes):
    assert LIST.guessed(name) == {classes: 100}


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Target Retirement 2045",
        "Freedom Index 2050",
        "Balanced Fund of Stocks and Bonds",
        "Emerging Markets Bond",
        "US Cash Cows 100",
        "Goldman Industries",
        "Gold Miners ETF",
        "International Business Machines",
        "Bond",
        "Procter & Gamble Co",
        "\0 ٣ \U0001d53eold",
    ],
)
def test_what_could_be_several_classes_is_not_guessed(name):
    assert LIST.guessed(name) == {}


@given(st.text(max_size=200))
def test_any_name_gets_at_most_100_percent(name):
    assert sum(LIST.guessed(name).values()) <= 100


@pytest.mark.parametrize("symbol", ["VOO", "VTI", "VB", "VXUS", "VEA", "VWO", "BND", "MUB", "VTIP"])
def test_the_name_of_a_fund_suggests_what_the_list_says(symbol):
    listed = LIST.listed(symbol)
    assert LIST.guessed(listed.name) == listed.classes


# -- How strictly it is read -------------------------------------------------------------------------------


def test_a_file_that_was_not_changed_builds():
    assert build_securities(read("securities-1")) == LIST


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("surprise", 1, r"surprise @ \$"),
        ("groups.0.surprise", 1, r"surprise @ \$\.groups\[0\]"),
        ("guesses.0.surprise", 1, r"surprise @ \$\.guesses\[0\]"),
        ("groups.0.remark", GONE, "'remark'"),
        ("groups.0.remark", " ", "says where"),
        ("groups.0.as_of", "2025-12-31", "is not written as date"),
        ("groups.0.classes", {"us_large_cap": "100"}, "is not written as int"),
        ("groups.0.classes", {"us_large_cap": 100.0}, "is not written as int"),
        ("groups.0.classes", {"us_large_cap": 101}, "100 % at most"),
        ("groups.0.classes", {"us_large_cap": 60, "reit": 41}, "100 % at most"),
        ("groups.0.classes", {"us_large_cap": 0}, "more than 0"),
        ("groups.0.classes", {"us_large_cap": -1, "reit": 50}, "more than 0"),
        ("groups.0.classes", {"unclassified": 100}, "is left out"),
        ("groups.0.classes", {"metals": 100}, "'metals' is not a valid"),
        ("groups.0.securities", {}, "lists nothing"),
        ("groups.0.securities", {"VTI": "Another"}, "Listed twice: VTI"),
        ("groups.0.securities", {"voo": "Small letters"}, "no symbol in capitals"),
        ("groups.0.securities", {"VOO": ""}, "has a name"),
        ("guesses.0.words", ["& &"], "fits everything"),
        ("guesses.0.classes", {"moon": 100}, "'moon' is not a valid"),
    ],
)
def test_what_does_not_hold_together_is_refused(path, value, reason):
    table = read("securities-1")
    put(table, path, value)
    with pytest.raises(RulesError, match=reason):
        build_securities(table)
