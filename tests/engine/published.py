"""The published figures, typed once more: what the data files and the engine are held against."""

from fractions import Fraction

CLASSES = (
    *("us_large_cap", "us_small_cap", "intl_developed", "emerging"),
    *("us_aggregate", "government", "ig_corporate", "tips", "high_yield"),
    *("reit", "commodities", "gold", "cash"),
)
TOPS = {
    "stocks": CLASSES[:4],
    "bonds": CLASSES[4:9],
    "alternatives": CLASSES[9:12],
    "cash": CLASSES[12:],
}

# Stocks/bonds/alternatives/cash by effective RTI; 18 holds for everything above as well.
V1_BASE = {
    5: "10/40/0/50",
    6: "15/43/2/40",
    7: "20/47/3/30",
    8: "25/50/5/20",
    9: "30/47/6/17",
    10: "35/44/7/14",
    11: "40/41/8/11",
    12: "45/38/9/8",
    13: "50/35/10/5",
    14: "54/32/10/4",
    15: "58/29/10/3",
    16: "62/26/10/2",
    17: "66/23/10/1",
    18: "70/20/10/0",
}
SEED_BASE = {"conservative": "25/50/5/20", "moderate": "50/35/10/5", "aggressive": "70/20/10/0"}
HORIZON_LIMITS = {3: 8, 4: 9, 5: 11, 6: 12, 7: 14, 8: 15, 9: 16, 10: 17}

# Sleeves in percent of their top class, in the order of the classes.
CORE = {"stocks": "80/0/20/0", "bonds": "100/0/0/0/0", "alternatives": "100/0/0", "cash": "100"}
DIVERSIFIED = {
    "conservative": {"stocks": "75/0/25/0", "bonds": "0/50/25/25/0"},
    "moderate": {"stocks": "65/10/20/5", "bonds": "0/40/35/15/10"},
    "aggressive": {"stocks": "60/10/20/10", "bonds": "0/35/35/15/15"},
}
DIVERSIFIED_ALTERNATIVES = "60/20/20"

RISK_FREE, PREMIUM, INFLATION = "4.18", "4.33", "2.50"
COMPOUND_AND_VOLATILITY = {
    "us_large_cap": ("5.25", "16.0"),
    "us_small_cap": ("7.00", "21.0"),
    "intl_developed": ("7.00", "17.5"),
    "emerging": ("8.00", "21.0"),
    "us_aggregate": ("4.75", "4.75"),
    "government": ("4.00", "3.75"),
    "ig_corporate": ("5.25", "8.0"),
    "tips": ("4.25", "5.75"),
    "high_yield": ("5.75", "9.5"),
    "reit": ("6.50", "20.0"),
    "commodities": ("4.50", "21.0"),
    "gold": ("4.00", "17.0"),
    "cash": ("3.00", "0.5"),
}
# Each class with those before it; 1 with itself.
CORRELATIONS = """
 0.90
 0.85  0.80
 0.75  0.70  0.85
 0.25  0.15  0.30  0.30
-0.10 -0.15  0.00 -0.05  0.85
 0.45  0.40  0.50  0.50  0.85  0.55
 0.35  0.25  0.35  0.40  0.75  0.60  0.70
 0.75  0.70  0.75  0.70  0.40  0.00  0.65  0.50
 0.75  0.75  0.70  0.60  0.40  0.10  0.55  0.40  0.70
 0.45  0.40  0.50  0.50 -0.10 -0.25  0.10  0.20  0.40  0.30
 0.05  0.00  0.15  0.30  0.40  0.35  0.35  0.45  0.15  0.10  0.25
 0.00  0.00  0.00  0.00  0.00  0.00  0.00  0.00  0.00  0.00  0.00  0.00
"""
EPISODES = {
    "2007-09": "-55.2 -58.4 -60.2 -59.1  +7.3 +16.5  -6.8  +3.7 -32.9 -69.3 -47.2 +23.9 +2.7",
    "2020": "   -33.7 -40.7 -32.6 -30.8  -1.1  +4.4 -12.3  -0.6 -21.9 -41.5 -35.3  -3.6 +0.3",
    "2022": "   -24.5 -25.0 -28.1 -29.0 -14.5 -10.3 -21.1 -12.7 -14.6 -31.9 +27.3  -7.3 +0.6",
}


def mix(text: str) -> tuple[int, ...]:
    return tuple(int(points) for points in text.split("/"))


def correlation(one: str, other: str) -> Fraction:
    first, second = sorted((CLASSES.index(one), CLASSES.index(other)))
    if first == second:
        return Fraction(1)
    return Fraction(CORRELATIONS.strip().splitlines()[second - 1].split()[first])


def volatility(asset: str) -> Fraction:
    return Fraction(COMPOUND_AND_VOLATILITY[asset][1])


def beta(asset: str) -> Fraction:
    return correlation(asset, "us_large_cap") * volatility(asset) / volatility("us_large_cap")


def episode(id: str) -> dict[str, Fraction]:
    return dict(zip(CLASSES, map(Fraction, EPISODES[id].split()), strict=True))
