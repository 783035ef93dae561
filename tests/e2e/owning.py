"""Portfolios for a browser, and what people do with their rows."""

import re
from collections.abc import Callable
from decimal import Decimal

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from portfolios.models import Holding, Portfolio, Security
from portfolios.services.securities import set_price
from questionnaire.models import ClientProfile
from tests.e2e.desk import assessed, sign_in
from tests.factories import make_own_client
from tests.portfolios.editing import EXAMPLE
from tests.portfolios.people import BY, account_for, held, portfolio_for, security_of
from tests.portfolios.planned import aim_by_answers

Make = Callable[[ClientProfile], Portfolio]
PAGE = "/p/{p}/"
# Says so on the page when a swap has left the focus nowhere; asked for by `expect_focus_was_kept`.
WATCH_FOCUS = """() => {
    window.lost = 0;
    const look = () => { window.lost += document.activeElement === document.body };
    document.addEventListener("htmx:afterSettle", () => setTimeout(() => setTimeout(look)));
}"""


def with_rows(client: ClientProfile, voo: str = "125") -> Portfolio:
    """The rows of the article's example, of today; no target."""
    portfolio = portfolio_for(client)
    account = account_for(portfolio)
    for symbol, quantity, price in EXAMPLE:
        security = security_of(portfolio, symbol, price)
        held(account, security, voo if symbol == "VOO" else quantity)
    Security.objects.filter(firm=client.firm).update(priced_on=timezone.localdate())
    return portfolio


def due(client: ClientProfile, voo: str = "125") -> Portfolio:
    """The same with the target of the client's answers, 3.6 points away."""
    assessed(client)
    portfolio = with_rows(client, voo)
    aim_by_answers(portfolio)
    return portfolio


def far_off(client: ClientProfile) -> Portfolio:
    """Outside its bands."""
    return due(client, "250")


def quiet(client: ClientProfile) -> Portfolio:
    """Nothing is due: 2.5 points away."""
    return due(client, "120")


def nothing_yet(client: ClientProfile) -> Portfolio:
    return portfolio_for(client)


def holding_of(portfolio: Portfolio, symbol: str = "VOO") -> Holding:
    return Holding.objects.select_related("security").get(
        portfolio=portfolio, security__symbol=symbol
    )


def at_home(page: Page, make: Make = due, address: str = PAGE) -> Portfolio:
    """Somebody at an address of their own portfolio."""
    client = make_own_client(name="Demo Elaine")
    portfolio = make(client)
    sign_in(page, client.membership.user)
    go(page, portfolio, address)
    return portfolio


def go(page: Page, portfolio: Portfolio, address: str = PAGE) -> None:
    page.goto(address.format(p=portfolio.pk))
    page.evaluate(WATCH_FOCUS)


def expect_focus_was_kept(page: Page) -> None:
    assert page.evaluate("window.lost") == 0


# -- Rows --------------------------------------------------------------------------------------------------


def row(page: Page, portfolio: Portfolio, symbol: str = "VOO") -> Locator:
    """The row of a holding, in whatever state it is."""
    return page.locator(f"#h-{holding_of(portfolio, symbol).pk}")


def edit(page: Page, portfolio: Portfolio, symbol: str = "VOO") -> Locator:
    """Open a row, and get it (or the page that it is without JavaScript)."""
    found = row(page, portfolio, symbol)
    found.get_by_role("link", name=f"Edit {symbol}").click()
    field = page.locator("#id_symbol")
    expect(field).to_have_value(symbol)
    settled(page)  # the focus has come to the first field, and takes no keys from another
    return found.or_(page.locator("main:has(> form)")).first


def write(label: str, text: str, within: Page | Locator) -> None:
    within.get_by_label(re.compile(rf"^{label}")).first.fill(text)


def press(name: str, within: Page | Locator) -> None:
    within.get_by_role("button", name=name).first.click()


def cell(found: Locator, name: str) -> Locator:
    return found.locator(f"[data-name='{name}']")


def settled(page: Page) -> None:
    """Nothing is on its way any more."""
    busy = page.locator(".htmx-request, .htmx-swapping, .htmx-settling, [aria-busy]")
    expect(busy).to_have_count(0)


def change_price(portfolio: Portfolio, symbol: str, price: str) -> None:
    """Behind the page's back."""
    security = holding_of(portfolio, symbol).security
    set_price(
        security=security, version=security.version, price=Decimal(price),
        priced_on=timezone.localdate(), source="test", by=BY,
    )  # fmt: skip


def quantity_of(portfolio: Portfolio, symbol: str = "VOO") -> Decimal | None:
    return holding_of(portfolio, symbol).quantity
