import re
from decimal import Decimal

import pytest
from django.test import Client

from questionnaire.models import Assessment
from questionnaire.snapshots import result_of
from riskalloc import methodology
from riskalloc.engine import threads
from riskalloc.engine.amounts import EngineError
from tests.factories import DraftFactory, answered, make_assessment
from tests.questionnaire.conftest import HTMX

CASES = {
    "worked example": {},
    "limits bind": {
        "past_behaviour": "sold_all",
        "drop_reaction": "buy_more",
        "job_security": "gig",
        "savings": "1000",
        "horizon_years": "4",
        "needed_within_3_years": "25000.55",
        "amount": "250000.10",
    },
    "near term": {"horizon_years": "1"},
    "all needed soon": {"needed_within_3_years": "100000"},
    "growth split": {"trade_off": "mix_75", "horizon_years": "30", "max_loss": "up_to_20"},
    "one cent": {"amount": "0.01"},
    "largest": {"amount": "1000000000"},
    "no income, no bills": {"monthly_income": "0", "monthly_essentials": "0"},
}


def page(assessment: Assessment, rest: str = "", **headers: str) -> str:
    response = Client().get(f"/r/{assessment.public_id}/{rest}", headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def plain_text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_worked_example_reads_as_in_the_method(assessment: Assessment) -> None:
    text = plain_text(page(assessment))
    assert "75% stocks , 10% bonds , 15% alternatives" in text
    for dollars in ("$60,000", "$15,000", "$10,000"):
        assert dollars in text
    assert "A risk score of 18 starts from 70% stocks, 20% bonds, 10% alternatives." in text
    assert "10 out of bonds; 5 into stocks and 5 into alternatives" in text
    for left in ("$48,185", "$68,555", "$74,850"):
        assert left in text


@pytest.mark.parametrize("fields", CASES.values(), ids=CASES)
@pytest.mark.parametrize(
    "query", ["", "?method=seed-1&sleeves=diversified", "?sleeves=diversified"]
)
def test_the_rows_of_every_result_add_up_to_the_amount(
    db: None, fields: dict[str, str], query: str
) -> None:
    assessment = make_assessment(**fields)
    html = page(assessment, query)
    tables = re.findall(r'<table class="classes.*?</table>', html, re.DOTALL)
    total = Decimal(0)
    for table in tables:
        rows = [row for row in re.findall(r"<tr[^>]*>.*?</tr>", table, re.DOTALL) if "<td" in row]
        parts = [_dollars(row) for row in rows if 'class="divided"' not in row]
        assert sum(parts[:-1]) == parts[-1]
        total += parts[-1]
    assert total == assessment.amount


def _dollars(row: str) -> Decimal:
    return Decimal(re.findall(r"\$([0-9,.]+)", row)[-1].replace(",", ""))


@pytest.mark.parametrize("fields", CASES.values(), ids=CASES)
def test_every_number_opens_down_to_the_answers(db: None, fields: dict[str, str]) -> None:
    assessment = make_assessment(**fields)
    html = page(assessment)
    links = set(re.findall(r'class="open" href="([^"]+)"', html))
    assert links
    for link in links:
        response = Client().get(link)
        assert response.status_code == 200
        assert "Where this number comes from" in response.content.decode()


def test_every_number_that_can_be_opened_is_on_the_page(assessment: Assessment) -> None:
    keys = set(threads.keys(result_of(assessment).calculation))
    linked = set(re.findall(r"/why/([^/]+)/", page(assessment)))
    # A top class of a single class is one row, and opens as that class.
    assert linked == keys - {"bonds", "alternatives"}


def test_a_thread_shows_figure_rule_and_answers(assessment: Assessment) -> None:
    text = plain_text(page(assessment, "why/us_large_cap/"))
    for part in ("$60,000", "80% of the 75% in stocks.", "70%", "4 + 4 + 3 + 4 + 3 = 18."):
        assert part in text
    assert "The mix you would rather own: 50% stocks, 50% bonds" in text


def test_a_thread_is_the_same_as_a_page_and_as_a_fragment(assessment: Assessment) -> None:
    whole = page(assessment, "why/us_large_cap/")
    part = page(assessment, "why/us_large_cap/", **HTMX, **{"HX-Target": "thread-mix"})
    assert part.startswith('<div class="thread" id="thread-us_large_cap">')
    steps = part.partition("<ol>")[2].partition("</ol>")[0]
    assert steps
    assert steps in whole


@pytest.mark.parametrize("key", ["gold", "nothing", "needed", "us_small_cap"])
def test_a_number_that_is_not_there_is_a_404(assessment: Assessment, key: str) -> None:
    assert Client().get(f"/r/{assessment.public_id}/why/{key}/").status_code == 404


def test_a_result_shows_what_was_calculated_then(assessment: Assessment, monkeypatch) -> None:
    def without_token() -> str:
        return re.sub(r'value="\w{64}"', "", page(assessment))

    before = without_token()
    # calculating again would fail
    monkeypatch.setattr("questionnaire.services.answering.assess", None)
    assert without_token() == before


def test_the_page_gives_the_same_figures_as_the_api(assessment: Assessment) -> None:
    body = {
        "amount": "100000",
        "answers": {
            "drop_reaction": "hold_calm",
            "horizon_years": "12",
            "trade_off": "mix_50",
            "past_behaviour": "did_nothing",
            "max_loss": "up_to_20",
            "job_security": "permanent_steady",
            "emergency_fund": {"savings": "24000", "monthly_essentials": "3000"},
            "debt_to_income": {"monthly_debt": "1500", "monthly_income": "6000"},
            "income_variability": {"largest_fall": "5_to_10", "market_linked": False},
            "household_cover": "75_to_100",
        },
    }
    for version in methodology.versions():
        for sleeves in ("core", "diversified"):
            choice = {"method": version, "sleeves": sleeves}
            answer = Client().post("/api/v1/assess", body | choice, "application/json").json()
            text = page(assessment, f"?method={version}&sleeves={sleeves}")
            for row in answer["classes"]:
                amount = Decimal(row["amount"])
                assert f"${amount:,.0f}" in text
            assert f"β {answer['capm']['beta']}" in text
            for finding in answer["findings"]:
                assert finding["sentence"] in plain_text(text)


@pytest.mark.parametrize("query", ["?method=v9", "?sleeves=none", "?method=", "?method=../v1"])
@pytest.mark.parametrize("rest", ["", "why/stocks/", "whatif/"])
def test_an_unknown_method_or_set_is_said_with_the_choices(
    assessment: Assessment, query: str, rest: str
) -> None:
    response = Client().get(f"/r/{assessment.public_id}/{rest}{query}")
    assert response.status_code == 422
    assert "Choose" in response.content.decode()


@pytest.mark.parametrize("query", ["", "?method=seed-1&sleeves=diversified"])
def test_a_result_can_be_taken_along_as_json(assessment: Assessment, query: str) -> None:
    response = Client().get(f"/r/{assessment.public_id}/calculation.json{query}")
    assert response["Content-Disposition"].startswith("attachment;")
    taken = response.json()
    assert taken["answers"] == assessment.answers
    assert sum(Decimal(row["amount"]) for row in taken["classes"]) == assessment.amount
    assert taken["method"] == ("seed-1" if query else "v1")


# -- What if ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("case=job_loss", "The mix changes because your income score goes from 20 to"),
        ("case=steady_job", "although your income score goes from 20 to 21"),
        ("case=retire_soon", "The mix changes because your income score goes from 20 to 19"),
        ("case=reserve_6", "The mix stays as it is"),
        ("case=amount&amount=50%2C000", "The mix stays as it is; the dollars change."),
    ],
)
def test_what_if_says_in_one_sentence_what_changes(
    assessment: Assessment, query: str, sentence: str
) -> None:
    assert sentence in plain_text(page(assessment, f"whatif/?{query}"))


