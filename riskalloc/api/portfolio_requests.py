"""What may be asked about a portfolio: values and targets by names that the asker chooses."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from riskalloc.api.fields import Code, ExactDecimal
from riskalloc.api.requests import Request
from riskalloc.engine.bands import NUMBERS, Band, BandKind
from riskalloc.engine.levels import Line, check_targets
from riskalloc.engine.plans import Kind

MOST_NAMES, LONGEST_NAME = 500, 64
MOST = Decimal(10**15)  # more than the digits of a decimal can say
HUNDRED = Decimal(100)


def check_names(sent: Any) -> Any:
    """Refuse names before the values under them are read; what is no object is refused later."""
    if isinstance(sent, dict):
        if len(sent) > MOST_NAMES:
            raise ValueError(f"Use at most {MOST_NAMES} names.")
        if not all(1 <= len(name) <= LONGEST_NAME for name in sent):
            raise ValueError(f"Use names of 1 to {LONGEST_NAME} characters.")
    return sent


Named = (
    BeforeValidator(check_names),
    Field(
        json_schema_extra={
            "maxProperties": MOST_NAMES,
            "propertyNames": {"minLength": 1, "maxLength": LONGEST_NAME},
        }
    ),
)
Value = Annotated[Decimal, ExactDecimal(label="Dollars", places=10, most=MOST)]
Price = Annotated[
    Decimal, ExactDecimal(label="Dollars for one", places=10, most=MOST, is_above_zero=True)
]
Units = Annotated[Decimal, ExactDecimal(label="Number of shares", places=10, most=MOST)]
Percent = Annotated[Decimal, ExactDecimal(label="Percent", places=12, most=HUNDRED)]
Money = Annotated[Decimal, ExactDecimal(label="Dollars", places=2, most=MOST)]
CashFlow = Annotated[
    Decimal,
    ExactDecimal(
        label="Deposit in dollars, negative for a withdrawal", places=2, most=MOST, least=-MOST
    ),
]
Values = Annotated[dict[str, Value], *Named]
Targets = Annotated[dict[str, Percent], *Named]
Name = Annotated[str, Field(examples=["REITs"])]


class BandRequest(Request):
    """Half-widths in percentage points: 5/25 takes no number, absolute `points`, relative `percent`
    (of the target), hybrid `percent` and `floor` (points), none no number.
    """

    kind: Annotated[str, Code(label="Kind of band", codes=tuple(BandKind))]
    points: Percent | None = Field(default=None, validate_default=True)
    percent: Percent | None = Field(default=None, validate_default=True)
    floor: Percent | None = Field(default=None, validate_default=True)

    @field_validator("points", "percent", "floor")
    @classmethod
    def belongs_to_the_kind(cls, number: Decimal | None, asked: ValidationInfo) -> Decimal | None:
        kind = asked.data.get("kind")
        if kind is not None:
            is_needed = asked.field_name in NUMBERS[BandKind(kind)]
            if is_needed and number is None:
                raise PydanticCustomError("missing", "missing")
            if not is_needed and number is not None:
                raise PydanticCustomError("extra_forbidden", "extra")
        return number

    def for_engine(self) -> Band:
        kind = BandKind(self.kind)
        return Band(kind=kind, points=self.points, percent=self.percent, floor=self.floor)


USUAL_BAND = BandRequest(kind=BandKind.FIVE_25)


class LevelRequest(Request):
    """Classes by name, in the order given, which is also the order of ties. What is not given is 0."""

    values: Values
    target: Targets

    @field_validator("target")
    @classmethod
    def adds_up(cls, target: dict[str, Decimal], asked: ValidationInfo) -> dict[str, Decimal]:
        check_targets(tuple(target.values()))
        if len(asked.data.get("values", {}).keys() | target.keys()) > MOST_NAMES:
            raise ValueError(f"Use at most {MOST_NAMES} classes, with those of values.")
        return target

    def lines(self) -> tuple[Line[str], ...]:
        nothing = Decimal(0)
        return tuple(
            Line(
                name=name,
                label=name,
                value=self.values.get(name, nothing),
                target=self.target.get(name, nothing),
            )
            for name in dict.fromkeys([*self.values, *self.target])
        )


def check_known(names: Any, asked: ValidationInfo) -> None:
    """Refuse a name that has neither a value nor a target, where both could be read."""
    known = asked.data
    if "values" in known and "target" in known:
        for name in names:
            if name not in known["values"] and name not in known["target"]:
                raise ValueError(f"“{name[:LONGEST_NAME]}” has no value and no target.")


class DriftRequest(LevelRequest):
    """Values in dollars and targets in percent, which add up to exactly 100."""

    cash_flow: CashFlow = Decimal(0)
    band: BandRequest = USUAL_BAND
    ceilings: Targets = Field(default={})

    @field_validator("ceilings")
    @classmethod
    def names_classes(cls, ceilings: dict[str, Decimal], asked: ValidationInfo) -> Any:
        check_known(ceilings, asked)
        return ceilings


class PlanRequest(LevelRequest):
    """Values in dollars, rounded half up to the cent, and targets in percent, which add up to exactly 100."""

    cash_flow: CashFlow = Decimal(0)
    kind: Annotated[str, Code(label="Kind of plan", codes=tuple(Kind))]
    band: BandRequest = USUAL_BAND
    minimum_trade: Money = Decimal(0)
    locked: list[Name] = Field(default=[], max_length=MOST_NAMES)

    @field_validator("locked")
    @classmethod
    def names_classes(cls, locked: list[str], asked: ValidationInfo) -> list[str]:
        check_known(locked, asked)
        return locked


class SharesRequest(Request):
    """Prices in dollars, targets in percent that add up to at most 100 (the rest is the target of cash)."""

    prices: Annotated[dict[str, Price], *Named]
    target: Targets
    held: Annotated[dict[str, Units], *Named]
    cash: Value

    @field_validator("prices")
    @classmethod
    def has_one(cls, prices: dict[str, Decimal]) -> dict[str, Decimal]:
        if not prices:
            raise ValueError("Add at least one price.")
        return prices

    @field_validator("target", "held")
    @classmethod
    def has_prices(cls, named: dict[str, Decimal], asked: ValidationInfo) -> dict[str, Decimal]:
        for name in named:
            if name not in asked.data.get("prices", named):
                raise ValueError(f"There is no price for “{name}”. Add it to prices.")
        return named

    @field_validator("target")
    @classmethod
    def fits(cls, target: dict[str, Decimal]) -> dict[str, Decimal]:
        if sum(target.values()) > HUNDRED:
            raise ValueError("Targets add up to more than 100%. Lower one of them.")
        return target


# The article's example, and the shares of the documentation.
VALUES = {"US large-cap": "70000", "International": "15000", "Bonds": "10000", "REITs": "15000"}
TARGET = {"US large-cap": "60", "International": "15", "Bonds": "10", "REITs": "15"}
DRIFT_EXAMPLE: Mapping[str, Any] = {
    "values": VALUES,
    "target": TARGET,
    "cash_flow": "0",
    "band": {"kind": "5/25"},
    "ceilings": {},
}
PLAN_EXAMPLE: Mapping[str, Any] = {
    "values": VALUES,
    "target": TARGET,
    "cash_flow": "0",
    "kind": "full",
    "band": {"kind": "5/25"},
    "minimum_trade": "0",
    "locked": [],
}
SHARES_EXAMPLE: Mapping[str, Any] = {
    "prices": {"A": "100", "B": "30"},
    "target": {"A": "60", "B": "40"},
    "held": {"A": 0, "B": 0},
    "cash": "1000",
}
