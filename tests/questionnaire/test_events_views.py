"""The pages of life events: what they ask, show, refuse and keep."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from questionnaire.models import Assessment, ClientProfile, LifeEvent
from riskalloc.engine.assets import Mix
from riskalloc.firms.models import AuditEntry, Role
from tests.factories import ClientFactory, UserFactory, assign, make_own_client
from tests.firms.people import browser_of, every_field, everything, queries
from tests.questionnaire.lives import EVENTS, MARCH, TODAY, assessed, decided, noon

pytestmark = pytest.mark.django_db

KINDS = [event.code for event in EVENTS.events]
HTMX = {"HX-Request": "true", "HX-Target": "event"}


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(noon(TODAY)):
        yield


@pytest.fixture
def ann() -> ClientProfile:
    """A person who signs in herself, and was assessed in March."""
    client = make_own_client(name="Demo Ann")
    assessed(client)
    return client


@pytest.fixture
def browser(ann) -> Client:
    return browser_of(ann.membership.user)


def address(client: ClientProfile, kind: str = "") -> str:
    return f"/c/{client.pk}/events/{kind}/" if kind else f"/c/{client.pk}/events/"


def fields_of(html: str) -> dict[str, str]:
    """What a browser would send of the page as it stands."""
    form = html[html.index('class="asked"') :]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        at = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if at.get("type") in ("radio", "checkbox") and "checked" not in tag:
            continue
        found[at["name"]] = unescape(at.get("value", ""))
    found.pop("csrfmiddlewaretoken", None)
    return found


def page(browser: Client, client: ClientProfile, kind: str = "job_loss") -> str:
    response = browser.get(address(client, kind))
    assert response.status_code == 200
    return response.content.decode()


def send(browser: Client, client: ClientProfile, sent: dict, action: str, kind="job_loss", **more):
    return browser.post(address(client, kind), {**sent, "action": action}, **more)


def previewed(browser: Client, client: ClientProfile, kind: str = "job_loss", **changes: str):
    """The fields of the page after `See what changes`."""
    response = send(
        browser, client, {**fields_of(page(browser, client, kind)), **changes}, "preview", kind
    )
    assert response.status_code == 200
    return fields_of(response.content.decode())


def words(html: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)))


# -- What has changed? -------------------------------------------------------------------------------


def test_all_ten_events_are_offered_in_the_persons_own_words(browser, ann):
    html = browser.get(address(ann)).content.decode()
    for event in EVENTS.events:
        assert f'href="{address(ann, event.code)}"' in html
        assert f"<b>{event.button}</b>" in html


def test_an_advisor_reads_titles_and_for_whom(ann):
    client = ClientFactory(name="Demo Robert")
    assessed(client)
    text = words(browser_of(assign(client)).get(address(client)).content.decode())
    assert "For Demo Robert" in text
    assert "Loss of a job" in text
    assert "I lost my job" not in text


@pytest.mark.parametrize("kind", ["", "job_loss"])
def test_without_an_assessment_the_page_leads_to_the_questions(kind):
    client = make_own_client()
    response = browser_of(client.membership.user).get(address(client, kind))
    assert response.status_code == 200
    assert f'action="/c/{client.pk}/start/"' in response.content.decode()


# -- The questions -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_every_event_asks_what_it_touches_shows_and_saves(browser, ann, kind):
    event = EVENTS.event(kind)
    html = page(browser, ann, kind)
    asked = [EVENTS.questionnaire.question(id) for id in (*event.questions, "drop_reaction")]
    names = {field.name for question in asked for field in question.fields} | {"max_loss"}
    every = {field.name for q in EVENTS.questionnaire.questions for field in q.fields}
    shown = set(re.findall(r'<input[^>]* name="(\w+)"', html))
    assert shown & every == names
    assert "Do you feel differently about losses now?" in html
    response = send(browser, ann, previewed(browser, ann, kind), "save", kind)
    recorded = LifeEvent.objects.get()
    assert recorded.kind == kind
    assert (response.status_code, response["Location"]) == (
        303,
        f"/r/{recorded.assessment.public_id}/",
    )


def test_answers_of_last_time_are_filled_in_and_the_others_marked(browser, ann):
    html = page(browser, ann)
    assert fields_of(html)["savings"] == "24,000"
    assert fields_of(html)["monthly_income"] == "3,000"
    blocks = html.split('<div class="asked-question">')[1:]
    marked = ["We filled in what usually changes. Correct it." in block for block in blocks]
    assert marked == [True, False, True, True, True, False, False]
    assert "Last time: I have had a lasting job for more than 5 years" in words(blocks[0])


def test_the_date_is_today_unless_said_otherwise(browser, ann):
    assert fields_of(page(browser, ann))["happened_on"] == timezone.localdate().isoformat()


@pytest.mark.parametrize(
    ("happened_on", "says"),
    [
        ("", "Enter the date of the change, like 2026-05-17"),
        ("yesterday", "Enter the date of the change, like 2026-05-17"),
        ("1980-05-02", "This is before the date of birth, 3 May 1980"),
        ((TODAY + timedelta(days=2)).isoformat(), "Enter one until today, 21 Nov 2026"),
    ],
)
def test_a_date_that_cannot_be_is_refused(browser, ann, happened_on, says):
    ClientProfile.objects.filter(pk=ann.pk).update(born_on=date(1980, 5, 3))
    sent = {**fields_of(page(browser, ann)), "happened_on": happened_on}
    response = send(browser, ann, sent, "preview")
    assert response.status_code == 422
    html = response.content.decode()
    assert "<title>Error: Loss of a job" in html
    assert says in words(html)


def test_it_may_be_tomorrow_already_where_somebody_lives(browser, ann):
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    sent = previewed(browser, ann, happened_on=tomorrow)
    assert send(browser, ann, sent, "save").status_code == 303


def test_a_day_before_the_calendar_begins_for_anybody_is_refused(browser, ann):
    sent = {**fields_of(page(browser, ann)), "happened_on": "0001-01-01"}
    assert "Check the year: 1" in words(send(browser, ann, sent, "preview").content.decode())


def test_questions_left_open_are_named_and_the_rest_is_kept(browser, ann):
    sent = fields_of(page(browser, ann)) | {"savings": "", "monthly_debt": "1,234"}
    del sent["job_security"]
    response = send(browser, ann, sent, "save")
    html = response.content.decode()
    assert response.status_code == 422
    assert "Select the line that comes closest to your main income" in html
    assert "Savings that you could use today: Enter an amount" in words(html)
    assert fields_of(html)["monthly_debt"] == "1,234"
    assert not LifeEvent.objects.exists()


def test_what_is_needed_soon_is_a_part_of_the_amount(browser, ann):
    sent = fields_of(page(browser, ann, "inheritance"))
    sent |= {"amount": "1,000", "needed_within_3_years": "2,000"}
    response = send(browser, ann, sent, "preview", "inheritance")
    assert response.status_code == 422
    assert "enter $1,000 or less" in words(response.content.decode())


def test_texts_speak_of_the_amount_that_was_typed(browser, ann):
    sent = fields_of(page(browser, ann, "inheritance")) | {"amount": "200,000"}
    text = words(send(browser, ann, sent, "preview", "inheritance").content.decode())
    assert "Your $200,000 is worth $160,000 a year later" in text
    assert "Your $100,000" in words(page(browser, ann, "inheritance"))


def test_a_nearer_retirement_is_filled_in_and_says_so():
    client = make_own_client(retires_on=timezone.localdate() + timedelta(days=365 * 10))
    assessed(client, horizon_years="10.7")
    html = page(browser_of(client.membership.user), client, "retirement")
    assert float(fields_of(html)["horizon_years"]) < 10.1
    assert "so 10.7 years became" in html


# -- What changes ------------------------------------------------------------------------------------


def test_looking_at_what_changes_stores_nothing(browser, ann):
    before = everything()
    response = send(browser, ann, fields_of(page(browser, ann)), "preview")
    assert everything() == before
    text = words(response.content.decode())
    assert "Before, $100,000: 75% stocks, 10% bonds, 15% alternatives" in text
    assert "How safe your main income is" in text
    assert "Nothing has been saved yet." in text
    assert "Save this change" in text


def test_saving_is_offered_only_once_it_was_shown(browser, ann):
    html = page(browser, ann)
    assert "Save this change" not in html
    response = send(browser, ann, fields_of(html), "save")
    assert response.status_code == 409
    text = words(response.content.decode())
    assert "Look before you save" in text
    assert "Save this change" in text
    assert not LifeEvent.objects.exists()


def test_other_answers_than_those_that_were_shown_are_shown_first(browser, ann):
    sent = previewed(browser, ann) | {"savings": "1,000"}
    response = send(browser, ann, sent, "save")
    assert response.status_code == 409
    assert not LifeEvent.objects.exists()
    again = fields_of(response.content.decode())
    assert again["savings"] == "1,000"
    assert send(browser, ann, again, "save").status_code == 303
    assert LifeEvent.objects.get().assessment.answers["emergency_fund"]["savings"] == "1000"


def test_another_date_needs_no_second_look(browser, ann):
    sent = previewed(browser, ann) | {"happened_on": "2026-10-01"}
    assert send(browser, ann, sent, "save").status_code == 303
    assert LifeEvent.objects.get().happened_on == date(2026, 10, 1)


def test_sending_twice_saves_once_and_leads_to_the_same_result(browser, ann):
    sent = previewed(browser, ann)
    first, second = (send(browser, ann, sent, "save") for _ in range(2))
    assert first["Location"] == second["Location"]
    assert LifeEvent.objects.count() == 1


def test_the_page_of_a_saved_event_sent_with_other_answers_does_not_lead_to_the_old_result(
    browser, ann
):
    sent = previewed(browser, ann)
    send(browser, ann, sent, "save")
    response = send(browser, ann, sent | {"savings": "1,000"}, "save")
    assert response.status_code == 409
    again = fields_of(response.content.decode())
    assert again["event_id"] != sent["event_id"]
    assert send(browser, ann, again, "save").status_code == 303
    assert LifeEvent.objects.count() == 2


def test_somebody_who_assessed_meanwhile_is_not_overwritten(browser, ann):
    sent = previewed(browser, ann) | {"savings": "31,000"}
    other = assessed(ann, MARCH + timedelta(days=1), trade_off="mix_15")
    response = send(browser, ann, sent, "save")
    assert response.status_code == 409
    html = response.content.decode()
    assert "There is a newer assessment" in html
    assert "4 Mar 2026" in html
    again = fields_of(html)
    assert (again["savings"], again["base"]) == ("31,000", other.public_id)
    assert send(browser, ann, again, "save").status_code == 303
    assert LifeEvent.objects.get().assessment.answers["trade_off"] == {"trade_off": "mix_15"}


def test_somebody_who_assesses_at_the_same_moment_is_not_overwritten(browser, ann, monkeypatch):
    """Between looking for the last assessment and taking the lock."""
    sent = previewed(browser, ann)
    latest = type(Assessment.objects).latest_of
    asked = []

    def late(self, client):
        asked.append(latest(self, client))
        if len(asked) == 1:
            assessed(client, MARCH + timedelta(days=1))
        return asked[-1]

    monkeypatch.setattr(type(Assessment.objects), "latest_of", late)
    response = send(browser, ann, sent, "save")
    assert response.status_code == 409
    assert "There is a newer assessment" in response.content.decode()
    assert not LifeEvent.objects.exists()


def test_an_override_stands_beside_what_was_calculated(browser, ann):
    reason = "She has set aside much more than she was asked about."
    decided(ann, Assessment.objects.get(), reason, Mix(50, 40, 10, 0))
    text = words(send(browser, ann, fields_of(page(browser, ann)), "preview").content.decode())
    assert "50% stocks, 40% bonds, 10% alternatives" in text
    assert reason in text


# -- With htmx ---------------------------------------------------------------------------------------


def test_htmx_gets_the_part_that_it_asked_for(browser, ann):
    response = send(browser, ann, fields_of(page(browser, ann)), "preview", headers=HTMX)
    html = response.content.decode()
    assert "<html" not in html
    assert html.lstrip().startswith("<title>Loss of a job")
    assert html.count('id="event"') == html.count('id="preview"') == 1
    assert response["HX-Reswap"] == "outerHTML show:#preview:top"
    assert "HX-Request" in response["Vary"]


def test_htmx_gets_errors_with_the_fields(browser, ann):
    sent = fields_of(page(browser, ann)) | {"savings": "much"}
    response = send(browser, ann, sent, "preview", headers=HTMX)
    assert response.status_code == 422
    assert response.content.decode().lstrip().startswith("<title>Error: Loss of a job")
    assert "HX-Reswap" not in response


def test_htmx_is_led_to_the_result_after_saving(browser, ann):
    response = send(browser, ann, previewed(browser, ann), "save", headers=HTMX)
    public_id = LifeEvent.objects.get().assessment.public_id
    assert response["HX-Redirect"] == f"/r/{public_id}/"


# -- Who may -----------------------------------------------------------------------------------------


def test_an_advisor_fills_in_and_is_named():
    client = ClientFactory(name="Demo Robert")
    assessed(client)
    advisor = assign(client)
    browser = browser_of(advisor)
    assert "For <bdi>Demo Robert</bdi>" in page(browser, client)
    assert send(browser, client, previewed(browser, client), "save").status_code == 303
    event = LifeEvent.objects.get()
    assert event.assessment.ownership.filled_in_by == event.recorded_by == advisor.email
    entry = AuditEntry.objects.get(action="life event recorded")
    assert (entry.actor_name, entry.on_behalf_of) == (advisor.email, "Demo Robert")


def missing(browser: Client) -> bytes:
    return browser.get(f"/c/{uuid4()}/events/").content


@pytest.mark.parametrize("kind", ["", *KINDS[:1]])
def test_who_may_not_change_a_client_sees_what_is_not_there(ann, kind):
    client = ClientFactory()
    assessed(client)
    for user in (assign(client, Role.READER), ann.membership.user, UserFactory()):
        browser = browser_of(user)
        response = browser.get(address(client, kind))
        assert (response.status_code, response.content) == (404, missing(browser))


def test_who_may_not_change_a_client_cannot_send_either(ann):
    client = ClientFactory()
    assessed(client)
    sent = previewed(browser_of(assign(client)), client)
    for user in (assign(client, Role.READER), ann.membership.user):
        browser = browser_of(user)
        before = everything()
        assert send(browser, client, sent, "save").status_code == 404
        assert everything() == before


def test_an_archived_client_has_no_events(browser, ann):
    ClientProfile.objects.filter(pk=ann.pk).update(archived_at=timezone.now())
    for kind in ("", "job_loss"):
        assert browser.get(address(ann, kind)).status_code == 404


@pytest.mark.parametrize("kind", ["lottery", "job-loss", "JOB_LOSS"])
def test_there_is_no_event_of_another_name(browser, ann, kind):
    response = browser.get(address(ann, kind))
    assert (response.status_code, response.content) == (404, missing(browser))


@pytest.mark.parametrize("kind", ["", "job_loss"])
def test_nobody_who_is_not_signed_in(ann, kind):
    response = Client().get(address(ann, kind))
    assert response.status_code == 302
    assert response["Location"].startswith("/account")


def test_events_are_chosen_by_a_link_and_deleted_by_nobody(browser, ann):
    assert browser.post(address(ann)).status_code == 405
    assert browser.delete(address(ann, "job_loss")).status_code == 405


# -- Bad input ---------------------------------------------------------------------------------------


def test_fields_that_are_not_on_the_form_change_nothing(browser, ann, settings):
    extra = every_field(LifeEvent, Assessment, ClientProfile)
    sent = previewed(browser, ann)
    # Among them `amount`: a question of other events, which this one does not ask.
    others = {name: value for name, value in extra.items() if name not in sent}
    assert {"firm", "client", "kind", "rti", "recorded_by", "amount"} <= others.keys()
    assert send(browser, ann, {**others, **sent}, "save").status_code == 303
    event = LifeEvent.objects.get()
    assert (event.client, event.firm, event.kind) == (ann, ann.firm, "job_loss")
    assert event.recorded_by == ann.membership.user.email
    assert (event.assessment.amount, event.assessment.software) == (
        100_000,
        settings.SOFTWARE_VERSION,
    )
    now = ClientProfile.objects.get(pk=ann.pk)
    assert (now.name, now.firm, now.version) == (ann.name, ann.firm, ann.version)


@pytest.mark.parametrize("event_id", ["", "x", "0" * 400])
def test_an_id_that_is_none_is_answered_with_a_sentence(browser, ann, event_id):
    sent = previewed(browser, ann) | {"event_id": event_id}
    response = send(browser, ann, sent, "save")
    html = response.content.decode()
    assert response.status_code == 422
    assert "This page was not complete. Send it again" in html
    assert fields_of(html)["event_id"] not in ("", event_id)


def test_the_id_of_somebody_elses_event_is_not_taken_and_not_shown(browser, ann):
    stranger = make_own_client()
    assessed(stranger)
    theirs = browser_of(stranger.membership.user)
    send(theirs, stranger, previewed(theirs, stranger), "save")
    taken = LifeEvent.objects.get()
    sent = previewed(browser, ann) | {"event_id": str(taken.pk)}
    response = send(browser, ann, sent, "save")
    assert response.status_code == 409
    assert taken.assessment.public_id not in response.content.decode()
    assert send(browser, ann, fields_of(response.content.decode()), "save").status_code == 303


@pytest.mark.parametrize("name", ["base", "previewed"])
def test_hidden_fields_that_say_nonsense_are_as_if_they_said_nothing(browser, ann, name):
    sent = previewed(browser, ann) | {name: "\u202e<b>"}
    assert send(browser, ann, sent, "save").status_code == 409


def test_a_name_with_markup_is_shown_as_text():
    client = ClientFactory(name="<b>Demo</b> \u202eRobert")
    assessed(client)
    html = page(browser_of(assign(client)), client)
    assert "<bdi>&lt;b&gt;Demo&lt;/b&gt; \u202eRobert</bdi>" in html


def test_queries_do_not_grow_with_the_history(browser, ann):
    few = {kind: queries(browser, address(ann, kind)) for kind in ("", "job_loss")}
    for day in range(1, 8):
        assessed(ann, MARCH + timedelta(days=day))
    assert {kind: queries(browser, address(ann, kind)) for kind in few} == few
    assert max(few.values()) <= 10
