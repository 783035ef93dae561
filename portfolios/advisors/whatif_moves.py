"""How far each class moves, as an address says it. Nothing of it is stored."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portfolios.advisors.choices import left_out, one_of, page_number
from portfolios.advisors.whatif_sql import SORTS, USUAL_SORT, WHOLE, Moves
from portfolios.forms.fields import DecimalField
from portfolios.models.fixed import PERCENT_PLACES
from portfolios.snapshots import names_of_classes
from questionnaire.forms.clients import PlainForm
from riskalloc import methodology
from riskalloc.engine.amounts import half_up, plain
from riskalloc.engine.assets import Top
from riskalloc.engine.assumptions import Episode
from riskalloc.engine.behaviour import FIGURES
from riskalloc.engine.holding_classes import TOPS, HoldingClass
from riskalloc.web.numbers import exact_text

LEAST, MOST = Decimal(-100), Decimal(1000)
# Cash does not change its price.
MOVED_TOPS = tuple(top for top in Top if top is not Top.CASH)
CLASSES_OF = {top: tuple(held for held in HoldingClass if TOPS[held] == top) for top in MOVED_TOPS}


class MoveField(DecimalField):
    def __init__(self, label: str) -> None:
        super().__init__(
            label=label,
            required=False,
            places=PERCENT_PLACES,
            least=LEAST,
            most=MOST,
            example="−20",
            unit="%",
        )

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except ValidationError:
            raise ValidationError(
                _("Enter a percentage from −100 to 1,000, like −20 or 3.5")
            ) from None


class MovesForm(PlainForm):
    """Percent for each top class, and for classes that move otherwise."""

    def __init__(self, sent: QueryDict | None = None) -> None:
        super().__init__(sent, auto_id="%s")
        self.sent = sent
        names = names_of_classes()
        for top, classes in CLASSES_OF.items():
            for name in (top, *classes):
                self.fields[name.value] = MoveField(names[name])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self.fields:
            if self.sent is not None and len(self.sent.getlist(name)) > 1:
                self.add_error(name, _("This is in the address more than once. Enter it once"))
        if not self.errors and all(cleaned[name] is None for name in self.fields):
            self.add_error(Top.STOCKS.value, _("Enter how far at least one class moves, like −20"))
        return cleaned

    @classmethod
    def names(cls) -> list[str]:
        return [name.value for top, classes in CLASSES_OF.items() for name in (top, *classes)]

    def typed(self) -> dict[str, Decimal]:
        return {name: move for name in self.fields if (move := self.cleaned_data[name]) is not None}

    def groups(self) -> list[dict[str, Any]]:
        return [
            {"top": self[top.value], "parts": [self[held.value] for held in classes]}
            for top, classes in CLASSES_OF.items()
        ]

    @property
    def has_classes(self) -> bool:
        """Whether anything is typed, or wrong, where the page is folded."""
        parts = (self[held.value] for classes in CLASSES_OF.values() for held in classes)
        return any(field.value() or field.errors for field in parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was typed, in percent, and which part of the answer is looked at."""

    typed: Mapping[str, Decimal]
    sort: str = USUAL_SORT
    page: int = 1
    notes: tuple[str, ...] = ()

    def query(self, *, sort: str | None = None, page: int = 1) -> str:
        sort = self.sort if sort is None else sort
        pairs = list(query_pairs(self.typed))
        if sort != USUAL_SORT:
            pairs.append(("sort", sort))
        if page > 1:
            pairs.append(("page", str(page)))
        return urlencode(pairs)

    def moves(self) -> Moves:
        """Of every class, in basis points: its own, or that of its top class."""
        return Moves(
            {
                held.value: int(WHOLE + 100 * self.move_of(top, held))
                for top, classes in CLASSES_OF.items()
                for held in classes
            }
        )

    def move_of(self, top: Top, held: HoldingClass) -> Decimal:
        return self.typed.get(held.value, self.typed.get(top.value, Decimal(0)))

    def said(self) -> str:
        """`Stocks −20%, Bonds +3%`."""
        names = names_of_classes()
        return ", ".join(f"{names[name]} {signed(move)}%" for name, move in self.typed.items())


def query_pairs(typed: Mapping[str, Decimal]) -> Iterator[tuple[str, str]]:
    for name, move in typed.items():
        yield name, plain(move)


def signed(move: Decimal) -> str:
    return f"+{exact_text(move)}" if move > 0 else exact_text(move)


def read(form: MovesForm, sent: QueryDict) -> Asked:
    """Of a form that is valid. What is unknown besides the moves is left out, and said."""
    notes: list[str] = []
    known = {f"{way}{name}" for name in SORTS for way in ("", "-")}
    sort = one_of(sent, "sort", known, _("There is no column {text} to sort by."), notes)
    page = page_number(sent.get("page", ""), notes)
    return Asked(typed=form.typed(), sort=sort or USUAL_SORT, page=page, notes=left_out(notes))


# -- Moves to begin with ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    text: str
    query: str
    is_on: bool


def presets(asked: Asked | None) -> list[Preset]:
    typed = asked.typed if asked else {}
    offered: list[tuple[str, dict[str, Decimal]]] = [
        (_("Stocks fall 20%, bonds rise 3%"), {"stocks": Decimal(-20), "bonds": Decimal(3)}),
        (_("Interest rates rise: bonds fall 10%"), {"bonds": Decimal(-10)}),
        *((_("{name} again").format(name=one.name), changes_of(one)) for one in episodes()),
    ]
    return [
        Preset(text=text, query=urlencode(list(query_pairs(moves))), is_on=moves == typed)
        for text, moves in offered
    ]


def episodes() -> tuple[Episode, ...]:
    return methodology.load(methodology.DEFAULT_VERSION).assumptions.episodes


def changes_of(episode: Episode) -> dict[str, Decimal]:
    """As measured; a class without a figure of its own moves as the one that stands in for it, if any."""
    return {
        held.value: half_up(episode.changes[FIGURES[held]], PERCENT_PLACES)
        for classes in CLASSES_OF.values()
        for held in classes
        if held in FIGURES and FIGURES[held] in episode.changes
    }
