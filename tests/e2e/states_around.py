"""The pages around a portfolio, in every state that one can meet."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Page

from portfolios.models import Account, Policy, Portfolio, Security, Standing
from portfolios.services.mixes import decision_for
from portfolios.services.portfolios import archive_portfolio, set_rate
from portfolios.services.samples import add_sample
from portfolios.services.targets import set_target
from riskalloc.firms.audit import By
from riskalloc.firms.models import Firm, Role
from tests.e2e.desk import assessed, sign_in
from tests.e2e.states import Act, State
from tests.factories import ClientFactory, assign, make_own_client
from tests.portfolios.people import account_for, aimed, held, portfolio_for, security_of

BY = By(name="demo-advisor@example.org")
ROWS = "Symbol\tQuantity\tPrice\nVTI\t12.5\t245.50\nBND\t80\t72.10\nDemo fund of a friend\t3\t10\n"
LONG_NAME = "Bartholomew’s and Elaine’s money for the days when nobody works any more (demo) " * 2


def full(portfolio: Portfolio) -> None:
    """Accounts of every sort, holdings, rates, and a target of answers that are no longer the last."""
    client = portfolio.client
    assessed(client, days_ago=300)
    decision = decision_for(client)
    set_target(
        portfolio=portfolio, target_id=uuid4(), percents=decision.percents(),
        assessment=decision.assessment, by=BY,
    )  # fmt: skip
    today = timezone.localdate()
    set_rate(portfolio=portfolio, currency="EUR", rate=Decimal("1.0832"), typed_on=today, by=BY)
    account = account_for(portfolio, cash=Decimal("2500.50"), custodian="Demo bank")
    account_for(
        portfolio, name="Tagesgeld", kind="bank", currency="EUR", cash=Decimal(9000),
        is_counted=False, reason="emergency fund",
    )  # fmt: skip
    for symbol, price, quantity in (("VOO", "560", "125"), ("VXUS", "75", "200")):
        held(account, security_of(portfolio, symbol, price), quantity)
    assessed(client, horizon_years="6")


def opened(
    address: str, *acts: Act, is_full: bool = True, role: Role | None = None, **values: str
) -> Act:
    """Open an address about a portfolio: as the person whose it is, or as somebody at the desk."""

    def reach(page: Page) -> None:
        firm = {"firm": Firm.objects.create(name="Demo practice")} if role else {}
        client = make_own_client(name="Demo Robert", **firm)
        portfolio = portfolio_for(client, **values)
        if is_full:
            full(portfolio)
        user = assign(client, role) if role else client.membership.user
        sign_in(page, user)
        account = portfolio.accounts.order_by("created_at").first()
        security = Security.objects.filter(firm=client.firm, symbol="VOO").first()
        keys = {"account": account and account.pk, "security": security and security.pk}
        page.goto(address.format(portfolio=portfolio.pk, client=client.pk, **keys))
        for act in acts:
            act(page)

    return reach


def press(name: str) -> Act:
    return lambda page: page.get_by_role("button", name=name).first.click()


def write(label: str, text: str) -> Act:
    return lambda page: page.get_by_label(label, exact=True).first.fill(text)


def paste(text: str = ROWS) -> tuple[Act, Act]:
    return write("Your holdings", text), press("Read it")


def newest() -> Portfolio:
    """The one that was opened: of whoever came before, theirs are still there."""
    return Portfolio.objects.latest("created_at")


def shared_with_others(page: Page) -> None:
    security = Security.objects.get(firm=newest().firm_id, symbol="VOO")
    other = portfolio_for(ClientFactory(firm=security.firm))
    held(account_for(other), security)
    page.reload()


def policy_changed(page: Page) -> None:
    Policy.objects.update(band="none", drift_points=4, version=F("version") + 1)
    write("Most drift of the whole portfolio", "5")(page)
    press("Save")(page)


def account_changed(page: Page) -> None:
    Account.objects.update(name="Theirs", version=F("version") + 1)
    write("Name", "Mine")(page)
    press("Save")(page)


def target_changed(page: Page) -> None:
    aimed(newest(), {"cash": 100})
    write("Stocks", "60")(page)
    write("Bonds", "25")(page)
    press("Save the target")(page)


def several(page: Page) -> None:
    portfolio = newest()
    portfolio_for(portfolio.client, LONG_NAME[:150])
    add_sample(portfolio=portfolio_for(portfolio.client, "Trying things out"), by=BY)
    archive_portfolio(portfolio=portfolio_for(portfolio.client, "Old one"), by=BY)
    page.reload()


def stale_prices(page: Page) -> None:
    Standing.objects.update(oldest_price_on=timezone.localdate() - timedelta(days=45))
    page.reload()


P = "/p/{portfolio}/"
AROUND_STATES = (
    State("portfolios of a client", opened("/c/{client}/", several, stale_prices), "Portfolios"),
    State("portfolios, for a reader", opened("/c/{client}/", role=Role.READER), "Portfolios"),
    State("portfolios, none", opened("/c/{client}/", is_full=False), "Portfolios"),
    State("what needs me, with portfolios", opened("/today/", several), "Your money"),
    State("new portfolio", opened("/c/{client}/portfolios/new/"), "Add a portfolio"),
    State(
        "new portfolio, wrong",
        opened("/c/{client}/portfolios/new/", press("Add the portfolio"), is_full=False),
        "There is a problem",
    ),
    State("rename", opened(P + "rename/", name=LONG_NAME[:150]), "Rename or archive"),
    State("accounts", opened(P + "accounts/"), "Accounts"),
    State("accounts, none", opened(P + "accounts/", is_full=False), "Accounts"),
    State("accounts, for a reader", opened(P + "accounts/", role=Role.READER), "Accounts"),
    State(
        "accounts, wrong",
        opened(P + "accounts/", write("Cash in it", "1e3"), press("Add the account")),
        "There is a problem",
    ),
    State(
        "rates, wrong",
        opened(P + "accounts/", press("Save the rate"), is_full=False),
        "There is a problem",
    ),
    State("account of money", opened(P + "accounts/{account}/"), "Change Brokerage"),
    State(
        "account, changed meanwhile",
        opened(P + "accounts/{account}/", account_changed),
        "Somebody changed this account meanwhile",
    ),
    State("target", opened(P + "target/"), "Target"),
    State("target, none", opened(P + "target/", is_full=False), "From the answers"),
    State("target, for a reader", opened(P + "target/", role=Role.READER), "Target"),
    State(
        "target, looked at first",
        opened(P + "target/", write("Stocks", "60"), write("Bonds", "25"), press("See what would")),
        "What would change",
    ),
    State(
        "target, wrong",
        opened(P + "target/", write("Stocks", "60"), press("Save the target")),
        "There is a problem",
    ),
    State(
        "target, set meanwhile",
        opened(P + "target/", target_changed),
        "Something else holds by now",
    ),
    State("newer mix", opened(P), "There is a newer mix"),
    State("rules", opened(P + "policy/"), "When a rebalance is due"),
    State(
        "rules, wrong",
        opened(P + "policy/", write("Most in stocks", "101"), press("Save")),
        "There is a problem",
    ),
    State(
        "rules, changed meanwhile",
        opened(P + "policy/", policy_changed),
        "Somebody changed these rules meanwhile",
    ),
    State("security", opened(P + "s/{security}/"), "What is in it"),
    State("security, at the desk", opened(P + "s/{security}/", role=Role.ADVISOR), "Price"),
    State(
        "security, wrong",
        opened(P + "s/{security}/", write("Price of one", "0"), press("Save the price")),
        "There is a problem",
    ),
    State(
        "security, of others too",
        opened(P + "s/{security}/", shared_with_others, role=Role.READER),
        "What is in it",
    ),
    State("paste", opened(P + "paste/"), "Paste or upload"),
    State("paste, no account", opened(P + "paste/", is_full=False), "Paste or upload"),
    State("paste, wrong", opened(P + "paste/", press("Read it")), "There is a problem"),
    State("paste, understood", opened(P + "paste/", *paste()), "What was understood"),
    State(
        "paste, without headings",
        opened(P + "paste/", *paste("VOO, 3, 600\nBND, 80, 72.10")),
        "What was understood",
    ),
    State(
        "paste, lines that need something",
        opened(P + "paste/", *paste(ROWS + "XYZ\t-5\t1\nTotal\t\t\n")),
        "Correct these first",
    ),
    State("paste, saved", opened(P + "paste/", *paste(), press("Save 3")), "3 holdings"),
    State(
        "paste, undone",
        opened(P + "paste/", *paste(), press("Save 3"), press("Undo all of it")),
        "Undone",
    ),
)
