"""Leaving a firm, deleting, and what a firm must keep."""

import json
import threading
from datetime import date, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questionnaire.models import (
    Assessment,
    Assignment,
    ClientProfile,
    Draft,
    Erasure,
    LifeEvent,
    Override,
    Ownership,
    Tombstone,
)
from questionnaire.services import leaving, purging
from questionnaire.services.leaving import delete_client, kept_until, leave_firm
from riskalloc.firms.audit import By
from riskalloc.firms.models import (
    AuditEntry,
    AuditHead,
    ClosedFirm,
    Firm,
    Invitation,
    Membership,
    Role,
    User,
)
from riskalloc.firms.verification import verify as verify_chains
from riskalloc.web.errors import Gone
from tests.erasing import erase_facts
from tests.factories import (
    ClientFactory,
    DraftFactory,
    FirmFactory,
    MembershipFactory,
    UserFactory,
    assign,
    make_assessment,
    make_own_client,
)
from tests.questionnaire.whole import (
    E_MAIL,
    PHONE,
    everything,
    make_whole,
    owner_of,
    rows_about,
    signed_in,
    tenant_models,
)

DELETE = {"confirmation": "delete"}


@pytest.fixture
def practice(db: None) -> Firm:
    firm = FirmFactory()
    MembershipFactory(firm=firm, role=Role.OWNER)
    return firm


@pytest.fixture
def client(practice: Firm) -> ClientProfile:
    return make_whole(practice)


@pytest.fixture
def alone(db: None) -> ClientProfile:
    return make_whole()


def user_of(client: ClientProfile) -> User:
    return client.membership.user


def by_user(client: ClientProfile) -> By:
    return By(user=user_of(client), name=user_of(client).email)


def address(name: str, client: ClientProfile) -> str:
    return reverse(name, kwargs={"client_id": client.pk})


def raising(*_, **__):
    raise RuntimeError("in the middle")


# -- Leaving -----------------------------------------------------------------------------------------------


def test_a_client_who_leaves_takes_everything_along(client: ClientProfile) -> None:
    before, old_firm = rows_about(client), client.firm
    leave_firm(client=client, by=by_user(client))
    client.refresh_from_db()
    assert client.firm != old_firm
    assert client.firm.is_personal
    assert (client.membership.role, client.membership.firm) == (Role.CLIENT, client.firm)
    assert user_of(client).email == E_MAIL
    gone = {"questionnaire.Assignment": 0, "questionnaire.Draft": 0, "questionnaire.Note": 0}
    assert rows_about(client) == before | gone
    assert Assessment.objects.visible_to(user_of(client)).count() == 2


def test_every_row_has_the_firm_of_its_client_afterwards(client: ClientProfile) -> None:
    leave_firm(client=client, by=by_user(client))
    client.refresh_from_db()
    of_client = 0
    for model in tenant_models():
        for row in model.objects.all():
            owner = row if isinstance(row, ClientProfile) else getattr(row, "client", None)
            if owner is not None:
                of_client += 1
                assert row.firm_id == client.firm_id, model
    assert of_client >= 6


def test_the_firm_sees_nothing_but_the_owner_sees_the_record(client: ClientProfile) -> None:
    firm, advisor = client.firm, client.assignments.get().membership.user
    owner = owner_of(firm)
    leave_firm(client=client, by=by_user(client))
    for user in (advisor, owner):
        for model in (ClientProfile, Assessment, Ownership, Override, LifeEvent):
            assert not model.objects.visible_to(user).exists()
        assert signed_in(user).get(address("client", client)).status_code == 404
    assert not Tombstone.objects.visible_to(advisor).exists()
    tombstone = Tombstone.objects.visible_to(owner).get()
    assert (tombstone.name, tombstone.reason, tombstone.client_id) == (
        client.name,
        "left",
        client.pk,
    )
    assert len(tombstone.record["assessments"]) == 2
    text = json.dumps(tombstone.record)
    assert E_MAIL not in text
    assert PHONE not in text


