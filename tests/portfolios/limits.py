"""What the database refuses about portfolios: for each named constraint, rows beyond it and at its edge."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from portfolios.models import (
    CLASSES,
    WHOLE,
    Account,
    BandKind,
    DayValue,
    HoldingRole,
    Kind,
    Plan,
    PlanKind,
    Policy,
    Portfolio,
    SavedFilter,
    Standing,
    Target,
    Tax,
)
from portfolios.models.targets import HELD_ONLY
from riskalloc.engine.rules import RiskLabel
from riskalloc.firms.models import Role
from tests.attacks.limits import Limit, check, once
from tests.factories import FirmFactory, MembershipFactory
from tests.portfolios.factories import (
    AccountFactory,
    HoldingFactory,
    PortfolioFactory,
    SecurityFactory,
    rate,
)

TODAY, DAY = date(2026, 11, 21), timedelta(days=1)
CENT, SMALLEST = Decimal("0.01"), Decimal("0.00000001")


def of(portfolio: Portfolio) -> dict[str, Any]:
    return {"firm": portfolio.firm, "client": portfolio.client, "portfolio": portfolio}


def a_portfolio(shared: dict[str, Any], name: str) -> Portfolio:
    shared[name] = shared.get(name) or PortfolioFactory()
    return shared[name]


CURRENCIES = {
    "refused": [{"currency": text} for text in ("usd", "US", "U1D", "", "US\n")],
    "accepted": [{"currency": text} for text in ("USD", "XXX")],
}


def not_negative(name: str, smallest: Decimal = CENT) -> dict[str, Any]:
    return {
        "refused": [{name: -smallest}],
        "accepted": [{name: Decimal(0)}, {name: smallest}],
    }


# -- Portfolios, accounts, rates ---------------------------------------------------------------------------


def a_rate(**fields: str) -> None:
    rate(PortfolioFactory(), **{"currency": "EUR", "rate": "1.12", **fields})


def a_rate_of(shared: dict[str, Any], *, portfolio: str = "one", currency: str = "EUR") -> None:
    rate(a_portfolio(shared, portfolio), currency, "1.12")


def an_account(**fields: Any) -> None:
    """The kind and the tax are the database's to check, past the model."""
    Account.objects.filter(pk=AccountFactory().pk).update(**fields)


PORTFOLIOS = {
    "portfolio_has_a_name": check(
        PortfolioFactory, refused=[{"name": ""}], accepted=[{"name": "x"}, {"name": "x" * 200}]
    ),
    "portfolio_currency_three_capitals": check(PortfolioFactory, **CURRENCIES),
    "rate_once_per_currency": once(
        a_rate_of,
        twice=[{}, {}],
        apart=[{}, {"currency": "GBP"}, {"portfolio": "two"}],
        columns="portfolios_exchangerate.portfolio_id, portfolios_exchangerate.currency",
    ),
    "rate_is_positive": check(
        a_rate, refused=[{"rate": "0"}, {"rate": "-1"}], accepted=[{"rate": str(SMALLEST)}]
    ),
    "rate_currency_three_capitals": check(a_rate, **CURRENCIES),
    "account_has_a_name": check(an_account, refused=[{"name": ""}], accepted=[{"name": "x"}]),
    "account_cash_not_negative": check(an_account, **not_negative("cash")),
    "account_kind_known": check(
        an_account,
        refused=[{"kind": "mattress"}, {"kind": ""}],
        accepted=[{"kind": kind} for kind in Kind.values],
    ),
    "account_tax_known": check(
        an_account,
        refused=[{"tax": "none"}, {"tax": ""}],
        accepted=[{"tax": tax} for tax in Tax.values],
    ),
    "account_currency_three_capitals": check(an_account, **CURRENCIES),
}

# -- Securities and holdings -------------------------------------------------------------------------------


def a_security(**fields: Any) -> None:
    SecurityFactory(**dict.fromkeys(CLASSES, 0) | fields)


def a_symbol(shared: dict[str, Any], *, symbol: str, firm: str = "here") -> None:
    shared[firm] = shared.get(firm) or FirmFactory()
    SecurityFactory(symbol=symbol, firm=shared[firm])


