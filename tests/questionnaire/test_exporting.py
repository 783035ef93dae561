"""Everything about a client, as JSON."""

import json
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questionnaire.models import ClientProfile, Override, Tombstone
from questionnaire.services import exporting
from questionnaire.services.exporting import (
    SECRETS,
    everything_about,
    export_client,
    notes_about,
)
from riskalloc.firms.audit import By, record
from riskalloc.firms.models import AuditEntry, Firm, Invitation, Membership, Role
from tests.factories import ClientFactory, FirmFactory, MembershipFactory, UserFactory, assign
from tests.firms.people import member
from tests.questionnaire.whole import E_MAIL, PHONE, make_whole, rows_about, signed_in

# Where the document has the rows of a table that hangs on a profile. A new table has to find its place.
PLACES = {
    "questionnaire.Assignment": lambda whole: whole["assignments"],
    "questionnaire.Draft": lambda whole: whole["drafts"],
    "questionnaire.HouseholdMember": lambda whole: whole["household"],
    "questionnaire.LifeEvent": lambda whole: whole["life_events"],
    "questionnaire.Note": lambda whole: whole["notes"],
    "questionnaire.Override": lambda whole: whole["overrides"],
    "questionnaire.Ownership": lambda whole: [row["ownership"] for row in whole["assessments"]],
    "questionnaire.Reminder": lambda whole: whole["reminders"],
    "questionnaire.Review": lambda whole: whole["reviews"],
}


@pytest.fixture
def practice(db: None) -> Firm:
    return FirmFactory()


@pytest.fixture
def client(practice: Firm) -> ClientProfile:
    return make_whole(practice)


def seen_by(user, client: ClientProfile) -> ClientProfile:
    return ClientProfile.objects.visible_to(user).get(pk=client.pk)


def get_export(client: ClientProfile, user=None, *, recently: bool = True):
    browser = signed_in(user or client.membership.user, recently=recently)
    return browser.get(reverse("client_export", kwargs={"client_id": client.pk}))


def columns(model) -> set[str]:
    return {field.attname for field in model._meta.concrete_fields if field.name not in SECRETS}


def test_every_column_of_every_row_that_hangs_on_a_profile_is_in_it(client: ClientProfile) -> None:
    whole = everything_about(client) | {"notes": notes_about(client)}
    relations = [r.related_model for r in client._meta.related_objects]
    tables = {m._meta.label: m for m in relations if m._meta.app_label == "questionnaire"}
    assert set(tables) == set(PLACES), "a new table has to find its place in the export"
    for label, count in rows_about(client).items():
        rows = PLACES[label](whole)
        assert len(rows) == count > 0, label
        assert all(set(row) >= columns(tables[label]) for row in rows), label


def test_the_rows_that_a_profile_points_to_are_in_it_too(client: ClientProfile) -> None:
    whole = everything_about(client)
    pointed = {f.related_model: f.name for f in client._meta.concrete_fields if f.is_relation}
    assert set(pointed) == {Firm, Membership, Invitation}
    assert set(whole["profile"]) == columns(ClientProfile)
    assert set(whole["sign_in"]) >= columns(Membership)
    assert set(whole["invitation"]) == columns(Invitation)
    assert whole["firm"] == {"name": client.firm.name, "is_personal": False}
    assert whole["advisors"] == [client.assignments.get().membership.user.email]


def test_assessments_are_complete_and_exact(client: ClientProfile) -> None:
    rows = everything_about(client)["assessments"]
    stored = [ownership.assessment for ownership in client.ownerships.order_by("since")]
    assert [row["public_id"] for row in rows] == [one.public_id for one in stored]
    for row, one in zip(rows, stored, strict=True):
        assert set(row) == columns(type(one)) | {"ownership"}
        assert Decimal(row["amount"]) == one.amount
        assert isinstance(row["amount"], str)
        same = ("answers", "calculation", "worth", "method", "rti", "software")
        assert {name: row[name] for name in same} == {name: getattr(one, name) for name in same}


def test_a_download_is_json_and_survives_being_written_and_read(client: ClientProfile) -> None:
    response = get_export(client)
    assert response.status_code == 200
    whole = json.loads(response.content)
    client.refresh_from_db()
    expected = json.loads(json.dumps(everything_about(client)))
    changing = {"exported_at", "audit_entries"}
    assert {k: v for k, v in whole.items() if k not in changing} == {
        k: v for k, v in expected.items() if k not in changing
    }
    assert whole["schema_version"] == 1
    assert {row["action"] for row in whole["audit_entries"]} == {"assessment added"}


