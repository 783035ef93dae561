"""One column for each class of investment that somebody can hold."""

from collections.abc import Mapping

from django.db import models
from django.db.models import F
from django.db.models.expressions import CombinedExpression


class PerClass(models.Model):
    """A whole number for each class. What it counts says the table that has it."""

    us_large_cap = models.BigIntegerField(default=0)
    us_small_cap = models.BigIntegerField(default=0)
    intl_developed = models.BigIntegerField(default=0)
    emerging = models.BigIntegerField(default=0)
    us_aggregate = models.BigIntegerField(default=0)
    government = models.BigIntegerField(default=0)
    ig_corporate = models.BigIntegerField(default=0)
    tips = models.BigIntegerField(default=0)
    high_yield = models.BigIntegerField(default=0)
    municipal = models.BigIntegerField(default=0)
    intl_bonds = models.BigIntegerField(default=0)
    reit = models.BigIntegerField(default=0)
    commodities = models.BigIntegerField(default=0)
    gold = models.BigIntegerField(default=0)
    direct_property = models.BigIntegerField(default=0)
    crypto = models.BigIntegerField(default=0)
    other = models.BigIntegerField(default=0)
    cash = models.BigIntegerField(default=0)

    class Meta:
        abstract = True

    def per_class(self) -> dict[str, int]:
        """The classes that are not nought."""
        return {name: units for name in CLASSES if (units := getattr(self, name))}

    def put_per_class(self, units: Mapping[str, int]) -> None:
        for name in CLASSES:
            setattr(self, name, units.get(name, 0))


CLASSES = tuple(field.name for field in PerClass._meta.local_fields)


def sum_of(names: tuple[str, ...]) -> CombinedExpression | F:
    """The sum of some of the columns, for a constraint."""
    first, *others = names
    total: CombinedExpression | F = F(first)
    for name in others:
        total = total + F(name)
    return total
