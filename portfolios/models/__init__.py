"""What clients own (portfolios, accounts, securities, holdings), what it is meant to be, and plans."""

from portfolios.models.classes import CLASSES
from portfolios.models.filters import SavedFilter
from portfolios.models.plans import Paste, Plan, PlanKind, PlanMark
from portfolios.models.portfolios import (
    Account,
    ExchangeRate,
    Holding,
    HoldingRole,
    Kind,
    Portfolio,
    Tax,
)
from portfolios.models.prices import PriceImport
from portfolios.models.securities import WHOLE, Security
from portfolios.models.standings import UNITS_PER_DOLLAR, DayValue, Standing
from portfolios.models.targets import BandKind, Policy, Target

__all__ = [
    "CLASSES",
    "UNITS_PER_DOLLAR",
    "WHOLE",
    "Account",
    "BandKind",
    "DayValue",
    "ExchangeRate",
    "Holding",
    "HoldingRole",
    "Kind",
    "Paste",
    "Plan",
    "PlanKind",
    "PlanMark",
    "Policy",
    "Portfolio",
    "PriceImport",
    "SavedFilter",
    "Security",
    "Standing",
    "Target",
    "Tax",
]