def test_the_file_name_says_nothing_about_the_client(practice: Firm) -> None:
    client = make_whole(practice, name='../"; rm -rf\r\n <script>\u202e💥')
    response = get_export(client)
    safe = f'attachment; filename="riskalloc-client-{client.pk}.json"'
    assert response["Content-Disposition"] == safe
    assert response["Content-Type"] == "application/json"


def test_no_key_to_anything_is_in_it(client: ClientProfile) -> None:
    text = json.dumps(everything_about(client))
    assert client.drafts.get().token_hash not in text
    assert f'"{client.invitation.token_hash}"' not in text


def test_an_export_is_audited(client: ClientProfile) -> None:
    get_export(client)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.about, entry.actor_name) == ("data exported", client.pk, E_MAIL)


def test_a_failure_in_the_middle_leaves_no_entry(client: ClientProfile, monkeypatch) -> None:
    before = AuditEntry.objects.count()

    def fail(**_):
        raise RuntimeError("in the middle")

    monkeypatch.setattr(exporting, "record", fail)
    with pytest.raises(RuntimeError, match="in the middle"):
        export_client(client=seen_by(client.membership.user, client), by=By())
    assert AuditEntry.objects.count() == before


def test_a_client_gets_the_entries_of_earlier_firms_an_owner_the_firms_and_an_advisor_none(
    client: ClientProfile,
) -> None:
    earlier = FirmFactory()
    record(by=By(), firm_id=earlier.pk, action="seen elsewhere", of=client, about=client.pk)
    advisor, owner = client.assignments.get().membership.user, member(client.firm).user
    own, theirs, none = (
        export_client(client=seen_by(user, client), by=By())
        for user in (client.membership.user, owner, advisor)
    )
    assert "seen elsewhere" in {row["action"] for row in own["audit_entries"]}
    assert {row["firm_id"] for row in theirs["audit_entries"]} == {str(client.firm_id)}
    assert "audit_entries" not in none


def test_queries_do_not_grow_with_the_assessments(
    client: ClientProfile, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(12 + 12):  # of this app, and of portfolios
        everything_about(client)


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADVISOR])
def test_those_who_may_change_a_client_may_export(client: ClientProfile, role: Role) -> None:
    user = UserFactory()
    if role == Role.OWNER:
        MembershipFactory(firm=client.firm, user=user, role=role)
    else:
        assign(client, role, user)
    response = get_export(client, user)
    assert response.status_code == 200
    assert AuditEntry.objects.latest("pk").on_behalf_of == client.name


def test_readers_strangers_and_the_signed_out_may_not(client: ClientProfile) -> None:
    reader = assign(client, Role.READER)
    missing = ClientFactory.build()
    answers = [
        get_export(client, reader),
        get_export(client, MembershipFactory().user),
        get_export(client, UserFactory()),
        get_export(missing, UserFactory()),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert answers[2].content == answers[3].content
    signed_out = Client().get(reverse("client_export", kwargs={"client_id": client.pk}))
    assert signed_out.url.startswith("/account/login/")


def test_it_asks_to_sign_in_again_after_a_while(client: ClientProfile) -> None:
    response = get_export(client, recently=False)
    assert response.status_code == 302
    assert response.url.partition("?")[0].endswith("/reauthenticate/")
    assert not AuditEntry.objects.filter(action="data exported").exists()


def test_only_get(client: ClientProfile) -> None:
    browser = signed_in(client.membership.user)
    address = reverse("client_export", kwargs={"client_id": client.pk})
    assert browser.post(address).status_code == 405


# -- What a firm keeps -------------------------------------------------------------------------------------


def test_a_record_has_what_was_calculated_and_no_way_to_reach_the_client(
    client: ClientProfile,
) -> None:
    kept = exporting.record_to_keep(client)
    text = json.dumps(kept)
    assert E_MAIL not in text
    assert PHONE not in text
    whole = everything_about(client)
    assert kept["overrides"] == whole["overrides"]
    assert [row["calculation"] for row in kept["assessments"]] == [
        row["calculation"] for row in whole["assessments"]
    ]
    assert {"sign_in", "invitation", "drafts", "audit_entries"}.isdisjoint(kept)
    assert kept["life_events"][0]["recorded_by"] == exporting.REMOVED


def test_a_record_comes_out_of_the_database_as_it_went_in(client: ClientProfile) -> None:
    kept = exporting.record_to_keep(client)
    tombstone = Tombstone.objects.create(
        firm=client.firm,
        client_id=client.pk,
        name=client.name,
        reason="left",
        record=kept,
        keep_until=timezone.localdate(),
    )
    tombstone.refresh_from_db()
    assert tombstone.record == kept


def test_a_value_that_json_would_bend_is_refused(client: ClientProfile) -> None:
    override = Override(client=client, stocks=0.1)
    with pytest.raises(TypeError, match="float"):
        exporting._row(override)
