"""Notes for the desk: written once, never the client's to see, and the practice's when the client goes."""

import json
from uuid import uuid4

import pytest

from questionnaire.models import Note, Tombstone
from questionnaire.services.leaving import delete_client, leave_firm
from questionnaire.services.reviewing import write_note
from riskalloc.firms.audit import By
from riskalloc.firms.models import AuditEntry, Role
from tests.factories import ClientFactory, FirmFactory, assign, make_own_client
from tests.firms.people import browser_of, member, queries
from tests.questionnaire.whole import NOTED, make_whole, signed_in

pytestmark = pytest.mark.django_db
TEXT = "Thinks about selling the house."


@pytest.fixture
def desk():
    client = ClientFactory(name="Demo Robert")
    browser = browser_of(assign(client))
    browser.looks_after, browser.address = client, f"/c/{client.pk}/notes/"
    return browser


def written(**fields) -> dict[str, object]:
    return {"id": uuid4(), "text": TEXT} | fields


def test_a_note_stands_on_the_page_of_the_client_and_among_the_notes(desk):
    answer = desk.post(desk.address, written())
    assert (answer.status_code, answer["Location"]) == (303, desk.address)
    assert TEXT in desk.get(desk.address).content.decode()
    assert TEXT in desk.get(f"/c/{desk.looks_after.pk}/").content.decode()


def test_the_trail_says_that_there_is_one_and_not_what(desk):
    desk.post(desk.address, written())
    entry = AuditEntry.objects.get(action="note written")
    assert entry.about == desk.looks_after.pk
    assert entry.after == {"characters": len(TEXT)}


def test_sent_twice_it_is_written_once(desk):
    sent = written()
    for _ in range(3):
        assert desk.post(desk.address, sent).status_code == 303
    assert Note.objects.count() == AuditEntry.objects.filter(action="note written").count() == 1


def test_an_id_that_is_anothers_says_nothing(desk):
    other = write_note(client=ClientFactory(), note_id=uuid4(), text="Another", by=By())
    desk.post(desk.address, written(id=other.pk))
    assert Note.objects.get(client=desk.looks_after).pk != other.pk
    other.refresh_from_db()
    assert other.text == "Another"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write something first"),
        ("  \n ", "Write something first"),
        ("x" * 10_001, "This has 10001 characters. Use at most 10000"),
        ("nought\0", "Null characters are not allowed"),
    ],
)
def test_bad_input_gets_a_sentence_and_stays_in_the_form(desk, text, sentence):
    answer = desk.post(desk.address, written(text=text))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Note.objects.exists()


def test_what_is_written_is_text(desk):
    desk.post(desk.address, written(text="<b>bold</b>\nsecond line"))
    page = desk.get(desk.address).content.decode()
    assert "&lt;b&gt;bold&lt;/b&gt;<br>second line" in page


# -- Who ---------------------------------------------------------------------------------------------------


def test_the_client_finds_no_trace_of_its_text():
    client = make_whole(FirmFactory())
    browser = browser_of(client.membership.user)
    assert NOTED not in browser.get(f"/c/{client.pk}/").content.decode()
    assert browser.get(f"/c/{client.pk}/notes/").status_code == 404
    assert browser.post(f"/c/{client.pk}/notes/", written()).status_code == 404


def test_a_reader_reads_and_a_stranger_knows_nothing(desk):
    desk.post(desk.address, written())
    reader = browser_of(assign(desk.looks_after, Role.READER))
    page = reader.get(desk.address)
    assert TEXT in page.content.decode()
    assert "Keep this note" not in page.content.decode()
    assert reader.post(desk.address, written()).status_code == 404
    stranger = browser_of(member().user)
    assert stranger.get(desk.address).status_code == 404
    assert stranger.post(desk.address, written()).status_code == 404
    assert desk.put(desk.address).status_code == 405


def test_nothing_is_noted_about_an_archived_client(desk):
    desk.post(f"/c/{desk.looks_after.pk}/archive/")
    assert desk.post(desk.address, written()).status_code == 404
    assert desk.get(desk.address).status_code == 200


# -- Where they stay ---------------------------------------------------------------------------------------


def test_a_client_who_leaves_leaves_them_behind():
    firm = FirmFactory(retention_years=7)
    client = make_whole(firm)
    leave_firm(client=client, by=By())
    assert not Note.objects.exists()
    assert NOTED in json.dumps(Tombstone.objects.get(firm=firm).record)


@pytest.mark.parametrize("years", [0, 7])
def test_deleting_a_client_deletes_them_but_for_what_must_be_kept(years):
    client = make_whole(FirmFactory(retention_years=years))
    delete_client(client=client, by=By())
    assert not Note.objects.exists()
    assert [NOTED in json.dumps(kept.record) for kept in Tombstone.objects.all()] == [True] * bool(
        years
    )


def test_a_clients_own_download_has_none_and_the_desks_has_all():
    client = make_whole(FirmFactory())
    own, desk = client.membership.user, client.assignments.get().membership.user
    address = f"/c/{client.pk}/export.json"
    assert "notes" not in signed_in(own).get(address).json()
    assert [note["text"] for note in signed_in(desk).get(address).json()["notes"]] == [NOTED]


def test_a_person_of_their_own_has_no_notes_page():
    client = make_own_client()
    browser = browser_of(client.membership.user)
    assert browser.get(f"/c/{client.pk}/notes/").status_code == 404


def test_the_pages_of_many_notes_take_as_many_queries(desk):
    address = desk.address
    write_note(client=desk.looks_after, note_id=uuid4(), text="first", by=By())
    few = queries(desk, address)
    for number in range(45):
        write_note(client=desk.looks_after, note_id=uuid4(), text=f"Demo {number}", by=By())
    assert queries(desk, address) == few
    assert "Page 1 of 3" in desk.get(address).content.decode()
    for page in ("3", "99", "0", "-1", "x", "1" * 50):
        assert desk.get(address, {"page": page}).status_code == 200
