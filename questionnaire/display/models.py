"""A firm's own mixes as they are read, and as they are typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.forms import BoundField

from riskalloc import methodology
from riskalloc.engine.assets import AssetClass, Top
from riskalloc.engine.own_models import Mixes
from riskalloc.engine.rules import ONE_PERCENT, RiskLabel
from riskalloc.web.charts import LETTERS, STYLES, Segment, stacked_bar

LABELS = tuple(RiskLabel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A top class, or a class in it: percent for each label."""

    name: str
    style: str
    letters: str
    percents: tuple[Decimal, ...]
    is_sub: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """All mixes of a version: a bar for each label, and one table."""

    bars: tuple[tuple[str, tuple[Segment, ...]], ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedRow:
    """A class with its field for each label."""

    top: str
    name: str
    style: str
    letters: str
    fields: tuple[BoundField, ...]


def shown(mixes: Mixes) -> Shown:
    return Shown(
        bars=tuple((label.capitalize(), bar(mixes, label)) for label in LABELS),
        rows=tuple(row for top in Top for row in rows_of(top, mixes)),
    )


def bar(mixes: Mixes, label: RiskLabel) -> tuple[Segment, ...]:
    names = methodology.load(methodology.DEFAULT_VERSION).classes.classes
    return stacked_bar(
        (asset, names[asset].name, percent(part)) for asset, part in mixes[label].items()
    )


def rows_of(top: Top, mixes: Mixes) -> list[Row]:
    """The top class, then those of its classes that any label has."""
    catalogue = methodology.load(methodology.DEFAULT_VERSION).classes
    assets = [asset for asset in AssetClass if catalogue.classes[asset].top is top]
    used = [asset for asset in assets if any(mixes[label].get(asset) for label in LABELS)]
    sums = tuple(percent(catalogue.top_shares(mixes[label])[top]) for label in LABELS)
    names = catalogue.tops[top]
    found = [Row(name=names.name, style="", letters="", percents=sums, is_sub=False)]
    for asset in used if top is not Top.CASH else ():
        shares = tuple(percent(mixes[label].get(asset, 0)) for label in LABELS)
        found.append(
            Row(
                name=catalogue.classes[asset].name,
                style=STYLES[asset],
                letters=LETTERS[asset],
                percents=shares,
                is_sub=True,
            )
        )
    return found


def percent(units: int) -> Decimal:
    return Decimal(units) / ONE_PERCENT


def typed_rows(fields: Mapping[AssetClass, tuple[BoundField, ...]]) -> list[TypedRow]:
    catalogue = methodology.load(methodology.DEFAULT_VERSION).classes
    return [
        TypedRow(
            top=catalogue.tops[catalogue.classes[asset].top].name,
            name=catalogue.classes[asset].name,
            style=STYLES[asset],
            letters=LETTERS[asset],
            fields=fields[asset],
        )
        for asset in AssetClass
    ]


def sums(mixes: Mixes) -> list[Decimal]:
    """What each label adds up to, in percent."""
    return [percent(sum(mixes[label].values())) for label in LABELS]
