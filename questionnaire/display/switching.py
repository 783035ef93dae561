"""Whose mix another method, or another set of mixes, would move: the latest answers, calculated again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery

from questionnaire.models import Assessment, ClientProfile, Ownership
from questionnaire.services.methods import with_models
from questionnaire.services.switching import Course
from questionnaire.snapshots import answers_of
from riskalloc import methodology
from riskalloc.engine.allocation import target_mix, target_weights
from riskalloc.engine.amounts import half_up
from riskalloc.engine.assets import AssetClass, Weights
from riskalloc.engine.rules import Methodology, RiskLabel
from riskalloc.engine.scoring import score
from riskalloc.web.numbers import exact_text

LARGEST_BOOK = 5_000  # clients that one page works out
MOST_KEPT = 40_000  # outcomes: some ten megabytes
NOTHING = Decimal(0)
STEPS = (  # of the distribution: at most so many points
    (Decimal(5), "Up to 5 points"),
    (Decimal(10), "More than 5, up to 10"),
    (Decimal(20), "More than 10, up to 20"),
    (Decimal(100), "More than 20"),
)
COLUMNS = (
    "ownership__client_id", "ownership__client__name", "public_id", "answers", "amount", "needed",
    "sleeves", "method", "rti", "stocks", "parts",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a course makes of somebody's answers."""

    label: RiskLabel
    stocks: int
    percents: Mapping[AssetClass, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """A client whose mix would be another one. `points` change place between classes; `amount` in dollars."""

    client_id: UUID
    name: str
    public_id: str
    label_before: RiskLabel
    label_after: RiskLabel
    stocks_before: int
    stocks_after: int
    points: Decimal
    amount: Decimal

    @property
    def move(self) -> str:
        return in_points(self.points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """So many clients move by about so much; `width` of 100 is how long its bar is."""

    name: str
    count: int
    width: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Of all clients with a result, the largest move first. `beyond` were not worked out."""

    movers: tuple[Mover, ...]
    assessed: int
    unassessed: int
    beyond: int

    @property
    def figures(self) -> str:
        return f"{len(self.movers)} of {self.assessed}"

    @property
    def looked_at(self) -> int:
        return self.assessed + self.unassessed

    @property
    def largest(self) -> str:
        return self.movers[0].move if self.movers else ""

    @property
    def relabelled(self) -> int:
        return sum(one.label_before is not one.label_after for one in self.movers)

    @property
    def dollars(self) -> Decimal:
        return sum((one.amount for one in self.movers), NOTHING)

    def steps(self) -> list[Step]:
        counts = {"No change": self.assessed - len(self.movers)} | dict.fromkeys(
            (name for _, name in STEPS), 0
        )
        for one in self.movers:
            counts[next(name for most, name in STEPS if one.points <= most)] += 1
        most = max(counts.values()) or 1
        return [
            Step(name=name, count=count, width=str(half_up(Decimal(100 * count) / most, 1)))
            for name, count in counts.items()
        ]


def preview(clients: QuerySet[ClientProfile], to: Course) -> Preview:
    """Three queries, however many clients; nothing is stored."""
    count = clients.count()
    looked_at = min(count, LARGEST_BOOK)
    rows = latest_of(clients.order_by("name", "pk")[:LARGEST_BOOK])
    movers = sorted(movers_in(rows, to), key=lambda one: (-one.points, one.name, one.client_id))
    return Preview(
        movers=tuple(movers),
        assessed=len(rows),
        unassessed=looked_at - len(rows),
        beyond=count - looked_at,
    )


def latest_of(clients: QuerySet[ClientProfile]) -> list[tuple[Any, ...]]:
    """COLUMNS of each client's last assessment, without the rest of what was calculated."""
    last = Ownership.objects.filter(client=OuterRef("pk")).order_by(
        "-assessment__created_at", "-assessment__pk"
    )
    found = clients.annotate(latest=Subquery(last.values("assessment")[:1])).values("latest")
    return list(
        Assessment.objects.filter(pk__in=found)
        .annotate(
            stocks=F("calculation__allocation__mix__0"),
            parts=F("calculation__allocation__weights__parts"),
        )
        .values_list(*COLUMNS)
    )


def movers_in(rows: list[tuple[Any, ...]], to: Course) -> Iterator[Mover]:
    outcomes = Outcomes(with_models(to.method, to.published))
    for (
        client_id,
        name,
        public_id,
        answers,
        amount,
        needed,
        sleeves,
        version,
        rti,
        was,
        parts,
    ) in rows:
        after = outcomes.of(answers, sleeves)
        points = moved(percents_of(frozenset(parts.items())), after.percents)
        if points and amount > needed:
            yield Mover(
                client_id=client_id,
                name=name,
                public_id=public_id,
                label_before=methodology.load(version).rti_label(rti),
                label_after=after.label,
                stocks_before=was,
                stocks_after=after.stocks,
                points=points,
                amount=half_up((amount - needed) * points / 100, 0),
            )


class Outcomes:
    """By one method. The same answers are worked out once, and for the next page as well: published rules
    never change, so neither does what they make of an answer."""

    kept: ClassVar[dict[bytes, Outcome]] = {}

    def __init__(self, method: Methodology) -> None:
        self.method = method
        self.name = f"{method.version} {method.models.id if method.models else ''}"

    def of(self, texts: Mapping[str, Mapping[str, str]], sleeves: str) -> Outcome:
        key = blake2b(f"{self.name} {sleeves} {texts}".encode(), digest_size=16).digest()
        found = self.kept.get(key)
        if found is None:
            if len(self.kept) >= MOST_KEPT:
                self.kept.clear()
            found = self.kept[key] = self.worked_out(texts, sleeves)
        return found

    def worked_out(self, texts: Mapping[str, Mapping[str, str]], sleeves: str) -> Outcome:
        scores = score(answers_of(texts, self.method), self.method)
        return Outcome(
            label=scores.rti_label,
            stocks=target_mix(scores, self.method).stocks,
            percents=target_weights(scores, sleeves, self.method).percents(),
        )


@lru_cache(maxsize=4096)
def percents_of(parts: frozenset[tuple[str, int]]) -> Mapping[AssetClass, Decimal]:
    found = dict(parts)
    return Weights({asset: found[asset] for asset in AssetClass if asset in found}).percents()


def in_points(number: Decimal) -> str:
    return f"{exact_text(number)} {'point' if number == 1 else 'points'}"


def moved(before: Mapping[AssetClass, Decimal], after: Mapping[AssetClass, Decimal]) -> Decimal:
    """Points that leave one class for another."""
    gains = (share - before.get(asset, NOTHING) for asset, share in after.items())
    return sum((gain for gain in gains if gain > 0), NOTHING)
