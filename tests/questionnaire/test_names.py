"""Names as a search compares them, and that they are kept with the name."""

from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection

from questionnaire.models import ClientProfile
from questionnaire.models.names import folded, words_of
from questionnaire.services.clients import change_client, create_client
from questionnaire.services.owning import own_profile
from riskalloc.firms.audit import By
from tests.factories import ClientFactory, MembershipFactory, UserFactory


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("José-María  O’Brien", " jose maria o brien"),
        ("Łukasz STRAUSS", " lukasz strauss"),
        ("Strauß & Søn", " strauss son"),
        ("Ægir Þór", " aegir thor"),
        ("\uff21\uff4e\uff4e", " ann"),
        ("İpek I\u015f\u0131k", " ipek isik"),
        ("李 小龍", " 李 小龍"),
        ("100 % sure_ly", " 100 sure ly"),
        (" ,. ", ""),
        ("", ""),
    ],
)
def test_accents_capitals_and_punctuation_make_no_difference(name: str, found: str) -> None:
    assert folded(name) == found


def test_the_longest_name_has_room_though_its_letters_come_apart() -> None:
    assert len(folded("ﷺ" * 200)) <= 200


def test_a_word_has_nothing_that_means_something_to_a_database() -> None:
    assert words_of("%_\\'\"\x00") == []


@pytest.mark.django_db
def test_the_services_keep_it_with_the_name() -> None:
    membership, by = MembershipFactory(), By()
    values = {"name": "Zoë Demo"}
    client = create_client(client_id=uuid4(), membership=membership, values=values, by=by)
    assert client.name_folded == " zoe demo"
    change_client(client=client, version=1, values={"name": "Chloé Demo"}, by=by)
    client.refresh_from_db()
    assert client.name_folded == " chloe demo"
    own = own_profile(user=UserFactory(email="demo.noa@example.org"), by=by)
    assert own.name_folded == " demo noa"


@pytest.mark.django_db
def test_the_migration_fills_it_in_for_everybody_who_is_there() -> None:
    from importlib import import_module

    migration = import_module("questionnaire.migrations.0008_folded_names")
    clients = ClientFactory.create_batch(5, name="Zoë Demo")
    ClientProfile.objects.update(name_folded="")
    migration.AT_ONCE = 2
    migration.fold_names(apps, connection.schema_editor())
    found = ClientProfile.objects.filter(pk__in=[client.pk for client in clients])
    assert set(found.values_list("name_folded", flat=True)) == {" zoe demo"}
