"""What verification says of a trail, its command, and heads that were exported before."""

from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from riskalloc.firms.audit import hash_of, said_by
from riskalloc.firms.heads import Head, UnreadableHeads, export_heads, read_heads
from riskalloc.firms.models import AuditEntry, AuditHead, ClosedFirm, Firm
from riskalloc.firms.verification import verify
from tests.erasing import erase_facts
from tests.factories import FirmFactory
from tests.firms.trails import make_trail, make_trails, unguarded


@pytest.fixture
def firm(db: None) -> Firm:
    (firm,) = make_trails(5)
    return firm


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "heads.txt"


def entries(firm: Firm, **numbers: int) -> object:
    return AuditEntry.objects.filter(firm=firm, **numbers)


def said(**options: object) -> list[str]:
    return [fault.what for fault in verify(**options).faults]


def command(name: str, *arguments: object, **options: object) -> str:
    output = StringIO()
    call_command(name, *map(str, arguments), stdout=output, **options)
    return output.getvalue()


def write_anew(firm: Firm, since: int) -> None:
    """What somebody can do who has the code too: a chain with other entries, whole in itself."""
    before = entries(firm, seq=since - 1).first()
    previous_hash = before.hash if before else "0" * 64
    for entry in entries(firm, seq__gte=since).order_by("seq"):
        entry.actor_name, entry.previous_hash = "other@example.org", previous_hash
        entry.hash = previous_hash = hash_of(said_by(entry))
        entry.save()
    AuditHead.objects.filter(firm=firm).update(hash=previous_hash)


# -- Sentences --------------------------------------------------------------------------------------------


def test_a_whole_trail_has_no_fault(firm: Firm) -> None:
    make_trail(FirmFactory(), 2)
    report = verify()
    assert (report.entries, report.firms, report.faults) == (7, 2, [])
    assert report.seconds > 0


def test_a_changed_entry_is_named_with_its_firm(firm: Firm) -> None:
    with unguarded():
        entries(firm, seq=3).update(actor_name="other@example.org")
        (fault,) = verify().faults
    assert str(fault) == (
        f"Firm {firm.pk.hex}, entry 3: it was changed; its hash does not fit what it says."
    )


def test_only_the_first_fault_of_a_firm_is_named(firm: Firm) -> None:
    other, _ = make_trails(3, 3)
    with unguarded():
        entries(firm, seq__gte=2).update(action="nothing")
        entries(other, seq=2).delete()
        found = {(fault.firm, fault.seq) for fault in verify().faults}
    assert found == {(firm.pk.hex, 2), (other.pk.hex, 2)}


def test_a_missing_entry(firm: Firm) -> None:
    with unguarded():
        entries(firm, seq=2).delete()
        assert said() == ["it is missing; number 3 stands in its place."]


def test_an_entry_that_was_written_anew_with_its_hash(firm: Firm) -> None:
    with unguarded():
        entry = entries(firm, seq=2).get()
        entry.actor_name = "other@example.org"
        entry.hash = hash_of(said_by(entry))
        entry.save()
        assert said() == ["it does not follow entry 2; one of the two was replaced."]


def test_a_tail_that_was_cut_off(firm: Firm) -> None:
    with unguarded():
        entries(firm, seq__gt=3).delete()
        assert said() == ["it is missing; the head says that there are 5."]


def test_a_head_that_was_set_back(firm: Firm) -> None:
    AuditHead.objects.update(seq=4, hash=entries(firm, seq=4).get().hash)
    assert said() == ["the head says that there are only 4."]


def test_a_head_of_another_chain(firm: Firm) -> None:
    AuditHead.objects.update(hash="f" * 64)
    assert said() == ["it is the last, but the head has the hash of another one."]


def test_a_head_that_is_missing(firm: Firm) -> None:
    AuditHead.objects.all().delete()
    assert said() == ["the head is missing that says whether it is the last."]


@pytest.mark.parametrize("keeps_head", [True, False])
def test_a_firm_without_any_entry(firm: Firm, keeps_head: bool) -> None:
    with unguarded():
        entries(firm).delete()
        AuditHead.objects.update(seq=0, hash="0" * 64)
        if not keeps_head:
            AuditHead.objects.all().delete()
        assert said() == ["it is missing; nothing at all is recorded of this firm."]


def test_a_firm_that_is_gone_without_having_been_closed(firm: Firm) -> None:
    firm.delete()
    assert said() == ["the firm is gone, and nothing says that it was closed."]


def test_a_closed_firm_is_no_fault(firm: Firm) -> None:
    ClosedFirm.objects.create(firm_id=firm.pk, reason="closed")
    assert said() == ["the firm is here, but marked as closed: its trail can be deleted."]
    firm.delete()
    assert said() == []


def test_one_firm_alone(firm: Firm) -> None:
    (other,) = make_trails(3)
    with unguarded():
        entries(firm, seq=3).update(action="nothing")
        assert [fault.seq for fault in verify(firm=firm.pk).faults] == [3]
        report = verify(firm=other.pk)
        assert (report.entries, report.firms, report.faults) == (3, 1, [])
    assert said(firm=uuid4()) == ["the firm is gone, and nothing says that it was closed."]


@pytest.mark.django_db(transaction=True)
def test_verification_outside_a_transaction_leaves_none_open() -> None:
    make_trails(3, 2)
    try:
        assert verify().faults == []
        with transaction.atomic():
            FirmFactory()
        assert Firm.objects.count() == 3
    finally:
        erase_facts()