def test_open_links_and_assignments_end(client: ClientProfile) -> None:
    advisor = client.assignments.get().membership.user
    DraftFactory(token_hash="a link", client=client, started_by=advisor, is_link=True)
    own = DraftFactory(token_hash="their own", client=client, started_by=user_of(client))
    colleague = ClientFactory(firm=client.firm)
    assign(colleague)
    leave_firm(client=client, by=by_user(client))
    assert list(Draft.objects.filter(client=client)) == [own]
    assert not Invitation.objects.exists()
    assert [a.client for a in Assignment.objects.all()] == [colleague]


@pytest.mark.parametrize(
    ("day", "years", "until"),
    [
        ("2026-03-01", 7, date(2033, 3, 1)),
        ("2028-02-29", 7, date(2035, 2, 28)),
        ("2028-02-29", 8, date(2036, 2, 29)),
        ("2026-03-01", 0, None),
    ],
)
def test_a_record_is_kept_for_the_years_of_the_firm(
    client: ClientProfile, day: str, years: int, until: date | None
) -> None:
    Firm.objects.filter(pk=client.firm_id).update(retention_years=years)
    with time_machine.travel(f"{day} 12:00+00:00", tick=False):
        leave_firm(client=client, by=by_user(client))
    assert [t.keep_until for t in Tombstone.objects.all()] == ([until] if until else [])
    entry = AuditEntry.objects.get(action="client left")
    assert entry.after == {"keep_until": str(until) if until else None}


def test_a_firm_of_one_keeps_nothing() -> None:
    assert kept_until(Firm(is_personal=True, retention_years=7), date(2026, 1, 1)) is None


def test_both_firms_write_it_down_and_their_chains_are_whole(client: ClientProfile) -> None:
    old_firm = client.firm
    leave_firm(client=client, by=by_user(client))
    client.refresh_from_db()
    left = AuditEntry.objects.get(firm=old_firm, action="client left")
    arrived = AuditEntry.objects.get(firm=client.firm, action="profile arrived")
    assert (left.about, left.actor_name) == (client.pk, E_MAIL)
    assert (arrived.about, arrived.before) == (client.pk, {"firm": old_firm.name})
    assert verify_chains().faults == []


def test_leaving_twice_happens_once(client: ClientProfile) -> None:
    leave_firm(client=client, by=by_user(client))
    after_once = everything()
    leave_firm(client=client, by=by_user(client))
    assert everything() == after_once


def test_a_client_without_a_sign_in_stays(practice: Firm) -> None:
    client = ClientFactory(firm=practice)
    before = everything()
    leave_firm(client=client, by=By())
    assert everything() == before


def test_who_comes_back_and_leaves_again_leaves_one_record(client: ClientProfile) -> None:
    firm = client.firm
    leave_firm(client=client, by=by_user(client))
    client.refresh_from_db()
    first = Tombstone.objects.get()
    ClientProfile.objects.filter(pk=client.pk).update(firm=firm)
    Membership.objects.filter(pk=client.membership.pk).update(firm=firm)
    client.refresh_from_db()
    make_own = make_assessment()
    Ownership.objects.create(firm=firm, client=client, assessment=make_own)
    leave_firm(client=client, by=by_user(client))
    second = Tombstone.objects.get()
    assert second.pk != first.pk
    assert len(second.record["assessments"]) == 3
    assert Erasure.objects.get(public_id=first.pk.hex).reason == "replaced"


@pytest.mark.parametrize(
    "part", ["found_personal_firm", "record", "tables_of_clients", "_keep_record"]
)
def test_a_failure_in_the_middle_of_leaving_changes_nothing(
    client: ClientProfile, monkeypatch, part: str
) -> None:
    before = everything()
    monkeypatch.setattr(leaving, part, raising)
    with pytest.raises(RuntimeError, match="in the middle"):
        leave_firm(client=client, by=by_user(client))
    assert everything() == before


def test_the_page_says_what_happens_and_then_that_it_has(client: ClientProfile) -> None:
    browser, page = signed_in(user_of(client)), address("client_leave", client)
    asked = browser.get(page)
    until = kept_until(client.firm, timezone.localdate())
    assert f"{until:%b %Y}" in asked.content.decode()
    assert not Tombstone.objects.exists()
    done = browser.post(page)
    assert (done.status_code, done.url) == (303, page)
    assert "You are on your own" in browser.get(page).content.decode()
    assert browser.post(page).status_code == 303  # sent twice
    assert Firm.objects.filter(is_personal=True).count() == 1


