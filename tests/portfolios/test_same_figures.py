"""Page, file, JSON and kept plan say the same figures of the same portfolio."""

import csv
import io
import json
import re
from decimal import Decimal
from html import unescape

import pytest

from portfolios.models import Plan
from portfolios.services.plan_records import result_of
from portfolios.snapshots import snapshot
from riskalloc.engine.amounts import half_up, plain
from riskalloc.web.numbers import money_text
from tests.portfolios.factories import PRICED_ON, AccountFactory
from tests.portfolios.personas import PERSONAS, TEACHER, portfolio_of
from tests.portfolios.planned import aim, article, browser_for, fund, hold, keep_plan, words

pytestmark = pytest.mark.django_db
QUERIES = (
    {"kind": "full"},
    {"kind": "into_band"},
    {"kind": "cash_flow", "cash_flow": "2500.00"},
    {"kind": "full", "way": "out", "cash_flow": "1200.50"},
)
IDS = ["-".join(query.values()) for query in QUERIES]


def far_off():
    """The article's example against another target: two classes are outside their bands."""
    portfolio = article()
    hold(
        AccountFactory(portfolio=portfolio, name="Roth IRA", cash=Decimal("812.37")),
        fund(portfolio.client, "GLD", "371.05", gold=100),
        "11",
    )
    aim(portfolio, us_large_cap="47.5", intl_developed=20, us_aggregate="22.5", reit=10)
    return portfolio


def asked(portfolio, **more):
    """The same values and targets, as somebody would send them to the calculator."""
    level = snapshot(portfolio, PRICED_ON).drift.classes
    return {
        "values": {row.label: f"{row.value:f}" for row in level.rows},
        "target": {row.label: f"{row.target:f}" for row in level.rows},
        **more,
    }


def calculated(browser, operation, request):
    answer = browser.post(
        f"/api/v1/{operation}", json.dumps(request), content_type="application/json"
    )
    assert answer.status_code == 200, answer.content
    return answer.json()


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def classes_table(page):
    """What the finer table of the drift says of each class, by its name."""
    body = page.content.decode().split('id="drift"')[1].split("</table>")[1]
    found = re.findall(r"<tr\b.*?</tr>", body.split("<tbody")[1], flags=re.DOTALL)
    rows = [plain_text(row.replace(' aria-hidden="true"', "")) for row in found]
    names = [plain_text(re.search(r"</span>\s*<span>(.*?)<", row).group(1)) for row in found]
    return dict(zip(names, rows, strict=True))


def plain_text(markup):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def signed_points(text):
    points = Decimal(text)
    return f"{'+' if points > 0 else ''}{plain(points)}".replace("-", "−")


def money(text):
    return money_text(abs(Decimal(text)))


@pytest.mark.parametrize("make", [article, far_off])
def test_drift_is_the_same_on_the_page_and_in_json(make):
    portfolio = make()
    browser = browser_for(portfolio)
    shown = browser.get(f"/p/{portfolio.pk}/")
    page, table = words(shown), classes_table(shown)
    answer = calculated(browser, "drift", asked(portfolio, ceilings={}))
    assert f"{plain(half_up(Decimal(answer['drift']), 1))} points from target" in page
    assert money_text(Decimal(answer["total"]), 2) in page
    assert list(table) == [row["name"] for row in answer["rows"]]
    for row in answer["rows"]:
        sign = "+" if Decimal(row["amount"]) > 0 else "−"
        weight, target = plain(Decimal(row["weight"])), plain(Decimal(row["target"]))
        said = table[row["name"]]
        for figure in (f"{weight}%", f"{target}%", f"{sign}{money(row['amount'])}"):
            assert figure in said
        assert f"{signed_points(row['points'])} point" in said


