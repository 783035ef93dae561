"""The worked example as bare arithmetic: no rules, no steps, no sentences, no types but tuples.

It holds only the figures and the branches that this example needs. What it gives is compared with the
engine, digit by digit, before anything is timed.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

ZERO, TENTH, CENT = Decimal(0), Decimal("0.1"), Decimal("0.01")
Z = Decimal("-1.6448536269514727")
RISK_FREE, PREMIUM = Decimal("4.18"), Decimal("4.33")

# US large-cap, international, US bonds, real estate, cash; four fifths and one fifth of stocks.
SHARES = ((0, 80), (0, 20), (1, 100), (2, 100), (3, 100))
COMPOUND = tuple(map(Decimal, ("5.25", "7.00", "4.75", "6.50", "3.00")))
VOLATILITY = tuple(map(Decimal, ("16.0", "17.5", "4.75", "20.0", "0.5")))
CORRELATION = (
    tuple(map(Decimal, ("1.00", "0.85", "0.25", "0.75", "0.00"))),
    tuple(map(Decimal, ("0.85", "1.00", "0.30", "0.70", "0.00"))),
    tuple(map(Decimal, ("0.25", "0.30", "1.00", "0.40", "0.00"))),
    tuple(map(Decimal, ("0.75", "0.70", "0.40", "1.00", "0.00"))),
    tuple(map(Decimal, ("0.00", "0.00", "0.00", "0.00", "1.00"))),
)
EPISODES = (
    tuple(map(Decimal, ("-55.2", "-60.2", "+7.3", "-69.3", "+2.7"))),
    tuple(map(Decimal, ("-33.7", "-32.6", "-1.1", "-41.5", "+0.3"))),
    tuple(map(Decimal, ("-24.5", "-28.1", "-14.5", "-31.9", "+0.6"))),
)
BASE = dict(
    enumerate(
        (
            *((10, 40, 0, 50), (15, 43, 2, 40), (20, 47, 3, 30), (25, 50, 5, 20)),
            *((30, 47, 6, 17), (35, 44, 7, 14), (40, 41, 8, 11), (45, 38, 9, 8)),
            *((50, 35, 10, 5), (54, 32, 10, 4), (58, 29, 10, 3), (62, 26, 10, 2)),
            *((66, 23, 10, 1), (70, 20, 10, 0)),
        ),
        start=5,
    )
)
YEARS_LIMIT = {3: 8, 4: 9, 5: 11, 6: 12, 7: 14, 8: 15, 9: 16, 10: 17}


def worked_example(
    choices: tuple[int, int, int, int],
    years: Decimal,
    job: int,
    savings: Decimal,
    essentials: Decimal,
    debt: Decimal,
    income: Decimal,
    variability: int,
    cover: int,
    bearable: int,
    amount: Decimal,
) -> tuple[Any, ...]:
    """Scores, mix, percent and dollars, market figures, bad times, and the nearest bearable mix."""
    horizon = 1 + (years >= 3) + (years >= 5) + (years > 10) + (years > 15)
    months, burden = savings / essentials, 100 * debt / income
    fund = 1 + (months >= 1) + (months >= 3) + (months >= 6) + (months >= 12)
    debts = 1 + (burden <= 43) + (burden <= 36) + (burden <= 28) + (burden <= 20)
    reserve = min(fund, debts)
    raw, iss = sum(choices) + horizon, job + fund + debts + variability + cover
    rti = min(raw, 4 * min(choices) + 6, iss + 8, 12 + 3 * reserve, YEARS_LIMIT.get(int(years), 25))
    points = min(2 * (iss - 15), 10, 5 * (reserve - 1))

    tried = []
    for score in range(rti, 4, -1):  # downwards, until a mix is bearable
        stocks, bonds, alternatives, cash = BASE[min(score, 18)]
        from_cash = min(points, cash)
        from_bonds = min(points - from_cash, bonds)
        into = (from_cash + from_bonds) // 2
        mix = (
            stocks + from_cash + from_bonds - into,
            bonds - from_bonds,
            alternatives + into,
            cash - from_cash,
        )
        parts = tuple(mix[top] * share for top, share in SHARES)
        falls = tuple(
            sum((p * c for p, c in zip(parts, changes, strict=True)), ZERO) / 10_000
            for changes in EPISODES
        )
        tried.append((score, mix, parts, falls))
        if min(falls) >= -bearable:
            break
    (_, mix, parts, falls), (nearest, nearest_mix, _, _) = tried[0], tried[-1]

    percents = tuple(part * CENT for part in parts)
    cents = [divmod(int(amount / CENT) * part, 10_000) for part in parts]
    missing = int(amount / CENT) - sum(units for units, _ in cents)
    largest = sorted(range(5), key=lambda i: -cents[i][1])[:missing]
    dollars = tuple((units + (i in largest)) * CENT for i, (units, _) in enumerate(cents))

    beta = (
        sum(
            (
                part * (correlation * volatility / VOLATILITY[0])
                for part, correlation, volatility in zip(
                    parts, CORRELATION[0], VOLATILITY, strict=True
                )
            ),
            ZERO,
        )
        / 10_000
    )
    expected = RISK_FREE + beta * PREMIUM
    mean = 100 * (
        sum(
            (
                part * (compound / 100 + (volatility / 100) ** 2 / 2)
                for part, compound, volatility in zip(parts, COMPOUND, VOLATILITY, strict=True)
            ),
            ZERO,
        )
        / 10_000
    )
    risks = [part * volatility for part, volatility in zip(parts, VOLATILITY, strict=True)]
    volatility = (
        sum(
            (
                one * other * correlation
                for one, row in zip(risks, CORRELATION, strict=True)
                for other, correlation in zip(risks, row, strict=True)
            ),
            ZERO,
        ).sqrt()
        / 10_000
    )
    growth = 1 + mean / 100
    s_squared = (1 + (volatility / 100 / growth) ** 2).ln()
    bad_year = 100 * ((growth.ln() - s_squared / 2 + Z * s_squared.sqrt()).exp() - 1)
    return (
        (raw, rti, iss, mix),
        (percents, dollars),
        (beta, expected, expected - volatility**2 / 200, mean, volatility),
        (bad_year, (amount * bad_year / 100).quantize(CENT, ROUND_HALF_UP)),
        falls,
        tuple((amount * fall / 100).quantize(CENT, ROUND_HALF_UP) for fall in falls),
        (min(falls).quantize(TENTH, ROUND_HALF_UP), nearest, nearest_mix),
    )