def test_nobody_makes_somebody_else_leave(client: ClientProfile) -> None:
    before, page = Firm.objects.count(), address("client_leave", client)
    advisor = client.assignments.get().membership.user
    for user in (advisor, owner_of(client.firm), UserFactory()):
        browser = signed_in(user)
        missing = browser.get(address("client_leave", ClientFactory.build()))
        for answer in (browser.get(page), browser.post(page)):
            assert answer.status_code == 404
            assert answer.content == missing.content
    assert Client().post(page).status_code == 302
    client.refresh_from_db()
    assert (client.firm.is_personal, Firm.objects.count()) == (False, before)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_tabs_leave_once() -> None:
    firm = FirmFactory()
    MembershipFactory(firm=firm, role=Role.OWNER)
    client = make_whole(firm)
    errors = at_once(lambda: leave_firm(client=client, by=by_user(client)))
    assert errors == []
    assert Firm.objects.filter(is_personal=True).count() == 1
    assert Tombstone.objects.count() == 1
    erase_facts()


def at_once(act) -> list[Exception]:
    """The same in three threads, each with its own connection; what went wrong."""
    start, errors = threading.Barrier(3), []

    def run() -> None:
        try:
            start.wait(5)
            act()
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return errors


# -- Deleting ----------------------------------------------------------------------------------------------


def test_of_a_firm_of_one_nothing_is_left_but_the_traces(alone: ClientProfile) -> None:
    names = {alone.pk.hex, *Assessment.objects.values_list("public_id", flat=True)}
    firm_id, user = alone.firm_id, user_of(alone)
    delete_client(client=alone, by=by_user(alone))
    left = {label for label, rows in everything().items() if rows}
    assert left == {"firms.User", "firms.ClosedFirm", "questionnaire.Erasure"}
    assert set(Erasure.objects.values_list("public_id", flat=True)) == names
    assert ClosedFirm.objects.get().firm_id == firm_id
    assert list(User.objects.all()) == [user]


def test_a_draft_that_led_to_a_result_goes_with_it(alone: ClientProfile) -> None:
    result = alone.ownerships.first().assessment
    assert Draft.objects.filter(result=result, client=None).exists()
    delete_client(client=alone, by=by_user(alone))
    assert not Draft.objects.exists()


def test_others_are_left_alone(alone: ClientProfile) -> None:
    neighbour = make_own_client()
    Ownership.objects.create(firm=neighbour.firm, client=neighbour, assessment=make_assessment())
    unowned = make_assessment()
    delete_client(client=alone, by=by_user(alone))
    assert ClientProfile.objects.get() == neighbour
    assert Assessment.objects.count() == 2
    assert Assessment.objects.live().get() == unowned


def test_a_practice_keeps_the_record_and_that_it_happened(client: ClientProfile) -> None:
    firm, entries = client.firm, AuditEntry.objects.count()
    membership, advisor = client.membership, client.assignments.get().membership
    delete_client(client=client, by=By(user=advisor.user, name=advisor.user.email))
    assert not ClientProfile.objects.exists()
    for model in (Assessment, LifeEvent, Override, Draft, Invitation):
        assert not model.objects.exists()
    tombstone = Tombstone.objects.get()
    assert (tombstone.reason, tombstone.firm, tombstone.name) == ("deleted", firm, client.name)
    assert E_MAIL not in json.dumps(tombstone.record)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.about, entry.object_id) == (
        "client deleted",
        client.pk,
        str(client.pk),
    )
    assert AuditEntry.objects.count() == entries + 1
    assert verify_chains().faults == []
    assert not Membership.objects.filter(pk=membership.pk).exists()
    assert Membership.objects.filter(pk=advisor.pk).exists()
    assert User.objects.filter(email=E_MAIL).exists()


def test_a_practice_that_keeps_nothing_keeps_no_record(client: ClientProfile) -> None:
    Firm.objects.filter(pk=client.firm_id).update(retention_years=0)
    delete_client(client=client, by=by_user(client))
    assert not Tombstone.objects.exists()
    assert AuditEntry.objects.latest("pk").after == {"keep_until": None}


