"""What another method, or own mixes, would move: seen before it is decided, and never for what is stored."""

from decimal import Decimal

import pytest
from django.test import Client

from portfolios.models import Target
from questionnaire.display.switching import Preview, in_points, preview
from questionnaire.models import Assessment, ClientProfile, ModelsInUse
from questionnaire.services.switching import Course
from questionnaire.snapshots import result_of
from riskalloc.firms.models import Firm, Role
from tests.factories import ClientFactory, FirmFactory, MembershipFactory, assign, make_own_client
from tests.firms.people import browser_of, everything, queries
from tests.questionnaire.modelled import MIXES, assessed, owner_browser, published, using

pytestmark = pytest.mark.django_db
SEED = Course(method="seed-1", published=None)


@pytest.fixture
def owner(db: None) -> Client:
    browser = owner_browser(FirmFactory(name="Demo practice"))
    browser.clients = [
        ClientFactory(firm=browser.firm, name=f"Demo {name}")
        for name in ("Anna", "Bert", "Cleo", "Dora")
    ]
    anna, bert, cleo, _ = browser.clients
    assessed(anna)  # 75/10/15/0 by both methods
    assessed(bert, drop_reaction="sell_some", max_loss="up_to_10", amount="50000")
    assessed(cleo, job_security="gig", largest_fall="25_or_more", savings="500")
    return browser


def at(browser: Client, query: str = "") -> str:
    return f"/firm/{browser.firm.pk}/method/{query}"


def text(response) -> str:
    return response.content.decode()


def moves(firm: Firm, to: Course = SEED) -> Preview:
    return preview(ClientProfile.objects.filter(firm=firm), to)


# -- The figures -----------------------------------------------------------------------------------------


def test_each_move_is_what_a_new_result_of_the_same_answers_would_be(owner):
    found = moves(owner.firm)
    assert (found.assessed, found.unassessed) == (3, 1)
    before = {
        one.name: result_of(Assessment.objects.get(public_id=one.public_id)) for one in found.movers
    }
    using(owner.firm, None, "seed-1")
    for one in found.movers:
        client = ClientProfile.objects.select_related("firm").get(pk=one.client_id)
        texts = Assessment.objects.get(public_id=one.public_id).answers
        after = result_of(assessed(client, **{k: v for q in texts.values() for k, v in q.items()}))
        assert one.stocks_after == after.calculation.allocation.mix.stocks
        assert one.label_after == after.calculation.scores.rti_label
        assert one.stocks_before == before[one.name].calculation.allocation.mix.stocks
        gains = after.calculation.allocation.weights.percents()
        was = before[one.name].calculation.allocation.weights.percents()
        assert one.points == sum(max(p - was.get(a, 0), Decimal(0)) for a, p in gains.items())


def test_the_worked_example_moves_nowhere_and_the_largest_move_comes_first(owner):
    found = moves(owner.firm)
    assert "Demo Anna" not in {one.name for one in found.movers}
    points = [one.points for one in found.movers]
    assert points == sorted(points, reverse=True)
    assert found.largest == in_points(points[0])
    assert sum(step.count for step in found.steps()) == 3
    assert found.figures == f"{len(points)} of 3"


def test_own_mixes_are_looked_at_before_they_are_used(owner):
    found = moves(owner.firm, Course(method="v1", published=published(owner.firm)))
    anna = next(one for one in found.movers if one.name == "Demo Anna")
    assert (anna.stocks_before, anna.stocks_after) == (75, 80)
    # 20 points of stocks abroad for 15, and bonds 20 for 10: REITs gave 15
    assert anna.points == Decimal("15.00")
    assert anna.amount == 15_000


def test_classes_that_change_inside_the_four_parts_are_a_move_as_well(owner):
    mixes = MIXES | {
        "aggressive": {
            "us_large_cap": 7500, "us_aggregate": 1000, "gold": 1500,
        },
    }  # fmt: skip
    found = moves(owner.firm, Course(method="v1", published=published(owner.firm, mixes)))
    anna = next(one for one in found.movers if one.name == "Demo Anna")
    assert (anna.stocks_before, anna.stocks_after) == (75, 75)
    assert anna.points == Decimal(
        "30.00"
    )  # 15 from abroad to large companies, 15 from REITs to gold


def test_money_that_is_all_needed_soon_moves_nowhere(owner):
    client = ClientFactory(firm=owner.firm)
    assessed(client, job_security="gig", savings="500", needed_within_3_years="100000")
    assert client.pk not in {one.client_id for one in moves(owner.firm).movers}


def test_only_the_latest_answers_count_and_everything_is_asked_in_two_queries(
    owner, django_assert_num_queries
):
    for client in owner.clients:
        for _ in range(3):
            assessed(client)
    with django_assert_num_queries(2):
        found = moves(owner.firm)
    assert found.figures == "0 of 4"


def test_a_book_that_is_too_large_is_cut_and_says_so(owner, monkeypatch):
    monkeypatch.setattr("questionnaire.display.switching.LARGEST_BOOK", 2)
    found = moves(owner.firm)
    assert (found.assessed, found.beyond) == (2, 2)
    page = text(owner.get(at(owner, "?method=seed-1&mixes=method")))
    assert "these are the first 2 clients by name, and 2 more are not looked at" in page


# -- The page --------------------------------------------------------------------------------------------