def a_holding(**fields: Any) -> None:
    values = {"quantity": None, "typed_value": None, "value": Decimal(0), **fields}
    HoldingFactory(**values)


UNITS, VALUED = {"quantity": Decimal(1)}, {"typed_value": Decimal(1)}
FROZEN = {"role": HoldingRole.FROZEN}
SECURITIES = {
    "security_once_per_firm": once(
        a_symbol,
        twice=[{"symbol": "VTI"}, {"symbol": "vti"}],
        apart=[{"symbol": "VTI"}, {"symbol": "VTI", "firm": "elsewhere"}, {"symbol": "VTIP"}],
        columns="security_once_per_firm",
    ),
    "security_has_a_symbol": check(
        a_security, refused=[{"symbol": ""}], accepted=[{"symbol": "x"}, {"symbol": "x" * 64}]
    ),
    "security_currency_three_capitals": check(a_security, **CURRENCIES),
    "security_price_not_negative": check(
        a_security,
        refused=[{"price": -SMALLEST}],
        accepted=[{"price": Decimal(0)}, {"price": SMALLEST}, {"price": None}],
    ),
    "security_price_has_a_day": check(
        a_security,
        refused=[{"priced_on": None}],
        accepted=[{"priced_on": TODAY}, {"price": None, "priced_on": None}],
    ),
    "security_classes_not_negative": check(
        a_security,
        refused=[{name: -1} for name in CLASSES],
        accepted=[{name: 1} for name in CLASSES],
    ),
    "security_classes_within_the_whole": check(
        a_security,
        refused=[{name: WHOLE + 1} for name in CLASSES] + [{"cash": WHOLE, "gold": 1}],
        accepted=[{name: WHOLE} for name in CLASSES] + [{"cash": WHOLE - 1, "gold": 1}],
    ),
    "holding_units_or_value": check(
        a_holding, refused=[{}, UNITS | VALUED], accepted=[UNITS, VALUED]
    ),
    "holding_quantity_not_negative": check(a_holding, **not_negative("quantity", SMALLEST)),
    "holding_typed_value_not_negative": check(a_holding, **not_negative("typed_value")),
    "holding_value_not_negative": check(
        a_holding,
        refused=[UNITS | {"value": -CENT}],
        accepted=[UNITS | {"value": Decimal(0)}],
    ),
    "holding_cost_not_negative": check(
        a_holding,
        refused=[UNITS | {"cost_basis": -CENT}],
        accepted=[UNITS | {"cost_basis": Decimal(0)}, UNITS | {"cost_basis": None}],
    ),
    "holding_role_known": check(
        a_holding,
        refused=[UNITS | {"role": "lost"}, UNITS | {"role": ""}],
        accepted=[UNITS | {"role": role} for role in HoldingRole.values],
    ),
    "holding_frozen_where_a_day_says_so": check(
        a_holding,
        refused=[
            UNITS | {"role": role, "frozen_until": TODAY}
            for role in (HoldingRole.TRADABLE, HoldingRole.EXCLUDED)
        ],
        accepted=[UNITS | FROZEN, UNITS | FROZEN | {"frozen_until": TODAY}, UNITS],
    ),
}

# -- Targets and policies ----------------------------------------------------------------------------------


def a_target(**classes: int) -> None:
    Target.objects.create(**of(PortfolioFactory()), made_by="demo@example.org", **classes)


def a_policy(**fields: Any) -> None:
    """Past the model, which takes what the column takes."""
    Policy.objects.filter(portfolio=PortfolioFactory()).update(**fields)


def percents(*names: str) -> dict[str, Any]:
    """From nought to a hundred percent."""
    return {
        "refused": [{n: v} for n in names for v in (-CENT, 100 + CENT)],
        "accepted": [{n: v} for n in names for v in (Decimal(0), Decimal(100))],
    }


