"""The demo's people: loaded once, with a past that holds together whatever day it is."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings

from questionnaire.demo import accounts
from questionnaire.demo.loading import SIGN_INS
from questionnaire.demo.personas import PERSONAS
from questionnaire.demo.practice import ADVISOR, CLIENTS, OWNER, READER
from questionnaire.models import Assessment, ClientProfile, Draft, Override
from questionnaire.services.answering import calculate
from questionnaire.snapshots import answers_of, result_of
from questionnaire.views.questions import DISPUTED
from riskalloc import methodology
from riskalloc.engine.assets import Mix
from riskalloc.engine.events import questions_touched
from riskalloc.firms.models import AuditEntry, Firm, TenantModel, User
from riskalloc.firms.verification import verify
from tests.demo import loaded_once, run

# Raw RTI, ISS and amount of the answers that each persona was published with.
PUBLISHED = {
    "Alex (demo)": (18, 20, "100000.00"),
    "Maria (demo)": (12, 21, "246255.75"),
    "Dev (demo)": (21, 7, "19068.70"),
    "Robert and Elaine (demo)": (19, 22, "1922417.39"),
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _trying_things_out(settings: Settings) -> None:
    settings.DEBUG = True


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    with loaded_once(django_db_blocker) as said:
        yield said


def sign_in(email: str, code: str = "") -> Client:
    """Through the pages, as somebody does who reads the sign-ins on the console."""
    browser = Client()
    answer = browser.post(
        reverse("account_login"), {"login": email, "password": accounts.PASSWORD}, follow=True
    )
    if code:
        assert answer.redirect_chain[-1][0] == reverse("mfa_authenticate")
        answer = browser.post(reverse("mfa_authenticate"), {"code": code}, follow=True)
    assert answer.status_code == 200
    return browser


# -- Loading -----------------------------------------------------------------------------------------------


def test_it_loads_four_people_and_a_practice_with_twelve_clients(demo: str) -> None:
    clients = ClientProfile.objects.all()
    assert clients.filter(firm__is_personal=True).count() == len(PERSONAS) == 4
    assert clients.filter(firm__name="Demo practice").count() == len(CLIENTS) == 12
    assert User.objects.count() == len(SIGN_INS)
    assert User.objects.filter(is_staff=True).count() == 1
    assert not User.objects.filter(is_superuser=True).exists()


def test_it_prints_every_sign_in_the_password_and_the_code(demo: str) -> None:
    assert [sign_in.email for sign_in in SIGN_INS if sign_in.email not in demo] == []
    assert accounts.PASSWORD in demo
    assert accounts.CODE_KEY in demo


def test_who_was_deleted_stays_deleted_and_is_not_offered(demo: str) -> None:
    User.objects.get(email="staff@example.org").delete()
    assert "staff@example.org" not in run()
    assert not User.objects.filter(email="staff@example.org").exists()


def test_everything_is_marked_as_demo(demo: str) -> None:
    assert all(Firm.objects.values_list("is_demo", flat=True))
    clients = ClientProfile.objects.values_list("name", "email")
    assert all("(demo)" in name and email.endswith("@example.org") for name, email in clients)
    assert all(
        email.endswith("@example.org") for email in User.objects.values_list("email", flat=True)
    )
    assert set(AuditEntry.objects.values_list("actor_name", "actor")) == {("(demo data)", None)}


# -- Signing in --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("email", [sign.email for sign in SIGN_INS if not sign.asks_for_code])
def test_people_sign_in_with_the_password_and_see_their_profile(demo: str, email: str) -> None:
    client = ClientProfile.objects.get(membership__user__email=email)
    answer = sign_in(email).get(reverse("client", args=[client.pk]))
    assert answer.status_code == 200
    assert client.name in answer.content.decode()


@pytest.mark.parametrize("email", [sign.email for sign in SIGN_INS if sign.asks_for_code])
def test_advisors_and_staff_sign_in_with_the_printed_code(demo: str, email: str) -> None:
    code = run(code=True).strip()
    page = "/staff/" if email.startswith("staff") else reverse("today")
    assert sign_in(email, code).get(page).status_code == 200


def test_a_wrong_code_lets_nobody_in(demo: str) -> None:
    wrong = "000000" if accounts.code_now() != "000000" else "111111"
    browser = sign_in(OWNER)
    browser.post(reverse("mfa_authenticate"), {"code": wrong})
    assert "_auth_user_id" not in browser.session


def test_every_client_has_a_page_for_the_owner(demo: str) -> None:
    browser = sign_in(OWNER, accounts.code_now())
    for client in ClientProfile.objects.visible_to(User.objects.get(email=OWNER)):
        assert browser.get(reverse("client", args=[client.pk])).status_code == 200
        for assessment in Assessment.objects.filter(ownership__client=client):
            page = browser.get(reverse("result", args=[assessment.public_id]))
            assert page.status_code == 200


@pytest.mark.parametrize(("email", "clients"), [(OWNER, 12), (ADVISOR, 5), (READER, 4)])
def test_each_desk_sees_its_clients(demo: str, email: str, clients: int) -> None:
    user = User.objects.get(email=email)
    assert ClientProfile.objects.at_the_desk_of(user).count() == clients


# -- What was loaded ---------------------------------------------------------------------------------------


def histories() -> list[tuple[ClientProfile, list[Assessment]]]:
    of_client = Assessment.objects.order_by("created_at").filter
    return [(c, list(of_client(ownership__client=c))) for c in ClientProfile.objects.all()]


def test_every_result_is_calculated_again_bit_for_bit(demo: str) -> None:
    assert Assessment.objects.count() >= 40
    for assessment in Assessment.objects.all():
        again = calculate(
            assessment.answers,
            methodology.load(assessment.method),
            sleeves=assessment.sleeves,
            seconds_taken=assessment.seconds_taken,
        )
        assert again == result_of(assessment)


def test_the_last_answers_are_those_of_the_published_personas(demo: str) -> None:
    for name, (raw_rti, iss, amount) in PUBLISHED.items():
        last = Assessment.objects.latest_of(ClientProfile.objects.get(name=name))
        assert (last.raw_rti, last.iss, str(last.amount)) == (raw_rti, iss, amount)
    alex = Assessment.objects.latest_of(ClientProfile.objects.get(name="Alex (demo)"))
    assert Mix(*alex.calculation["allocation"]["mix"]) == Mix(75, 10, 15, 0)


def test_each_persona_has_lived_through_something(demo: str) -> None:
    for client, assessments in histories():
        if client.firm.is_personal:
            assert client.life_events.exists()
            assert len(assessments) >= 3


def test_an_event_changes_only_answers_that_it_touches(demo: str) -> None:
    events = methodology.load_events(methodology.EVENTS_VERSION)
    for client, assessments in histories():
        for before, after in pairwise(assessments):
            happened = client.life_events.filter(assessment=after).first()
            if happened is None:
                continue
            method = methodology.load(after.method)
            touched = questions_touched(events.event(happened.kind), events, method)
            changed = {id for id in after.answers if after.answers[id] != before.answers[id]}
            assert changed
            assert changed <= {question.id for question in touched}


def test_answers_are_written_as_the_questionnaire_writes_them(demo: str) -> None:
    for assessment in Assessment.objects.all():
        method = methodology.load(assessment.method)
        answers_of(assessment.answers, method)
        for question in method.questionnaire.questions:
            assert set(assessment.answers[question.id]) == {f.name for f in question.fields}


def test_who_kept_contradictions_was_asked_about_them(demo: str) -> None:
    for assessment in Assessment.objects.filter(life_events=None):
        adjustments = result_of(assessment).calculation.scores.adjustments
        was_asked = any(step.rule in DISPUTED for step in adjustments)
        assert assessment.kept_contradictions == was_asked


def test_every_row_is_of_its_client_s_firm(demo: str) -> None:
    tables = [model for model in apps.get_models() if issubclass(model, TenantModel)]
    of_client = [m for m in tables if any(field.name == "client" for field in m._meta.fields)]
    assert len(of_client) >= 6
    for model in of_client:
        for row in model.objects.select_related("client"):
            assert row.firm_id == row.client.firm_id
    for client in ClientProfile.objects.exclude(membership=None):
        assert client.membership.firm_id == client.firm_id


def test_there_is_a_decision_with_its_reason_and_a_link_that_is_being_answered(demo: str) -> None:
    override = Override.objects.get()
    assert override.mix != Mix(*override.assessment.calculation["allocation"]["mix"])
    draft = Draft.objects.get()
    assert draft.is_link
    assert draft.started_by.email == OWNER
    assert 0 < len(draft.answers) < 11


def test_the_trail_of_every_firm_is_whole(demo: str) -> None:
    report = verify()
    assert report.firms == 5
    assert report.faults == []
    an_hour_ago = timezone.now() - timedelta(hours=1)
    assert not AuditEntry.objects.filter(at__lt=an_hour_ago).exists()
