"""Pictures of a method: its starting mixes as bars, and all pairs of scores at a glance."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from riskalloc import methodology
from riskalloc.engine.allocation import target_mix
from riskalloc.engine.rules import HIGHEST_SCORE, LOWEST_SCORE, Methodology, MixRow
from riskalloc.engine.scoring import limit_scores
from riskalloc.web.charts import mix_bar

SCORES = range(LOWEST_SCORE, HIGHEST_SCORE + 1)
CELL = 20  # units of the picture
LABELLED_EVERY = 5
DARKEST = Decimal(80)  # percent of stocks that would be drawn in full colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One pair of scores: where it stands, how dark it is, and its percent of stocks."""

    x: int
    y: int
    shade: str
    stocks: int
    is_labelled: bool
    is_example: bool


def base_rows(method: Methodology) -> list[tuple[MixRow, list[tuple[str, int, int]]]]:
    return [(row, mix_bar(row.mix)) for row in method.base.rows]


def reported_sentences(method: Methodology) -> list[tuple[str, str]]:
    """The sentences of the findings that a version reports, with a dash where a figure will stand."""
    return [
        (rule, re.sub(r"{\w+}", "…", sentence))
        for rule, sentence in method.findings.sentences.items()
        if any(rule == name or rule.startswith(f"{name}_") for name in method.reports)
    ]


@cache
def every_pair(version: str) -> tuple[Cell, ...]:
    """Percent of stocks for all 441 pairs: income score to the right, risk score upwards."""
    method = methodology.load(version)
    return tuple(cell(rti, iss, method) for rti in SCORES for iss in SCORES)


def pairs_range(version: str) -> tuple[int, int]:
    """Stocks at the lowest pair of scores and at the highest."""
    stocks = {(c.x, c.y): c.stocks for c in every_pair(version)}
    far = CELL * (HIGHEST_SCORE - LOWEST_SCORE)
    return stocks[0, far], stocks[far, 0]


def cell(rti: int, iss: int, method: Methodology) -> Cell:
    stocks = target_mix(limit_scores(rti, iss, method), method).stocks
    return Cell(
        x=(iss - LOWEST_SCORE) * CELL,
        y=(HIGHEST_SCORE - rti) * CELL,
        shade=str(round(stocks / DARKEST, 2)),
        stocks=stocks,
        is_labelled=rti % LABELLED_EVERY == 0 and iss % LABELLED_EVERY == 0,
        is_example=(rti, iss) == (18, 20),
    )
