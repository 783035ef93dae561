"""A client's portfolios: made, listed, renamed, put aside."""

from uuid import uuid4

import pytest

from portfolios.models import Portfolio, Target
from questionnaire.services.owning import own
from riskalloc.firms.audit import By
from riskalloc.firms.models import AuditEntry, Role
from tests.factories import ClientFactory, UserFactory, assign, make_assessment
from tests.firms.people import browser_of, queries
from tests.portfolios.people import (
    account_for,
    aimed,
    desk_browser,
    held,
    own_browser,
    portfolio_for,
    security_of,
)
from tests.questionnaire.lives import assessed

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(db):
    return own_browser()


def address_of(client) -> str:
    return f"/c/{client.pk}/portfolios/new/"


def sent(**fields):
    return {"id": uuid4(), "target_id": uuid4(), "name": "Retirement", "currency": "USD"} | fields


# -- Making one -------------------------------------------------------------------------------------------


def test_a_person_makes_a_portfolio(browser):
    answer = browser.post(address_of(browser.profile), sent())
    portfolio = Portfolio.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/p/{portfolio.pk}/")
    assert (portfolio.client, portfolio.name) == (browser.profile, "Retirement")
    assert portfolio.policy.drift_points == 3
    assert AuditEntry.objects.filter(action="portfolio created", about=browser.profile.pk).exists()


def test_an_advisor_makes_one_for_a_client():
    desk = desk_browser(name="Demo Robert")
    assert desk.post(address_of(desk.profile), sent(currency="EUR")).status_code == 303
    assert Portfolio.objects.get().currency == "EUR"
    assert AuditEntry.objects.get(action="portfolio created").on_behalf_of == "Demo Robert"


def test_sent_five_times_it_is_made_once(browser):
    form = sent()
    for _ in range(5):
        assert browser.post(address_of(browser.profile), form).status_code == 303
    assert Portfolio.objects.count() == 1


def test_an_id_that_is_somebody_elses_makes_another_one(browser):
    theirs = portfolio_for(ClientFactory(), "Theirs")
    assert browser.post(address_of(browser.profile), sent(id=theirs.pk)).status_code == 303
    theirs.refresh_from_db()
    assert theirs.name == "Theirs"
    assert browser.profile.portfolios.get().name == "Retirement"


def test_the_mix_of_the_answers_comes_along_as_its_target(browser):
    assessment = assessed(browser.profile)
    page = browser.get(address_of(browser.profile)).content.decode()
    assert "75% stocks, 10% bonds, 15% alternatives: from your answers of 3 Mar 2026." in page
    browser.post(address_of(browser.profile), sent(takes_target="on"))
    target = Target.objects.get()
    assert target.assessment == assessment
    assert sum(target.per_class().values()) == 10_000


def test_without_the_tick_there_is_no_target(browser):
    assessed(browser.profile)
    browser.post(address_of(browser.profile), sent())
    assert not Target.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "Enter a name"),
        ({"name": " \u200b "}, "Enter a name"),
        ({"name": "x" * 500}, "Use at most"),
        ({"currency": "XXX"}, "Select a currency"),
        ({"id": "x"}, "This form is out of date"),
    ],
)
def test_bad_input_gets_a_sentence(browser, fields, sentence):
    answer = browser.post(address_of(browser.profile), sent(**fields))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Portfolio.objects.exists()


def test_there_is_room_for_so_many(browser, monkeypatch):
    monkeypatch.setattr("portfolios.services.portfolios.MOST_PORTFOLIOS", 1)
    portfolio_for(browser.profile)
    answer = browser.post(address_of(browser.profile), sent())
    assert answer.status_code == 422
    assert "There is room for 1 portfolios" in answer.content.decode()


def test_strangers_readers_and_people_with_an_archived_client_get_a_404(browser):
    client = ClientFactory()
    assert browser.get(address_of(client)).status_code == 404
    assert browser.post(address_of(client), sent()).status_code == 404
    reader = browser_of(assign(client, Role.READER))
    assert reader.get(address_of(client)).status_code == 404
    advisor = browser_of(assign(client))
    client.archived_at = "2026-01-01T00:00Z"
    client.save()
    assert advisor.get(address_of(client)).status_code == 404


# -- The list on the client's page ------------------------------------------------------------------------


def test_each_portfolio_stands_on_the_clients_page_with_value_drift_and_words(browser):
    portfolio = portfolio_for(browser.profile)
    account = account_for(portfolio)
    for symbol, quantity in (("VOO", "700"), ("VXUS", "150"), ("AGG", "100"), ("VNQ", "150")):
        held(account, security_of(portfolio, symbol), quantity)
    aimed(portfolio)
    portfolio_for(browser.profile, "House")
    page = browser.get(f"/c/{browser.profile.pk}/").content.decode()
    assert "$110,000" in page
    assert "3.64 points" in page
    assert "Rebalance due" in page
    assert "The drift is 3 points or more" in page
    assert "Nothing in it yet" in page
    today = browser.get("/today/").content.decode()
    assert "$110,000" in today
    assert f"/p/{portfolio.pk}/" in today


