"""Work on many clients: asked first, done once, and never on a client of others."""

import csv
from io import StringIO
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from portfolios.models import Plan
from questionnaire.models import Assignment, ClientProfile, Draft, Review
from riskalloc.firms.models import Job, Membership, Role
from riskalloc.firms.services.jobs import run_job
from tests.factories import ClientFactory, UserFactory, assign
from tests.firms.people import browser_of
from tests.portfolios.advisors.desks import Desk
from tests.portfolios.people import account_for, aimed, held, portfolio_for, security_of
from tests.questionnaire.lives import assessed

pytestmark = pytest.mark.django_db
CHOSEN = "/a/clients/chosen/"
DEEDS = ("invite", "review", "plan", "assign")


def ask(browser: Client, do: str, *keys: Any, **fields: Any) -> HttpResponse:
    return browser.post(CHOSEN, {"do": do, "client": [str(key) for key in keys], **fields})


def confirmed(browser: Client, do: str, *keys: Any, **fields: Any) -> HttpResponse:
    chosen = ",".join(UUID(str(key)).hex for key in keys)
    return browser.post(CHOSEN, {"do": do, "chosen": chosen, "id": uuid4(), **fields})


def done(browser: Client, do: str, *keys: Any, **fields: Any) -> dict[str, list[str]]:
    """What became of each, by state."""
    response = confirmed(browser, do, *keys, **fields)
    assert response.status_code == 303, response.content.decode()
    job = Job.objects.get()
    run_job(job.pk)
    found: dict[str, list[str]] = {}
    for item in job.items.order_by("position"):
        found.setdefault(item.state, []).append(item.said)
    return found


# -- Asking first -----------------------------------------------------------------------------------------


def test_the_page_that_asks_names_the_clients_and_counts_them() -> None:
    desk = Desk()
    one, two, _three = (desk.client(f"Demo {name}") for name in ("one", "two", "three"))
    page = ask(desk.browser, "review", one.pk, two.pk).content.decode()
    assert "Mark as reviewed today?" in page
    assert "2 clients." in page
    assert "Demo one" in page
    assert "Demo three" not in page
    assert not Job.objects.exists()


def test_all_that_match_are_those_of_the_filter() -> None:
    desk = Desk()
    ClientFactory.create_batch(60, firm=desk.firm, name="Demo many")
    desk.client("Demo other")
    page = ask(desk.browser, "plan", all="1", query="q=many&page=2").content.decode()
    assert "60 clients." in page
    assert "Demo other" not in page


