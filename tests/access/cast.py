"""Ten people around one client, and the words that tell where a text was leaked from."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from riskalloc.firms.models import User

ACTORS = (
    "anonymous",
    "client",
    "other_client",
    "owner",
    "advisor",
    "reader",
    "colleague",
    "stranger",
    "staff",
    "disabled",
)
DESK = ("owner", "advisor", "reader", "colleague", "disabled")
SEES_CLIENT = ("client", "owner", "advisor", "reader")
HAS_SECOND_STEP = (*DESK, "client", "stranger", "staff")
AMOUNT_OF_NOBODY = "345678"
NEVER_MADE = UUID("00000000-0000-4000-8000-000000000000")


def canary(label: str) -> str:
    """Sixteen letters that stand nowhere else."""
    digits = sha256(label.encode()).hexdigest()[:16]
    return "".join("abcdefghijklmnop"[int(digit, 16)] for digit in digits)


def token_of(label: str) -> str:
    return canary(f"token of {label}")


@dataclass
class World:
    """The cast, their sessions, what the addresses name, and who may read which word."""

    users: dict[str, User] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    words: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    own: SimpleNamespace = field(default_factory=SimpleNamespace)
    near: SimpleNamespace = field(default_factory=SimpleNamespace)
    foreign: SimpleNamespace = field(default_factory=SimpleNamespace)
    second: SimpleNamespace = field(default_factory=SimpleNamespace)

    def word(self, label: str, readers: Iterable[str] = ()) -> str:
        """A new word; only `readers` may ever see it."""
        word = canary(label)
        self.knows(label, word, readers)
        return word

    def knows(self, label: str, text: str, readers: Iterable[str]) -> None:
        """Something that is not a word of ours but tells as much: an address, an amount."""
        self.words[text] = label, frozenset(readers)

    def leaked(self, text: str, actor: str) -> list[str]:
        """The labels of the words in a text that this person may not read."""
        return [
            label
            for word, (label, readers) in self.words.items()
            if word in text and actor not in readers
        ]
