"""Heads of the chains, exported to a file outside the database: what nobody can write anew afterwards."""

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from riskalloc.firms.models import AuditHead

HASH_DIGITS = 64


class Head(NamedTuple):
    """The last entry of a chain: now, or on the day when it was exported."""

    seq: int
    hash: str
    on: str = ""


Exported = Mapping[str, tuple[Head, ...]]  # of each firm, by 32 hexadecimal digits


class UnreadableHeads(Exception):
    """A line of the file is not one that was exported."""


def heads() -> Iterator[tuple[UUID, Head]]:
    for firm, seq, hash_ in AuditHead.objects.order_by("firm").values_list("firm", "seq", "hash"):
        yield firm, Head(seq, hash_)


def export_heads(path: Path) -> int:
    """Add a line for each firm to the file; says how many."""
    today = timezone.now().date().isoformat()
    lines = [f"{today} {firm} {head.seq} {head.hash}\n" for firm, head in heads()]
    with path.open("a", encoding="ascii") as file:
        file.write("".join(lines))
        file.flush()
        os.fsync(file.fileno())
    return len(lines)


def read_heads(path: Path) -> Exported:
    """Each head once, with the first day on which it was the head; a firm's in their order."""
    exported: dict[str, dict[tuple[int, str], Head]] = defaultdict(dict)
    with path.open(encoding="ascii", errors="replace") as file:
        for number, line in enumerate(file, start=1):
            try:
                firm, head = _read(line)
            except ValueError as error:
                message = f"Line {number} of {path} is not a head: {line.strip()[:100]}"
                raise UnreadableHeads(message) from error
            exported[firm].setdefault((head.seq, head.hash), head)
    return {firm: tuple(sorted(of_firm.values())) for firm, of_firm in exported.items()}


def _read(line: str) -> tuple[str, Head]:
    on, firm, seq, hash_ = line.split()
    if len(hash_) != HASH_DIGITS:
        raise ValueError(hash_)
    return UUID(firm).hex, Head(int(seq), hash_, on)