@pytest.mark.parametrize("part", ["_keep_record", "close_firm", "AuditEntry", "ClosedFirm"])
def test_a_failure_in_the_middle_of_deleting_changes_nothing(
    alone: ClientProfile, monkeypatch, part: str
) -> None:
    before = everything()
    monkeypatch.setattr(leaving, part, type("", (), {"__call__": raising, "objects": None})())
    with pytest.raises((RuntimeError, AttributeError)):
        delete_client(client=alone, by=by_user(alone))
    assert everything() == before


def test_a_failure_in_the_middle_of_deleting_from_a_practice_changes_nothing(
    client: ClientProfile, monkeypatch
) -> None:
    before = everything()
    monkeypatch.setattr(leaving, "record", raising)
    with pytest.raises(RuntimeError, match="in the middle"):
        delete_client(client=client, by=by_user(client))
    assert everything() == before


def test_facts_still_cannot_be_deleted_without_a_permission(alone: ClientProfile) -> None:
    neighbour = make_own_client()
    ownership = Ownership.objects.create(
        firm=neighbour.firm, client=neighbour, assessment=make_assessment()
    )
    delete_client(client=alone, by=by_user(alone))
    with pytest.raises(Exception, match="questionnaire_erasure names it"):
        ownership.assessment.delete()


def test_a_client_deletes_their_own_profile(alone: ClientProfile) -> None:
    browser, page = signed_in(user_of(alone)), address("client_delete", alone)
    asked = browser.get(page).content.decode()
    assert "Delete my account too" in asked
    assert "What stays" not in asked
    assert ClientProfile.objects.exists()
    done = browser.post(page, DELETE)
    assert (done.status_code, done.url) == (303, reverse("client_deleted"))
    assert browser.get(done.url).status_code == 200
    assert not ClientProfile.objects.exists()
    assert User.objects.filter(email=E_MAIL).exists()
    assert browser.post(page, DELETE).status_code == 404  # sent twice


def test_the_account_goes_too_where_it_is_asked_for(alone: ClientProfile) -> None:
    browser = signed_in(user_of(alone))
    done = browser.post(address("client_delete", alone), DELETE | {"delete_account": "on"})
    assert done.status_code == 303
    assert not User.objects.exists()
    assert browser.get(reverse("today")).status_code == 302


def test_who_has_a_desk_keeps_the_account_whatever_is_posted(alone: ClientProfile) -> None:
    MembershipFactory(user=user_of(alone), role=Role.READER)
    browser, page = signed_in(user_of(alone)), address("client_delete", alone)
    assert "Delete my account too" not in browser.get(page).content.decode()
    assert browser.post(page, DELETE | {"delete_account": "on"}).status_code == 303
    assert User.objects.filter(email=E_MAIL).exists()


def test_who_joins_a_desk_meanwhile_is_asked_again_and_nothing_is_deleted(
    alone: ClientProfile, monkeypatch
) -> None:
    def joined(user: User) -> None:
        raise leaving.HasDesk

    before = ClientProfile.objects.count()
    browser = signed_in(user_of(alone))
    monkeypatch.setattr(leaving, "delete_account", joined)
    answer = browser.post(address("client_delete", alone), DELETE | {"delete_account": "on"})
    assert answer.status_code == 422
    assert "A firm needs your account" in answer.content.decode()
    assert ClientProfile.objects.count() == before


@pytest.mark.parametrize("name", ["is_staff", "is_superuser"])
def test_staff_keep_their_accounts(alone: ClientProfile, name: str) -> None:
    User.objects.filter(pk=user_of(alone).pk).update(is_staff=True)
    with pytest.raises(leaving.HasDesk):
        leaving.delete_account(user=user_of(alone))


def test_an_owner_deletes_a_client_and_sees_what_is_kept(client: ClientProfile) -> None:
    owner = owner_of(client.firm)
    browser, page = signed_in(owner), address("client_delete", client)
    asked = browser.get(page).content.decode()
    assert "Delete my account too" not in asked
    assert "What stays" in asked
    done = browser.post(page, {"confirmation": f"  {client.name.upper()} "})
    assert done.url == reverse("firm_kept", kwargs={"firm_id": client.firm_id})
    assert client.name in browser.get(done.url).content.decode()
    assert AuditEntry.objects.latest("pk").on_behalf_of == client.name


