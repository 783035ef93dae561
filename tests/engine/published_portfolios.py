"""Published examples of the arithmetic, each with where it was read and the figures printed there."""

from dataclasses import dataclass

from riskalloc.engine.plans import Kind

LAZY_PYTHON = (
    "https://github.com/hoostus/lazy_rebalance rebalance.py, after optimalrebalancing.info"
)
LAZY_JS = "https://github.com/ianneub/portfolio-rebalance test/rebalancer.test.js"
WEALTHTECH = (
    "https://www.fa-mag.com/news/wealthtech-cookbook-rebalancing-part-2-49249.html?section=3"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedPlan:
    """Values, targets in percent, the cash flow, and the trades that the source prints for it."""

    source: str
    values: tuple[int, ...]
    targets: tuple[int, ...]
    trades: tuple[str, ...]
    kind: Kind
    cash_flow: int = 0
    note: str = ""


# Bonds 20, TIPS 10, US stocks 40, foreign stocks 30.
LAZY = {"values": (16_500, 6_500, 43_500, 33_500), "targets": (20, 10, 40, 30)}
# Stocks, cash, bonds.
THREE = {"values": (100_000, 40_000, 50_000), "targets": (80, 10, 10)}

PLANS = (
    PublishedPlan(
        source=LAZY_PYTHON,
        **LAZY,
        kind=Kind.CASH_FLOW,
        cash_flow=5_000,
        trades=("2166.67", "2833.33", "0", "0"),
    ),
    PublishedPlan(
        source=LAZY_PYTHON,
        **LAZY,
        kind=Kind.CASH_FLOW,
        cash_flow=30_000,
        trades=("9500", "6500", "8500", "5500"),
    ),
    PublishedPlan(
        source=LAZY_PYTHON,
        **LAZY,
        kind=Kind.CASH_FLOW,
        cash_flow=-12_000,
        trades=("0", "0", "-6357.14", "-5642.86"),
    ),
    PublishedPlan(
        source=LAZY_PYTHON,
        **LAZY,
        kind=Kind.CASH_FLOW,
        cash_flow=-35_000,
        trades=("-3500", "0", "-17500", "-14000"),
    ),
    PublishedPlan(
        source=LAZY_JS,
        **THREE,
        kind=Kind.CASH_FLOW,
        cash_flow=25_000,
        trades=("25000", "0", "0"),
    ),
    PublishedPlan(
        source=LAZY_JS,
        **THREE,
        kind=Kind.CASH_FLOW,
        cash_flow=325_000,
        trades=("312000", "11500", "1500"),
    ),
    PublishedPlan(
        source=LAZY_JS,
        **THREE,
        kind=Kind.CASH_FLOW,
        cash_flow=-25_000,
        trades=("0", "-7500", "-17500"),
    ),
    PublishedPlan(
        source=LAZY_JS,
        **THREE,
        kind=Kind.CASH_FLOW,
        cash_flow=-180_000,
        trades=("-92000", "-39000", "-49000"),
    ),
    PublishedPlan(
        source=LAZY_JS,
        values=(1_000_000, 200_000),
        targets=(90, 10),
        kind=Kind.CASH_FLOW,
        cash_flow=-1_000_000,
        trades=("-820000", "-180000"),
    ),
    PublishedPlan(source=LAZY_JS, **THREE, kind=Kind.FULL, trades=("52000", "-21000", "-31000")),
    PublishedPlan(
        source=LAZY_JS,
        **THREE,
        kind=Kind.FULL,
        cash_flow=10_000,
        trades=("60000", "-20000", "-30000"),
    ),
    PublishedPlan(
        source=LAZY_JS,
        **THREE,
        kind=Kind.FULL,
        cash_flow=-1_000,
        trades=("51200", "-21100", "-31100"),
    ),
    # Bonds, US stocks, foreign stocks; pages 8 to 10.
    PublishedPlan(
        source=WEALTHTECH,
        values=(57_500, 36_000, 16_500),
        targets=(50, 30, 20),
        kind=Kind.FULL,
        trades=("-2500", "-3000", "5500"),
    ),
    PublishedPlan(
        source=WEALTHTECH,
        values=(57_500, 36_000, 16_500),
        targets=(50, 30, 20),
        kind=Kind.FULL,
        cash_flow=5_000,
        trades=("0", "-1500", "6500"),
    ),
    PublishedPlan(
        source="http://www.kevinoninvesting.com/2011/09/ (19 September 2011)",
        values=(8_150, 10_380),
        targets=(50, 50),
        kind=Kind.FULL,
        trades=("1115", "-1115"),
    ),
    PublishedPlan(
        source="https://www.finder.com/betterment-vs-wealthfront",
        values=(7_500, 5_000),
        targets=(50, 50),
        kind=Kind.FULL,
        trades=("-1250", "1250"),
        note="printed as what is held afterwards: $6,250 each",
    ),
    PublishedPlan(
        source="https://testsolutionswebsite.com/article/larry-swedroe-5-25-rule/2924 (Bank of Baroda)",
        values=(650_000, 350_000),
        targets=(70, 30),
        kind=Kind.FULL,
        trades=("50000", "-50000"),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedDeposit:
    """The least new money with which nothing need be sold, as the source prints it."""

    source: str
    values: tuple[int, ...]
    targets: tuple[int, ...]
    deposit: int


DEPOSITS = (
    PublishedDeposit(source=LAZY_JS, **THREE, deposit=310_000),
    PublishedDeposit(
        source=LAZY_JS, values=(10_000, 80_000, 10_000), targets=(80, 10, 10), deposit=700_000
    ),
    PublishedDeposit(
        source=LAZY_JS, values=(80_000, 15_000, 5_000), targets=(80, 10, 10), deposit=50_000
    ),
    PublishedDeposit(source=LAZY_JS, values=(30_000, 20_000), targets=(60, 40), deposit=0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedBand:
    """The edges of the 5/25 rule for a target, in percent."""

    source: str
    target: str
    low: str
    high: str


ACCOUNTEND = (
    "https://accountend.com/the-5-25-rule-for-mutual-fund-investors-a-data-driven-approach-to-"
    "smarter-rebalancing"
)
AFFLUENT = (
    "https://affluentsavvycom.pages.dev/what-is-the---rule-investing (after White Coat Investor)"
)

BANDS = (
    PublishedBand(source=ACCOUNTEND, target="60", low="55", high="65"),
    PublishedBand(source=ACCOUNTEND, target="40", low="35", high="45"),
    PublishedBand(source=ACCOUNTEND, target="10", low="7.5", high="12.5"),
    PublishedBand(source=AFFLUENT, target="5", low="3.75", high="6.25"),
    PublishedBand(
        source="https://www.bogleheads.org/wiki/Talk:Rebalancing", target="20", low="15", high="25"
    ),
)

# Betterment: four classes of 25 % at 30, 20, 30 and 20 % have drifted 10 %.
# https://www.betterment.com/resources/portfolio-drift-rebalancing/
BETTERMENT = {"values": (30, 20, 30, 20), "targets": (25, 25, 25, 25), "drift": 10}

# A coding exercise of Wealthsimple, as https://github.com/buckie/port-reb and others print it: held shares,
# prices and targets; "buy 9 shares of GOOG, sell 114 shares of TSLA". Of AAPL it names no trade; one
# share more is bought here, from the $30 that would otherwise be left.
WEALTHSIMPLE = {
    "held": {"GOOG": 52, "AAPL": 136, "TSLA": 239},
    "price": {"GOOG": 98, "AAPL": 22, "TSLA": 8},
    "target": {"GOOG": 60, "AAPL": 30, "TSLA": 10},
    "weight": {"GOOG": "50.96", "AAPL": "29.92", "TSLA": "19.12"},
    "trades": {"GOOG": 9, "TSLA": -114},
}
