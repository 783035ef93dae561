"""Many people at work on one portfolio, each with a browser and a seed, and what must have come of it."""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from html import unescape
from random import Random
from threading import Barrier
from typing import Any
from uuid import UUID

from benchmarks.serving import Answer, Browser, connected, htmx
from portfolios.models import Account, Portfolio
from riskalloc.firms.models import AuditEntry
from tests.portfolios.replaying import Replay

ROW = re.compile(r'<tr id="h-([0-9a-f-]{36})"')
DIGEST = re.compile(r'name="digest" value="([0-9a-f]+)"')
INPUT = re.compile(r"<input [^>]*>")
FASTER = ("Yours is not saved yet.", "changed or deleted by hand since")
ACTS = {
    "edit": 45,
    "price": 8,
    "add": 12,
    "delete": 13,
    "restore": 10,
    "paste": 6,
    "undo": 4,
    "look": 2,
}
MOST_STEPS = 10_000  # of one person; so many differ in what they type


@dataclass(frozen=True, slots=True)
class Deed:
    """A form that was sent, what for, and what it was answered."""

    who: int
    act: str
    of: str
    sent: dict[str, Any]
    status: int

    @property
    def is_acknowledged(self) -> bool:
        return self.status in (200, 303)


@dataclass
class Place:
    """What all of them work on, and what has become known of it; appending needs no lock."""

    portfolio: Portfolio
    account: Account
    symbols: tuple[str, ...]
    holdings: list[str]
    deleted: list[str] = field(default_factory=list)
    pastes: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"/p/{self.portfolio.pk}/"


@dataclass
class Editor:
    """One of them. What they type is never typed twice."""

    number: int  # from 1
    user: int
    cookies: dict[str, str]
    csrf: str
    place: Place
    browser: Browser | None = None
    steps: int = 0
    deeds: list[Deed] = field(default_factory=list)
    looks: Counter[int] = field(default_factory=Counter)  # by the answer's status
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = Random(self.number)

    def work(self, port: int, start: Barrier, goes_on: Callable[[int], bool]) -> None:
        start.wait(60)
        try:
            while goes_on(self.steps):
                act = self.chance.choices(list(ACTS), list(ACTS.values()))[0]
                with connected(port) as connection:
                    self.browser = Browser(
                        connection=connection, cookies=self.cookies, csrf=self.csrf
                    )
                    getattr(self, act)()
                self.steps += 1
        except Exception as error:
            self.wrong.append(f"{type(error).__name__}: {error}")

    # -- What they do --------------------------------------------------------------------------------------

    def edit(self, price: str = "") -> None:
        """Open a row, then save it otherwise."""
        key = self.chance.choice(self.place.holdings)
        row, at = f"{self.place.address}h/{key}/edit/", htmx(f"h-{key}")
        opened = self.look_at(row, at)
        if opened.status != 200:
            return
        inputs = inputs_of(opened.text)
        names = ("symbol", "version", "security_version", "shown_price", "price_currency")
        sent = {name: inputs[name] for name in names}
        sent |= {"account": self.place.account.pk, "role": "tradable", "quantity": self.figure()}
        sent |= {"price": price or sent["shown_price"]}
        self.did("price" if price else "edit", key, sent, self.browser.post(row, sent, **at))

    def price(self) -> None:
        """The same with a new price, which holds for everybody."""
        self.edit(price=self.figure())

    def add(self) -> None:
        key = str(UUID(int=self.chance.getrandbits(128), version=4))
        sent = {"id": key, "symbol": self.chance.choice(self.place.symbols)}
        sent |= {"account": self.place.account.pk, "quantity": self.figure()}
        answer = self.browser.post(f"{self.place.address}h/add/", sent, **htmx("add"))
        if self.did("add", key, sent, answer):
            self.place.holdings.append(key)

    def delete(self) -> None:
        key = self.chance.choice(self.place.holdings)
        if self.turn("delete", key):
            self.place.deleted.append(key)

    def restore(self) -> None:
        if self.place.deleted:
            self.turn("restore", self.chance.choice(self.place.deleted))

    def turn(self, act: str, key: str) -> bool:
        address = f"{self.place.address}h/{key}/{act}/"
        return self.did(act, key, {}, self.browser.post(address, {}, **htmx(f"h-{key}")))

    def paste(self) -> None:
        """Read what was understood, then save it; one line comes with a price."""
        key = str(UUID(int=self.chance.getrandbits(128), version=4))
        one, other = self.chance.sample(self.place.symbols, 2)
        figures = [self.figure(part) for part in (1, 2, 3)]
        text = (
            f"Symbol\tQuantity\tPrice\n{one}\t{figures[0]}\t\n{other}\t{figures[1]}\t{figures[2]}\n"
        )
        sent = {"id": key, "text": text, "account": self.place.account.pk}
        address = f"{self.place.address}paste/"
        preview = self.browser.post(address, sent)
        self.looks[preview.status] += 1
        found = DIGEST.search(preview.text)
        if found is None:
            self.wrong.append(f"preview: {preview.status} {preview.text[-2000:]}")
            return
        again = {**sent, "step": "save", "digest": found[1]}
        if self.did("paste", key, {"quantities": figures[:2]}, self.browser.post(address, again)):
            self.place.pastes.append(key)
            self.look()

    def undo(self) -> None:
        if self.place.pastes:
            key = self.chance.choice(self.place.pastes)
            answer = self.browser.post(f"{self.place.address}paste/{key}/undo/", {})
            self.did("undo", key, {}, answer)

    def look(self) -> None:
        """At the page: what is on it can be changed from now on."""
        page = self.look_at(self.place.address, {})
        new = [key for key in ROW.findall(page.text) if key not in self.place.holdings]
        self.place.holdings.extend(new)

    # -- What came of it -----------------------------------------------------------------------------------

    def figure(self, part: int = 0) -> str:
        """A number that nobody else types, and this person only now."""
        return f"{self.chance.randint(1, 40)}.{self.steps * 4 + part + 1:05}{self.number:03}"

    def look_at(self, address: str, headers: dict[str, str]) -> Answer:
        answer = self.browser.get(address, **headers)
        self.looks[answer.status] += 1
        if answer.status not in (200, 404):
            self.wrong.append(f"{address}: {answer.status} {answer.text[:500]}")
        return answer

    def did(self, act: str, of: str, sent: dict[str, Any], answer: Answer) -> bool:
        deed = Deed(self.user, act, of, sent, answer.status)
        self.deeds.append(deed)
        if answer.status == 409 and not any(said in answer.text for said in FASTER):
            self.wrong.append(f"{act}: a 409 that does not say why")
        return deed.is_acknowledged


