"""The questionnaire for a client: typed by an advisor, answered again, or sent as a link."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from questionnaire.models import Assessment, Draft, Ownership
from questionnaire.services import answering
from questionnaire.services.owning import own
from riskalloc.firms.audit import By
from riskalloc.firms.models import AuditEntry, Role
from tests.factories import (
    WORKED_EXAMPLE,
    ClientFactory,
    FirmFactory,
    UserFactory,
    assign,
    make_assessment,
    make_own_client,
)
from tests.firms.people import browser_of

pytestmark = pytest.mark.django_db


def go_through(browser: Client) -> str:
    """Answer as in the worked example; the address of the result."""
    for question, fields in WORKED_EXAMPLE.items():
        sent = {name: value for name, value in fields.items() if value != "no"}
        slug = question.replace("_", "-")
        assert browser.post(f"/q/{slug}/", sent).status_code == 303, question
    answer = browser.post("/q/check/", {"version": Draft.objects.latest("updated_at").version})
    assert answer.status_code == 303
    return answer["Location"]


@pytest.fixture
def advisor(db):
    client = ClientFactory(name="Demo Robert", firm=FirmFactory(name="Demo practice"))
    user = assign(client)
    browser = browser_of(user)
    browser.looks_after = client
    browser.user = user
    return browser


# -- Typed by an advisor ---------------------------------------------------------------------------------


def test_an_advisor_fills_in_for_a_client_and_it_is_marked_so(advisor):
    client = advisor.looks_after
    started = advisor.post(f"/c/{client.pk}/start/")
    assert started["Location"] == "/q/amount/"
    assert "for <bdi>Demo Robert</bdi>" in advisor.get("/q/amount/").content.decode()
    address = go_through(advisor)
    ownership = Ownership.objects.get()
    assert (ownership.client, ownership.filled_in_by) == (client, advisor.user.email)
    assert f"filled in by {advisor.user.email}" in advisor.get(address).content.decode()
    entry = AuditEntry.objects.get(action="assessment added")
    assert (entry.actor, entry.about) == (advisor.user, client.pk)
    assert entry.on_behalf_of == "Demo Robert"


def test_sending_the_answers_twice_makes_one_assessment(advisor):
    advisor.post(f"/c/{advisor.looks_after.pk}/start/")
    first = go_through(advisor)
    version = Draft.objects.get().version
    assert advisor.post("/q/check/", {"version": version})["Location"] == first
    assert Assessment.objects.count() == 1


def test_an_advisor_goes_on_where_they_stopped(advisor):
    address = f"/c/{advisor.looks_after.pk}/start/"
    advisor.post(address)
    advisor.post("/q/amount/", {"amount": "1000"})
    advisor.cookies.pop("draft")
    assert advisor.post(address)["Location"] == "/q/drop-reaction/"
    assert Draft.objects.count() == 1


def test_who_no_longer_looks_after_a_client_cannot_go_on(advisor):
    advisor.post(f"/c/{advisor.looks_after.pk}/start/")
    advisor.looks_after.assignments.all().delete()
    assert advisor.post("/q/amount/", {"amount": "1000"}).status_code in (302, 303)
    assert Draft.objects.get().answers == {}


def test_the_draft_of_a_client_is_closed_once_the_advisor_has_signed_out(advisor):
    advisor.post(f"/c/{advisor.looks_after.pk}/start/")
    advisor.post("/q/amount/", {"amount": "1234"})
    cookie = advisor.cookies["draft"].value
    stranger = Client()
    stranger.cookies["draft"] = cookie
    assert "1,234" not in stranger.get("/q/amount/", follow=True).content.decode()


def test_the_firms_method_calculates(advisor):
    firm = advisor.looks_after.firm
    firm.method = "seed-1"
    firm.save()
    advisor.post(f"/c/{advisor.looks_after.pk}/start/")
    go_through(advisor)
    assert Assessment.objects.get().method == "seed-1"


def test_an_archived_client_is_not_asked(advisor):
    client = advisor.looks_after
    client.archived_at = timezone.now()
    client.save()
    assert advisor.post(f"/c/{client.pk}/start/").status_code == 404


# -- Answered again --------------------------------------------------------------------------------------


def test_last_times_answers_are_shown_until_they_are_answered_again(client):
    profile = make_own_client()
    own(assessment=make_assessment(amount="7000"), client=profile, by=By())
    client.force_login(profile.membership.user)
    client.post(f"/c/{profile.pk}/start/")
    page = client.get("/q/amount/").content.decode()
    assert "7,000" in page
    assert "the answer of last time" in page
    assert Draft.objects.get(client=profile).answers == {}  # shown is not answered


def test_the_horizon_comes_nearer_with_the_planned_retirement(time_machine):
    retires_on = timezone.localdate() + timedelta(days=12 * 365)
    profile = make_own_client(retires_on=retires_on)
    own(assessment=make_assessment(horizon_years="12"), client=profile, by=By())
    time_machine.move_to(timezone.now() + timedelta(days=2 * 365 + 1))
    from riskalloc import methodology

    suggested = answering.suggested_answers(profile, methodology.load("v1"))
    assert suggested["horizon"]["horizon_years"].startswith("9.9")
    assert suggested["max_loss"] == WORKED_EXAMPLE["max_loss"]


def test_ones_own_answers_are_not_marked_as_filled_in(client):
    profile = make_own_client()
    client.force_login(profile.membership.user)
    client.post(f"/c/{profile.pk}/start/")
    go_through(client)
    assert Ownership.objects.get().filled_in_by == ""


# -- Sent as a link --------------------------------------------------------------------------------------


def send(advisor, email="demo-robert@example.org") -> str:
    answer = advisor.post(f"/c/{advisor.looks_after.pk}/link/", {"email": email})
    assert answer.status_code == 200
    return re.search(r"http://testserver(/q/open/\S+)", mail.outbox[-1].body).group(1)


@pytest.fixture
def link(advisor, django_capture_on_commit_callbacks) -> str:
    with django_capture_on_commit_callbacks(execute=True):
        advisor.post(f"/c/{advisor.looks_after.pk}/link/", {"email": "demo-robert@example.org"})
    assert mail.outbox[-1].to == ["demo-robert@example.org"]
    return re.search(r"http://testserver(/q/open/\S+)", mail.outbox[-1].body).group(1)


def test_whoever_has_the_link_answers_without_an_account(advisor, link):
    visitor = Client()
    page = visitor.get(link).content.decode()
    assert "Demo practice" in page
    assert visitor.post(link)["Location"] == "/q/amount/"
    address = go_through(visitor)
    ownership = Ownership.objects.get()
    assert (ownership.client, ownership.filled_in_by) == (advisor.looks_after, "")
    assert visitor.get(address).status_code == 200  # they see what they answered
    assert Client().get(address).status_code == 404
    assert advisor.get(address).status_code == 200


def test_an_advisor_who_answers_under_the_link_is_marked_too(advisor, link):
    advisor.post(link)
    go_through(advisor)
    assert Ownership.objects.get().filled_in_by == advisor.user.email
    assert AuditEntry.objects.get(action="assessment added").on_behalf_of == "Demo Robert"


@pytest.mark.parametrize("page", ["link", "invite"])
def test_sending_a_form_twice_writes_one_letter(advisor, page, django_capture_on_commit_callbacks):
    address = f"/c/{advisor.looks_after.pk}/{page}/"
    sent = {"id": uuid4(), "email": "demo-robert@example.org"}
    with django_capture_on_commit_callbacks(execute=True):
        answers = [advisor.post(address, sent).status_code for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(mail.outbox) == 1
    (token,) = re.findall(r"/(?:q/open|join)/([\w-]+)/", mail.outbox[0].body)
    assert len(token) == 22  # 128 bits
    assert AuditEntry.objects.filter(action__endswith=" sent").count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        advisor.post(address, sent | {"id": uuid4()})
    assert len(mail.outbox) == 2
    assert token not in mail.outbox[1].body


def test_the_forms_carry_an_id_of_their_own(advisor):
    for page in ("link", "invite"):
        pages = [
            advisor.get(f"/c/{advisor.looks_after.pk}/{page}/").content.decode() for _ in range(2)
        ]
        ids = {re.search(r'name="id" value="([0-9a-f-]{36})"', page).group(1) for page in pages}
        assert len(ids) == 2


def test_an_answered_link_is_used_up(link):
    visitor = Client()
    visitor.post(link)
    go_through(visitor)
    assert Client().get(link).status_code == 404


def test_opening_a_link_changes_nothing_until_it_is_started(link):
    visitor = Client()
    visitor.get(link)
    assert "draft" not in visitor.cookies


@pytest.mark.parametrize("wrong", ["x", "a" * 22, "a" * 500, "%00", "é"])
def test_a_wrong_link_is_a_missing_page(db, wrong):
    assert Client().get(f"/q/open/{wrong}/").status_code == 404


def test_a_link_that_has_expired_is_gone(link, settings):
    settings.DRAFT_DAYS = 0
    assert Client().get(link).status_code == 404


def test_guessing_links_is_throttled(db, settings):
    settings.DRAFTS_PER_MINUTE = "3/m"
    answers = [Client().get("/q/open/guess/").status_code for _ in range(4)]
    assert answers == [404, 404, 404, 429]


def test_a_client_and_a_reader_cannot_send_links(client):
    profile = make_own_client(firm=FirmFactory())
    reader = browser_of(assign(profile, Role.READER))
    client.force_login(profile.membership.user)
    for browser in (client, reader):
        assert browser.post(f"/c/{profile.pk}/link/", {"email": "a@example.org"}).status_code == 404
    assert mail.outbox == []


def test_a_bad_address_is_asked_about(advisor):
    answer = advisor.post(f"/c/{advisor.looks_after.pk}/link/", {"email": "nobody"})
    assert answer.status_code == 422
    assert "Enter an e-mail address" in answer.content.decode()


# -- Saving an anonymous result --------------------------------------------------------------------------


def test_a_result_waits_in_the_session_until_its_owner_signs_in(client, assessment):
    answer = client.post(f"/r/{assessment.public_id}/save/")
    assert answer["Location"] == "/account/signup/"
    user = UserFactory()
    client.force_login(user)  # signing in keeps what the session holds
    arrived = client.get("/arrive/")
    profile = Ownership.objects.get().client
    assert arrived["Location"] == f"/c/{profile.pk}/"
    assert profile.membership.user == user


def test_a_signed_in_person_saves_at_once(client, assessment):
    user = UserFactory()
    client.force_login(user)
    client.post(f"/r/{assessment.public_id}/save/", follow=True)
    assert Ownership.objects.get().client.membership.user == user


def test_somebody_elses_result_cannot_be_saved(client, assessment):
    own(assessment=assessment, client=make_own_client(), by=By())
    client.force_login(UserFactory())
    assert client.post(f"/r/{assessment.public_id}/save/").status_code == 404


def test_arriving_without_a_result_leads_to_what_needs_me(client):
    client.force_login(UserFactory())
    assert client.get("/arrive/")["Location"] == "/today/"
    assert "Nothing is saved yet" in client.get("/today/").content.decode()
