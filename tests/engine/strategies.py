"""Any answers, any amount: what the properties are tried with."""

from decimal import Decimal

from hypothesis import strategies as st

from riskalloc.engine.scoring import Answers
from tests.engine.cast import CODES, METHODS, SLEEVES

# Where the rules of time change: scores, limits by whole years, limits on a rise.
YEARS = [
    Decimal(text)
    for text in (
        "0 2 2.99 3 3.99 4 4.99 5 5.99 6 6.99 7 7.99 8 8.99 9 9.99 10 10.01 10.99 11 15 15.01 40"
    ).split()
]
MONEY = [Decimal(text) for text in "0 0.01 499.99 500 999.99 1000 1250 3000 6000.5 12000".split()]

horizons = st.sampled_from(YEARS) | st.integers(0, 4000).map(lambda n: Decimal(n) / 100)
money = st.sampled_from(MONEY) | st.integers(0, 2_000_000).map(lambda cents: Decimal(cents) / 100)
amounts = st.integers(1, 10**11).map(lambda cents: Decimal(cents) / 100)
versions = st.sampled_from([method.version for method in METHODS])
sleeves = st.sampled_from(SLEEVES)
scores = st.integers(5, 25)

any_answers = st.builds(
    Answers,
    drop_reaction=st.sampled_from(CODES["drop_reaction"]),
    horizon_years=horizons,
    trade_off=st.sampled_from(CODES["trade_off"]),
    past_behaviour=st.sampled_from([*CODES["past_behaviour"], "never_invested"]),
    max_loss=st.sampled_from(CODES["max_loss"]),
    job_security=st.sampled_from(CODES["job_security"]),
    savings=money,
    monthly_essentials=money,
    monthly_debt=money,
    monthly_income=money,
    largest_fall=st.sampled_from(CODES["largest_fall"]),
    market_linked=st.booleans(),
    household_cover=st.sampled_from(CODES["household_cover"]),
)