def inputs_of(html: str) -> dict[str, str]:
    found = {}
    for tag in INPUT.findall(html):
        parts = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if "name" in parts:
            found[parts["name"]] = unescape(parts.get("value", ""))
    return found


def until(seconds: float, steps: int) -> Callable[[int], bool]:
    """So many steps each, or so long."""
    end = time.monotonic() + seconds
    if seconds:
        return lambda done: time.monotonic() < end and done < MOST_STEPS
    return lambda done: done < steps


# -- What must have come of it ----------------------------------------------------------------------------


def refusals(editors: list[Editor], replay: Replay) -> list[str]:
    """Answers that are neither an acknowledgement nor that somebody was faster.

    A row that came in with a paste goes for good when the paste is undone, and is missing like any other
    address of nothing; so is the form of a row that was deleted.
    """
    found = [f"editor {one.number}: {text}" for one in editors for text in one.wrong]
    for editor in editors:
        found += [f"looking: {status}" for status in editor.looks if status not in (200, 404)]
        for deed in editor.deeds:
            is_gone = deed.status == 404 and deed.of in replay.taken
            if not (deed.is_acknowledged or deed.status == 409 or is_gone):
                found.append(f"{deed.act} {deed.of}: {deed.status}")
    return found


def broken_promises(
    editors: list[Editor], entries: list[AuditEntry], replay: Replay
) -> Iterator[str]:
    """Acknowledged and not done, done and not acknowledged, or done over what nobody had seen."""
    by_deed = Counter((entry.actor_id, entry.action, entry.object_id) for entry in entries)
    done = {(entry.action, entry.object_id) for entry in entries}
    changes = {
        (entry.actor_id, entry.object_id, Decimal(entry.after["quantity"])): entry
        for entry in entries
        if entry.action == "holding changed"
    }
    prices = {
        (entry.actor_id, Decimal(entry.after["price"])): entry
        for entry in entries
        if entry.action == "price set" and "price" in entry.after
    }
    for deed in (deed for editor in editors for deed in editor.deeds):
        if deed.act in ("edit", "price"):
            change = changes.pop((deed.who, deed.of, Decimal(deed.sent["quantity"])), None)
            yield from wrong_version(deed, change, "version", replay)
        if deed.act == "price":
            price = prices.pop((deed.who, Decimal(deed.sent["price"])), None)
            yield from wrong_version(deed, price, "security_version", replay)
        elif deed.act != "edit":
            action = ACTIONS[deed.act]
            own = by_deed[deed.who, action, deed.of]
            if deed.is_acknowledged and (action, deed.of) not in done:
                yield f"lost: {deed}"
            if not deed.is_acknowledged and own and deed.act in ("add", "paste"):
                yield f"not acknowledged: {deed}"
    yield from (f"nobody's change: {key}" for key in [*changes, *prices])


ACTIONS = {
    "add": "holding added",
    "delete": "holding deleted",
    "restore": "holding restored",
    "paste": "holdings pasted",
    "undo": "paste undone",
}


def wrong_version(deed: Deed, entry: AuditEntry | None, name: str, replay: Replay) -> Iterator[str]:
    """Whether a change stands in the trail where it was acknowledged, and changed what had been seen."""
    if deed.is_acknowledged != (entry is not None):
        yield f"{'lost' if entry is None else 'not acknowledged'}: {deed}"
    elif entry and replay.seen.get(entry.seq) != int(deed.sent[name]):
        yield f"overwritten unseen, {name} {replay.seen.get(entry.seq)}: {deed}"
