"""The kinds of work that can be done for many things at once: each is a function that does one of them.

`@job_kind` registers it from any module that a page imports. It runs in the transaction that marks its item,
so what it writes is there once, also after a crash.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings

from riskalloc.firms.audit import By
from riskalloc.firms.models import LONGEST_SENTENCE, LONGEST_TITLE, Role, Viewer

# How pages call things, and where each is: of those that the viewer may see.
Names = Mapping[UUID, tuple[str, str]]
NamesOf = Callable[[Sequence[UUID], Viewer], Names]


class NotDone(Exception):
    """This one could not be done, for the reason that the sentence gives; the others go on.

    The sentence says what to do now, and names nobody: it stays when the person is erased.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """One thing to be done. `arguments` are the whole job's, `own` are this thing's."""

    job_id: UUID
    firm_id: UUID
    key: UUID
    arguments: Mapping[str, Any]
    own: Mapping[str, Any]
    by: By
    failures: dict[UUID, str] = field(default_factory=dict)

    def failed(self, key: UUID, sentence: str) -> None:
        """Of a batch, one that was not done; the rest of it stays."""
        self.failures[key] = sentence[:LONGEST_SENTENCE]


Handler = Callable[[Doing], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    name: str
    title: str
    handle: Handler
    names_of: NamesOf | None  # none where the things are parts of something
    # Who starts it, and tries again what was not done; nobody where it begins by itself.
    started_by: tuple[Role, ...]
    writes_letters: bool


KINDS: dict[str, Kind] = {}


def job_kind(
    name: str,
    *,
    title: str,
    names_of: NamesOf | None = None,
    started_by: tuple[Role, ...] = (),
    writes_letters: bool = False,
) -> Callable[[Handler], Handler]:
    """Register a function under a name that rows keep: it is never changed."""
    assert len(title) <= LONGEST_TITLE

    def registered(handle: Handler) -> Handler:
        known = KINDS.get(name)
        assert known is None or known.handle.__module__ == handle.__module__, (
            f"{name} is taken by {known.handle.__module__}"
        )
        KINDS[name] = Kind(
            name=name,
            title=title,
            handle=handle,
            names_of=names_of,
            started_by=started_by,
            writes_letters=writes_letters,
        )
        return handle

    return registered


def kind_named(name: str) -> Kind | None:
    """None where this version of RiskAlloc has no such kind any more."""
    if name not in KINDS:  # a worker has imported no pages yet
        import_module(settings.ROOT_URLCONF)
    return KINDS.get(name)
