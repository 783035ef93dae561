"""That the trail is written with the deed, in one chain per firm, and stays as it was written."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, connections, transaction
from django.db.transaction import TransactionManagementError
from django.test import RequestFactory

from riskalloc.firms.audit import (
    NOBODY,
    THE_SYSTEM,
    By,
    Said,
    by_of,
    changes,
    hash_of,
    plain_values,
    record,
    said_by,
)
from riskalloc.firms.models import AuditEntry, AuditHead, ClosedFirm, Firm
from riskalloc.firms.verification import verify
from tests.erasing import erase_facts
from tests.factories import ClientFactory, FirmFactory, UserFactory
from tests.firms.trails import make_trail, make_trails

CLIENT = UUID("11111111-2222-4333-8444-555555555555")
HARD_VALUES = {
    "plain": {"name": "Demo", "version": 3},
    "letters of the world": {"name": "Zoë Ærøskøbing 日本 עברית"},
    "emoji": {"name": "👩‍👩‍👧 😀"},
    "right to left": {"name": "demo\u202egro.elpmaxe\u202c\u200f"},
    "markup": {"name": "<b>\"Demo\" & 'co'</b>\\"},
    "white space": {"name": " a\tb\r\nc\u2028 "},
    "composed and decomposed": {"a": "é", "b": "e\u0301"},
    "nothing": {"a": None, "b": "", "c": [], "d": {}},
    "booleans and numbers": {"a": True, "b": False, "c": 0, "d": 1, "e": -(2**70)},
    "nested": {"mix": {"stocks": 60, "bonds": [10, {"x": None}]}, "a": [[], [""]]},
    "keys in no order": {"b": 1, "a": 2, "B": 3, "é": 4, "10": 5, "9": 6, "": 7},
}


@pytest.fixture
def firm(db: None) -> Firm:
    return FirmFactory()


def write(firm: Firm, **values: object) -> AuditEntry:
    return record(
        **{"by": By(), "firm_id": firm.pk, "action": "firm changed", "of": firm, **values}
    )


# -- Writing ----------------------------------------------------------------------------------------------


def test_an_entry_says_who_did_what_to_which_object_when_and_for_whom(firm: Firm) -> None:
    user = UserFactory(email="advisor@example.org")
    by = By(user=user, name=user.email, on_behalf_of="Demo client", request_id="abc")
    earlier = datetime.now(UTC)
    write(firm, by=by, about=CLIENT, before={"name": "A"}, after={"name": "B"})
    entry = AuditEntry.objects.get()
    assert (entry.firm, entry.seq, entry.actor) == (firm, 1, user)
    assert (entry.actor_name, entry.on_behalf_of) == ("advisor@example.org", "Demo client")
    assert (entry.action, entry.object_type) == ("firm changed", "firms.firm")
    assert (entry.object_id, entry.about) == (str(firm.pk), CLIENT)
    assert (entry.before, entry.after) == ({"name": "A"}, {"name": "B"})
    assert entry.request_id == "abc"
    assert earlier <= entry.at <= datetime.now(UTC)


def test_what_record_gives_back_is_the_entry_that_was_stored(firm: Firm) -> None:
    written = write(firm, about=CLIENT, before={"a": 1}, after={"a": [1, None]})
    stored = AuditEntry.objects.get(pk=written.pk)
    fields = [field.attname for field in AuditEntry._meta.concrete_fields]
    assert [getattr(written, name) for name in fields] == [getattr(stored, name) for name in fields]


def test_without_a_person_it_was_riskalloc_itself(firm: Firm) -> None:
    assert (write(firm).actor_id, write(firm).actor_name) == (None, THE_SYSTEM)


def test_each_entry_carries_the_hash_before_and_the_head_the_last(firm: Firm) -> None:
    first, second, third = write(firm), write(firm), write(firm)
    assert [entry.seq for entry in (first, second, third)] == [1, 2, 3]
    assert first.previous_hash == "0" * 64
    assert (second.previous_hash, third.previous_hash) == (first.hash, second.hash)
    head = AuditHead.objects.get()
    assert (head.firm, head.seq, head.hash) == (firm, 3, third.hash)


def test_chains_of_firms_do_not_mix(firm: Firm) -> None:
    other = FirmFactory()
    for _ in range(3):
        write(firm)
        write(other)
    for each in (firm, other):
        chain = list(AuditEntry.objects.filter(firm=each).order_by("seq"))
        assert [entry.seq for entry in chain] == [1, 2, 3]
        assert [entry.previous_hash for entry in chain[1:]] == [entry.hash for entry in chain[:-1]]


@pytest.mark.django_db(transaction=True)
def test_an_entry_needs_the_transaction_of_its_deed() -> None:
    firm = FirmFactory()
    with pytest.raises(TransactionManagementError, match="of its deed"):
        write(firm)
    assert not AuditEntry.objects.exists()


def test_an_entry_goes_when_the_deed_is_rolled_back(firm: Firm) -> None:
    @transaction.atomic
    def rename_and_fail() -> None:
        Firm.objects.filter(pk=firm.pk).update(name="Demo, changed")
        write(firm)
        raise ZeroDivisionError

    write(firm)
    with pytest.raises(ZeroDivisionError):
        rename_and_fail()
    assert Firm.objects.get().name == firm.name
    assert AuditEntry.objects.count() == AuditHead.objects.get().seq == 1
    assert write(firm).seq == 2


def test_an_entry_costs_three_statements_at_most(
    firm: Firm, django_assert_max_num_queries: object
) -> None:
    write(firm)  # the first one makes the head
    with django_assert_max_num_queries(3):
        write(firm)


# -- Who --------------------------------------------------------------------------------------------------


def test_by_a_person_in_a_request(db: None) -> None:
    request = RequestFactory().get("/")
    request.user = UserFactory(email="demo@example.org")
    first, second = by_of(request), by_of(request, on_behalf_of="Demo client")
    assert (first.user, first.name, first.on_behalf_of) == (request.user, "demo@example.org", "")
    assert second.on_behalf_of == "Demo client"
    assert first.request_id == second.request_id != ""


def test_requests_have_different_ids_and_visitors_no_name(db: None) -> None:
    requests = [RequestFactory().get("/") for _ in range(2)]
    for request in requests:
        request.user = AnonymousUser()
    first, second = map(by_of, requests)
    assert first.request_id != second.request_id
    assert (first.user, first.name) == (None, NOBODY)


# -- Values -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [1.5, float("nan"), Decimal("1.50"), date(2026, 11, 21), CLIENT, b"x", {1: "a"}, [{"a": 0.1}]],
)
def test_the_trail_refuses_what_two_databases_would_keep_differently(
    firm: Firm, value: object
) -> None:
    for side in ("before", "after"):
        with pytest.raises(TypeError, match="text, whole numbers"):
            write(firm, **{side: {"name": value}})
    assert not AuditEntry.objects.exists()


def test_plain_values_are_text_numbers_booleans_and_null() -> None:
    client = ClientFactory.build(firm=Firm(), born_on=date(1970, 2, 1), notes="", version=3)
    assert plain_values(client, ("born_on", "retires_on", "version", "wants_reminders", "id")) == {
        "born_on": "1970-02-01",
        "retires_on": None,
        "version": 3,
        "wants_reminders": True,
        "id": str(client.pk),
    }


def test_changes_are_only_what_differs() -> None:
    before, after = {"a": 1, "b": 2, "c": None}, {"a": 1, "b": 3, "c": ""}
    assert changes(before, after) == ({"b": 2, "c": None}, {"b": 3, "c": ""})
    assert changes(before, before) == ({}, {})


# -- Hashes -----------------------------------------------------------------------------------------------


def test_a_hash_is_the_same_wherever_it_is_calculated() -> None:
    """A chain that exists has to stay whole: this text never changes."""
    said = Said(
        firm="1" * 32,
        seq=2,
        at="2026-11-21T14:32:00.000000+00:00",
        actor=3,
        actor_name="demo@example.org",
        on_behalf_of="",
        action="profile changed",
        object_type="questionnaire.clientprofile",
        object_id=str(CLIENT),
        about=CLIENT.hex,
        before={"b": None, "a": "é😀"},
        after={},
        request_id="abc",
        previous_hash="0" * 64,
    )
    text = (
        '["11111111111111111111111111111111",2,"2026-11-21T14:32:00.000000+00:00",3,'
        '"demo@example.org","","profile changed","questionnaire.clientprofile",'
        '"11111111-2222-4333-8444-555555555555","11111111222243338444555555555555",'
        '{"a":"\\u00e9\\ud83d\\ude00","b":null},{},"abc",'
        '"0000000000000000000000000000000000000000000000000000000000000000"]'
    )
    assert hash_of(said) == sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("values", HARD_VALUES.values(), ids=HARD_VALUES)
def test_a_hash_survives_the_database(firm: Firm, values: dict[str, object]) -> None:
    write(firm, before=values, after={"inside": values}, about=CLIENT)
    stored = AuditEntry.objects.get()
    assert stored.before == values
    assert hash_of(said_by(stored)) == stored.hash
    assert verify().faults == []


@pytest.mark.parametrize("values", HARD_VALUES.values(), ids=HARD_VALUES)
def test_a_hash_is_the_same_in_any_order_of_keys_and_after_json(values: dict[str, object]) -> None:
    said = Said(*[""] * len(Said._fields))
    turned = dict(reversed(values.items()))
    assert hash_of(said._replace(before=turned)) == hash_of(said._replace(before=values))
    again = json.loads(json.dumps(values))
    assert hash_of(said._replace(before=again)) == hash_of(said._replace(before=values))


def test_a_moment_without_microseconds_survives_the_database(firm: Firm, monkeypatch) -> None:
    moment = datetime(2026, 11, 21, 14, 32, tzinfo=UTC)
    monkeypatch.setattr("riskalloc.firms.audit.timezone.now", lambda: moment)
    write(firm)
    assert AuditEntry.objects.get().at == moment
    assert verify().faults == []


def test_values_that_look_alike_have_different_hashes() -> None:
    said = Said(*[""] * len(Said._fields))
    alike = (None, {}, {"a": None}, {"a": ""}, {"a": 0}, {"a": False}, {"a": "0"}, {"a": "é"})
    alike = (*alike, {"a": "e\u0301"}, {"A": 0}, {"a": 1}, {"a": True})
    assert len({hash_of(said._replace(before=values)) for values in alike}) == len(alike)
    # what moves from one column to the next is not the same either
    assert hash_of(said._replace(action="ab")) != hash_of(
        said._replace(action="a", object_type="b")
    )


# -- Staying as it was ------------------------------------------------------------------------------------


def test_entries_are_deleted_with_their_firm_only(firm: Firm) -> None:
    other = FirmFactory()
    write(firm)
    write(other)
    ClosedFirm.objects.create(firm_id=firm.pk, reason="closed")
    with pytest.raises(IntegrityError, match="deleted only where"), transaction.atomic():
        AuditEntry.objects.all().delete()
    AuditEntry.objects.filter(firm=firm).delete()
    firm.delete()
    assert [entry.firm for entry in AuditEntry.objects.all()] == [other]


# -- At the same time -------------------------------------------------------------------------------------


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    yield
    erase_facts()


@pytest.mark.postgresql
def test_many_at_once_leave_no_gap_and_no_double(committed: None) -> None:
    firms = FirmFactory.create_batch(3)
    threads, each = 4, 25

    def append(number: int) -> None:
        try:
            for turn in range(each):
                with transaction.atomic():
                    firm = firms[0] if turn % 2 else firms[(number + turn) % 3]
                    write(firm, after={"thread": number, "turn": turn})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(append, number) for number in range(threads)]:
            done.result()
    report = verify()
    assert (report.entries, report.faults) == (threads * each, [])
    for firm in firms:
        numbers = firm.audit_entries.order_by("seq").values_list("seq", flat=True)
        assert list(numbers) == list(range(1, len(numbers) + 1))


@pytest.mark.postgresql
def test_firms_do_not_wait_for_each_other(committed: None) -> None:
    busy, free = make_trails(1, 1)

    def append(firm: Firm) -> int:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '5s'")
                return write(firm).seq
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        write(busy)  # and holds the lock of its chain
        assert pool.submit(append, free).result(timeout=10) == 2
    assert make_trail(busy, 1)[0].seq == 3
