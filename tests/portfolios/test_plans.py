"""Plans on the page: the article's example to the cent, and a clear sentence wherever there is none."""

import re
from decimal import Decimal

import pytest

from portfolios.models import Plan
from portfolios.services.plan_records import NOTHING
from portfolios.services.planning import NoTarget, Wanted, plan_for
from portfolios.services.standing import keep
from portfolios.snapshots import snapshot
from riskalloc.engine.plans import Kind
from tests.factories import UserFactory, assign, make_own_client
from tests.firms.people import browser_of, everything, queries
from tests.portfolios.factories import PRICED_ON, AccountFactory, PortfolioFactory, rate
from tests.portfolios.planned import (
    HTMX,
    aim,
    article,
    browser_for,
    empty_portfolio,
    fund,
    hold,
    plan_address,
    words,
)

pytestmark = pytest.mark.django_db
MONEY = re.compile(r"([A-Za-z ]+?) (\$[\d,.]+)")


def result_of(portfolio, kind=Kind.FULL, cash_flow="0.00"):
    now = snapshot(portfolio, PRICED_ON)
    return plan_for(portfolio, now, Wanted(kind=kind, cash_flow=Decimal(cash_flow)))


def amounts(result):
    return {line.name: line.amount for line in result.made}


# -- The article's example --------------------------------------------------------------------------------


def test_the_article_s_example_sells_four_thousand_of_us_large_cap():
    result = result_of(article())
    assert amounts(result) == {
        "us_large_cap": Decimal("-4000.00"),
        "intl_developed": Decimal("1500.00"),
        "us_aggregate": Decimal("1000.00"),
        "reit": Decimal("1500.00"),
    }
    assert round(result.drift_before, 2) == Decimal("3.64")
    assert result.drift_after == 0
    assert result.instead.to_target == Decimal("6666.67")


def test_the_page_says_the_article_s_example_in_sentences_of_its_numbers():
    portfolio = article(usual_deposit=Decimal(500))
    page = words(browser_for(portfolio).get(f"/p/{portfolio.pk}/"))
    for said in (
        "Drift: 3.64 → 0 points",
        "63.64% → 60%, which takes off 1.82 points of drift",
        "Sell $4,000 of US large-cap",
        "Sell 7.1428 VOO $4,000.00",
        "Buy $1,500 of International",
        "Buy 20 VXUS $1,500.00",
        "Buy $1,000 of US bonds",
        "Buy 10 AGG $1,000.00",
        "Buy $1,500 of Real estate",
        "Buy 16 VNQ $1,500.00",
        "Sells $4,000.00 + new cash $0.00 = buys $4,000.00 + cash left $0.00",
        "Or add $6,666.67 and sell nothing: that reaches the target.",
        "It is 14 months of your usual $500.",
    ):
        assert said in page


def test_new_cash_is_placed_without_a_sale():
    portfolio = article()
    page = browser_for(portfolio).get(
        plan_address(portfolio, kind="cash_flow", cash_flow="6,666.67")
    )
    said = words(page)
    assert "Sells $0.00 + new cash $6,666.67 = buys $6,666.67 + cash left $0.00" in said
    assert "→ 0 points" in said
    assert "Sell " not in said[said.index("Drift:") : said.index("Keep this plan")]


def test_a_withdrawal_comes_from_what_has_most():
    portfolio = article()
    page = browser_for(portfolio).get(
        plan_address(portfolio, kind="cash_flow", way="out", cash_flow="3000")
    )
    said = words(page)
    assert "Sell $3,000 of US large-cap" in said
    assert "Sells $3,000.00 = buys $0.00 + taken out $3,000.00 + cash left $0.00" in said


def test_an_amount_with_a_minus_is_taken_out():
    portfolio = article()
    page = browser_for(portfolio).get(plan_address(portfolio, kind="cash_flow", cash_flow="-3000"))
    assert "taken out $3,000.00" in words(page)


def test_effects_add_up_to_what_the_drift_falls_by():
    for kind, flow in ((Kind.FULL, "0.00"), (Kind.CASH_FLOW, "2500.00"), (Kind.FULL, "-900.00")):
        result = result_of(article(), kind, flow)
        effects = sum((line.effect for line in result.classes), result.cash_effect)
        assert effects == round(result.drift_before, 2) - round(result.drift_after, 2)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("flow", ["0.00", "1234.56", "-1234.56", "250000.00"])