def test_the_page_shows_who_would_move_and_stores_nothing(owner):
    before = everything()
    page = text(owner.get(at(owner, "?method=seed-1&mixes=method")))
    found = moves(owner.firm)
    assert f"<b>{found.figures}</b> clients would get another mix" in page
    assert "Demo Cleo" in page
    assert "Demo Anna" not in page
    assert "A client’s mix changes only with new answers" in page
    assert everything() == before


def test_the_switch_needs_a_look_at_the_figures_that_hold_now(owner):
    sent = {
        "method": "seed-1",
        "mixes": "method",
        "version": "1",
        "figures": moves(owner.firm).figures,
    }
    answer = owner.post(at(owner), sent)
    assert answer.status_code == 422
    assert "Tick the box" in text(answer)
    answer = owner.post(at(owner), sent | {"seen": "on", "figures": "0 of 9"})
    assert answer.status_code == 409
    assert "The figures have changed" in text(answer)
    owner.firm.refresh_from_db()
    assert owner.firm.method == "v1"
    for _ in range(5):
        assert owner.post(at(owner), sent | {"seen": "on"}).status_code == 303
    owner.firm.refresh_from_db()
    assert (owner.firm.method, owner.firm.version) == ("seed-1", 2)
    assert not Target.objects.exists()


def test_to_own_mixes_and_back(owner):
    one = published(owner.firm)
    to = Course(method="v1", published=one)
    sent = {"method": "v1", "mixes": str(one.pk), "figures": moves(owner.firm, to).figures}
    assert owner.post(at(owner), sent | {"version": "1", "seen": "on"}).status_code == 303
    assert ModelsInUse.objects.get().published == one
    assert "Balanced</bdi>, version 1" in text(owner.get(at(owner)))
    back = {
        "method": "v1",
        "mixes": "method",
        "figures": moves(owner.firm, Course(method="v1", published=None)).figures,
    }
    assert owner.post(at(owner), back | {"version": "1", "seen": "on"}).status_code == 409
    assert owner.post(at(owner), back | {"version": "2", "seen": "on"}).status_code == 303
    assert not ModelsInUse.objects.exists()


@pytest.mark.parametrize(
    "query",
    ["?method=v9&mixes=method", "?method=v1", "?mixes=method", "?method=v1&mixes=x", "?method=<b>&mixes=<b>"],
)  # fmt: skip
def test_what_does_not_exist_cannot_be_looked_at(owner, query):
    assert owner.get(at(owner, query)).status_code == 422


@pytest.mark.parametrize("page", ["0", "-1", "99999", "x", ""])
def test_a_page_that_is_not_there_shows_one_that_is(owner, page):
    answer = owner.get(at(owner, f"?method=seed-1&mixes=method&page={page}"))
    assert answer.status_code == 200
    assert "Demo Cleo" in text(answer)


def test_models_of_another_firm_and_retired_ones_are_not_offered(owner):
    theirs = published(FirmFactory())
    assert owner.get(at(owner, f"?method=v1&mixes={theirs.pk}")).status_code == 422
    sent = {"method": "v1", "mixes": str(theirs.pk), "version": "1", "figures": "", "seen": "on"}
    assert owner.post(at(owner), sent).status_code == 422
    assert not ModelsInUse.objects.exists()


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.READER])
def test_a_desk_sees_its_own_clients_and_cannot_switch(owner, role):
    cleo = owner.clients[2]
    browser = browser_of(assign(cleo, role))
    page = text(browser.get(at(owner, "?method=seed-1&mixes=method")))
    assert "<b>1 of 1</b> client would" in page
    assert "Demo Bert" not in page
    assert "Switch to" not in page
    sent = {
        "method": "seed-1",
        "mixes": "method",
        "version": "1",
        "figures": "1 of 1",
        "seen": "on",
    }
    assert browser.post(at(owner), sent).status_code == 404
    owner.firm.refresh_from_db()
    assert owner.firm.method == "v1"


def test_clients_strangers_and_nobody_see_nothing(owner):
    client = make_own_client(firm=owner.firm)
    for browser in (browser_of(client.membership.user), owner_browser(FirmFactory())):
        assert browser.get(at(owner)).status_code == 404
        assert browser.post(at(owner), {"method": "v1"}).status_code == 404
    assert Client().get(at(owner)).status_code == 302


def test_a_reader_who_is_a_client_of_the_firm_is_not_among_their_own_clients(owner):
    cleo = owner.clients[2]
    own = make_own_client(firm=owner.firm, name="Demo myself")
    assessed(own, job_security="gig", largest_fall="25_or_more", savings="500")
    reader = MembershipFactory(firm=owner.firm, user=own.membership.user, role=Role.READER)
    cleo.assignments.create(firm=owner.firm, membership=reader)
    page = text(browser_of(reader.user).get(at(owner, "?method=seed-1&mixes=method")))
    assert "<b>1 of 1</b> client would" in page
    assert "Demo myself" not in page


def test_the_page_asks_the_same_however_many_clients_there_are(owner):
    address = at(owner, "?method=seed-1&mixes=method")
    few = queries(owner, address)
    for _ in range(5):
        assessed(ClientFactory(firm=owner.firm), job_security="gig", savings="500")
    assert queries(owner, address) == few


def test_a_long_list_is_paged_in_the_address(owner, monkeypatch):
    monkeypatch.setattr("questionnaire.views.switching.PER_PAGE", 1)
    first = text(owner.get(at(owner, "?method=seed-1&mixes=method")))
    assert "method=seed-1&amp;mixes=method&amp;page=2#moves" in first
    second = text(owner.get(at(owner, "?method=seed-1&mixes=method&page=2")))
    assert "Larger moves" in second
