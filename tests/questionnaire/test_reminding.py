"""Letters about reviews: who gets one, once, and how to stop them."""

import threading
from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.core import mail, signing
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questionnaire.models import ClientProfile, Reminder
from questionnaire.services import reminding
from questionnaire.services.reminding import (
    send_reminder,
    switch_reminders,
    unsubscribe_token,
    waiting_for_letter,
)
from riskalloc.firms.audit import By
from riskalloc.firms.models import AuditEntry, Role, User
from tests.erasing import erase_facts
from tests.factories import (
    ClientFactory,
    FirmFactory,
    MembershipFactory,
    UserFactory,
    assign,
    make_own_client as make_client,
)
from tests.questionnaire.whole import everything, signed_in, verify

TODAY = date(2026, 11, 21)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_that_day():
    with time_machine.travel("2026-11-21 12:00+00:00", tick=False):
        yield


def make_due(due_on: date | None = TODAY, *, verified: bool = True, **fields) -> ClientProfile:
    client = make_client(review_due_on=due_on, **fields)
    verify(client.membership.user, verified=verified)
    return client


def send() -> None:
    call_command("send_reminders", verbosity=0)


# -- Who is written to -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due_on", "is_due"),
    [
        (date(2026, 11, 21), True),
        (date(2025, 2, 1), True),
        (date(2026, 12, 5), True),  # 14 days ahead
        (date(2026, 12, 6), False),
        (None, False),
    ],
)
def test_a_letter_goes_out_from_14_days_before(due_on: date | None, is_due: bool) -> None:
    client = make_due(due_on)
    assert list(waiting_for_letter(TODAY)) == ([client] if is_due else [])


def test_only_those_who_want_letters_sign_in_and_can_be_reached_get_one() -> None:
    make_due(wants_reminders=False)
    make_due(archived_at=timezone.now())
    make_due(verified=False)
    make_due(user=UserFactory(is_active=False))
    make_client(review_due_on=TODAY)  # has no address that was verified
    ClientFactory(review_due_on=TODAY, email="typed-by-advisor@example.org")
    assert not waiting_for_letter(TODAY).exists()


def test_an_address_that_was_verified_before_is_not_written_to_for_another() -> None:
    client = make_due()
    User.objects.filter(pk=client.membership.user_id).update(email="changed@example.org")
    assert not waiting_for_letter(TODAY).exists()


def test_upper_and_lower_case_are_the_same_address() -> None:
    client = make_due()
    email = client.membership.user.email.upper()
    User.objects.filter(pk=client.membership.user_id).update(email=email)
    assert waiting_for_letter(TODAY).exists()


# -- The letter --------------------------------------------------------------------------------------------