def test_what_if_stores_nothing(assessment: Assessment) -> None:
    page(assessment, "whatif/?case=job_loss")
    assert Assessment.objects.count() == 1


def test_what_if_is_the_same_as_a_page_and_as_a_fragment(assessment: Assessment) -> None:
    whole = page(assessment, "whatif/?case=job_loss")
    part = page(assessment, "whatif/?case=job_loss", **HTMX, **{"HX-Target": "whatif"})
    assert part.strip().startswith('<div id="whatif">')
    assert part.strip() in whole


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("case=", "Select what might change"),
        ("case=lottery", "Select what might change"),
        ("case=amount", "Enter an amount, like 25,000"),
        ("case=amount&amount=1e9", "Use plain digits"),
        ("case=amount&amount=0", "Amount must be more than 0"),
        ("case=amount&amount=%EF%BC%91", "Use plain digits"),
    ],
)
def test_a_wrong_case_is_said_and_the_form_stays(
    assessment: Assessment, query: str, message: str
) -> None:
    response = Client().get(f"/r/{assessment.public_id}/whatif/?{query}")
    assert response.status_code == 422
    assert message in response.content.decode()


def test_answers_with_markup_cannot_be_stored_or_shown(db: None) -> None:
    draft = DraftFactory(answers=answered(trade_off="<script>alert(1)</script>"))
    with pytest.raises(EngineError):
        make_assessment(draft)


def test_what_if_says_what_it_assumes(assessment: Assessment) -> None:
    text = plain_text(page(assessment, "whatif/?case=job_loss"))
    assert "What this assumes" in text
    assert "$3,000 income each month" in text
    assert "By 25% or more" in text


def test_what_if_compares_the_classes_too(db: None) -> None:
    grown = {"trade_off": "mix_75", "horizon_years": "20", "max_loss": "up_to_35"}
    assessment = make_assessment(**grown, household_cover="100_or_more", monthly_debt="900")
    text = plain_text(page(assessment, "whatif/?case=retire_soon"))
    assert "the classes in them change" in text
    assert "US small-cap" in text


def test_a_left_over_amount_does_not_stand_in_the_way_of_another_case(
    assessment: Assessment,
) -> None:
    assert "The mix changes" in page(assessment, "whatif/?case=job_loss&amount=abc")


def test_where_everything_is_needed_soon_there_are_no_steps_of_a_mix(db: None) -> None:
    text = plain_text(page(make_assessment(needed_within_3_years="100000")))
    assert "Time decided the mix" in text
    assert "starts from" not in text
    assert "0 classes" not in text


def test_a_gain_in_a_bad_time_is_not_drawn_as_a_fall(db: None) -> None:
    html = page(make_assessment(horizon_years="1"))
    assert 'class="rose"' in html
    assert "+4.1%" in html
