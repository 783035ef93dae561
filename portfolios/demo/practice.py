"""What clients of the demo's practice have; three of the twelve have typed in nothing yet."""

from portfolios.demo.shapes import DemoAccount, DemoPortfolio, Held
from portfolios.models import HoldingRole, Kind, Tax

# Her target is still that of the answers before the last.
AMARA = DemoPortfolio(
    owner="amara@example.org",
    put_in="0.30",
    usual_deposit="900",
    ignores_latest_answers=True,
    accounts=(
        DemoAccount(
            name="401(k)",
            kind=Kind.K401,
            tax=Tax.DEFERRED,
            holdings=(Held("VFFVX", "610.25"),),
        ),
        DemoAccount(
            name="Brokerage",
            cash="1914.50",
            holdings=(
                Held("VTI", "60", cost="15300", bought_days_ago=612),
                Held("VXUS", "80", cost="5120", bought_days_ago=612),
            ),
        ),
    ),
)

BRUNO_AND_CLARA = DemoPortfolio(
    owner="bruno@example.org",
    usual_deposit="750",
    accounts=(
        DemoAccount(
            name="Bruno's 401(k)",
            kind=Kind.K401,
            tax=Tax.DEFERRED,
            holdings=(Held("VTTHX", "1850"),),
        ),
        DemoAccount(
            name="Clara's Roth IRA",
            kind=Kind.ROTH_IRA,
            tax=Tax.FREE,
            cash="1100",
            holdings=(Held("VTI", "72"), Held("BND", "150"), Held("VNQ", "64")),
        ),
    ),
)
THEIR_HOUSE = DemoPortfolio(
    owner="bruno@example.org",
    name="New roof",
    put_in="0.80",
    typed_target={"us_aggregate": "40", "cash": "60"},
    accounts=(
        DemoAccount(
            name="Savings", kind=Kind.BANK, cash="5300", holdings=(Held("BND", "50", cost="3600"),)
        ),
    ),
)

# Prices that nobody has looked up for a while.
CHEN = DemoPortfolio(
    owner="chen@example.org",
    accounts=(
        DemoAccount(
            name="Employer's plan",
            kind=Kind.K401,
            tax=Tax.DEFERRED,
            holdings=(Held("PLAN STOCK", "4500"), Held("PLAN BOND", "5000")),
        ),
        DemoAccount(
            name="Traditional IRA",
            kind=Kind.IRA,
            tax=Tax.DEFERRED,
            cash="5485",
            holdings=(Held("VTI", "140"),),
        ),
    ),
)

# Careful answers, and holdings from before them: far out of band.
DOLORES = DemoPortfolio(
    owner="dolores@example.org",
    put_in="0",
    accounts=(
        DemoAccount(
            name="Brokerage",
            cash="19200",
            holdings=(
                Held("VOO", "440", cost="118800", bought_days_ago=3020),
                Held("PG", "600", cost="31440", bought_days_ago=4410),
                Held("BND", "500", cost="41200", bought_days_ago=1530),
            ),
        ),
    ),
)

# As her advisor decided, with the shop that she sells left out.
FARAH = DemoPortfolio(
    owner="farah@example.org",
    put_in="0.05",
    accounts=(
        DemoAccount(
            name="Brokerage",
            cash="27500",
            holdings=(
                Held("VTI", "560", cost="98000", bought_days_ago=2210),
                Held("VXUS", "900", cost="52200", bought_days_ago=2210),
                Held("BND", "1500", cost="115500", bought_days_ago=905),
                Held("VTIP", "1000", cost="48700", bought_days_ago=905),
                Held("VNQ", "320", cost="27400", bought_days_ago=905),
                Held("VMFXX", "100000"),
            ),
        ),
        DemoAccount(
            name="Her business",
            kind=Kind.OTHER,
            holdings=(
                Held("Her shop", value="240000", role=HoldingRole.EXCLUDED, reason="is being sold"),
            ),
        ),
    ),
)

HANA_AND_YUSUF = DemoPortfolio(
    owner="hana@example.org",
    usual_deposit="400",
    accounts=(
        DemoAccount(
            name="Hana's 403(b)",
            kind=Kind.K401,
            tax=Tax.DEFERRED,
            holdings=(Held("BND", "340"), Held("VTI", "96")),
        ),
        DemoAccount(
            name="Yusuf's Roth IRA",
            kind=Kind.ROTH_IRA,
            tax=Tax.FREE,
            cash="790",
            holdings=(Held("VTI", "70"), Held("VXUS", "150"), Held("VNQ", "156")),
        ),
    ),
)

# Nothing but cash.
JAMILA = DemoPortfolio(
    owner="jamila@example.org",
    put_in="0.20",
    usual_deposit="350",
    accounts=(
        DemoAccount(name="Savings", kind=Kind.BANK, cash="41000"),
        DemoAccount(name="SEP-IRA", kind=Kind.IRA, tax=Tax.DEFERRED, cash="17200"),
    ),
)

# At the target, but for what does not divide.
KOFI = DemoPortfolio(
    owner="kofi@example.org",
    put_in="0.08",
    accounts=(
        DemoAccount(
            name="Rollover IRA",
            kind=Kind.IRA,
            tax=Tax.DEFERRED,
            cash="95",
            holdings=(
                Held("VTI", "312"),
                Held("VXUS", "325"),
                Held("BND", "470"),
                Held("VNQ", "184"),
            ),
        ),
    ),
)

# Most of it is for a home, and some of that is locked.
LENA = DemoPortfolio(
    owner="lena@example.org",
    name="A home",
    put_in="0.40",
    usual_deposit="1200",
    accounts=(
        DemoAccount(
            name="Savings",
            kind=Kind.BANK,
            cash="31000",
            holdings=(
                Held(
                    "CD", value="50000", role=HoldingRole.FROZEN, frozen_for_days=270,
                    reason="a deposit that is locked for twelve months",
                ),
            ),
        ),
        DemoAccount(
            name="Brokerage", holdings=(Held("VTI", "48", cost="11760", bought_days_ago=700),)
        ),
    ),
)  # fmt: skip

PRACTICE = (
    AMARA,
    BRUNO_AND_CLARA,
    THEIR_HOUSE,
    CHEN,
    DOLORES,
    FARAH,
    HANA_AND_YUSUF,
    JAMILA,
    KOFI,
    LENA,
)
