"""Each page: works, wrong method, page and fragment, errors, and what it does not do."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from questionnaire.models import Assessment, Draft, new_token
from questionnaire.views.drafts import COOKIE
from tests.factories import TOKEN, WORKED_EXAMPLE, DraftFactory, answered, columns_of
from tests.questionnaire.conftest import HTMX

PAGES = ["/", "/help/", "/method/", "/method/v1/", "/method/seed-1/"]


@pytest.mark.parametrize("page", PAGES)
def test_public_pages_need_no_draft(db: None, page: str) -> None:
    assert Client().get(page).status_code == 200


@pytest.mark.parametrize("page", ["/method/v2/", "/q/nothing/", "/r/nothing/", "/nothing/"])
def test_what_does_not_exist_is_a_404_with_a_way_out(
    browser: Client, draft: Draft, page: str
) -> None:
    response = browser.get(page)
    assert response.status_code == 404
    assert "Go to the first page" in response.content.decode()


@pytest.mark.parametrize(
    ("method", "page"),
    [
        ("get", "/start/"),
        ("post", "/help/"),
        ("post", "/method/"),
        ("put", "/q/amount/"),
        ("get", "/q/check/keep/"),
        ("post", "/r/x/"),
        ("post", "/r/x/whatif/"),
    ],
)
def test_pages_refuse_other_methods(db: None, method: str, page: str) -> None:
    assert getattr(Client(), method)(page).status_code == 405


# -- Starting ---------------------------------------------------------------------------------------------


def test_starting_makes_a_draft_and_a_cookie_that_scripts_cannot_read(db: None) -> None:
    client = Client()
    response = client.post("/start/")
    assert (response.status_code, response["Location"]) == (303, "/q/amount/")
    assert Draft.objects.of_token(client.cookies[COOKIE].value).count() == 1
    assert client.cookies[COOKIE]["httponly"]
    assert client.cookies[COOKIE]["samesite"] == "Lax"


def test_starting_twice_keeps_the_first_draft(browser: Client, draft: Draft) -> None:
    assert browser.post("/start/")["Location"] == "/"
    assert Draft.objects.get() == draft


def test_one_draft_too_many_in_a_minute_is_refused(db: None, settings) -> None:
    settings.DRAFTS_PER_MINUTE = "2/m"
    statuses = [Client().post("/start/").status_code for _ in range(3)]
    refused = Client().post("/start/")
    assert statuses == [303, 303, 429]
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert "Wait" in refused.content.decode()
    assert Draft.objects.count() == 2


def test_the_first_page_leads_back_to_a_running_draft(browser: Client, db: None) -> None:
    DraftFactory(answers={"amount": WORKED_EXAMPLE["amount"]})
    text = browser.get("/").content.decode()
    assert "Continue where you left off" in text
    assert "question 2 of 11" in text


def test_starting_again_asks_first_then_forgets(browser: Client, draft: Draft) -> None:
    assert "will be deleted" in browser.get("/start-again/").content.decode()
    response = browser.post("/start-again/")
    assert (response.status_code, response["Location"]) == (303, "/")
    assert not Draft.objects.exists()
    assert browser.cookies[COOKIE].value == ""


def test_an_expired_draft_is_gone_with_a_clear_word(
    browser: Client, draft: Draft, settings
) -> None:
    Draft.objects.update(updated_at=timezone.now() - timedelta(days=settings.DRAFT_DAYS + 1))
    response = browser.get("/q/horizon/", follow=True)
    assert response.status_code == 404
    assert "There are no answers here" in response.content.decode()


def test_htmx_is_sent_to_the_whole_page_when_the_draft_is_gone(db: None) -> None:
    response = Client().post("/q/horizon/", headers=HTMX | {"HX-Target": "step"})
    assert response["HX-Redirect"] == "/q/expired/"


# -- Questions --------------------------------------------------------------------------------------------


def test_each_answer_leads_to_the_next_question_and_the_last_to_the_check(
    browser: Client, db: None
) -> None:
    DraftFactory(answers={})
    slugs = [question.replace("_", "-") for question in WORKED_EXAMPLE]
    following = [f"/q/{slug}/" for slug in slugs[1:]] + ["/q/check/"]
    for slug, answer, then in zip(slugs, WORKED_EXAMPLE.values(), following, strict=True):
        typed = {name: value for name, value in answer.items() if value != "no"}
        response = browser.post(f"/q/{slug}/", typed)
        assert (response.status_code, response["Location"]) == (303, then)
    assert Draft.objects.get().answers == WORKED_EXAMPLE


def test_opening_a_later_question_leads_to_the_first_open_one(browser: Client, db: None) -> None:
    DraftFactory(answers={"amount": WORKED_EXAMPLE["amount"]})
    response = browser.get("/q/max-loss/")
    assert response["Location"] == "/q/drop-reaction/?first=1"
    assert "Answer this first" in browser.get(response["Location"]).content.decode()


def test_sending_a_later_question_early_keeps_nothing(browser: Client, db: None) -> None:
    draft = DraftFactory(answers={"amount": WORKED_EXAMPLE["amount"]})
    browser.post("/q/max-loss/", {"max_loss": "up_to_5"})
    draft.refresh_from_db()
    assert list(draft.answers) == ["amount"]


def test_a_stored_answer_is_shown_again(browser: Client, draft: Draft) -> None:
    text = browser.get("/q/drop-reaction/").content.decode()
    assert 'value="hold_calm" required id="id_drop_reaction_3" checked' in text.replace(
        'value="hold_calm" id', 'value="hold_calm" required id'
    )


def test_a_wrong_answer_is_said_and_what_was_typed_stays(browser: Client, draft: Draft) -> None:
    response = browser.post("/q/amount/", {"amount": "25,00", "needed_within_3_years": "<b>"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: How much money" in text
    assert 'value="25,00"' in text
    assert 'value="&lt;b&gt;"' in text
    assert 'href="#id_amount"' in text
    draft.refresh_from_db()
    assert draft.answers == WORKED_EXAMPLE


def test_a_question_may_be_left_for_later_but_the_amount_may_not(
    browser: Client, draft: Draft
) -> None:
    browser.post("/q/horizon/", {"later": "1"})
    draft.refresh_from_db()
    assert draft.answers["horizon"] is None
    assert browser.post("/q/amount/", {"later": "1"}).status_code == 422


@pytest.mark.parametrize("slug", [question.replace("_", "-") for question in WORKED_EXAMPLE])
def test_a_question_is_the_same_as_a_page_and_as_a_fragment(
    browser: Client, draft: Draft, slug: str
) -> None:
    page = browser.get(f"/q/{slug}/").content.decode()
    response = browser.get(f"/q/{slug}/", headers=HTMX | {"HX-Target": "step"})
    fragment = response.content.decode()
    title, _, root = fragment.partition("</title>")
    assert title.startswith("<title>")
    assert root.strip().startswith('<div id="step">')
    assert _without_tokens(root.strip()) in _without_tokens(page)
    assert page.count("<h1") == fragment.count("<h1") == 1
    assert "HX-Request" in response["Vary"]
    assert response["Cache-Control"] == "no-store, private"


def _without_tokens(text: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)


@pytest.mark.parametrize(
    "headers",
    [
        {"HX-Request": "true", "HX-Target": "unknown"},
        {"HX-Request": "true", "HX-Target": "step", "HX-History-Restore-Request": "true"},
        {"HX-Target": "step"},
    ],
)
def test_other_htmx_requests_get_the_full_page(
    browser: Client, draft: Draft, headers: dict[str, str]
) -> None:
    text = browser.get("/q/horizon/", headers=headers).content.decode()
    assert text.startswith("<!doctype html>")


# -- Check and finish -------------------------------------------------------------------------------------


def test_the_check_page_shows_every_answer_with_a_way_to_change_it(
    browser: Client, draft: Draft
) -> None:
    text = browser.get("/q/check/").content.decode()
    for question in WORKED_EXAMPLE:
        assert f'href="/q/{question.replace("_", "-")}/"' in text
    assert "$100,000" in text
    assert "8.0 months of spending" in text


def test_open_questions_are_listed_and_there_is_no_result_yet(browser: Client, db: None) -> None:
    DraftFactory(answers=WORKED_EXAMPLE | {"horizon": None})
    text = browser.get("/q/check/").content.decode()
    assert "1 question is still open" in text
    assert "See my result" not in text
    assert browser.post("/q/check/", {"version": "1"}).status_code == 409
    assert not Assessment.objects.exists()


def test_finishing_leads_to_the_result(browser: Client, draft: Draft) -> None:
    response = browser.post("/q/check/", {"version": draft.version})
    assert response.status_code == 303
    assert response["Location"] == f"/r/{Assessment.objects.get().public_id}/"


@pytest.mark.parametrize("version", ["", "0", "99", "x", "-1", "9" * 500])
def test_a_stale_check_page_shows_the_answers_of_now(
    browser: Client, draft: Draft, version: str
) -> None:
    response = browser.post("/q/check/", {"version": version})
    assert response.status_code == 409
    assert "Your answers have changed" in response.content.decode()
    assert not Assessment.objects.exists()


def test_answers_that_pull_apart_are_quoted_until_they_are_kept(browser: Client, db: None) -> None:
    draft = DraftFactory(answers=answered(past_behaviour="sold_all", drop_reaction="buy_more"))
    assert "pull in different directions" in browser.get("/q/check/").content.decode()
    browser.post("/q/check/keep/", {"version": draft.version})
    assert "pull in different directions" not in browser.get("/q/check/").content.decode()
    draft.refresh_from_db()
    browser.post("/q/check/", {"version": draft.version})
    assert Assessment.objects.get().kept_contradictions is True


@pytest.mark.parametrize(
    "fields",
    [{}, {"drop_reaction": "sell_all", "past_behaviour": "sold_all", "trade_off": "mix_15"}],
)
def test_answers_that_agree_are_not_questioned(
    browser: Client, db: None, fields: dict[str, str]
) -> None:
    DraftFactory(answers=answered(**fields, max_loss="up_to_20"))
    text = browser.get("/q/check/").content.decode()
    assert "pull in different directions" not in text


# -- Queries ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "queries"), [("/", 1), ("/q/amount/", 1), ("/q/trade-off/", 1), ("/q/check/", 1)]
)
def test_a_page_of_the_questionnaire_reads_one_row(
    browser: Client, draft: Draft, django_assert_num_queries, page: str, queries: int
) -> None:
    with django_assert_num_queries(queries):
        browser.get(page)


@pytest.mark.parametrize(
    "page", ["", "?method=seed-1&sleeves=diversified", "why/stocks/", "whatif/"]
)
def test_a_result_reads_one_row(
    assessment: Assessment, django_assert_num_queries, page: str
) -> None:
    with django_assert_num_queries(1):
        Client().get(f"/r/{assessment.public_id}/{page}")


def test_a_result_is_open_to_whoever_has_its_address_until_it_expires(
    assessment: Assessment, settings
) -> None:
    address = f"/r/{assessment.public_id}/"
    assert Client().get(address).status_code == 200
    long_ago = timezone.now() - timedelta(days=settings.RESULT_DAYS, seconds=1)
    old = Assessment.objects.create(**columns_of(assessment) | {"created_at": long_ago})
    expired, never = Client().get(f"/r/{old.public_id}/"), Client().get("/r/neverwas/")
    assert expired.status_code == never.status_code == 404
    assert expired.content.replace(old.public_id.encode(), b"") == never.content


def test_ten_thousand_guesses_find_nothing(assessment: Assessment) -> None:
    for _ in range(20):
        guesses = [new_token() for _ in range(500)]
        assert not Assessment.objects.live().filter(public_id__in=guesses).exists()
    assert Assessment.objects.live().filter(public_id__in=[assessment.public_id]).exists()


def test_a_draft_is_closed_to_every_other_browser(draft: Draft) -> None:
    client = Client()
    client.cookies[COOKIE] = TOKEN[:-1] + "x"
    assert client.get("/q/horizon/", follow=True).status_code == 404
    assert client.post("/q/horizon/", {"horizon_years": "1"}, follow=True).status_code == 404
    draft.refresh_from_db()
    assert draft.answers == WORKED_EXAMPLE


def test_a_cookie_lives_from_the_last_answer(browser: Client, draft: Draft, settings) -> None:
    response = browser.post("/q/horizon/", {"horizon_years": "9"})
    assert response.cookies[COOKIE]["max-age"] == settings.DRAFT_DAYS * 86_400
    assert response.cookies[COOKIE].value == TOKEN


@pytest.mark.parametrize("page", ["/", "/start-again/", "/r/nothing/", "/q/check/", "/help/"])
def test_no_answer_is_kept_on_the_way(browser: Client, draft: Draft, page: str) -> None:
    assert browser.get(page)["Cache-Control"] == "no-store, private"


def test_only_the_browser_that_made_a_result_is_offered_to_change_it(
    browser: Client, draft: Draft
) -> None:
    address = browser.post("/q/check/", {"version": draft.version})["Location"]
    assert "Change an answer" in browser.get(address).content.decode()
    assert "Change an answer" not in Client().get(address).content.decode()
    assert "See your result" in browser.get("/").content.decode()


def test_a_changed_answer_leads_back_to_the_check_and_not_to_the_old_result(
    browser: Client, draft: Draft
) -> None:
    browser.post("/q/check/", {"version": draft.version})
    browser.post("/q/horizon/", {"horizon_years": "9"})
    text = browser.get("/").content.decode()
    assert "See your result" not in text
    assert "Continue where you left off" in text


def test_the_method_page_publishes_limits_thresholds_and_cases(db: None) -> None:
    text = Client().get("/method/seed-1/").content.decode()
    assert "What if" in text
    assert "under 30 seconds" in text
    assert "{" not in re.sub(r"\{amount[^}]*\}|content=\'[^\']*\'", "", text)


@pytest.mark.parametrize(
    "stale",
    [
        {"trade_off": {"trade_off": "mix_99"}},
        {"emergency_fund": {"savings": "5"}},
        {"horizon": {"horizon_years": "5", "months": "3"}},
        {"favourite_colour": {"favourite_colour": "green"}},
    ],
)
def test_answers_of_another_questionnaire_are_simply_asked_again(
    browser: Client, db: None, stale: dict[str, dict[str, str]]
) -> None:
    draft = DraftFactory(answers=WORKED_EXAMPLE | stale)
    response = browser.get("/q/check/")
    asked = next(iter(stale))
    if asked in WORKED_EXAMPLE:
        assert response["Location"] == f"/q/{asked.replace('_', '-')}/?first=1"
    else:
        assert response.status_code == 200
    assert browser.post("/q/check/", {"version": draft.version}).status_code == 303