def test_ten_portfolios_take_as_many_queries_as_one(browser):
    portfolio_for(browser.profile)
    address = f"/c/{browser.profile.pk}/"
    few = queries(browser, address)
    for number in range(9):
        portfolio_for(browser.profile, f"House {number}")
    assert queries(browser, address) == few


def test_a_reader_sees_the_list_and_no_button():
    client = ClientFactory()
    portfolio_for(client)
    page = browser_of(assign(client, Role.READER)).get(f"/c/{client.pk}/").content.decode()
    assert "Retirement" in page
    assert "Add a portfolio" not in page


def test_a_result_leads_to_what_is_owned(browser):
    assessment = assessed(browser.profile)
    address = f"/r/{assessment.public_id}/"
    assert address_of(browser.profile) in browser.get(address).content.decode()
    portfolio = portfolio_for(browser.profile)
    page = browser.get(address).content.decode()
    assert "Compare with what I own" in page
    assert f"/p/{portfolio.pk}/" in page


def test_a_result_of_nobody_leads_to_no_portfolio(client):
    page = client.get(f"/r/{make_assessment().public_id}/").content.decode()
    assert "Compare with what" not in page


def test_an_advisor_is_led_to_what_the_client_owns():
    desk = desk_browser()
    assessment = make_assessment()
    own(assessment=assessment, client=desk.profile, by=By())
    page = desk.get(f"/r/{assessment.public_id}/").content.decode()
    assert "Compare with what is owned" in page


# -- Renaming, archiving ----------------------------------------------------------------------------------


def test_a_portfolio_is_renamed(browser):
    portfolio = portfolio_for(browser.profile)
    address = f"/p/{portfolio.pk}/rename/"
    assert browser.post(address, {"name": "Old age", "version": 1}).status_code == 303
    portfolio.refresh_from_db()
    assert (portfolio.name, portfolio.version) == ("Old age", 2)


def test_the_same_name_sent_again_is_no_conflict(browser):
    portfolio = portfolio_for(browser.profile)
    for _ in range(5):
        answer = browser.post(f"/p/{portfolio.pk}/rename/", {"name": "Old age", "version": 1})
        assert answer.status_code == 303
    assert AuditEntry.objects.filter(action="portfolio renamed").count() == 1


def test_a_name_that_somebody_changed_meanwhile_is_shown_beside_mine(browser):
    portfolio = portfolio_for(browser.profile)
    address = f"/p/{portfolio.pk}/rename/"
    browser.post(address, {"name": "Theirs", "version": 1})
    answer = browser.post(address, {"name": "Mine", "version": 1})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<bdi>Theirs</bdi>" in page
    assert "<bdi>Mine</bdi>" in page
    assert 'name="version" value="2"' in page
    assert browser.post(address, {"name": "Mine", "version": 2}).status_code == 303


@pytest.mark.parametrize("fields", [{"name": ""}, {"version": "x"}, {"version": "0"}, {}])
def test_a_bad_name_is_refused(browser, fields):
    portfolio = portfolio_for(browser.profile)
    fields = {"name": "", "version": "1"} | fields
    assert browser.post(f"/p/{portfolio.pk}/rename/", fields).status_code == 422


def test_archived_it_is_off_the_list_and_comes_back(browser):
    portfolio = portfolio_for(browser.profile)
    client_page = f"/c/{browser.profile.pk}/"
    for _ in range(2):
        answer = browser.post(f"/p/{portfolio.pk}/archive/")
        assert (answer.status_code, answer["Location"]) == (303, client_page)
    assert "Archived (1)" in browser.get(client_page).content.decode()
    assert "Retirement" not in browser.get("/today/").content.decode()
    assert browser.get(f"/p/{portfolio.pk}/rename/").status_code == 404
    for _ in range(2):
        assert browser.post(f"/p/{portfolio.pk}/restore/").status_code == 303
    assert "Archived (1)" not in browser.get(client_page).content.decode()
    actions = AuditEntry.objects.filter(action__in=("portfolio archived", "portfolio restored"))
    assert actions.count() == 2


@pytest.mark.parametrize("what", ["rename", "archive", "restore"])
def test_strangers_and_readers_change_nothing(what):
    portfolio = portfolio_for(ClientFactory())
    reader = browser_of(assign(portfolio.client, Role.READER))
    for browser in (reader, browser_of(UserFactory())):
        answer = browser.post(f"/p/{portfolio.pk}/{what}/", {"name": "x", "version": 1})
        assert answer.status_code == 404
    assert Portfolio.objects.get().name == "Retirement"


@pytest.mark.parametrize("what", ["archive", "restore"])
def test_what_writes_takes_no_get(browser, what):
    assert browser.get(f"/p/{portfolio_for(browser.profile).pk}/{what}/").status_code == 405


def test_who_is_not_signed_in_is_sent_there(client, browser):
    answer = client.get(address_of(browser.profile))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/?next=/c/")
