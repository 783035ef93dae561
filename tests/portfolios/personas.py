"""The accounts of the four demo personas, with totals that were worked out by hand.

Invented people and invented prices of 30 September 2026; tickers only make it look familiar.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portfolios.models import Portfolio, Security
from portfolios.services.standing import keep
from questionnaire.models import ClientProfile
from questionnaire.services.owning import own
from riskalloc.firms.audit import By
from tests.factories import make_assessment, make_own_client
from tests.portfolios.factories import AccountFactory, rate
from tests.portfolios.planned import aim_by_answers, empty_portfolio, fund, hold

EURO = "1.12"  # dollars
# Price, then percent of each class.
FUNDS: dict[str, tuple[str, dict[str, int]]] = {
    "VOO": ("560.00", {"us_large_cap": 100}),
    "VTI": ("312.50", {"us_large_cap": 88, "us_small_cap": 12}),
    "VB": ("250.00", {"us_small_cap": 100}),
    "VXUS": ("75.00", {"intl_developed": 73, "emerging": 27}),
    "VTWAX": (
        "54.00",
        {"us_large_cap": 56, "us_small_cap": 7, "intl_developed": 27, "emerging": 10},
    ),
    "AGG": ("100.00", {"us_aggregate": 100}),
    "BND": ("74.00", {"us_aggregate": 100}),
    "VTEB": ("50.00", {"municipal": 100}),
    "VNQ": ("93.75", {"reit": 100}),
    "GLD": ("380.00", {"gold": 100}),
    "VBIAX": ("52.00", {"us_large_cap": 53, "us_small_cap": 7, "us_aggregate": 40}),
    "VTTHX": (
        "28.00",
        {
            "us_large_cap": 38,
            "us_small_cap": 5,
            "intl_developed": 20,
            "emerging": 7,
            "us_aggregate": 21,
            "intl_bonds": 9,
        },
    ),
    "VTHRX": (
        "41.00",
        {
            "us_large_cap": 34,
            "us_small_cap": 4,
            "intl_developed": 18,
            "emerging": 6,
            "us_aggregate": 26,
            "intl_bonds": 11,
            "tips": 1,
        },
    ),
    "VFFVX": (
        "62.00",
        {
            "us_large_cap": 48,
            "us_small_cap": 6,
            "intl_developed": 26,
            "emerging": 10,
            "us_aggregate": 7,
            "intl_bonds": 3,
        },
    ),
    "PG": ("160.00", {"us_large_cap": 100}),
    "RIVQ": ("6.20", {"us_small_cap": 100}),
    "BTC": ("92000.00", {"crypto": 100}),
    "STABLE403": ("1.00", {"us_aggregate": 100}),
    "IBOND-2022-05": ("1.00", {"tips": 100}),
    "IBOND-2026-02": ("1.00", {"tips": 100}),
    "SPAXX": ("1.00", {"cash": 100}),
    "VMFXX": ("1.00", {"cash": 100}),
}


@dataclass(frozen=True, kw_only=True)
class Owned:
    """An account: symbols with their units; what is frozen or left out says so."""

    name: str
    worth: str
    holdings: tuple[tuple[str, str], ...] = ()
    tax: str = "taxable"
    cash: str = "0"
    currency: str = "USD"
    frozen: tuple[str, ...] = ()
    left_out: str = ""


@dataclass(frozen=True, kw_only=True)
class Persona:
    """`total` is what counts, `classes` its look-through before stand-ins; together they are the total."""

    id: str
    answers: dict[str, str]
    accounts: tuple[Owned, ...]
    total: str
    classes: dict[str, str]


EXAMPLE = Persona(
    id="seed-example",
    answers={},
    accounts=(
        Owned(
            name="Brokerage",
            worth="110000.00",
            holdings=(("VOO", "125"), ("VXUS", "200"), ("AGG", "100"), ("VNQ", "160")),
        ),
    ),
    total="110000.00",
    classes={
        "us_large_cap": "70000",  # 125 x 560
        "intl_developed": "10950",  # 73 % of 200 x 75
        "emerging": "4050",  # 27 % of it
        "us_aggregate": "10000",
        "reit": "15000",  # 160 x 93.75
    },
)
TEACHER = Persona(
    id="tenured-teacher",
    answers={
        "drop_reaction": "sell_some",
        "horizon_years": "14",
        "trade_off": "mix_35",
        "past_behaviour": "sold_some",
        "max_loss": "up_to_10",
        "job_security": "tenured_or_pension",
        "largest_fall": "under_5",
        "household_cover": "50_to_75",
    },
    accounts=(
        Owned(
            name="District 403(b)",
            tax="tax_deferred",
            worth="154007.00",  # 107,807.00 + 46,200.00
            holdings=(("VTTHX", "3850.25"), ("STABLE403", "46200")),
        ),
        Owned(
            name="State 457(b)",
            tax="tax_deferred",
            worth="31360.00",
            holdings=(("VTTHX", "1120"),),
        ),
        Owned(
            name="Roth IRA",
            tax="tax_free",
            worth="33616.25",  # 33,306.00 + 310.25
            holdings=(("VBIAX", "640.5"), ("VMFXX", "310.25")),
        ),
        Owned(name="Brokerage", worth="10312.50", holdings=(("VTI", "33"),)),
        Owned(
            name="TreasuryDirect",
            worth="16960.00",  # 11,870.00 + 5,090.00
            holdings=(("IBOND-2022-05", "11870"), ("IBOND-2026-02", "5090")),
            frozen=("IBOND-2026-02",),
        ),
        Owned(name="Savings", worth="25900.00", cash="25900", left_out="emergency fund"),
        Owned(
            name="529 for the daughter",
            tax="tax_free",
            worth="21320.00",
            holdings=(("VBIAX", "410"),),
            left_out="belongs to the child’s goal",
        ),
    ),
    total="246255.75",
    classes={
        "us_large_cap": "79610.64",  # 38 % of 139,167 + 53 % of 33,306 + 88 % of 10,312.50
        "us_small_cap": "10527.27",  # 5 % of 139,167 + 7 % of 33,306 + 12 % of 10,312.50
        "intl_developed": "27833.40",  # 20 % of 139,167
        "emerging": "9741.69",  # 7 % of it
        "us_aggregate": "88747.47",  # 21 % of it + 46,200 + 40 % of 33,306
        "intl_bonds": "12525.03",  # 9 % of 139,167
        "tips": "16960.00",
        "cash": "310.25",
    },
)
DRIVER = Persona(
    id="gig-worker",
    answers={
        "drop_reaction": "buy_more",
        "horizon_years": "35",
        "trade_off": "mix_75",
        "past_behaviour": "sold_all",
        "max_loss": "over_35",
        "job_security": "gig",
        "largest_fall": "25_or_more",
        "household_cover": "under_25",
        "savings": "3770",
        "monthly_essentials": "2900",
        "monthly_debt": "1910",
        "monthly_income": "5083.33",
    },
    accounts=(
        Owned(
            name="Trading app",
            worth="10259.16",  # 2,917.10 + 2,419.26 (4.3201 x 560 = 2,419.256) + 4,710.40 + 212.40
            holdings=(("RIVQ", "470.5"), ("VOO", "4.3201"), ("BTC", "0.0512")),
            cash="212.40",
        ),
        Owned(
            name="SEP-IRA",
            tax="tax_deferred",
            worth="6121.54",  # 88.412 x 62 = 5,481.544, and 640
            holdings=(("VFFVX", "88.412"), ("SPAXX", "640")),
        ),
        Owned(name="Multi-currency", worth="2688.00", cash="2400", currency="EUR"),
        Owned(name="Checking", worth="3770.00", cash="3770", left_out="emergency fund"),
    ),
    total="19068.70",
    classes={
        "us_large_cap": "5050.3992",  # 2,419.26 + 48 % of 5,481.54
        "us_small_cap": "3245.9924",  # 2,917.10 + 6 % of 5,481.54
        "intl_developed": "1425.2004",
        "emerging": "548.154",
        "us_aggregate": "383.7078",
        "intl_bonds": "164.4462",
        "crypto": "4710.40",
        "cash": "3540.40",  # 212.40 + 640.00 + 2,400 x 1.12
    },
)
COUPLE = Persona(
    id="near-retiree-couple",
    answers={
        "horizon_years": "30",
        "largest_fall": "under_5",
        "household_cover": "50_to_75",
        "savings": "126000",
        "monthly_essentials": "7000",
        "monthly_debt": "410",
        "monthly_income": "14250",
    },
    accounts=(
        Owned(
            name="Joint brokerage",
            worth="809575.00",  # 447,600 + 134,375 + 66,600 + 35,000 + 126,000
            holdings=(
                ("PG", "2797.5"),
                ("VTI", "430"),
                ("BND", "900"),
                ("VTEB", "700"),
                ("VMFXX", "126000"),
            ),
        ),
        Owned(
            name="His traditional IRA",
            tax="tax_deferred",
            worth="354380.55",  # 193,750 + 138,750 + 17,760 + 4,120.55
            holdings=(("VTI", "620"), ("VXUS", "1850"), ("BND", "240")),
            cash="4120.55",
        ),
        Owned(
            name="His 401(k)",
            tax="tax_deferred",
            worth="386224.84",  # 9,420.118 x 41 = 386,224.838
            holdings=(("VTHRX", "9420.118"),),
        ),
        Owned(
            name="His Roth IRA",
            tax="tax_free",
            worth="137500.00",
            holdings=(("VB", "310"), ("VNQ", "640")),
        ),
        Owned(
            name="Her traditional IRA",
            tax="tax_deferred",
            worth="153420.80",
            holdings=(("VBIAX", "2950.4"),),
        ),
        Owned(
            name="Her Roth IRA",
            tax="tax_free",
            worth="81316.20",  # 65,356.20 + 15,960.00
            holdings=(("VTWAX", "1210.3"), ("GLD", "42")),
        ),
    ),
    total="1922417.39",
    classes={
        "us_large_cap": "985578.9416",
        "us_small_cap": "147638.3836",
        "intl_developed": "188454.1452",
        "emerging": "67171.6104",
        "us_aggregate": "246146.7784",
        "municipal": "35000",
        "intl_bonds": "42484.7324",
        "tips": "3862.2484",
        "reit": "60000",
        "gold": "15960",
        "cash": "130120.55",
    },
)
PERSONAS = (EXAMPLE, TEACHER, DRIVER, COUPLE)


def portfolio_of(persona: Persona, **policy: Any) -> Portfolio:
    """As the person would have typed it, with the target of their answers."""
    client = make_own_client(name=f"Demo {persona.id}")
    own(assessment=make_assessment(**persona.answers), client=client, by=By())
    portfolio = empty_portfolio(client, **policy)
    rate(portfolio, "EUR", EURO)
    for owned in persona.accounts:
        open_account(portfolio, owned)
    aim_by_answers(portfolio)
    keep(portfolio)
    return portfolio


def open_account(portfolio: Portfolio, owned: Owned) -> None:
    account = AccountFactory(
        portfolio=portfolio,
        name=owned.name,
        tax=owned.tax,
        cash=Decimal(owned.cash),
        currency=owned.currency,
        is_counted=not owned.left_out,
        reason=owned.left_out,
    )
    for symbol, quantity in owned.holdings:
        role = "frozen" if symbol in owned.frozen else "tradable"
        hold(account, fund_of(portfolio.client, symbol), quantity, role=role)


def fund_of(client: ClientProfile, symbol: str) -> Security:
    price, percents = FUNDS[symbol]
    return fund(client, symbol, price, **percents)
