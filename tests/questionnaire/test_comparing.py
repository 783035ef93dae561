"""Two assessments beside each other: what is shown, that it adds up, and who may look."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from html import unescape
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from questionnaire import snapshots
from questionnaire.display import comparing
from questionnaire.models import Assessment, ClientProfile
from questionnaire.services import answering
from questionnaire.services.owning import own
from questionnaire.views import comparing as views
from riskalloc import methodology
from riskalloc.engine.assets import Mix
from riskalloc.engine.comparison import compare
from riskalloc.firms.audit import By
from riskalloc.firms.models import Role
from tests.factories import ClientFactory, UserFactory, answered, assign, make_own_client
from tests.firms.people import browser_of, everything, queries
from tests.questionnaire.lives import MARCH, TODAY, assessed, decided, noon

pytestmark = pytest.mark.django_db

NOW = {
    "drop_reaction": "hold_worried",
    "job_security": "permanent_or_cyclical",
    "savings": "26000",
    "monthly_essentials": "3250",  # 8 months as before
    "amount": "120000",
    "needed_within_3_years": "40000",
}
OTHERS = {
    "the same": {},
    "what moves nothing": {"savings": "26000", "monthly_essentials": "3250"},
    "limits and cents": {
        "amount": "123456.78",
        "needed_within_3_years": "1234.56",
        "drop_reaction": "buy_more",
        "past_behaviour": "sold_all",
        "horizon_years": "4",
        "job_security": "gig",
        "savings": "1000",
        "monthly_debt": "2500",
    },
    "as much more as is needed soon": {"amount": "110000", "needed_within_3_years": "10000"},
    "all needed soon": {"needed_within_3_years": "100000"},
    "one cent": {"amount": "0.01"},
    "a billion": {"amount": "1000000000", "horizon_years": "1"},
    "everything": NOW,
}


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(noon(TODAY)):
        yield


@pytest.fixture
def ann() -> ClientProfile:
    return make_own_client(name="Demo Ann")


def of_method(client: ClientProfile, method: str, sleeves: str = "core") -> Assessment:
    result = answering.calculate(answered(), methodology.load(method), sleeves=sleeves)
    assessment = answering.keep(result, answered())
    own(assessment=assessment, client=client, by=By())
    return assessment


def address(client: ClientProfile, a: object = "", b: object = "") -> str:
    query = f"?a={a}&b={b}" if a or b else ""
    return f"/c/{client.pk}/compare/{query}"


def page(client: ClientProfile, a: object = "", b: object = "", user=None) -> str:
    response = browser_of(user or client.membership.user).get(address(client, a, b))
    assert response.status_code == 200
    return response.content.decode()


def words(html: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)))


def rows(html: str, table: str) -> list[list[str]]:
    """The cells of each row in the body of a table, without what stands below the first line."""
    body = html[html.index(f'<table class="{table}"') :].partition("</table>")[0]
    for inside in ('class="vh"', 'aria-hidden="true"', 'class="small[^"]*"'):
        body = re.sub(rf"<span {inside}>.*?</span>", "", body)
    found = re.findall(r"<tr[^>]*>(.*?)</tr>", body, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in found]
    return [[words(cell).strip() for cell in row] for row in cells][1:]


def dollars(text: str) -> Decimal:
    return Decimal(re.sub(r"[$,+]", "", text).replace("−", "-"))


# -- What is shown -----------------------------------------------------------------------------------


def test_the_last_two_are_compared_cause_by_cause(ann):
    assessed(ann, MARCH - timedelta(days=365), amount="1")
    assessed(ann)
    assessed(ann, MARCH + timedelta(days=90), **NOW)
    html = page(ann)
    assert '<h1 class="question">Why 1 Jun 2026 differs from 3 Mar 2026</h1>' in html
    assert "70% stocks instead of 75%." in html
    assert rows(html, "causes") == [
        ["When your money falls by one fifth", "−$4,000", "+$4,000", "$0", "$0"],
        ["How safe your main income is", "−$1,000", "+$2,000", "−$1,000", "$0"],
        ["Your savings for emergencies", "moved nothing"],
        ["The amount", "−$14,000", "−$3,200", "−$2,800", "+$40,000"],
        ["Together", "−$19,000", "+$2,800", "−$3,800", "+$40,000"],
    ]
    text = words(html)
    assert "I would keep it, and stay calm → became I would keep it, and worry" in text
    assert "To invest: $100,000 → became $120,000" in text
    assert "Needed within 3 years: $0 → became $40,000" in text
    assert "answers in the order of the questionnaire, then the rules, then the amount" in text


def test_scores_method_percent_and_dollars_stand_beside_each_other(ann):
    assessed(ann)
    assessed(ann, MARCH + timedelta(days=90), **NOW)
    shown = rows(page(ann), "beside")
    assert shown[:4] == [
        ["Method", "v1", "v1", ""],
        ["Risk score that counts", "18 of 25", "17 of 25", "−1 point"],
        ["Income score", "20 of 25", "19 of 25", "−1 point"],
        ["US US large-cap", "$60,000", "$44,800", "−$15,200"],
    ]
    assert shown[-2:] == [
        ["Kept safe for the next 3 years", "$0", "$40,000", "+$40,000"],
        ["Together", "$100,000", "$120,000", "+$20,000"],
    ]


def test_a_limit_shows_the_sum_of_the_answers_as_well(ann):
    assessed(ann)
    assessed(ann, MARCH + timedelta(days=90), horizon_years="4")
    assert rows(page(ann), "beside")[1:3] == [
        ["Risk answers together", "18 of 25", "16 of 25", "−2 points"],
        ["Risk score that counts", "18 of 25", "9 of 25", "−9 points"],
    ]


def test_other_rules_are_a_cause_of_their_own(ann):
    before, after = of_method(ann, "v1"), of_method(ann, "seed-1", "diversified")
    html = page(ann, before.public_id, after.public_id)
    text = words(html)
    assert "The rules Method: v1 → became seed-1" in text
    assert "Asset classes: core → became diversified" in text
    assert "The four parts stay as they are; the classes in them change." in text
    assert rows(html, "causes")[0] == ["The rules", "moved only the classes inside the four parts"]
    assert rows(html, "beside")[0] == ["Method", "v1", "seed-1", "changed"]


@pytest.mark.parametrize("fields", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("is_turned", [False, True], ids=["forwards", "backwards"])
def test_everything_on_the_page_adds_up(ann, fields, is_turned):
    pair = [assessed(ann), assessed(ann, MARCH + timedelta(days=90), **fields)]
    before, after = reversed(pair) if is_turned else pair
    html = page(ann, before.public_id, after.public_id)
    *parts, total = [
        list(map(dollars, row[1:])) for row in rows(html, "beside") if row[1].startswith("$")
    ]
    assert [sum(column) for column in zip(*parts, strict=True)] == total
    assert total == [before.amount, after.amount, after.amount - before.amount]
    if '<table class="causes"' in html:
        *causes, together = rows(html, "causes")
        moved = [list(map(dollars, row[1:])) for row in causes if len(row) > 2 or "$" in row[1]]
        sums = [sum(column) for column in zip(*moved, strict=True)]
        assert sums == ([] if together[1] == "nothing" else list(map(dollars, together[1:])))
        assert sum(sums) == after.amount - before.amount


@pytest.mark.parametrize("fields", OTHERS.values(), ids=OTHERS)
def test_points_of_all_causes_add_up_as_well(ann, fields):
    before, after = assessed(ann), assessed(ann, **fields)
    found = comparing.compared(compare(*map(snapshots.inputs_of, (before, after))))
    for place, total in enumerate(found.total.cells):
        cells = [cause.cells[place] for cause in found.causes]
        assert {cell.name for cell in cells} <= {total.name}
        assert sum(cell.points or 0 for cell in cells) == (total.points or 0)


@pytest.mark.parametrize("fields", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("method", methodology.versions())
@pytest.mark.parametrize("sleeves", ["core", "diversified"])
def test_the_inputs_of_a_stored_assessment_give_its_stored_result(fields, method, sleeves):
    result = answering.calculate(answered(**fields), methodology.load(method), sleeves=sleeves)
    stored = answering.keep(result, answered(**fields))
    again = snapshots.inputs_of(Assessment.objects.get(pk=stored.pk)).calculated()
    then = snapshots.result_of(stored).calculation
    assert (again.scores, again.allocation) == (then.scores, then.allocation)
    assert (again.lines, again.reserved, again.outlook) == (then.lines, then.reserved, then.outlook)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "The mix stays as it is."),
        ({"amount": "50000"}, "The mix stays as it is; the dollars change."),
        ({"drop_reaction": "hold_worried"}, "$4,000 less in stocks: 71% instead of 75%."),
        ({"horizon_years": "1", "amount": "5000"}, "0% stocks instead of 75%."),
        ({"needed_within_3_years": "100000"}, "The mix stays as it is; the dollars change."),
    ],
)
def test_one_sentence_says_what_moved(ann, fields, sentence):
    before, after = assessed(ann), assessed(ann, **fields)
    found = comparing.compared(compare(*map(snapshots.inputs_of, (before, after))))
    assert found.sentence == sentence


def test_a_decision_otherwise_stands_there_with_its_reason(ann):
    before, after = assessed(ann), assessed(ann, MARCH + timedelta(days=9))
    for place, assessment in enumerate((before, after)):
        reason = f"Reason number {place}: <b>a house</b> is bought."
        decided(ann, assessment, reason, Mix(50 + place, 50 - place, 0, 0))
    text = page(ann)
    for place in (0, 1):
        assert f"Reason number {place}: &lt;b&gt;a house&lt;/b&gt; is bought." in text
    assert "50% stocks, 50% bonds" in text
    assert "51% stocks, 49% bonds" in text
    assert text.count("75% stocks, 10% bonds, 15% alternatives") >= 4


# -- Which two ---------------------------------------------------------------------------------------


def test_any_two_can_be_chosen_in_any_order(ann):
    first, _, last = (assessed(ann, MARCH + timedelta(days=n), amount=f"{n + 1}") for n in range(3))
    html = page(ann, last.public_id, first.public_id)
    assert "Why 3 Mar 2026 differs from 5 Mar 2026" in html
    assert re.findall(r'value="([\w-]+)" selected', html) == [last.public_id, first.public_id]
    assert html.count("<option") == 6
    assert ">4 Mar 2026: 75% stocks, 10% bonds, 15% alternatives<" in html


def test_one_alone_is_compared_with_the_one_before_it(ann):
    first, second, _ = (assessed(ann, MARCH + timedelta(days=n)) for n in range(3))
    html = page(ann, "", second.public_id)
    assert re.findall(r'value="([\w-]+)" selected', html) == [first.public_id, second.public_id]


def test_two_of_one_day_are_told_apart_by_the_time(ann):
    assessed(ann)
    assessed(ann)
    assert "3 Mar 2026, 12:00" in page(ann)


def test_one_with_itself_is_said_to_be_the_same(ann):
    first, _ = assessed(ann), assessed(ann, MARCH + timedelta(days=9))
    text = words(page(ann, first.public_id, first.public_id))
    assert "One assessment, twice" in text
    assert "This is the same assessment on both sides, of 3 Mar 2026" in text


@pytest.mark.parametrize("count", [0, 1])
def test_with_fewer_than_two_the_page_says_what_will_be_there(ann, count):
    for _ in range(count):
        assessed(ann)
    html = page(ann)
    assert "As soon as there are two" in html
    way_on = f"/c/{ann.pk}/events/" if count else f"/c/{ann.pk}/start/"
    assert way_on in html


def test_one_that_is_older_than_the_list_is_chosen_all_the_same(ann, monkeypatch):
    old, *_ = (assessed(ann, MARCH + timedelta(days=n)) for n in range(4))
    listed = views.clients_shown.light_assessments
    monkeypatch.setattr(views.clients_shown, "light_assessments", lambda client: listed(client)[:2])
    html = page(ann, old.public_id)
    assert f'value="{old.public_id}" selected' in html
    assert html.count("<option") == 6


# -- Who may -----------------------------------------------------------------------------------------


def missing(browser: Client) -> bytes:
    return browser.get(f"/c/{uuid4()}/compare/").content


def test_everybody_who_may_see_the_client_may_compare_even_when_archived():
    client = ClientFactory(name="Demo Robert", archived_at=noon(TODAY))
    assessed(client)
    assessed(client, MARCH + timedelta(days=9), **NOW)
    for role in (Role.READER, Role.ADVISOR):
        html = page(client, user=assign(client, role))
        assert "For <bdi>Demo Robert</bdi>" in html


def test_a_stranger_sees_what_is_not_there(ann):
    client = ClientFactory()
    pair = assessed(client), assessed(client, MARCH + timedelta(days=9))
    for user in (ann.membership.user, UserFactory()):
        browser = browser_of(user)
        response = browser.get(address(client, *(one.public_id for one in pair)))
        assert (response.status_code, response.content) == (404, missing(browser))


@pytest.mark.parametrize("side", ["a", "b"])
def test_the_assessment_of_another_client_is_not_there(ann, side):
    stranger = assessed(ClientFactory())
    for day in range(2):
        assessed(ann, MARCH + timedelta(days=day))
    browser = browser_of(ann.membership.user)
    response = browser.get(address(ann), {side: stranger.public_id})
    assert (response.status_code, response.content) == (404, missing(browser))


@pytest.mark.parametrize("text", ["x", "0" * 4000, "\u202e<b>", "'; --"])
def test_an_assessment_that_does_not_exist_is_not_there(ann, text):
    for day in range(2):
        assessed(ann, MARCH + timedelta(days=day))
    assert browser_of(ann.membership.user).get(address(ann), {"a": text}).status_code == 404


def test_nobody_who_is_not_signed_in(ann):
    assert Client().get(address(ann)).status_code == 302


def test_looking_changes_nothing(ann):
    for day in range(2):
        assessed(ann, MARCH + timedelta(days=day))
    browser = browser_of(ann.membership.user)
    browser.get(address(ann))
    before = everything()
    assert browser.get(address(ann)).status_code == 200
    assert browser.post(address(ann)).status_code == 405
    assert everything() == before


def test_queries_do_not_grow_with_the_history(ann):
    browser = browser_of(ann.membership.user)
    for day in range(2):
        assessed(ann, MARCH + timedelta(days=day))
    few = queries(browser, address(ann))
    for day in range(2, 12):
        decided(ann, assessed(ann, MARCH + timedelta(days=day)), "x" * 20, Mix(100, 0, 0, 0))
    assert queries(browser, address(ann)) == few <= 12
