"""Targets: from answers, typed at both levels, proposed by newer answers."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import RequestFactory

from portfolios.display.targets import proposal
from portfolios.models import Portfolio, Target
from portfolios.services.mixes import decision_for
from portfolios.views.finding import portfolio_of
from questionnaire.services.owning import own
from riskalloc.engine.assets import Mix
from riskalloc.firms.audit import By
from riskalloc.firms.models import AuditEntry, Role
from tests.factories import ClientFactory, UserFactory, assign, make_assessment
from tests.firms.people import browser_of, queries
from tests.portfolios.people import aimed, desk_browser, own_browser, portfolio_for
from tests.questionnaire.lives import TODAY, assessed, decided

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "HX-Target": "preview"}
EIGHTY_TWENTY = {"us_large_cap": 6000, "intl_developed": 1500}


@pytest.fixture
def browser(db):
    browser = own_browser()
    browser.portfolio = portfolio_for(browser.profile)
    browser.address = f"/p/{browser.portfolio.pk}/target/"
    return browser


def typed(was=None, **percents):
    return {
        "id": uuid4(), "was": was.pk if was else "",
        "stocks": "75", "bonds": "10", "alternatives": "15", "cash": "",
    } | percents  # fmt: skip


def from_answers(decision, was=None, **fields):
    result, override = decision.shown_as
    return {
        "use": "answers", "id": uuid4(), "was": was.pk if was else "",
        "result": result, "override": override or "",
    } | fields  # fmt: skip


def now_of(portfolio) -> dict[str, int]:
    return Target.objects.latest_of(portfolio).per_class()


# -- From answers -----------------------------------------------------------------------------------------


def test_the_mix_of_the_answers_becomes_the_target_and_stays_linked(browser):
    assessment = assessed(browser.profile)
    page = browser.get(browser.address).content.decode()
    assert "your answers of 3 Mar 2026" in page
    sent = from_answers(decision_for(browser.profile))
    answer = browser.post(browser.address, sent)
    assert (answer.status_code, answer["Location"]) == (303, f"/p/{browser.portfolio.pk}/")
    assert now_of(browser.portfolio) == EIGHTY_TWENTY | {"us_aggregate": 1000, "reit": 1500}
    assert Target.objects.get().assessment == assessment
    assert AuditEntry.objects.get(action="target set").after["result"] == assessment.public_id


def test_a_decision_of_an_advisor_goes_before_the_calculated_mix():
    desk = desk_browser()
    portfolio = portfolio_for(desk.profile)
    assessment = assessed(desk.profile)
    override = decided(desk.profile, assessment, "Wants to sleep well.", Mix(50, 35, 10, 5))
    page = desk.get(f"/p/{portfolio.pk}/target/").content.decode()
    assert "the mix decided on" in page
    assert "instead of that from the answers of 3 Mar 2026" in page
    desk.post(f"/p/{portfolio.pk}/target/", from_answers(decision_for(desk.profile)))
    assert Target.objects.get().override == override
    assert now_of(portfolio) == {
        "us_large_cap": 4000, "intl_developed": 1000, "us_aggregate": 3500, "reit": 1000, "cash": 500,
    }  # fmt: skip


def test_sent_five_times_it_is_set_once(browser):
    assessed(browser.profile)
    sent = from_answers(decision_for(browser.profile))
    for _ in range(5):
        assert browser.post(browser.address, sent).status_code == 303
    assert Target.objects.count() == 1


def test_answers_that_came_after_the_page_are_shown_first(browser):
    assessed(browser.profile)
    sent = from_answers(decision_for(browser.profile))
    assessed(browser.profile, TODAY, horizon_years="4")
    answer = browser.post(browser.address, sent)
    assert answer.status_code == 409
    assert "Something else holds by now" in answer.content.decode()
    assert not Target.objects.exists()


def test_answers_of_somebody_else_are_not_taken(browser):
    assessed(browser.profile)
    theirs = ClientFactory()
    assessed(theirs)
    answer = browser.post(browser.address, from_answers(decision_for(theirs)))
    assert answer.status_code == 409
    assert not Target.objects.exists()


def test_the_id_of_somebody_elses_target_makes_another_one(browser):
    theirs = aimed(portfolio_for(ClientFactory()))
    assert browser.post(browser.address, typed(id=theirs.pk)).status_code == 303
    assert now_of(browser.portfolio)["us_large_cap"] == 6000


# -- Typed ------------------------------------------------------------------------------------------------


def test_four_numbers_are_divided_by_the_usual_sleeves(browser):
    answer = browser.post(browser.address, typed())
    assert answer.status_code == 303
    assert now_of(browser.portfolio) == EIGHTY_TWENTY | {"us_aggregate": 1000, "reit": 1500}
    assert Target.objects.get().assessment is None
    assert "Typed" in browser.get(browser.address).content.decode()


def test_classes_are_taken_as_typed(browser):
    percents = {"us_large_cap": "52.94", "us_small_cap": "8.82", "intl_developed": "13.24"}
    assert browser.post(browser.address, typed(**percents)).status_code == 303
    assert now_of(browser.portfolio)["us_small_cap"] == 882


def test_a_top_class_may_be_left_to_what_its_classes_add_up_to(browser):
    sent = typed(stocks="", us_large_cap="70", emerging="5")
    assert browser.post(browser.address, sent).status_code == 303
    assert now_of(browser.portfolio)["emerging"] == 500


def test_odd_hundredths_still_add_up(browser):
    sent = typed(stocks="33.33", bonds="33.33", alternatives="33.33", cash="0.01")
    assert browser.post(browser.address, sent).status_code == 303
    assert sum(now_of(browser.portfolio).values()) == 10_000


@pytest.mark.parametrize(
    ("percents", "sentence"),
    [
        ({"stocks": "74.99"}, "Targets add up to 99.99%. Add 0.01 points."),
        ({"stocks": "75.01"}, "Targets add up to 100.01%. Take away 0.01 points."),
        ({"stocks": "73.5"}, "Targets add up to 98.5%. Add 1.5 points."),
        ({"stocks": "74"}, "Targets add up to 99%. Add 1 point."),
        (
            {"stocks": "0", "bonds": "0", "alternatives": "0"},
            "Targets add up to 0%. Add 100 points.",
        ),
        ({"stocks": "", "bonds": "", "alternatives": ""}, "Targets add up to 0%. Add 100 points."),
        ({"us_large_cap": "60"}, "Its classes add up to 60%, not to 75%. Add 15 points to them."),
        ({"us_large_cap": "76"}, "Its classes add up to 76%, not to 75%. Take 1 point from them."),
        ({"us_large_cap": "0"}, "Its classes add up to 0%, not to 75%. Add 75 points to them."),
        ({"stocks": "-75"}, "Enter 0 or more"),
        ({"stocks": "175", "bonds": "-75"}, "Enter at most 100"),
        ({"stocks": "7.5e1"}, "Use plain digits"),
        ({"stocks": "1" + "0" * 30}, "Enter at most 100"),
        ({"stocks": "74.999", "cash": "0.001"}, "Use at most 2 decimals"),
        ({"stocks": "NaN"}, "Use plain digits"),
        ({"stocks": "seventy"}, "Use plain digits"),
        ({"id": "x"}, "This form is out of date"),
    ],
)
def test_bad_input_gets_a_sentence_at_its_level(browser, percents, sentence):
    answer = browser.post(browser.address, typed(**percents))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert page.count("There is a problem") == 1
    assert not Target.objects.exists()


def test_a_percent_sign_and_spaces_are_forgiven(browser):
    assert browser.post(browser.address, typed(stocks=" 75 % ", bonds="+10%")).status_code == 303


def test_the_difference_is_shown_before_it_is_saved(browser):
    was = aimed(browser.portfolio)
    sent = typed(was, stocks="70", bonds="15", preview="1")
    answer = browser.post(browser.address, sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<!doctype html>" in page
    assert "−4 points" in page
    assert "+5 points" in page
    part = browser.post(browser.address, sent, headers=HTMX).content.decode()
    assert part.startswith('<div id="preview">')
    assert "−4 points" in part
    assert Target.objects.count() == 1


def test_a_preview_of_what_does_not_add_up_says_so(browser):
    answer = browser.post(browser.address, typed(stocks="70", preview="1"), headers=HTMX)
    assert answer.status_code == 422
    assert "Targets add up to 95%. Add 5 points." in answer.content.decode()


def test_the_form_opens_with_the_present_target(browser):
    aimed(browser.portfolio, {"us_large_cap": 40, "emerging": 35, "us_aggregate": 25})
    page = browser.get(browser.address).content.decode()
    assert 'name="stocks" value="75"' in page
    assert 'name="emerging" value="35"' in page
    assert 'name="bonds" value="25"' in page
    assert 'name="us_aggregate" value' not in page  # all of bonds, as usual


def test_a_target_that_somebody_set_meanwhile_is_not_replaced_unseen(browser):
    was = aimed(browser.portfolio)
    aimed(browser.portfolio, {"cash": 100})
    answer = browser.post(browser.address, typed(was))
    assert answer.status_code == 409
    assert now_of(browser.portfolio) == {"cash": 10_000}
    now = Target.objects.latest_of(browser.portfolio)
    assert browser.post(browser.address, typed(now)).status_code == 303


def test_earlier_targets_stay_on_the_list(browser):
    aimed(browser.portfolio)
    few = queries(browser, browser.address)
    for stocks in range(1, 9):
        aimed(browser.portfolio, {"us_large_cap": stocks, "cash": 100 - stocks})
    page = browser.get(browser.address).content.decode()
    assert "Earlier targets" in page
    assert "75% stocks, 10% bonds, 15% alternatives" in page
    assert queries(browser, browser.address) == few


# -- What newer answers propose ---------------------------------------------------------------------------


def seen(browser) -> Portfolio:
    """As a view finds it: with its client as the viewer sees them."""
    request = RequestFactory().get(browser.address)
    request.user = browser.profile.membership.user
    return portfolio_of(request, browser.portfolio.pk)


def answer_anew(browser) -> None:
    own(assessment=make_assessment(), client=browser.profile, by=By())


def test_a_newer_mix_is_proposed_and_changes_nothing(browser):
    aimed(browser.portfolio, {"cash": 100})
    answer_anew(browser)
    found = proposal(seen(browser))
    changes = {line.name: line.change for line in found.lines}
    assert (changes["Stocks"], changes["US large-cap"], changes["Cash"]) == (75, 60, -100)
    assert found.source.words.startswith("your answers of ")
    assert Target.objects.count() == 1


def test_a_newer_decision_is_proposed_as_well(browser):
    answer_anew(browser)
    aimed(browser.portfolio)
    assessment = decision_for(browser.profile).assessment
    decided(browser.profile, assessment, "Wants to sleep well.", Mix(50, 35, 10, 5))
    assert "the mix decided on" in proposal(seen(browser)).source.words


def test_used_or_kept_it_is_proposed_no_more(browser):
    for use in ("answers", "present"):
        was = aimed(browser.portfolio, {"cash": 100})
        answer_anew(browser)
        found = proposal(seen(browser))
        sent = from_answers(found.decision, was, use=use)
        assert browser.post(browser.address, sent).status_code == 303
        assert proposal(seen(browser)) is None
    assert now_of(browser.portfolio) == {"cash": 10_000}


def test_answers_that_say_the_same_propose_nothing(browser):
    aimed(browser.portfolio)
    answer_anew(browser)
    assert proposal(seen(browser)) is None


def test_without_a_target_or_answers_nothing_is_proposed(browser):
    assert proposal(seen(browser)) is None
    aimed(browser.portfolio)
    assert proposal(seen(browser)) is None


def test_older_answers_propose_nothing(browser):
    assessed(browser.profile)
    aimed(browser.portfolio, {"cash": 100})
    assert proposal(seen(browser)) is None


# -- Who may ----------------------------------------------------------------------------------------------


def test_readers_look_and_strangers_do_not():
    portfolio = portfolio_for(ClientFactory())
    aimed(portfolio)
    address = f"/p/{portfolio.pk}/target/"
    reader = browser_of(assign(portfolio.client, Role.READER))
    page = reader.get(address).content.decode()
    assert "60%" in page
    assert "Save the target" not in page
    assert reader.post(address, typed()).status_code == 404
    stranger = browser_of(UserFactory())
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, typed()).status_code == 404
    assert Target.objects.count() == 1


def test_a_use_that_there_is_not_is_refused(browser):
    assert browser.post(browser.address, {"use": "magic"}).status_code == 422
    assert browser.post(browser.address, {"use": "present", "id": uuid4()}).status_code == 409


def test_percents_of_a_target_are_exact(browser):
    browser.post(browser.address, typed(stocks="33.34", bonds="33.33", alternatives="33.33"))
    assert Target.objects.get().us_large_cap == int(Decimal("26.67") * 100)


def test_the_portfolios_page_shows_what_is_proposed_to_whoever_may_decide(browser):
    aimed(browser.portfolio, {"cash": 100})
    answer_anew(browser)
    address = f"/p/{browser.portfolio.pk}/"
    page = browser.get(address).content.decode()
    assert "There is a newer mix" in page
    assert "Use the new mix" in page
    reader = browser_of(assign(browser.profile, Role.READER))
    page = reader.get(address).content.decode()
    assert "There is a newer mix" in page
    assert "Use the new mix" not in page