NOTHING: list[Any] = [{"stocks_ceiling": None, "drift_points": None, "usual_deposit": None}]
CEILING, POINTS = percents("stocks_ceiling"), percents("drift_points")
TARGETS = {
    "target_adds_up": check(
        a_target,
        refused=[{}, {"cash": WHOLE - 1}, {"cash": WHOLE, "gold": 1}],
        accepted=[{"cash": WHOLE}, {"cash": WHOLE - 1, "gold": 1}],
    ),
    "target_not_negative": check(
        a_target,
        refused=[
            {name: -1, "us_large_cap" if name != "us_large_cap" else "cash": WHOLE + 1}
            for name in CLASSES
            if name not in HELD_ONLY  # those are refused by the next one as well
        ],
        accepted=[{"us_large_cap": WHOLE}],
    ),
    "target_names_asset_classes": check(
        a_target,
        refused=[{name: 1, "cash": WHOLE - 1} for name in HELD_ONLY],
        accepted=[{name: WHOLE} for name in CLASSES if name not in HELD_ONLY],
    ),
    "policy_band_known": check(
        a_policy,
        refused=[{"band": "rubber"}, {"band": ""}],
        accepted=[{"band": band} for band in BandKind.values],
    ),
    "policy_band_in_range": check(
        a_policy, **percents("band_points", "band_percent", "band_floor")
    ),
    "policy_ceiling_in_range": check(
        a_policy, refused=CEILING["refused"], accepted=CEILING["accepted"] + NOTHING
    ),
    "policy_drift_in_range": check(
        a_policy, refused=POINTS["refused"], accepted=POINTS["accepted"] + NOTHING
    ),
    "policy_money_not_negative": check(
        a_policy,
        refused=[{"minimum_trade": -CENT}, {"cash_to_keep": -CENT}],
        accepted=[{"minimum_trade": Decimal(0), "cash_to_keep": Decimal(0)}],
    ),
    "policy_usual_deposit_positive": check(
        a_policy,
        refused=[{"usual_deposit": Decimal(0)}, {"usual_deposit": -CENT}],
        accepted=[{"usual_deposit": CENT}, *NOTHING],
    ),
}

# -- Standings and plans -----------------------------------------------------------------------------------


def a_standing(**fields: Any) -> None:
    Standing.objects.create(**of(PortfolioFactory()), **fields)


def a_day(
    shared: dict[str, Any] | None = None,
    *,
    portfolio: str = "one",
    day: date = TODAY,
    value: Decimal = CENT,
) -> None:
    shared = {} if shared is None else shared
    DayValue.objects.create(**of(a_portfolio(shared, portfolio)), day=day, value=value)


def a_plan(**fields: Any) -> None:
    values = {"inputs": {}, "result": {}, "software": "test", "plan_format": 1, "made_by": "demo"}
    Plan.objects.create(**of(PortfolioFactory()), **values, **fields)


def a_filter(shared: dict[str, Any] | None = None, *, of: str = "anna", name: str = "Demo") -> None:
    shared = {} if shared is None else shared
    seat = shared[of] = shared.get(of) or MembershipFactory(role=Role.ADVISOR)
    SavedFilter.objects.create(firm=seat.firm, membership=seat, name=name, query="")


KEPT = {
    "standing_value_not_negative": check(a_standing, **not_negative("value")),
    "standing_largest_not_negative": check(a_standing, **not_negative("largest")),
    "standing_behaves_like_a_label": check(
        a_standing,
        refused=[{"behaves_like": label} for label in ("", "Moderate", "reckless")],
        accepted=[{"behaves_like": label} for label in (None, *RiskLabel)],
    ),
    "day_value_once_a_day": once(
        a_day,
        twice=[{}, {}],
        apart=[{}, {"day": TODAY + DAY}, {"portfolio": "two"}],
        columns="portfolios_dayvalue.portfolio_id, portfolios_dayvalue.day",
    ),
    "day_value_not_negative": check(a_day, **not_negative("value")),
    "plan_kind_known": check(
        a_plan,
        refused=[{"kind": "dream"}, {"kind": ""}],
        accepted=[{"kind": kind} for kind in PlanKind.values],
    ),
    "saved_filter_has_a_name": check(
        a_filter, refused=[{"name": ""}], accepted=[{"name": "x"}, {"name": "x" * 60}]
    ),
    "saved_filter_named_once": once(
        a_filter,
        twice=[{}, {}],
        apart=[{}, {"name": "DEMO"}, {"of": "ben"}],
        columns="portfolios_savedfilter.membership_id, portfolios_savedfilter.name",
    ),
}

LIMITS: dict[str, Limit] = {**PORTFOLIOS, **SECURITIES, **TARGETS, **KEPT}