# -- Exported heads ---------------------------------------------------------------------------------------


def test_heads_are_added_to_a_file_and_read_again(firm: Firm, file: Path) -> None:
    assert export_heads(file) == 1
    (first,) = make_trail(firm, 1)
    (other,) = make_trails(2)
    assert export_heads(file) == 2
    assert export_heads(file) == 2  # a day on which nothing happened
    assert len(file.read_text().splitlines()) == 5
    today = timezone.now().date().isoformat()
    heads = read_heads(file)
    assert heads.keys() == {firm.pk.hex, other.pk.hex}
    assert [head.seq for head in heads[firm.pk.hex]] == [5, 6]
    assert heads[firm.pk.hex][1] == Head(6, first.hash, today)
    assert said(exported=heads) == []


def test_a_chain_that_has_grown_since_is_whole(firm: Firm, file: Path) -> None:
    export_heads(file)
    make_trail(firm, 3)
    assert said(exported=read_heads(file)) == []


def test_a_chain_that_was_written_anew_is_found_by_an_old_head(firm: Firm, file: Path) -> None:
    export_heads(file)
    make_trail(firm, 3)
    with unguarded():
        write_anew(firm, since=2)
        assert said() == []  # the chain alone does not tell
        (fault,) = verify(exported=read_heads(file)).faults
    assert fault.seq == 5
    assert "it was another one; it, or one before it, was written anew." in fault.what


def test_a_chain_that_was_shortened_with_its_head_is_found_by_an_old_head(
    firm: Firm, file: Path
) -> None:
    export_heads(file)
    with unguarded():
        entries(firm, seq__gt=3).delete()
        AuditHead.objects.update(seq=3, hash=entries(firm, seq=3).get().hash)
        assert said() == []
        (fault,) = verify(exported=read_heads(file)).faults
    assert fault.seq == 4
    today = timezone.now().date().isoformat()
    assert fault.what == f"it is missing; on {today} there were 5."


def test_a_firm_that_vanished_is_found_by_an_old_head(firm: Firm, file: Path) -> None:
    (stays,) = make_trails(1)
    export_heads(file)
    with unguarded():
        entries(firm).delete()
        firm_id = firm.pk
        firm.delete()
        assert said() == []
        assert {fault.firm for fault in verify(exported=read_heads(file)).faults} == {firm_id.hex}
        ClosedFirm.objects.create(firm_id=firm_id, reason="closed")
        assert said(exported=read_heads(file)) == []
        assert said(exported=read_heads(file), firm=stays.pk) == []


@pytest.mark.parametrize(
    "line",
    [
        "",
        "2026-11-21",
        "2026-11-21 {firm} 5",
        "2026-11-21 {firm} five {hash}",
        "2026-11-21 {firm} 5 {hash}0",
        "2026-11-21 demo 5 {hash}",
        "2026-11-21 {firm} 5 {hash} more",
        "\x00\u200f",
    ],
)
def test_a_line_that_is_no_head_is_named(file: Path, line: str) -> None:
    good = f"2026-11-21 {uuid4()} 5 {'a' * 64}\n"
    file.write_text(good + line.format(firm=uuid4(), hash="a" * 64) + "\n")
    with pytest.raises(UnreadableHeads, match=r"^Line 2 of .* is not a head: "):
        read_heads(file)


# -- Commands ---------------------------------------------------------------------------------------------


def test_the_command_counts_and_says_how_fast(firm: Firm) -> None:
    first, second = command("verify_audit").splitlines()
    assert first.startswith("5 entries of 1 firm in ")
    assert first.endswith(" a second.")
    assert second == "Every chain is whole."


def test_the_command_fails_where_something_is_wrong(firm: Firm) -> None:
    output = StringIO()
    with unguarded():
        entries(firm, seq=2).update(action="nothing")
        with pytest.raises(CommandError, match="1 firm") as error:
            call_command("verify_audit", stdout=output)
    assert error.value.returncode == 1
    assert f"Firm {firm.pk.hex}, entry 2: it was changed" in output.getvalue()


def test_the_command_looks_at_one_firm(firm: Firm) -> None:
    make_trails(3)
    assert command("verify_audit", "--firm", firm.pk).startswith("5 entries of 1 firm ")
    with pytest.raises(CommandError, match="invalid UUID"):
        command("verify_audit", "--firm", "demo")


def test_the_commands_work_together(firm: Firm, file: Path) -> None:
    assert command("export_audit_heads", file) == "Wrote down the heads of 1 firm.\n"
    assert "whole" in command("verify_audit", "--heads", file)
    with unguarded():
        write_anew(firm, since=1)
        assert "whole" in command("verify_audit")
        with pytest.raises(CommandError, match="1 firm"):
            command("verify_audit", "--heads", file)


def test_a_file_that_cannot_be_read_or_written_is_named(firm: Firm, file: Path) -> None:
    with pytest.raises(CommandError, match=r"heads\.txt"):
        command("verify_audit", "--heads", file)
    file.write_text("demo\n")
    with pytest.raises(CommandError, match="Line 1 of"):
        command("verify_audit", "--heads", file)
    with pytest.raises(CommandError, match="nowhere"):
        command("export_audit_heads", file.parent / "nowhere" / "heads.txt")


def test_an_empty_installation_is_whole(db: None, file: Path) -> None:
    assert "Every chain is whole." in command("verify_audit")
    assert command("export_audit_heads", file) == "Wrote down the heads of 0 firms.\n"
    assert "Every chain is whole." in command("verify_audit", "--heads", file)
