"""The page of a portfolio, its plans and its pictures, in every state that one can meet."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from playwright.sync_api import Page, expect

from portfolios.models import (
    DayValue,
    Holding,
    HoldingRole,
    Policy,
    Portfolio,
    Security,
)
from portfolios.services.holdings import change_holding, delete_holding
from portfolios.services.portfolios import archive_portfolio
from portfolios.services.standing import keep
from questionnaire.models import ClientProfile
from riskalloc.firms.models import Role, User
from tests.e2e.desk import sign_in
from tests.e2e.owning import (
    BY,
    PAGE,
    Make,
    change_price,
    due,
    far_off,
    holding_of,
    nothing_yet,
    quiet,
    with_rows,
)
from tests.e2e.states import OPENED, PROBLEM, Act, State, click, open_details
from tests.factories import assign, make_own_client
from tests.portfolios.people import account_for, aimed

LONGEST = (
    "Elaine-and-Bartholomew-Featherstonehaugh-s-Fund-of-All-the-Companies-Far-and-Near-and-Wide"
)
PLAN = PAGE + "plan/"
LOOK = PAGE + "look/"
OFF, KEPT, PICTURES = "points from target", "Sell and buy, back to the target", "In pictures"


def opened(
    address: str = PAGE,
    *acts: Act,
    make: Make = due,
    who: Callable[[ClientProfile], User] = lambda client: client.membership.user,
) -> Act:
    """Open an address of a portfolio `{p}`, of which `{h}` is a holding."""

    def reach(page: Page) -> None:
        client = make_own_client(name="Demo Elaine")
        portfolio = make(client)
        sign_in(page, who(client))
        first = portfolio.holdings.order_by("created_at").first()
        page.goto(address.format(p=portfolio.pk, h=first and first.pk))
        for act in acts:
            act(page)

    return reach


def newest() -> Portfolio:
    """The one that was opened: of whoever came before, theirs are still there."""
    return Portfolio.objects.select_related("client", "policy").latest("created_at")


# -- Portfolios --------------------------------------------------------------------------------------------


def where(make: Make, change: Callable[[Portfolio], object]) -> Make:
    """A portfolio with something else about it, kept as a change of it is."""

    def made(client: ClientProfile) -> Portfolio:
        portfolio = make(client)
        change(portfolio)
        keep(portfolio)
        return portfolio

    return made


def stale(portfolio: Portfolio) -> None:
    day = timezone.localdate() - timedelta(days=45)
    Security.objects.filter(firm=portfolio.firm_id).update(priced_on=day)


def many(portfolio: Portfolio) -> None:
    holding = holding_of(portfolio)
    Holding.objects.bulk_create(
        Holding(
            firm=portfolio.firm, client=portfolio.client, portfolio=portfolio,
            account=holding.account, security=holding.security,
            quantity=Decimal(1), value=Decimal(560),
        )
        for _number in range(116)
    )  # fmt: skip


def longest(portfolio: Portfolio) -> None:
    """Nothing in it can be broken but by force."""
    Security.objects.filter(firm=portfolio.firm_id, symbol="VOO").update(
        name=LONGEST, symbol=LONGEST[:64]
    )
    Portfolio.objects.filter(pk=portfolio.pk).update(name=LONGEST)
    portfolio.accounts.update(name=LONGEST, cash=Decimal("999999999.99"))
    kept = Holding.objects.filter(pk=holding_of(portfolio, "VNQ").pk)
    kept.update(reason=LONGEST, role=HoldingRole.FROZEN)


def full_of_kinds(portfolio: Portfolio) -> None:
    """Frozen, left out, not classed, cash that counts and cash that does not, and a usual deposit."""
    Holding.objects.filter(pk=holding_of(portfolio, "VNQ").pk).update(
        role=HoldingRole.FROZEN, frozen_until=timezone.localdate() + timedelta(days=400)
    )
    Holding.objects.filter(pk=holding_of(portfolio, "AGG").pk).update(
        role=HoldingRole.EXCLUDED, reason="pension"
    )
    Security.objects.filter(pk=holding_of(portfolio, "VEA").security_id).update(
        intl_developed=0, crypto=2_000, is_guessed=False
    )
    portfolio.accounts.update(cash=Decimal("2500.50"))
    account_for(
        portfolio, name="Savings", cash=Decimal(9000), is_counted=False, reason="emergency fund"
    )
    Policy.objects.filter(portfolio=portfolio).update(usual_deposit=Decimal(500))


def left_out(portfolio: Portfolio) -> None:
    portfolio.holdings.update(role=HoldingRole.EXCLUDED)


def archived(portfolio: Portfolio) -> None:
    archive_portfolio(portfolio=portfolio, by=BY)


def only_cash(client: ClientProfile) -> Portfolio:
    portfolio = nothing_yet(client)
    account_for(portfolio, cash=Decimal("2500.50"))
    aimed(portfolio)
    return portfolio


def with_past(portfolio: Portfolio) -> None:
    """A day of each month for years."""
    of = {"firm": portfolio.firm, "client": portfolio.client, "portfolio": portfolio}
    today = timezone.localdate()
    DayValue.objects.bulk_create(
        DayValue(
            **of, day=today - timedelta(days=30 * number),
            value=Decimal(110_000 - 700 * number), drift=Decimal(number % 7),
        )
        for number in range(1, 70)
    )  # fmt: skip


# -- What is done there ------------------------------------------------------------------------------------


def open_row(page: Page) -> None:
    page.locator("#rows tr").first.get_by_role("link", name="Edit").click()
    expect(page.locator(".editing #id_symbol")).to_be_focused()


def enter(name: str, text: str, *, shows: str, within: str = ".editing") -> Act:
    """Type into a field, send it by Enter, and see what that brings."""

    def act(page: Page) -> None:
        field = page.locator(f"{within} [name={name}]")
        field.fill(text)
        field.press("Enter")
        expect(page.locator(shows).first).to_be_visible()

    return act


def preview(page: Page) -> None:
    """Type a while, and see what it would move."""
    page.locator("#id_quantity").fill("150")
    expect(page.locator("#drift .tag")).to_be_visible()


def changed_behind(page: Page) -> None:
    found = holding_of(newest())
    change_holding(
        holding=found, version=found.version, account=found.account, security=found.security,
        values={"quantity": Decimal(150)}, by=BY,
    )  # fmt: skip


def deleted_behind(page: Page) -> None:
    delete_holding(holding=holding_of(newest()), by=BY)


def price_rises(page: Page) -> None:
    change_price(newest(), "VOO", "600")


def delete_row(page: Page) -> None:
    page.locator("#rows tr").first.get_by_role("button", name="Delete").click()
    expect(page.locator(".gone")).to_be_visible()


def keep_plan(page: Page) -> None:
    page.get_by_role("button", name="Keep this plan").click()
    page.wait_for_url("**/plans/*/")


def list_plans(page: Page) -> None:
    page.goto(f"/p/{newest().pk}/plans/")


def mark_line(page: Page) -> None:
    page.locator("#mark-1").click()
    expect(page.locator("#line-1.done")).to_be_visible()


def ask_in_place(kind: str, amount: str = "", way: str = "in") -> Act:
    def act(page: Page) -> None:
        open_details(page)
        page.locator(f"#plan-form [name=kind][value={kind}]").check()
        page.locator("#plan-form [name=way]").select_option(way)
        page.locator("#plan-form [name=cash_flow]").fill(amount)
        page.locator("#plan-show").click()

    return act


def reload(page: Page) -> None:
    page.reload()


WRONG, FASTER = "[aria-invalid=true]", ".problem"
MINE = enter("quantity", "130", shows=FASTER)
EDIT = PAGE + "h/{h}/edit/"

PORTFOLIO = [
    State("portfolio, due", opened(), OFF),
    State("portfolio, far off", opened(make=far_off), OFF),
    State("portfolio, nothing due", opened(make=quiet), OFF),
    State("portfolio, everything open", opened(PAGE, open_details), OFF),
    State("portfolio, empty", opened(make=nothing_yet), "No holdings yet"),
    State("portfolio without a target", opened(make=with_rows), "$110,000.00"),
    State("portfolio of cash alone", opened(make=only_cash), OFF),
    State("portfolio of every kind", opened(make=where(due, full_of_kinds)), OFF),
    State(
        "portfolio of every kind, looked at otherwise",
        opened(PAGE + "?cash=no&left_out=yes", make=where(due, full_of_kinds)),
        OFF,
    ),
    State("portfolio, nothing counted", opened(make=where(due, left_out)), "Nothing is counted"),
    State("portfolio, archived", opened(make=where(due, archived)), OFF),
    State("portfolio, for a reader", opened(who=lambda client: assign(client, Role.READER)), OFF),
    State("portfolio, old prices", opened(make=where(due, stale)), OFF),
    State("portfolio of 120, second page", opened(PAGE + "?page=2", make=where(due, many)), OFF),
    State("portfolio with the longest names", opened(make=where(due, longest)), OFF),
    State(
        "portfolio with the longest names, row open",
        opened(PAGE, open_row, open_details, make=where(due, longest)),
        OFF,
    ),
]
ROWS = [
    State("holding open", opened(PAGE, open_row), OFF),
    State("holding open, with all of it", opened(PAGE, open_row, open_details), OFF),
    State("holding, previewed", opened(PAGE, open_row, preview), OFF),
    State(
        "holding with the longest names, previewed",
        opened(PAGE, open_row, preview, make=where(due, longest)),
        OFF,
    ),
    State(
        "holding, previewed without a target",
        opened(PAGE, open_row, preview, make=with_rows),
        "$124,000.00",
    ),
    State("holding, wrong", opened(PAGE, open_row, enter("quantity", "-3", shows=WRONG)), OFF),
    State("holding, changed meanwhile", opened(PAGE, open_row, changed_behind, MINE), OFF),
    State("holding, deleted meanwhile", opened(PAGE, open_row, deleted_behind, MINE), OFF),
    State(
        "holding, price set meanwhile",
        opened(PAGE, open_row, price_rises, enter("price", "590", shows=FASTER)),
        OFF,
    ),
    State(
        "holding saved",
        opened(PAGE, open_row, enter("quantity", "130", shows="#rows td:text-is('130')")),
        OFF,
    ),
    State("holding deleted", opened(PAGE, delete_row), OFF),
    State("holding page", opened(EDIT, open_details), "VOO"),
    State(
        "holding page, wrong",
        opened(EDIT, enter("quantity", "-3", shows=WRONG, within="main")),
        PROBLEM,
    ),
    State(
        "holding page, changed meanwhile",
        opened(EDIT, changed_behind, enter("quantity", "130", shows=FASTER, within="main")),
        "Somebody was faster",
    ),
    State(
        "holding added",
        opened(
            PAGE,
            lambda page: page.locator("#add_symbol").fill("VTI"),
            enter("value", "500", shows="#rows tr:nth-child(5)", within="#add"),
        ),
        OFF,
    ),
    State(
        "new holding, wrong", opened(PAGE, enter("symbol", "Z", shows=WRONG, within="#add")), OFF
    ),
    State("all holdings, asked", opened(PAGE + "h/delete-all/"), "Delete all holdings"),
    State(
        "all holdings, wrong",
        opened(PAGE + "h/delete-all/", enter("count", "3", shows=WRONG, within="main")),
        PROBLEM,
    ),
    State("thread of a value", opened(PAGE, click("#rows a.open")), OPENED),
    State("thread of a difference", opened(PAGE, click("#drift a.open")), OPENED),
    State("thread of a plan", opened(PAGE, click("#plan a.open")), OPENED),
    State("thread of a class, page", opened(PAGE + "why/us_large_cap/"), OPENED),
    State("thread of a holding, page", opened(PAGE + "why/{h}/", make=where(due, longest)), OPENED),
]
PLANS = [
    State("plan asked for in place", opened(PAGE, ask_in_place("cash_flow", "2,500")), OFF),
    State(
        "plan refused in place",
        opened(PAGE, ask_in_place("cash_flow", "1,000,000", "out")),
        PROBLEM,
    ),
    State(
        "plan of every kind", opened(PLAN + "?kind=full", make=where(due, full_of_kinds)), "Plan"
    ),
    State("planner", opened(PLAN), "Plan for Retirement"),
    State("planner, nothing due", opened(PLAN, make=quiet), "Plan for Retirement"),
    State("planner without a target", opened(PLAN, make=with_rows), "Plan for Retirement"),
    State("planner, wrong", opened(PLAN + "?kind=cash_flow"), PROBLEM),
    State("planner, into the bands", opened(PLAN + "?kind=into_band", make=far_off), "Plan for"),
    State(
        "planner, changed meanwhile",
        opened(PAGE, price_rises, click("#plan .btn")),
        "Plan for Retirement",
    ),
    State("kept plan", opened(PAGE, keep_plan), KEPT),
    State("kept plan, a line done", opened(PAGE, keep_plan, mark_line), KEPT),
    State("kept plan, prices moved", opened(PAGE, keep_plan, price_rises, reload), KEPT),
    State(
        "kept plan with the longest names", opened(PAGE, keep_plan, make=where(due, longest)), KEPT
    ),
    State("kept plans", opened(PAGE, keep_plan, mark_line, list_plans), "Plans that were kept"),
    State("kept plans, none", opened(PAGE + "plans/"), "Plans that were kept"),
]
LOOKS = [
    State("pictures", opened(LOOK, open_details, make=where(due, with_past)), PICTURES),
    State("pictures of one day", opened(LOOK), PICTURES),
    State("pictures without a target", opened(LOOK, make=with_rows), PICTURES),
    State("pictures of every kind", opened(LOOK, make=where(due, full_of_kinds)), PICTURES),
    State("pictures, empty", opened(LOOK, make=nothing_yet), PICTURES),
    State("pictures with the longest names", opened(LOOK, make=where(due, longest)), PICTURES),
    State("thread in the pictures", opened(LOOK, click("table a.open")), OPENED),
]
PORTFOLIO_STATES = (*PORTFOLIO, *ROWS, *PLANS, *LOOKS)
