"""Four people on their own, each in a firm of one. The last chapter is how they answer today."""

from questionnaire.demo.stories import (
    Birth,
    Relative,
    Story,
    all_answers,
    event,
    first,
    review,
)

# Fine until next year.
ALEX = Story(
    name="Alex (demo)",
    email="alex@example.org",
    about="the example investor",
    signs_in=True,
    born=Birth(38, 3, 9),
    retires_in_months=143,
    chapters=(
        first(
            735,
            341,
            all_answers(
                amount="112000",
                years="14",
                risk="hold_worried mix_50 did_nothing up_to_20",
                job="permanent_steady",
                savings=("31000", "2600"),
                debts=("300", "7400"),
                fall="5_to_10",
                cover="50_to_75",
            ),
        ),
        event(
            "home_purchase", 590, 12,
            amount="68000", savings="9000", monthly_essentials="3000", monthly_debt="2000",
        ),
        review(
            370, 254,
            amount="81500", horizon_years="13", savings="16500", monthly_income="7700",
            household_cover="75_to_100",
        ),
        review(
            20, 228,
            amount="100000", drop_reaction="hold_calm", horizon_years="12", savings="24000",
            monthly_income="8000",
        ),
    ),
)  # fmt: skip

# Her review is due soon.
MARIA = Story(
    name="Maria (demo)",
    email="maria@example.org",
    about="a tenured teacher, careful with money",
    signs_in=True,
    born=Birth(46, 1, 15),
    retires_in_months=157,
    chapters=(
        first(
            745,
            402,
            all_answers(
                amount="188400",
                years="15",
                risk="sell_some mix_35 sold_some up_to_10",
                job="tenured_or_pension",
                savings=("5900", "3300"),
                debts=("2050", "6210"),
                fall="under_5",
                cover="50_to_75",
            ),
        ),
        event("inheritance", 560, 25, amount="226900", savings="24100", monthly_debt="1455"),
        review(
            350, 297,
            amount="246255.75", horizon_years="14", savings="25900", monthly_essentials="3450",
            monthly_income="6541.67",
        ),
    ),
)  # fmt: skip

# His review is overdue, and his answers pull in different directions.
DEV = Story(
    name="Dev (demo)",
    email="dev@example.org",
    about="drives and draws, and the pay goes up and down",
    signs_in=True,
    born=Birth(29, 10, 5),
    chapters=(
        first(
            755,
            158,
            all_answers(
                amount="11200",
                years="36",
                risk="buy_more mix_75 sold_all over_35",
                job="contract_or_new",
                savings=("9400", "2600"),
                debts=("1310", "5400"),
                fall="10_to_15",
                cover="under_25",
            ),
        ),
        event(
            "job_loss", 600, 4,
            job_security="gig", savings="3100", monthly_income="4100", largest_fall="25_or_more",
        ),
        review(
            385, 131,
            amount="19068.7", horizon_years="35", savings="3770", monthly_essentials="2900",
            monthly_debt="1910", monthly_income="5083.33",
        ),
    ),
)  # fmt: skip

# Time moves their years by itself.
ROBERT_AND_ELAINE = Story(
    name="Robert and Elaine (demo)",
    email="robert@example.org",
    about="a couple close to retirement",
    signs_in=True,
    born=Birth(63, 4, 2),
    retires_in_months=15,
    household=(Relative(name="Elaine (demo)", relation="wife", born=Birth(61, 7, 19)),),
    chapters=(
        first(
            750,
            517,
            all_answers(
                amount="1712000",
                years="32",
                risk="hold_calm mix_50 did_nothing up_to_10",
                job="permanent_steady",
                savings=("118000", "6800"),
                debts=("1180", "13600"),
                fall="under_5",
                cover="75_to_100",
            ),
        ),
        review(
            384, 386,
            amount="1835500", horizon_years="31", max_loss="up_to_20", savings="122000",
        ),
        event(
            "nearing_retirement", 180, 2,
            horizon_years="30", monthly_debt="410", monthly_income="14250",
            household_cover="50_to_75",
        ),
        review(12, 344, amount="1922417.39", savings="126000", monthly_essentials="7000"),
    ),
)  # fmt: skip

PERSONAS = (ALEX, MARIA, DEV, ROBERT_AND_ELAINE)
