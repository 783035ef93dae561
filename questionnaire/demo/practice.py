"""A practice with twelve clients: due and not due, assessed and not yet, signing in and not."""

from questionnaire.demo.stories import (
    Birth,
    Decision,
    Relative,
    Story,
    all_answers,
    event,
    first,
    review,
)
from riskalloc.engine.assets import Mix

NAME = "Demo practice"
FOUNDED_DAYS_AGO = 900
OWNER, ADVISOR, READER = "owner@example.org", "advisor@example.org", "reader@example.org"

AMARA = Story(
    name="Amara (demo)",
    email="amara@example.org",
    about="a client of the practice, an engineer with a new job",
    signs_in=True,
    born=Birth(31, 1, 17),
    looked_after_by=(ADVISOR,),
    chapters=(
        first(
            742,
            276,
            all_answers(
                amount="38000",
                years="25",
                risk="buy_more mix_75 did_nothing up_to_35",
                job="permanent_or_cyclical",
                savings=("21000", "2400"),
                debts=("640", "6100"),
                fall="under_5",
                cover="under_25",
            ),
        ),
        event(
            "new_job", 430, 9,
            job_security="contract_or_new", monthly_income="7900", market_linked="yes",
        ),
        review(130, 214, amount="64500", horizon_years="23", savings="29500", monthly_debt="420"),
    ),
)  # fmt: skip

BRUNO_AND_CLARA = Story(
    name="Bruno and Clara (demo)",
    email="bruno@example.org",
    phone="+1 555 0142",
    born=Birth(36, 6, 3),
    notes="They decide together. Clara goes back to full hours next autumn.",
    household=(
        Relative(name="Clara (demo)", relation="wife", born=Birth(34, 9, 30)),
        Relative(name="Nico (demo)", relation="son"),
    ),
    typed_by=OWNER,
    looked_after_by=(READER,),
    chapters=(
        first(
            741,
            612,
            all_answers(
                amount="145000",
                years="20",
                risk="hold_calm mix_65 did_nothing up_to_20",
                job="permanent_steady",
                savings=("42000", "3600"),
                debts=("450", "10800"),
                fall="under_5",
                cover="100_or_more",
            ),
        ),
        event("birth", 480, 21, savings="36000", monthly_essentials="4300", household_cover="50_to_75"),
        event(
            "home_purchase", 310, 16,
            amount="92000", savings="17000", monthly_essentials="4700", monthly_debt="2650",
        ),
        review(
            150, 433,
            amount="101500", horizon_years="19", savings="22500", household_cover="75_to_100",
        ),
    ),
)  # fmt: skip

# Overdue, for a good while.
CHEN = Story(
    name="Chen (demo)",
    email="chen@example.org",
    born=Birth(52, 2, 24),
    retires_in_months=130,
    typed_by=ADVISOR,
    looked_after_by=(ADVISOR,),
    chapters=(
        first(
            760,
            548,
            all_answers(
                amount="305000",
                years="13",
                risk="hold_worried mix_50 put_in_less up_to_20",
                job="permanent_or_cyclical",
                savings=("27000", "5200"),
                debts=("2900", "11400"),
                fall="10_to_15",
                cover="25_to_50",
            ),
        ),
        review(413, 405, amount="327400", horizon_years="12", savings="33000", monthly_debt="2700"),
    ),
)  # fmt: skip

DOLORES = Story(
    name="Dolores (demo)",
    email="dolores@example.org",
    born=Birth(67, 5, 8),
    notes="Prefers letters on paper.",
    typed_by=OWNER,
    looked_after_by=(READER,),
    chapters=(
        first(
            735,
            702,
            all_answers(
                amount="412000",
                years="14",
                risk="sell_some mix_35 put_in_less up_to_10",
                job="permanent_steady",
                savings=("58000", "3100"),
                debts=("0", "6300"),
                fall="under_5",
                cover="25_to_50",
            ),
        ),
        event(
            "retirement", 520, 14,
            horizon_years="11", job_security="tenured_or_pension", monthly_income="3900",
            household_cover="75_to_100",
        ),
        review(343, 588, amount="398600", horizon_years="10", savings="54000"),
    ),
)  # fmt: skip

# Not assessed yet: a link was sent and is being answered.
EMEKA = Story(
    name="Emeka (demo)",
    email="emeka@example.org",
    born=Birth(44, 11, 2),
    known_days=9,
    link_sent_days_ago=3,
    link_answers={
        "amount": {"amount": "25000", "needed_within_3_years": "0"},
        "drop_reaction": {"drop_reaction": "hold_worried"},
        "horizon": {"horizon_years": "8"},
    },
)