def test_what_comes_is_what_goes(kind, flow):
    result = result_of(article(minimum_trade=Decimal(400)), kind, flow)
    comes = result.sells + result.put_in + result.cash_used
    goes = result.buys + result.taken_out + result.cash_left
    assert comes == goes
    accounts = sum((account.balance - account.before for account in result.accounts), NOTHING)
    assert accounts == result.cash_left - result.cash_used


# -- Securities and accounts ------------------------------------------------------------------------------


@pytest.fixture
def two_accounts():
    """A taxable account with a gain, a tax-free one without cash, and a fund that spans classes."""
    client = make_own_client(name="Demo person")
    portfolio = empty_portfolio(client)
    taxable = AccountFactory(portfolio=portfolio, name="Joint brokerage", cash=Decimal(500))
    roth = AccountFactory(portfolio=portfolio, name="Roth IRA", tax="tax_free")
    voo = fund(client, "VOO", "560", us_large_cap=100)
    hold(taxable, voo, "125", cost_basis=Decimal(60_000))
    hold(roth, fund(client, "AGG", "100", us_aggregate=100), "100")
    hold(roth, fund(client, "VBIAX", "52", us_large_cap=60, us_aggregate=40), "100")
    aim(portfolio, us_large_cap=50, us_aggregate=40, reit=10)
    keep(portfolio)
    return portfolio


def test_orders_name_their_accounts_and_what_each_lacks(two_accounts):
    page = words(browser_for(two_accounts).get(plan_address(two_accounts, kind="full")))
    assert "VOO in Joint brokerage" in page
    assert re.search(r"Taxable account: gain about \$[\d,.]+\.", page)
    assert "AGG in Roth IRA" in page
    assert re.search(r"Needs \$[\d,.]+ from another account", page)
    assert "Buy Real estate: choose a fund in Joint brokerage" in page
    assert "VBIAX spans several classes, or none: it is counted, but not sold or bought." in page


def test_whole_shares_are_whole_and_say_what_drift_they_leave(two_accounts):
    two_accounts.policy.whole_shares = True
    two_accounts.policy.save()
    result = result_of(two_accounts)
    shares = [order.shares for order in result.orders if order.shares is not None]
    assert shares
    assert all(each == each.to_integral_value() for each in shares)
    assert result.drift_in_shares > result.drift_after
    page = words(browser_for(two_accounts).get(plan_address(two_accounts, kind="full")))
    assert "Whole shares only" in page
    assert f"→ {round(result.drift_in_shares, 2).normalize()} points" in page


def test_what_the_smallest_trade_drops_is_said():
    portfolio = article(minimum_trade=Decimal(1200))
    page = words(browser_for(portfolio).get(plan_address(portfolio, kind="full")))
    assert "US bonds: a buy of $1,000 is left out; your smallest trade is $1,200." in page


def test_what_is_frozen_stays_and_says_so():
    portfolio = article()
    portfolio.holdings.filter(security__symbol="VOO").update(role="frozen")
    page = words(browser_for(portfolio).get(plan_address(portfolio, kind="full")))
    assert "US large-cap: $4,000 over its target stays, because it cannot be sold." in page


def test_another_currency_is_said_in_it_everywhere():
    client = make_own_client(name="Demo person")
    portfolio = PortfolioFactory(client=client, currency="EUR")
    rate(portfolio, "USD", "0.92")
    account = AccountFactory(portfolio=portfolio, currency="EUR", cash=Decimal(2000))
    hold(account, fund(client, "VOO", "560", us_large_cap=100), "50")
    aim(portfolio, us_large_cap=60, us_aggregate=40)
    keep(portfolio)
    browser = browser_for(portfolio)
    assert "Sell €9,104 of US large-cap" in words(browser.get(plan_address(portfolio, kind="full")))
    too_much = browser.get(plan_address(portfolio, kind="cash_flow", way="out", cash_flow="500000"))
    panel = too_much.content.decode().split('id="plan"')[1]
    assert "There is €27,760, and €500,000 is to be taken out." in panel
    assert "$" not in panel


