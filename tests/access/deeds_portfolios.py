"""What is posted about portfolios, as right as can be."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.utils import timezone

from portfolios.imports.rows import read_rows
from portfolios.models import Account, BandKind, Portfolio, Security, Target
from tests.access.holdings import FULL, seen_of
from tests.portfolios.editing import a_change

PASTED = "Symbol\tQuantity\tPrice\nDemo new\t12.5\t240\n"


def deeds(new_id: UUID) -> dict[str, Any]:
    """By the names of their routes; what they make has this id."""
    made = {"id": new_id}
    return {
        "portfolio_new": lambda firm: {
            **made,
            "name": "Demo new",
            "currency": "USD",
            "takes_target": "on",
            "target_id": new_id,
        },
        "portfolio_rename": lambda firm: {"version": 1, "name": "Demo changed"},
        "portfolio_accounts": lambda firm: made | account(),
        "portfolio_account": lambda firm: account() | version_of(Account, firm.account),
        "portfolio_rates": lambda firm: {
            "rate_currency": "EUR",
            "rate": "1.2",
            "typed_on": timezone.localdate(),
        },
        "portfolio_target": lambda firm: made | target(firm),
        "portfolio_policy": policy,
        "portfolio_paste": lambda firm: made | paste(firm),
        "portfolio_plans": lambda firm: made | plan(firm),
        "plan_mark": lambda firm: {**made, "done": "no"},
        "holding_add": lambda firm: {
            **made,
            "symbol": "Demo new",
            "quantity": "",
            "price": "",
            "value": "12,000",
            "price_currency": "",
            "account": firm.account.pk,
        },
        "holding_edit": lambda firm: a_change(firm.holding, quantity="7", reason="Changed"),
        "holding_preview": lambda firm: a_change(firm.holding, quantity="7", reason="Changed"),
        "holdings_delete": lambda firm: {"count": firm.portfolio.holdings.kept().count()},
        "security_edit": lambda firm: {
            "price": "12",
            "priced_on": timezone.localdate(),
            "price_source": "Changed",
            **version_of(Security, firm.security),
        },
    }


def version_of(model: type[Any], thing: Any) -> dict[str, int]:
    return {"version": model.objects.get(pk=thing.pk).version}


def account() -> dict[str, Any]:
    return {
        "name": "Demo new",
        "kind": "brokerage",
        "tax": "",
        "currency": "USD",
        "cash": "5",
        "custodian": "Demo bank",
        "is_counted": "on",
        "reason": "",
    }


def target(firm: SimpleNamespace) -> dict[str, Any]:
    portfolio = Portfolio.objects.get(pk=firm.portfolio.pk)
    was = Target.objects.latest_of(portfolio)
    return {"was": was.pk, "stocks": 60, "bonds": 30, "alternatives": 0, "cash": 10}


def policy(firm: SimpleNamespace) -> dict[str, Any]:
    return {
        "version": 1,
        "band": BandKind.ABSOLUTE.value,
        "band_points": "4",
        "band_percent": "20",
        "band_floor": "1",
        "stocks_ceiling": "80",
        "drift_points": "3",
        "watches_calendar": "on",
        "minimum_trade": "",
        "cash_to_keep": "",
        "usual_deposit": "",
    }


def paste(firm: SimpleNamespace) -> dict[str, Any]:
    """As the page sends it that shows what was understood."""
    return {
        "text": PASTED,
        "account": firm.account.pk,
        "digest": read_rows(PASTED).digest,
        "is_meant": "",
        "step": "save",
    }


def plan(firm: SimpleNamespace) -> dict[str, Any]:
    _, seen = seen_of(firm.portfolio)
    return {"kind": FULL.kind.value, "cash_flow": "0.00", "seen": seen, "cash": "", "left_out": ""}