@pytest.mark.parametrize("typed", ["", "yes", "delete me", "x" * 5_000])
def test_nothing_is_deleted_without_the_word(alone: ClientProfile, typed: str) -> None:
    browser = signed_in(user_of(alone))
    answer = browser.post(address("client_delete", alone), {"confirmation": typed})
    assert answer.status_code == 422
    assert "Type “delete” or the name" in answer.content.decode()
    assert ClientProfile.objects.exists()


def test_the_page_tells_a_client_what_earlier_firms_keep(client: ClientProfile) -> None:
    firm = client.firm
    leave_firm(client=client, by=by_user(client))
    asked = signed_in(user_of(client)).get(address("client_delete", client)).content.decode()
    assert firm.name in asked


def test_advisors_readers_and_strangers_delete_nobody(client: ClientProfile) -> None:
    page = address("client_delete", client)
    advisor = client.assignments.get().membership.user
    for user in (advisor, assign(client, Role.READER), UserFactory(), MembershipFactory().user):
        browser = signed_in(user)
        missing = browser.get(address("client_delete", ClientFactory.build()))
        for answer in (browser.get(page), browser.post(page, DELETE)):
            assert (answer.status_code, answer.content) == (404, missing.content)
    assert Client().post(page, DELETE).status_code == 302
    assert ClientProfile.objects.filter(pk=client.pk).exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_deleting_asks_to_sign_in_again(alone: ClientProfile, method: str) -> None:
    browser = signed_in(user_of(alone), recently=False)
    answer = getattr(browser, method)(address("client_delete", alone), DELETE)
    assert answer.url.partition("?")[0].endswith("/reauthenticate/")
    assert ClientProfile.objects.exists()


def test_a_form_that_was_sent_before_signing_in_again_is_done_afterwards(
    alone: ClientProfile,
) -> None:
    user = user_of(alone)
    user.set_password("a demo passphrase")
    user.save()
    browser, page = signed_in(user, recently=False), address("client_delete", alone)
    user.authenticator_set.all().delete()  # by password alone
    asked = browser.post(page, DELETE)
    assert asked.url.startswith("/account/reauthenticate/")
    done = browser.post(asked.url, {"password": "a demo passphrase", "next": page})
    assert done.url == reverse("client_deleted")
    assert not ClientProfile.objects.exists()


def test_who_has_left_is_not_deleted_by_the_firm_that_was_left(client: ClientProfile) -> None:
    open_page = ClientProfile.objects.select_related("firm").get(pk=client.pk)
    leave_firm(client=client, by=by_user(client))
    with pytest.raises(Gone):
        delete_client(client=open_page, by=By())
    assert ClientProfile.objects.get().firm.is_personal


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_tabs_delete_once() -> None:
    client = make_whole()
    errors = at_once(lambda: delete_client(client=client, by=By()))
    assert [type(error) for error in errors] == [Gone] * 2
    assert not Firm.objects.exists()
    erase_facts()


# -- What a firm keeps -------------------------------------------------------------------------------------


@pytest.fixture
def tombstone(client: ClientProfile) -> Tombstone:
    leave_firm(client=client, by=by_user(client))
    return Tombstone.objects.get()


def record_address(tombstone: Tombstone) -> str:
    kwargs = {"firm_id": tombstone.firm_id, "tombstone_id": tombstone.pk}
    return reverse("firm_kept_record", kwargs=kwargs)


def test_the_owner_finds_the_records_and_downloads_one(tombstone: Tombstone) -> None:
    browser = signed_in(owner_of(tombstone.firm))
    page = browser.get(reverse("firm_kept", kwargs={"firm_id": tombstone.firm_id}))
    assert record_address(tombstone) in page.content.decode()
    answer = browser.get(record_address(tombstone))
    found = answer.json()
    assert found["record"] == tombstone.record
    assert (found["reason"], found["keep_until"]) == ("left", str(tombstone.keep_until))
    assert f"riskalloc-record-{tombstone.pk}.json" in answer["Content-Disposition"]
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.about, entry.firm) == (
        "kept record exported",
        tombstone.client_id,
        tombstone.firm,
    )


def test_a_record_asks_to_sign_in_again(tombstone: Tombstone) -> None:
    answer = signed_in(owner_of(tombstone.firm), recently=False).get(record_address(tombstone))
    assert answer.url.partition("?")[0].endswith("/reauthenticate/")


