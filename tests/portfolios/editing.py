"""The rows of a portfolio's page, as a browser sends and reads them."""

import re
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from portfolios.models import Account, Holding, Portfolio
from riskalloc.engine.amounts import plain
from tests.portfolios.people import (
    account_for,
    aimed,
    held,
    own_browser,
    portfolio_for,
    security_of,
)

# The article's own example: $110,000, of which US large-cap has grown to $70,000.
EXAMPLE = (
    ("VOO", "125", "560"),
    ("VEA", "200", "75"),
    ("AGG", "100", "100"),
    ("VNQ", "160", "93.75"),
)


def htmx(target: str) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Target": target}


def in_row(holding: Holding) -> dict[str, str]:
    return htmx(f"h-{holding.pk}")


def page_of(portfolio: Portfolio) -> str:
    return f"/p/{portfolio.pk}/"


def row_of(holding: Holding, verb: str = "") -> str:
    return f"/p/{holding.portfolio_id}/h/{holding.pk}/{verb and verb + '/'}"


def text_of(answer: HttpResponse) -> str:
    """What is seen, without markup and runs of spaces."""
    seen = re.sub(r'<span class="vh">[^<]*</span>', "", answer.content.decode())
    return " ".join(re.sub(r"<[^>]*>", " ", seen).split())


def ids_in(answer: HttpResponse) -> list[str]:
    return re.findall(r'\bid="([^"]+)"', answer.content.decode())


def out_of_band(answer: HttpResponse) -> set[str]:
    """What an answer puts into other places of the page."""
    tags = re.findall(r'<[a-z]+\b[^>]*hx-swap-oob="[^"]*"[^>]*>', answer.content.decode())
    found = (re.search(r'id="([^"]+)"|beforeend:#(\w+)', tag) for tag in tags)
    return {match[1] or match[2] for match in found if match}


def an_entry(within: Account | None = None, **fields: Any) -> dict[str, Any]:
    """What the form below the table sends."""
    where = {"account": within.pk} if within else {}
    return {"id": uuid4(), "symbol": "VTI", "value": "12,000", **where, **fields}


def a_change(holding: Holding, **fields: Any) -> dict[str, Any]:
    """What an open row sends."""
    holding = Holding.objects.select_related("security").get(pk=holding.pk)
    price = holding.security.price
    in_units = holding.quantity is not None and price is not None
    return {
        "symbol": holding.security.symbol,
        "account": holding.account_id,
        "quantity": "" if holding.quantity is None else plain(holding.quantity),
        "value": "" if holding.typed_value is None else plain(holding.typed_value),
        "price": plain(price) if in_units else "",
        "shown_price": plain(price) if in_units else "",
        "price_currency": holding.security.currency,
        "held_class": "",
        "version": holding.version,
        "security_version": holding.security.version,
        "role": holding.role,
        "frozen_until": holding.frozen_until or "",
        "reason": holding.reason,
        "cost_basis": "",
        "acquired_on": "",
        "priced_on": "",
        **fields,
    }


def example(browser: Client | None = None, *, has_target: bool = True) -> Client:
    """The article's example; `browser.portfolio` and its `browser.account`."""
    browser = browser or own_browser()
    browser.portfolio = portfolio_for(browser.profile)
    browser.account = account_for(browser.portfolio)
    for symbol, quantity, price in EXAMPLE:
        held(browser.account, security_of(browser.portfolio, symbol, price), quantity)
    if has_target:
        aimed(browser.portfolio)
    return browser


def holding_of(browser: Client, symbol: str = "VOO") -> Holding:
    return Holding.objects.get(portfolio=browser.portfolio, security__symbol=symbol)