@pytest.mark.parametrize("query", QUERIES, ids=IDS)
@pytest.mark.parametrize("make", [article, far_off])
def test_a_plan_is_the_same_on_the_page_in_the_file_in_json_and_kept(make, query):
    portfolio = make()
    browser = browser_for(portfolio)
    flow = Decimal(query.get("cash_flow", "0")) * (-1 if query.get("way") == "out" else 1)
    request = asked(portfolio, kind=query["kind"], cash_flow=f"{flow:f}")
    answer = calculated(browser, "plan", request)
    path = f"/p/{portfolio.pk}/plan"
    page, file = browser.get(f"{path}/", query), rows_of(browser.get(f"{path}.csv", query))
    check_page(words(page), answer)
    check_file(file, answer)
    if any(Decimal(amount) for amount in answer["trades"].values()):
        kept = browser.get(keep_plan(browser, portfolio, **query)["Location"])
        result = result_of(Plan.objects.get())
        assert {line.label: f"{line.amount:f}" for line in result.classes} == answer["trades"]
        check_page(words(kept), answer)
        saved = rows_of(browser.get(f"{kept.request['PATH_INFO']}plan.csv"))
        assert [row | {"Done": ""} for row in saved] == [row | {"Done": ""} for row in file]


def check_page(page, answer):
    before, after = (plain(Decimal(answer[name])) for name in ("drift_before", "drift_after"))
    assert f"Drift: {before} → {after} point" in page
    for name, amount in answer["trades"].items():
        if Decimal(amount) and name != "Cash":
            verb = "Buy" if Decimal(amount) > 0 else "Sell"
            weight = plain(Decimal(answer["after"][name]))
            assert f"{verb} {money(amount)} of {name}" in page
            assert f"→ {weight}%" in page


def check_file(rows, answer):
    trades = {row["Class"]: row["Class amount"] for row in rows if row["Class amount"]}
    after = {row["Class"]: row["Weight after, %"] for row in rows if row["Class amount"]}
    assert trades == answer["trades"]
    assert {name: f"{Decimal(weight):.2f}" for name, weight in after.items()} == answer["after"]
    ends = {row["Class"]: row["Drift taken off, points"] for row in rows}
    assert (ends["Drift before"], ends["Drift after"]) == (
        answer["drift_before"],
        answer["drift_after"],
    )


def test_deposits_instead_of_sales_are_the_same_on_the_page_and_in_json():
    portfolio = article()
    browser = browser_for(portfolio)
    answer = calculated(browser, "plan", asked(portfolio, kind="full"))
    page = words(browser.get(f"/p/{portfolio.pk}/plan/", {"kind": "full"}))
    assert answer["deposit_to_target"] == "6666.67"
    assert f"Or add {money(answer['deposit_to_target'])} and sell nothing" in page


def test_what_the_smallest_trade_drops_is_the_same_everywhere():
    portfolio = article(minimum_trade=Decimal(1200))
    browser = browser_for(portfolio)
    request = asked(portfolio, kind="full", minimum_trade="1200")
    answer = calculated(browser, "plan", request)
    page = browser.get(f"/p/{portfolio.pk}/plan/", {"kind": "full"})
    check_page(words(page), answer)
    check_file(rows_of(browser.get(f"/p/{portfolio.pk}/plan.csv", {"kind": "full"})), answer)
    for name in answer["dropped"]:
        assert f"{name}: a buy of" in words(page)


@pytest.mark.parametrize("persona", PERSONAS, ids=[persona.id for persona in PERSONAS])
def test_the_personas_drift_the_same_on_the_page_in_json_and_in_their_standing(persona):
    portfolio = portfolio_of(persona)
    browser = browser_for(portfolio)
    answer = calculated(browser, "drift", asked(portfolio))
    page = words(browser.get(f"/p/{portfolio.pk}/"))
    assert f"{plain(half_up(Decimal(answer['drift']), 1))} points from target" in page
    assert half_up(portfolio.standing.drift, 2) == Decimal(answer["drift"])
    assert answer["total"] == persona.total


def test_the_file_of_a_page_adds_up():
    portfolio = portfolio_of(TEACHER)
    rows = rows_of(browser_for(portfolio).get(f"/p/{portfolio.pk}/plan.csv", {"kind": "full"}))
    totals = {
        row["Class"]: Decimal(row["Amount"]) for row in rows if row["Amount"] and not row["Line"]
    }
    comes = totals["Sells"] + totals["New cash"] + totals["Cash used"]
    assert comes == totals["Buys"] + totals["Cash left"]
    orders = [Decimal(row["Amount"]) for row in rows if row["Line"]]
    assert sum(amount for amount in orders if amount > 0) == totals["Buys"]
    assert totals["Total"] == Decimal("246255.75")