def test_nobody_but_the_owner_sees_records(tombstone: Tombstone) -> None:
    other = MembershipFactory(role=Role.OWNER)
    addresses = [
        record_address(tombstone),
        reverse("firm_kept", kwargs={"firm_id": tombstone.firm_id}),
        reverse(
            "firm_kept_record", kwargs={"firm_id": other.firm_id, "tombstone_id": tombstone.pk}
        ),
    ]
    users = [
        MembershipFactory(firm=tombstone.firm, role=Role.ADVISOR).user,
        other.user,
        User.objects.get(email=E_MAIL),
    ]
    for user in users:
        browser = signed_in(user)
        answers = [browser.get(found) for found in addresses]
        missing = browser.get(address("client", ClientFactory.build()))
        assert {(a.status_code, a.content) for a in answers} == {(404, missing.content)}
    assert Client().get(addresses[0]).status_code == 302


def test_the_list_does_not_read_the_records(tombstone: Tombstone, django_assert_max_num_queries):
    browser, page = (
        signed_in(owner_of(tombstone.firm)),
        reverse("firm_kept", kwargs={"firm_id": tombstone.firm_id}),
    )
    browser.get(page)
    for number in range(5):
        Tombstone.objects.create(
            firm=tombstone.firm,
            client_id=f"00000000-0000-0000-0000-{number:012}",
            name=f"Demo {number}",
            reason="left",
            record={},
            keep_until=tombstone.keep_until,
        )
    with django_assert_max_num_queries(10) as queries:
        browser.get(page)
    assert not [q for q in queries.captured_queries if '"record"' in q["sql"]]


# -- Purging -----------------------------------------------------------------------------------------------


def test_a_record_is_destroyed_after_its_day_and_that_is_written_down(tombstone: Tombstone) -> None:
    day = timezone.make_aware(
        timezone.datetime.combine(tombstone.keep_until, timezone.datetime.min.time())
    )
    with time_machine.travel(day, tick=False):
        assert purging.purge_kept_records() == 0
    with time_machine.travel(day + timedelta(days=1), tick=False):
        assert purging.purge_kept_records() == 1
        assert purging.purge_kept_records() == 0
    assert Erasure.objects.get(public_id=tombstone.pk.hex).reason == "kept long enough"
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.firm, entry.actor_name) == (
        "kept record destroyed",
        tombstone.firm,
        By().name,
    )
    assert verify_chains().faults == []


def test_a_record_cannot_be_deleted_before(tombstone: Tombstone) -> None:
    with pytest.raises(Exception, match="questionnaire_erasure names it"):
        tombstone.delete()


def test_a_failure_in_the_middle_of_purging_destroys_nothing(
    tombstone: Tombstone, monkeypatch
) -> None:
    monkeypatch.setattr(purging, "record", raising)
    with (
        time_machine.travel(timezone.now() + timedelta(days=366 * 8), tick=False),
        pytest.raises(RuntimeError, match="in the middle"),
    ):
        purging.purge_kept_records()
    assert Tombstone.objects.exists()


def test_old_invitations_and_sessions_go(practice: Firm, capsys) -> None:
    user = owner_of(practice)
    invited = {"firm": practice, "role": Role.ADVISOR, "email": "demo@example.org"}
    for token, days in (("open", 0), ("old", 200)):
        Invitation.objects.create(
            **invited,
            token_hash=token,
            created_at=timezone.now() - timedelta(days=days),
            expires_at=timezone.now() - timedelta(days=days - 7),
        )
    with time_machine.travel(timezone.now() - timedelta(days=30), tick=False):
        signed_in(user)
    still = signed_in(user)
    call_command("purge")
    assert capsys.readouterr().out == (
        "Deleted 0 results, 0 drafts, 0 kept records, 1 invitations and 1 sessions.\n"
    )
    assert Invitation.objects.get().token_hash == "open"
    assert still.get(reverse("today")).status_code == 200


def test_the_audit_head_of_a_closed_firm_goes_too(alone: ClientProfile) -> None:
    delete_client(client=alone, by=by_user(alone))
    assert not AuditHead.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM firms_auditentry")
        assert cursor.fetchone() == (0,)
