"""Decimal numbers kept as whole numbers: exact on both databases (SQLite's own are not), quick to sum."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

MONEY_PLACES = 2
QUANTITY_PLACES = 8
PRICE_PLACES = 8
RATE_PLACES = 8
PERCENT_PLACES = 2


class FixedField(models.Field[Decimal | int | None, Any]):
    """A Decimal with at most `places` decimals, stored in units of the last of them."""

    description = "Decimal number with a fixed count of decimals"
    _pyi_private_set_type: Decimal | int
    _pyi_private_get_type: Decimal

    def __init__(self, *args: Any, places: int, **kwargs: Any) -> None:
        self.places = places
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"places": self.places}

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def from_db_value(
        self, value: Any, expression: Any, connection: BaseDatabaseWrapper
    ) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.places)

    def to_python(self, value: Any) -> Decimal | None:
        return None if value is None else Decimal(value)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        if value is None or hasattr(value, "resolve_expression"):
            return value
        units = Decimal(value).scaleb(self.places)
        if units != units.to_integral_value():
            raise ValidationError(f"{value} has more than {self.places} decimals.")
        return int(units)

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))