FARAH = Story(
    name="Farah (demo)",
    email="farah@example.org",
    phone="+1 555 0178",
    born=Birth(49, 12, 19),
    typed_by=OWNER,
    looked_after_by=(READER,),
    chapters=(
        first(
            738,
            466,
            all_answers(
                amount="520000",
                years="15",
                risk="hold_calm mix_65 bought up_to_35",
                job="contract_or_new",
                savings=("76000", "6100"),
                debts=("1900", "13200"),
                fall="15_to_25",
                cover="25_to_50",
            ),
        ),
        review(
            210, 391,
            amount="561000", horizon_years="14", savings="84000",
            largest_fall="10_to_15", household_cover="50_to_75",
            decision=Decision(
                mix=Mix(stocks=45, bonds=30, alternatives=5, cash=20),
                reason=(
                    "Farah is selling her shop and may have to put money in before the sale is"
                    " through. We agreed on more cash until then, and look at it again afterwards."
                ),
            ),
        ),
    ),
)  # fmt: skip

GEORGE = Story(
    name="George (demo)",
    email="george@example.org",
    born=Birth(58, 3, 28),
    notes="Moved abroad; his new advisor has the export.",
    typed_by=OWNER,
    archived_days_ago=95,
    chapters=(
        first(
            739,
            523,
            all_answers(
                amount="233000",
                years="9",
                risk="hold_worried mix_35 did_nothing up_to_10",
                job="permanent_steady",
                savings=("31000", "4400"),
                debts=("1200", "8800"),
                fall="5_to_10",
                cover="25_to_50",
            ),
        ),
        review(340, 372, amount="241800", drop_reaction="sell_some", horizon_years="8"),
    ),
)  # fmt: skip

# Overdue since last week.
HANA_AND_YUSUF = Story(
    name="Hana and Yusuf (demo)",
    email="hana@example.org",
    born=Birth(41, 4, 14),
    household=(Relative(name="Yusuf (demo)", relation="husband", born=Birth(43, 8, 6)),),
    typed_by=ADVISOR,
    looked_after_by=(ADVISOR, READER),
    chapters=(
        first(
            734,
            611,
            all_answers(
                amount="87000",
                years="18",
                risk="hold_calm mix_65 never_invested up_to_20",
                job="tenured_or_pension",
                savings=("19500", "4900"),
                debts=("2100", "9400"),
                fall="5_to_10",
                cover="50_to_75",
            ),
        ),
        review(371, 447, amount="103700", horizon_years="17", savings="34000"),
    ),
)  # fmt: skip

# Not assessed yet.
INGRID = Story(
    name="Ingrid (demo)", email="ingrid@example.org", born=Birth(33, 7, 22), known_days=4
)

# Due soon.
JAMILA = Story(
    name="Jamila (demo)",
    email="jamila@example.org",
    about="a client of the practice who works for herself",
    signs_in=True,
    born=Birth(39, 10, 12),
    looked_after_by=(ADVISOR,),
    chapters=(
        first(
            736,
            337,
            all_answers(
                amount="56000",
                years="22",
                risk="hold_calm mix_65 did_nothing up_to_20",
                job="contract_or_new",
                savings=("24500", "3500"),
                debts=("980", "6700"),
                fall="15_to_25",
                cover="25_to_50",
            ),
        ),
        event("illness", 500, 30, job_security="gig", savings="9800", max_loss="up_to_10"),
        review(
            349, 289,
            amount="58200", horizon_years="21", job_security="contract_or_new", savings="14200",
        ),
    ),
)  # fmt: skip

KOFI = Story(
    name="Kofi (demo)",
    email="kofi@example.org",
    about="a client of the practice who lost a job and found another",
    signs_in=True,
    born=Birth(47, 9, 1),
    looked_after_by=(ADVISOR,),
    chapters=(
        first(
            733,
            301,
            all_answers(
                amount="174000",
                years="16",
                risk="hold_calm mix_50 did_nothing up_to_35",
                job="permanent_steady",
                savings=("39000", "3900"),
                debts=("1600", "9100"),
                fall="under_5",
                cover="50_to_75",
            ),
        ),
        event(
            "job_loss", 420, 6,
            job_security="gig", savings="31000", monthly_income="4600", largest_fall="25_or_more",
        ),
        event(
            "new_job", 240, 11,
            job_security="contract_or_new", monthly_income="8400",
        ),
    ),
)  # fmt: skip

# A home within two years: most of it is needed soon.
LENA = Story(
    name="Lena (demo)",
    email="lena@example.org",
    born=Birth(29, 2, 11),
    typed_by=OWNER,
    chapters=(
        first(
            747,
            354,
            all_answers(
                amount="71000",
                years="5",
                risk="hold_worried mix_50 never_invested up_to_10",
                job="permanent_or_cyclical",
                savings=("15500", "2300"),
                debts=("310", "5600"),
                fall="5_to_10",
                cover="under_25",
                needed="10000",
            ),
        ),
        review(
            300, 267,
            amount="96000", needed_within_3_years="60000", horizon_years="2", savings="18000",
        ),
    ),
)  # fmt: skip

CLIENTS = (
    AMARA,
    BRUNO_AND_CLARA,
    CHEN,
    DOLORES,
    EMEKA,
    FARAH,
    GEORGE,
    HANA_AND_YUSUF,
    INGRID,
    JAMILA,
    KOFI,
    LENA,
)