def test_a_letter_says_what_is_due_and_leads_there(
    django_capture_on_commit_callbacks, settings
) -> None:
    settings.SITE_URL = "https://example.org"
    client = make_due(date(2026, 12, 1))
    with django_capture_on_commit_callbacks(execute=True):
        send()
    (letter,) = mail.outbox
    assert letter.to == [client.membership.user.email]
    assert letter.subject == "Time for your yearly check"
    assert "is due on 1 December 2026" in letter.body
    assert f"https://example.org/c/{client.pk}/" in letter.body
    stop = f"https://example.org/unsubscribe/{unsubscribe_token(client)}/"
    assert stop in letter.body
    assert letter.extra_headers.pop("Message-ID").endswith("@example.org>")
    assert letter.extra_headers == {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def test_a_late_letter_says_was(django_capture_on_commit_callbacks) -> None:
    make_due(date(2026, 11, 20))
    with django_capture_on_commit_callbacks(execute=True):
        send()
    assert "was due on 20 November 2026" in mail.outbox[0].body


def test_nothing_that_was_typed_is_in_the_letter(django_capture_on_commit_callbacks) -> None:
    make_due(name="Click http://evil.example & win", firm=FirmFactory(name="Canary practice"))
    with django_capture_on_commit_callbacks(execute=True):
        send()
    assert "evil" not in mail.outbox[0].body
    assert "Canary" not in mail.outbox[0].body
    assert "&" not in mail.outbox[0].body  # and nothing had to be escaped


# -- Once --------------------------------------------------------------------------------------------------


def test_running_twice_sends_one_letter(django_capture_on_commit_callbacks, capsys) -> None:
    client = make_due()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("send_reminders")
        call_command("send_reminders")
    assert len(mail.outbox) == 1
    assert Reminder.objects.get().firm == client.firm
    assert capsys.readouterr().out == (
        "1 reminders are on their way.\n0 reminders are on their way.\n"
    )
    entry = AuditEntry.objects.get(action="reminder sent")
    assert (entry.about, entry.after) == (client.pk, {"due_on": "2026-11-21"})


def test_the_task_may_run_twice(django_capture_on_commit_callbacks) -> None:
    client = make_due()
    asked = {"client_id": str(client.pk), "due_on": "2026-11-21"}
    with django_capture_on_commit_callbacks(execute=True):
        assert send_reminder.enqueue(**asked).return_value is True
        assert send_reminder.enqueue(**asked).return_value is False
    assert len(mail.outbox) == 1


def test_the_next_year_is_another_letter(django_capture_on_commit_callbacks) -> None:
    client = make_due()
    with django_capture_on_commit_callbacks(execute=True):
        send()
        ClientProfile.objects.update(review_due_on=date(2027, 11, 21))
        send()
        with time_machine.travel("2027-11-10 12:00+00:00", tick=False):
            send()
    assert [r.due_on.year for r in client.reminders.order_by("due_on")] == [2026, 2027]
    assert len(mail.outbox) == 2


def test_a_task_that_comes_late_writes_to_nobody_who_has_answered_or_stopped() -> None:
    client = make_due()
    asked = {"client_id": str(client.pk), "due_on": "2026-11-21"}
    ClientProfile.objects.update(review_due_on=date(2027, 11, 21))
    assert send_reminder.enqueue(**asked).return_value is False
    ClientProfile.objects.update(review_due_on=TODAY, wants_reminders=False)
    assert send_reminder.enqueue(**asked).return_value is False
    assert send_reminder.enqueue(client_id=str(uuid4()), due_on="2026-11-21").return_value is False
    assert not Reminder.objects.exists()


def test_a_dry_run_only_counts(capsys) -> None:
    make_due()
    call_command("send_reminders", "--dry-run")
    assert capsys.readouterr().out == "1 reminders would be sent.\n"
    assert not Reminder.objects.exists()


@pytest.mark.parametrize("part", ["write_letter", "record"])
def test_a_failure_in_the_middle_sends_and_notes_nothing_and_is_said(
    monkeypatch, part: str, django_capture_on_commit_callbacks
) -> None:
    def fail(**_) -> None:
        raise RuntimeError("in the middle")

    make_due()
    monkeypatch.setattr(reminding, part, fail)
    with (
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(CommandError, match="1 reminders could not be written"),
    ):
        call_command("send_reminders")
    assert mail.outbox == []
    assert not Reminder.objects.exists()
    assert not AuditEntry.objects.filter(action="reminder sent").exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_at_the_same_time_it_is_one_letter() -> None:
    client = make_due()
    start, sent = threading.Barrier(4), []

    def run() -> None:
        try:
            start.wait(5)
            sent.append(reminding.remind(client_id=client.pk, due_on=TODAY))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(sent) == [False, False, False, True]
    assert len(mail.outbox) == 1
    erase_facts()


# -- The link in the letter --------------------------------------------------------------------------------


def stop_address(client: ClientProfile) -> str:
    return reverse("unsubscribe", kwargs={"token": unsubscribe_token(client)})


def wants(client: ClientProfile) -> bool:
    client.refresh_from_db()
    return client.wants_reminders


def token_of(page) -> str:
    return page.context["csrf_token"]


def test_opening_the_link_changes_nothing() -> None:
    client = make_due()
    before = everything()
    answer = Client().get(stop_address(client))
    assert answer.status_code == 200
    assert "Stop the reminders?" in answer.content.decode()
    assert client.name not in answer.content.decode()
    assert everything() == before


def test_the_button_stops_the_letters_signed_out_and_offers_them_again() -> None:
    client, browser = make_due(), Client(enforce_csrf_checks=True)
    page = browser.get(stop_address(client))
    answer = browser.post(
        stop_address(client), {"wants": "no", "csrfmiddlewaretoken": token_of(page)}
    )
    assert (answer.status_code, answer.url) == (303, stop_address(client))
    assert not wants(client)
    page = browser.get(answer.url)
    assert "Reminders are off" in page.content.decode()
    browser.post(answer.url, {"wants": "yes", "csrfmiddlewaretoken": token_of(page)})
    assert wants(client)
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["reminders switched off", "reminders switched on"]


def test_one_click_in_a_mail_program_needs_no_cookie_and_is_not_sent_elsewhere() -> None:
    client = make_due()
    for _ in range(2):
        answer = Client(enforce_csrf_checks=True).post(
            stop_address(client), {"List-Unsubscribe": "One-Click"}
        )
        assert answer.status_code == 200
    assert not wants(client)
    assert AuditEntry.objects.filter(action="reminders switched off").count() == 1


@pytest.mark.parametrize(
    "sent", [{"wants": "no"}, {"wants": "yes"}, {}, {"List-Unsubscribe": "else"}]
)
def test_every_other_post_needs_the_token_of_the_form(sent: dict[str, str]) -> None:
    client = make_due()
    answer = Client(enforce_csrf_checks=True).post(stop_address(client), sent)
    assert answer.status_code == 403
    assert wants(client)


def test_one_click_cannot_switch_on() -> None:
    client = make_due(wants_reminders=False)
    sent = {"List-Unsubscribe": "One-Click", "wants": "yes"}
    Client(enforce_csrf_checks=True).post(stop_address(client), sent)
    assert not wants(client)


def test_a_link_that_is_wrong_or_of_nobody_is_the_same_404() -> None:
    client = make_due()
    token = unsubscribe_token(client)
    gone = unsubscribe_token(ClientFactory.build())
    other_salt = signing.Signer(salt="another", sep=".").sign(client.pk.hex)
    tokens = [token[:-1] + ("A" if token[-1] != "A" else "B"), client.pk.hex, "x", gone, other_salt]
    tokens.append(signing.Signer(salt="questionnaire.unsubscribe", sep=".").sign("no uuid"))
    answers = [
        getattr(Client(), method)(reverse("unsubscribe", kwargs={"token": wrong}))
        for wrong in tokens
        for method in ("get", "post")
    ]
    missing = Client().get("/there-is-no-such-page/")
    assert {(a.status_code, a.content) for a in answers} == {(404, missing.content)}
    assert wants(client)


def test_the_link_works_years_later() -> None:
    client = make_due()
    address = stop_address(client)
    with time_machine.travel("2036-11-21 12:00+00:00", tick=False):
        assert Client().get(address).status_code == 200


# -- The switch on the client's page -----------------------------------------------------------------------


def switch(user: User, client: ClientProfile, wanted: str):
    address = reverse("client_reminders", kwargs={"client_id": client.pk})
    return signed_in(user).post(address, {"wants": wanted})


def test_a_client_and_those_who_look_after_them_may_switch() -> None:
    client = make_due(firm=FirmFactory())
    advisor = assign(client)
    owner = MembershipFactory(firm=client.firm, role=Role.OWNER).user
    for user, wanted in ((client.membership.user, "no"), (advisor, "yes"), (owner, "no")):
        answer = switch(user, client, wanted)
        assert (answer.status_code, answer.url) == (303, f"/c/{client.pk}/")
        assert wants(client) == (wanted == "yes")


def test_readers_and_strangers_may_not() -> None:
    client = make_due(firm=FirmFactory())
    users = [assign(client, Role.READER), UserFactory(), MembershipFactory().user]
    for user in users:
        answer, missing = switch(user, client, "no"), switch(user, ClientFactory.build(), "no")
        assert (answer.status_code, answer.content) == (404, missing.content)
    assert wants(client)


def test_switching_twice_is_noted_once_and_moves_the_version_once() -> None:
    client = make_due()
    version = client.version
    for _ in range(2):
        switch_reminders(client=client, wanted=False, by=By())
    client.refresh_from_db()
    assert (client.version, AuditEntry.objects.count()) == (version + 1, 1)


def test_get_is_refused() -> None:
    client = make_due()
    address = reverse("client_reminders", kwargs={"client_id": client.pk})
    assert signed_in(client.membership.user).get(address).status_code == 405
