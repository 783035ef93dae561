"""Every constraint of every table of portfolios, on both sides."""

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from tests.attacks.limits import Make
from tests.portfolios.limits import LIMITS


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
    said = [name, limit.shown_as] if connection.vendor != "postgresql" else [name]
    assert re.search("|".join(filter(None, said)), str(error.value))


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "make"), of("accepted"))
def test_the_database_accepts_what_is_within(name: str, make: Make) -> None:
    make()


def test_every_constraint_of_every_table_has_a_test_of_both_sides() -> None:
    found = list(constraints())
    assert set(found) == LIMITS.keys()
    assert len(found) == len(LIMITS)
    assert all(limit.refused and limit.accepted for limit in LIMITS.values())


def constraints() -> Iterator[str]:
    for model in apps.get_app_config("portfolios").get_models():
        yield from (str(constraint.name) for constraint in model._meta.constraints)
        assert not any(map(is_unique, model._meta.local_concrete_fields)), "name it in a constraint"


def is_unique(field: models.Field) -> bool:
    return field.unique and not field.primary_key