def test_only_post_is_answered_and_nobody_without_a_desk_finds_it(client: Client) -> None:
    assert Desk().browser.get(CHOSEN).status_code == 405
    assert browser_of(UserFactory()).post(CHOSEN).status_code == 404
    assert client.post(CHOSEN).status_code == 302


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"do": "plan"}, "Tick at least one client"),
        ({"do": "erase"}, "Choose what to do"),
        ({}, "Choose what to do"),
        ({"do": "plan", "client": "nonsense"}, "Tick at least one client"),
        ({"do": "csv"}, "Tick at least one client"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_is_done(fields: dict, said: str) -> None:
    response = Desk().browser.post(CHOSEN, fields)
    assert response.status_code == 422
    assert said in response.content.decode()


def test_ten_thousand_and_one_are_too_many_and_foreign_ones_are_not_there() -> None:
    desk, other = Desk(), Desk()
    mine, theirs = desk.client("Demo mine"), other.client("Demo theirs")
    many = [mine.pk, theirs.pk, *(uuid4() for _ in range(9_998))]
    page = ask(desk.browser, "review", chosen="").content.decode()
    assert "Tick at least one" in page
    response = confirmed(desk.browser, "review", *many)
    assert response.status_code == 303
    assert [item.key for item in Job.objects.get().items.all()] == [mine.pk]
    response = confirmed(desk.browser, "review", *many, uuid4())
    assert response.status_code == 422
    assert "At most 10,000 clients at once." in response.content.decode()


def test_a_reader_may_export_and_nothing_else() -> None:
    client = Desk().client("Demo mine")
    browser = browser_of(assign(client, Role.READER))
    for do in DEEDS:
        assert ask(browser, do, client.pk).status_code == 422
    assert ask(browser, "csv", client.pk).status_code == 200
    assert "Send a review invitation" not in browser.get("/a/clients/").content.decode()


def test_whom_somebody_only_looks_at_is_left_out() -> None:
    desk = Desk()
    mine = desk.client("Demo mine")
    seen = Desk().client("Demo seen")
    membership = Membership.objects.create(firm=seen.firm, user=desk.user, role=Role.READER)
    seen.assignments.create(firm=seen.firm, membership=membership)
    page = ask(desk.browser, "review", mine.pk, seen.pk).content.decode()
    assert "1 client." in page
    assert "1 more that you ticked is left out" in page


def test_an_advisor_assigns_nobody() -> None:
    desk = Desk()
    client = desk.client()
    browser = browser_of(desk.advisor(client))
    assert ask(browser, "assign", client.pk).status_code == 422
    assert confirmed(browser, "assign", client.pk, member=desk.membership.pk).status_code == 422


# -- Doing ------------------------------------------------------------------------------------------------


def test_sent_twice_it_is_one_job() -> None:
    desk = Desk()
    client = desk.client()
    form_id = uuid4()
    sent = [confirmed(desk.browser, "review", client.pk, id=form_id) for _ in range(2)]
    assert {response["Location"] for response in sent} == {f"/jobs/{form_id}/"}
    assert Job.objects.count() == 1


def test_an_id_that_is_somebody_elses_job_is_not_found() -> None:
    desk, other = Desk(), Desk()
    form_id = uuid4()
    confirmed(other.browser, "review", other.client().pk, id=form_id)
    assert confirmed(desk.browser, "review", desk.client().pk, id=form_id).status_code in (303, 404)
    assert Job.objects.get(pk=form_id).firm_id == other.firm.pk


def test_reviewed_are_those_who_were_assessed_and_the_others_say_why() -> None:
    desk = Desk()
    known, new = desk.client("Demo known"), desk.client("Demo new")
    assessed(known)
    found = done(desk.browser, "review", known.pk, new.pk)
    assert len(found["done"]) == 1
    assert found["failed"] == ["Not assessed yet. Fill in the questions first."]
    assert Review.objects.get().client_id == known.pk


def test_invitations_go_to_those_who_have_an_address_and_want_them() -> None:
    desk = Desk()
    clients = [
        desk.client("Demo has", email="demo-has@example.org"),
        desk.client("Demo has none"),
        desk.client("Demo wants none", email="demo@example.org", wants_reminders=False),
    ]
    mail.outbox.clear()
    found = done(desk.browser, "invite", *(client.pk for client in clients))
    assert [len(found[state]) for state in ("done", "failed")] == [1, 2]
    assert Draft.objects.get(is_link=True).client_id == clients[0].pk


def test_an_owner_assigns_somebody_of_the_firm() -> None:
    desk = Desk()
    first, second = desk.client("Demo first"), desk.client("Demo second")
    advisor = Membership.objects.get(user=desk.advisor(first))
    page = ask(desk.browser, "assign", first.pk, second.pk).content.decode()
    assert advisor.user.email in page
    response = confirmed(desk.browser, "assign", first.pk, second.pk)
    assert response.status_code == 422
    assert "Choose who looks after these clients" in response.content.decode()
    found = done(desk.browser, "assign", first.pk, second.pk, member=advisor.pk)
    assert found == {"done": ["Was assigned before.", ""]}
    assert Assignment.objects.filter(membership=advisor).count() == 2


def test_somebody_of_another_firm_is_not_assigned() -> None:
    desk = Desk()
    client = desk.client()
    stranger = Membership.objects.get(user=Desk().advisor(Desk().client()))
    assert confirmed(desk.browser, "assign", client.pk, member=stranger.pk).status_code == 422
    assert not client.assignments.exists()


def test_plans_are_saved_for_what_is_out_of_band_and_approved_by_nobody() -> None:
    desk = Desk()
    client, fine = desk.client("Demo adrift"), desk.quiet("Demo fine")
    portfolio = portfolio_for(client)
    account = account_for(portfolio)
    held(account, security_of(portfolio), "10")
    aimed(portfolio)
    found = done(desk.browser, "plan", client.pk, fine.pk)
    assert found["done"] == ["1 plan saved."]
    assert found["failed"] == ["No portfolio is out of band, so there is nothing to plan."]
    plan = Plan.objects.get()
    assert plan.portfolio_id == portfolio.pk
    assert plan.made_by == desk.user.email
    assert not plan.marks.exists()


def test_a_client_who_was_taken_away_meanwhile_is_not_touched() -> None:
    desk = Desk()
    client = desk.client()
    assessed(client)
    user = desk.advisor(client)
    confirmed(browser_of(user), "review", client.pk)
    client.assignments.all().delete()
    job = Job.objects.get()
    run_job(job.pk)
    assert job.items.get().state == "failed"
    assert not Review.objects.exists()


@pytest.mark.parametrize("seed", range(8))
def test_a_client_of_others_is_never_touched_whatever_is_sent(seed: int) -> None:
    """Own, foreign and missing ids, mixed, by each way of sending them, for each kind of work."""
    chance = Random(seed)
    desk, other = Desk(), Desk()
    own = [desk.quiet(f"Demo own {n}", fires_band=True) for n in range(3)]
    near = [desk.quiet(f"Demo near {n}", fires_band=True) for n in range(2)]
    foreign = [other.quiet(f"Demo foreign {n}", fires_band=True) for n in range(3)]
    user = desk.advisor(*own)
    browser = browser_of(user)
    before = untouched([*near, *foreign])
    keys = [client.pk for client in (*own, *near, *foreign)] + [uuid4() for _ in range(3)]
    for do in DEEDS:
        some = chance.sample(keys, chance.randint(1, len(keys)))
        way = confirmed if chance.random() < 0.7 else ask
        way(browser, do, *some, member=desk.membership.pk, all=chance.choice(["", "1"]))
    for job in Job.objects.all():
        run_job(job.pk)
        assert {item.key for item in job.items.all()} <= {client.pk for client in own}
    assert untouched([*near, *foreign]) == before


def untouched(clients: list[ClientProfile]) -> list[Any]:
    keys = [client.pk for client in clients]
    return [
        list(ClientProfile.objects.filter(pk__in=keys).order_by("pk").values()),
        *(
            list(model.objects.filter(client__in=keys).order_by("pk").values())
            for model in (Review, Plan, Draft, Assignment)
        ),
    ]


# -- Exporting --------------------------------------------------------------------------------------------


def test_the_export_has_the_chosen_ones_and_no_formula() -> None:
    desk = Desk()
    desk.quiet("=HYPERLINK(1)", fires_band=True)
    desk.quiet("Demo other")
    response = ask(desk.browser, "csv", all="1", query="q=hyperlink")
    assert response["Content-Type"].startswith("text/csv")
    assert "attachment" in response["Content-Disposition"]
    header, *rows = csv.reader(StringIO(response.content.decode()))
    assert header[0] == "Client"
    (row,) = rows
    assert row[0] == "'=HYPERLINK(1)"
    assert row[1:7] == ["aggressive", "18", "high", "20", "1000.00", "USD"]
    assert row[9] == "Out of band"
