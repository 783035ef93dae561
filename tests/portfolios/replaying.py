"""What the trail says a portfolio holds: its entries once more, from the first, by other code."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from portfolios.models import Holding, Portfolio
from portfolios.services.holdings import said_of
from riskalloc.firms.models import AuditEntry

CENT = Decimal("0.01")
NUMBERS = {"quantity", "typed_value", "cost_basis", "value"}
PASTED = ("security_id", "quantity", "typed_value", "cost_basis", "value")
AS_MADE = {"role": "tradable", "frozen_until": None, "reason": "", "acquired_on": None}


def compared(values: dict[str, Any]) -> dict[str, Any]:
    """5 and 5.00 are one number."""
    return {
        name: Decimal(value) if name in NUMBERS and value is not None else value
        for name, value in values.items()
    }


@dataclass
class Held:
    values: dict[str, Any]
    is_deleted: bool = False
    version: int = 1


@dataclass
class Replay:
    """All amounts in one currency. `faults` are entries that do not follow from those before them."""

    holdings: dict[str, Held] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)  # out for good, with the paste that brought them
    pastes: dict[str, list[str]] = field(default_factory=dict)
    prices: dict[str, Decimal] = field(default_factory=dict)
    versions: Counter[str] = field(default_factory=Counter)  # of securities, above their first
    seen: dict[int, int] = field(default_factory=dict)  # by entry: the version that it changed
    faults: list[str] = field(default_factory=list)

    def tell(self, entry: AuditEntry) -> None:
        act = {
            "holding added": self.add,
            "holding changed": self.change,
            "holding deleted": self.delete,
            "holding restored": self.restore,
            "holdings pasted": self.paste,
            "paste undone": self.undo,
            "price set": self.set_price,
            "security changed": self.change_security,
        }.get(entry.action)
        try:
            if act:
                act(entry)
        except KeyError as missing:
            self.doubt(entry, f"there is no {missing}")

    def doubt(self, entry: AuditEntry, why: str) -> None:
        self.faults.append(f"entry {entry.seq}, {entry.action} {entry.object_id}: {why}")

    def add(self, entry: AuditEntry) -> None:
        if entry.object_id in self.holdings:
            self.doubt(entry, "twice")
        self.holdings[entry.object_id] = Held(compared(entry.after))

    def change(self, entry: AuditEntry) -> None:
        held, before = self.holdings[entry.object_id], compared(entry.before)
        now = {name: held.values[name] for name in before}
        if before != now or held.is_deleted:
            self.doubt(entry, f"{before} was {now}")
        held.values |= compared(entry.after)
        self.seen[entry.seq], held.version = held.version, held.version + 1

    def delete(self, entry: AuditEntry) -> None:
        self.turn(entry, is_deleted=True)

    def restore(self, entry: AuditEntry) -> None:
        self.turn(entry, is_deleted=False)

    def turn(self, entry: AuditEntry, *, is_deleted: bool) -> None:
        held = self.holdings[entry.object_id]
        if held.is_deleted == is_deleted:
            self.doubt(entry, "it was so before")
        held.is_deleted, held.version = is_deleted, held.version + 1
        held.values |= compared(entry.after)

    def paste(self, entry: AuditEntry) -> None:
        for row in entry.after["prices"]:
            self.reprice(row[0], row[1])
        for key, *values in entry.after["holdings"]:
            said = {**AS_MADE, "account_id": entry.after["account_id"]}
            self.holdings[key] = Held(said | compared(dict(zip(PASTED, values, strict=True))))
        self.pastes[entry.object_id] = [row[0] for row in entry.after["holdings"]]

    def undo(self, entry: AuditEntry) -> None:
        for key in self.pastes.pop(entry.object_id):
            if self.holdings.pop(key).version != 1:
                self.doubt(entry, f"{key} had been changed")
            self.taken.add(key)
        for row in entry.after["prices"]:
            self.reprice(row[0], row[1])

    def set_price(self, entry: AuditEntry) -> None:
        self.seen[entry.seq] = 1 + self.versions[entry.object_id]
        if "price" in entry.after:
            was = entry.before["price"]
            if self.prices.get(entry.object_id) != (was and Decimal(was)):
                self.doubt(entry, f"{was} was {self.prices.get(entry.object_id)}")
            self.reprice(entry.object_id, entry.after["price"])
        else:
            self.versions[entry.object_id] += 1

    def change_security(self, entry: AuditEntry) -> None:
        self.versions[entry.object_id] += 1

    def reprice(self, security: str, price: str) -> None:
        self.prices[security] = Decimal(price)
        self.versions[security] += 1
        for held in self.holdings.values():
            is_priced = held.values["security_id"] == security and held.values["quantity"]
            if is_priced and not held.is_deleted:
                value = held.values["quantity"] * self.prices[security]
                held.values["value"] = value.quantize(CENT, ROUND_HALF_UP)


def replayed(firm: UUID) -> Replay:
    replay = Replay()
    for entry in AuditEntry.objects.filter(firm=firm).order_by("seq"):
        replay.tell(entry)
    return replay


def differences(replay: Replay, portfolio: Portfolio) -> list[str]:
    """Between the rows and what the trail says of them."""
    rows = {
        str(row.pk): Held(compared(said_of(row)), row.deleted_at is not None, row.version)
        for row in Holding.objects.filter(portfolio=portfolio)
    }
    keys = rows.keys() | replay.holdings.keys()
    return [
        f"{key}: {rows.get(key)} is {replay.holdings.get(key)} in the trail"
        for key in sorted(keys)
        if rows.get(key) != replay.holdings.get(key)
    ]