# -- Where there is no plan -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"kind": "cash_flow"}, "Enter the amount that you put in or take out, like 2,500"),
        ({"kind": "cash_flow", "cash_flow": "0"}, "Enter the amount that you put in or take out"),
        ({"kind": "cash_flow", "cash_flow": "abc"}, "Use plain digits"),
        ({"kind": "cash_flow", "cash_flow": "1e5"}, "Use plain digits"),
        ({"kind": "full", "cash_flow": "1.234"}, "Use at most 2 decimals."),
        ({"kind": "full", "cash_flow": "9" * 30}, "Enter at most"),
        ({"kind": "nonsense"}, "Select what to do"),
        ({"kind": "", "cash_flow": "5"}, "Select what to do"),
        ({"kind": "full", "way": "sideways"}, "Select whether it is put in or taken out"),
        ({"kind": "full", "way": "out", "cash_flow": "-5"}, "Take the minus away"),
        (
            {"kind": "cash_flow", "way": "out", "cash_flow": "200000"},
            "There is $110,000, and $200,000 is to be taken out. Take out at most $110,000.",
        ),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_bad_input_gets_a_sentence_in_place(query, sentence, headers):
    portfolio = article()
    answer = browser_for(portfolio).get(plan_address(portfolio, **query), headers=headers)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert 'id="plan"' in answer.content.decode()


def test_the_file_of_a_plan_that_cannot_be_is_the_page_that_says_so():
    portfolio = article()
    address = f"/p/{portfolio.pk}/plan.csv?kind=cash_flow&way=out&cash_flow=200000"
    answer = browser_for(portfolio).get(address)
    assert answer.status_code == 422
    assert "Take out at most $110,000." in words(answer)


def test_without_a_target_the_way_out_is_a_target():
    portfolio = empty_portfolio()
    hold(AccountFactory(portfolio=portfolio), fund(portfolio.client, "VOO", "560"), "1")
    keep(portfolio)
    browser = browser_for(portfolio)
    for address in (plan_address(portfolio), plan_address(portfolio, kind="full")):
        answer = browser.get(address)
        assert answer.status_code == 200
        assert "Without a target there is nothing to plan for. Choose a target" in words(answer)
    with pytest.raises(NoTarget):
        result_of(portfolio)


def test_an_empty_portfolio_can_be_planned_with_new_cash_alone():
    portfolio = empty_portfolio()
    aim(portfolio, us_large_cap=60, us_aggregate=40)
    keep(portfolio)
    browser = browser_for(portfolio)
    assert "Nothing is counted here yet" in words(browser.get(plan_address(portfolio)))
    none = browser.get(plan_address(portfolio, kind="full"))
    assert none.status_code == 422
    assert "There is nothing here yet. Add a value above 0." in words(none)
    page = words(browser.get(plan_address(portfolio, kind="cash_flow", cash_flow="1000")))
    assert "Buy US large-cap: choose a fund $600.00" in page
    assert "Sells $0.00 + new cash $1,000.00 = buys $1,000.00 + cash left $0.00" in page


def test_where_everything_is_frozen_a_withdrawal_cannot_be():
    portfolio = article()
    portfolio.holdings.update(role="frozen")
    browser = browser_for(portfolio)
    full = words(browser.get(plan_address(portfolio, kind="full")))
    assert "Nothing that may be sold or bought would bring it closer." in full
    out = browser.get(plan_address(portfolio, kind="cash_flow", way="out", cash_flow="500"))
    assert out.status_code == 422
    assert "Only $0 may be sold, and $500 is to be taken out. Unlock something." in words(out)


def test_only_cash_is_used_to_buy():
    portfolio = empty_portfolio()
    AccountFactory(portfolio=portfolio, cash=Decimal(10_000))
    aim(portfolio, us_large_cap=60, us_aggregate=40)
    keep(portfolio)
    page = words(browser_for(portfolio).get(plan_address(portfolio, kind="full")))
    assert "Use $10,000 of cash" in page
    assert "Sells $0.00 + new cash $0.00 + cash used $10,000.00 = buys $10,000.00" in page


def test_taking_everything_out_sells_everything():
    result = result_of(article(), Kind.CASH_FLOW, "-110000.00")
    assert result.sells == Decimal(110_000)
    assert result.drift_before is None
    portfolio = article()
    address = plan_address(portfolio, kind="full", way="out", cash_flow="110,000")
    page = words(browser_for(portfolio).get(address))
    assert "Drift afterwards: 0 points." in page
    assert "taken out $110,000.00 + cash left $0.00" in page


def test_the_planner_is_there_when_nothing_is_due():
    portfolio = empty_portfolio()
    account = AccountFactory(portfolio=portfolio)
    hold(account, fund(portfolio.client, "VOO", "600", us_large_cap=100), "1")
    hold(account, fund(portfolio.client, "AGG", "100", us_aggregate=100), "4")
    aim(portfolio, us_large_cap=60, us_aggregate=40)
    keep(portfolio)
    browser = browser_for(portfolio)
    page = words(browser.get(f"/p/{portfolio.pk}/"))
    assert "Nothing is due. A plan is most useful after a deposit" in page
    assert "Show the plan" in page
    assert "Keep this plan" not in page
    full = words(browser.get(plan_address(portfolio, kind="full")))
    assert "Every class is at its target. There is nothing to sell or buy." in full
    band = words(browser.get(plan_address(portfolio, kind="into_band")))
    assert "There is nothing to sell or buy." in band


