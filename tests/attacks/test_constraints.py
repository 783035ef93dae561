"""Every constraint of every table of ours, on both sides."""

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from tests.attacks.limits import LIMITS as OF_PEOPLE, Make
from tests.attacks.limits_desk import LIMITS as OF_DESKS
from tests.attacks.posting import PROJECT
from tests.portfolios.limits import LIMITS as OF_PORTFOLIOS

LIMITS = {**OF_PEOPLE, **OF_DESKS}


def of(side: str) -> list[object]:
    return [
        pytest.param(name, make, id=f"{name}-{number}")
        for name, limit in LIMITS.items()
        for number, make in enumerate(getattr(limit, side))
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "make"), of("refused"))
def test_the_database_refuses_what_is_beyond_a_limit(name: str, make: Make) -> None:
    limit = LIMITS[name]
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        make()
    column = name.partition(".")[2]
    said = [name, column, limit.shown_as] if column or connection.vendor != "postgresql" else [name]
    if name == "audit_seq_from_one":  # the column's own check may be asked first
        said.append("seq")
    assert re.search("|".join(filter(None, said)), str(error.value))


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "make"), of("accepted"))
def test_the_database_accepts_what_is_within(name: str, make: Make) -> None:
    make()


def test_every_constraint_of_every_table_has_a_test_of_both_sides() -> None:
    """Those of portfolios are tried in `tests/portfolios/test_constraints.py`."""
    limits = {**LIMITS, **OF_PORTFOLIOS}
    assert set(constraints()) == limits.keys()
    assert len(list(constraints())) == len(LIMITS) + len(OF_PORTFOLIOS)
    assert all(limit.refused and limit.accepted for limit in limits.values())


def constraints() -> Iterator[str]:
    """Their names; of a field that is unique by itself, its table and column."""
    for label in PROJECT:
        for model in apps.get_app_config(label).get_models():
            yield from (str(constraint.name) for constraint in model._meta.constraints)
            yield from map(column_of, filter(is_unique, model._meta.local_concrete_fields))


def is_unique(field: models.Field) -> bool:
    return field.unique and not field.primary_key


def column_of(field: models.Field) -> str:
    return f"{field.model._meta.db_table}.{field.column}"
