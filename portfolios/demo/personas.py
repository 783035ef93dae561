"""What the four people on their own have. Their totals are those of their latest answers, but for Alex."""

from portfolios.demo.shapes import DemoAccount, DemoPortfolio, Held
from portfolios.models import HoldingRole, Kind, Tax

EMERGENCY = "emergency fund"

# The article's example: US large-cap has run ahead of the rest.
ALEX = DemoPortfolio(
    owner="alex@example.org",
    usual_deposit="500",
    has_saved_plan=True,
    accounts=(
        DemoAccount(
            name="Brokerage",
            holdings=(
                Held("VOO", "125", cost="60000", bought_days_ago=380),
                Held("VXUS", "200", cost="15000", bought_days_ago=380),
                Held("AGG", "100", cost="10000", bought_days_ago=380),
                Held("VNQ", "160", cost="15000", bought_days_ago=380),
            ),
        ),
    ),
)

# Funds of several classes, savings bonds that may not be sold yet, and money that is for something else.
MARIA = DemoPortfolio(
    owner="maria@example.org",
    usual_deposit="600",
    accounts=(
        DemoAccount(
            name="District 403(b)",
            kind=Kind.K401,
            tax=Tax.DEFERRED,
            holdings=(Held("VTTHX", "3850.250"), Held("STABLE403", "46200.00")),
        ),
        DemoAccount(
            name="State 457(b)",
            kind=Kind.PENSION,
            tax=Tax.DEFERRED,
            holdings=(Held("VTTHX", "1120.000"),),
        ),
        DemoAccount(
            name="Roth IRA",
            kind=Kind.ROTH_IRA,
            tax=Tax.FREE,
            holdings=(Held("VBIAX", "640.500"), Held("VMFXX", "310.25")),
        ),
        DemoAccount(name="Brokerage", holdings=(Held("VTI", "33", cost="7555.90"),)),
        DemoAccount(
            name="TreasuryDirect",
            kind=Kind.OTHER,
            holdings=(
                Held("I bonds, older", "11870.00", cost="9999.29", bought_days_ago=1612),
                Held(
                    "I bonds, locked", "5090.00", cost="4999.91", bought_days_ago=240,
                    role=HoldingRole.FROZEN, frozen_for_days=124,
                    reason="cannot be cashed in their first year",
                ),
            ),
        ),
        DemoAccount(
            name="Credit union savings", kind=Kind.BANK, cash="25900", left_out_because=EMERGENCY
        ),
        DemoAccount(
            name="529 for Lucia",
            kind=Kind.EDUCATION,
            tax=Tax.FREE,
            left_out_because="belongs to the child's goal",
            holdings=(Held("VBIAX", "410.000", reason="belongs to the child's goal"),),
        ),
    ),
)  # fmt: skip

# A share that has lost half of its price, crypto, and money in another currency.
DEV = DemoPortfolio(
    owner="dev@example.org",
    rates={"EUR": "1.12"},
    put_in="0.35",
    accounts=(
        DemoAccount(
            name="Trading app",
            cash="212.40",
            holdings=(
                Held("RIVQ", "470.5", cost="6489.40"),
                Held("VOO", "4.3201", cost="1814.61"),
                Held("BTC", "0.0512", cost="4755.78"),
            ),
        ),
        DemoAccount(
            name="SEP-IRA",
            kind=Kind.IRA,
            tax=Tax.DEFERRED,
            holdings=(Held("VFFVX", "88.412"), Held("SPAXX", "640.00")),
        ),
        DemoAccount(name="Multi-currency account", kind=Kind.BANK, currency="EUR", cash="2400.00"),
        DemoAccount(name="Checking", kind=Kind.BANK, cash="3770", left_out_because=EMERGENCY),
    ),
)

# Six accounts of two people, and a share that has grown for 28 years.
ROBERT_AND_ELAINE = DemoPortfolio(
    owner="robert@example.org",
    put_in="0.03",
    accounts=(
        DemoAccount(
            name="Joint brokerage",
            holdings=(
                Held("PG", "2797.50", cost="114941.77"),
                Held("VTI", "430", cost="54529"),
                Held("BND", "900", cost="78840", bought_days_ago=2087),
                Held("VTEB", "700", cost="33460", bought_days_ago=1077),
                Held("VMFXX", "126000.00"),
            ),
        ),
        DemoAccount(
            name="Robert's traditional IRA",
            kind=Kind.IRA,
            tax=Tax.DEFERRED,
            cash="4120.55",
            holdings=(
                Held("VTI", "620"),
                Held("VXUS", "1850"),
                Held("BND", "240", cost="17736", bought_days_ago=12),
            ),
        ),
        DemoAccount(
            name="Robert's 401(k)",
            kind=Kind.K401,
            tax=Tax.DEFERRED,
            holdings=(Held("VTHRX", "9420.118"),),
        ),
        DemoAccount(
            name="Robert's Roth IRA",
            kind=Kind.ROTH_IRA,
            tax=Tax.FREE,
            holdings=(Held("VB", "310"), Held("VNQ", "640")),
        ),
        DemoAccount(
            name="Elaine's traditional IRA",
            kind=Kind.IRA,
            tax=Tax.DEFERRED,
            holdings=(Held("VBIAX", "2950.400"),),
        ),
        DemoAccount(
            name="Elaine's Roth IRA",
            kind=Kind.ROTH_IRA,
            tax=Tax.FREE,
            holdings=(Held("VTWAX", "1210.300"), Held("GLD", "42")),
        ),
    ),
)

PERSONAS = (ALEX, MARIA, DEV, ROBERT_AND_ELAINE)