def test_inside_all_bands_the_smallest_sale_is_none():
    portfolio = article()
    page = words(browser_for(portfolio).get(plan_address(portfolio, kind="into_band")))
    assert "No class is outside a band. There is nothing to sell or buy." in page


# -- As a part of the page --------------------------------------------------------------------------------


def test_htmx_gets_the_panel_alone_and_a_browser_the_page():
    portfolio = article()
    browser = browser_for(portfolio)
    address = plan_address(portfolio, kind="cash_flow", cash_flow="2500")
    part, page = browser.get(address, headers=HTMX), browser.get(address)
    assert part.content.decode().lstrip().startswith('<div id="plan"')
    assert "<h1" not in part.content.decode()
    assert page.content.decode().count("<h1") == 1
    assert "HX-Request" in part["Vary"]
    for said in ("Buy $937.50 of International", "Buy $625 of US bonds"):
        assert said in words(part)
        assert said in words(page)


def test_looking_and_planning_store_nothing():
    portfolio = article()
    browser = browser_for(portfolio)
    before = everything()
    for path in ("plan/", "plan/?kind=full", "plan.csv?kind=full", "plans/", "why/stocks/"):
        assert browser.get(f"/p/{portfolio.pk}/{path}").status_code == 200
    assert everything() == before
    assert not Plan.objects.exists()


def test_the_plan_is_made_of_what_is_looked_at():
    portfolio = article()
    portfolio.accounts.update(cash=Decimal(50_000))
    browser = browser_for(portfolio)
    counted = words(browser.get(plan_address(portfolio, kind="full")))
    without = browser.get(plan_address(portfolio, kind="full", cash="no"))
    assert "Use $50,000 of cash" in counted
    assert "Sell $4,000 of US large-cap" in words(without)
    assert '<input type="hidden" name="cash" value="no">' in without.content.decode()


def test_a_save_of_a_holding_answers_with_the_panel_out_of_band():
    portfolio = article()
    holding = portfolio.holdings.get(security__symbol="VOO")
    browser = browser_for(portfolio)
    address = f"/p/{portfolio.pk}/h/{holding.pk}/delete/"
    answer = browser.post(
        address, headers={"HX-Request": "true", "HX-Target": f"h-{holding.pk}"}
    ).content.decode()
    assert '<div id="plan" class="plan" hx-swap-oob="true">' in answer
    panel = answer[answer.index('id="plan"') :]
    assert "data-focus" not in panel[: panel.index('id="live"')]


@pytest.mark.parametrize("path", ["plan/?kind=full", "plan.csv?kind=full", "plans/", "why/reit/"])
def test_nobody_else_finds_it(path, client):
    portfolio = article()
    address = f"/p/{portfolio.pk}/{path}"
    stranger = browser_of(UserFactory())
    missing = stranger.get(address.replace(str(portfolio.pk), "0" * 8 + str(portfolio.pk)[8:]))
    refused = stranger.get(address)
    assert refused.status_code == missing.status_code == 404
    assert refused.content == missing.content
    assert client.get(address).status_code == 302


def test_an_advisor_sees_and_keeps_plans_of_their_client():
    portfolio = article()
    browser = browser_of(assign(portfolio.client))
    page = browser.get(plan_address(portfolio, kind="full"))
    assert "Keep this plan" in words(page)


@pytest.mark.parametrize("path", ["plan/", "plan.csv", "why/reit/"])
def test_they_are_only_read(path):
    portfolio = article()
    assert browser_for(portfolio).post(f"/p/{portfolio.pk}/{path}").status_code == 405


def test_queries_do_not_grow_with_holdings():
    portfolio = article()
    browser = browser_for(portfolio)
    addresses = [
        plan_address(portfolio, kind="full"),
        f"/p/{portfolio.pk}/plan.csv?kind=full",
        f"/p/{portfolio.pk}/why/us_large_cap/?kind=full",
    ]
    few = [queries(browser, address) for address in addresses]
    account = portfolio.accounts.get()
    for number in range(25):
        hold(account, fund(portfolio.client, f"F{number}", "10", us_large_cap=100), "3")
    assert [queries(browser, address) for address in addresses] == few
    assert max(few) <= 20
