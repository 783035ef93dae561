"""A firm's own mixes: drafted, published once and for ever, retired, and used by new results."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from portfolios.services.mixes import decision_for
from questionnaire.models import (
    Assessment,
    ClientProfile,
    ModelDraft,
    ModelMix,
    ModelRetirement,
    ModelsInUse,
    PublishedModels,
)
from questionnaire.services import modelling
from questionnaire.services.answering import recalculated
from questionnaire.services.leaving import leave_firm
from questionnaire.services.methods import method_for
from questionnaire.services.overriding import override_mix
from questionnaire.services.switching import Course, switch
from questionnaire.snapshots import inputs_of, method_of, result_of
from riskalloc import methodology
from riskalloc.engine.assets import Mix
from riskalloc.firms.models import AuditEntry, ClosedFirm, Firm
from riskalloc.firms.services.founding import ChangedElsewhere
from riskalloc.web.errors import Gone
from tests.erasing import erase_facts
from tests.factories import ClientFactory, FirmFactory, make_assessment, make_own_client
from tests.firms.people import at_the_same_time
from tests.questionnaire.modelled import BY, MIXES, assessed, drafted, published, using

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm() -> Firm:
    return FirmFactory(name="Demo practice")


def refused():
    return pytest.raises(IntegrityError)


# -- Draft, published, retired ---------------------------------------------------------------------


def test_the_first_draft_is_a_copy_of_the_methods_own_mixes_and_can_be_published_at_once(firm):
    draft = modelling.start_draft(firm=firm, by=BY)
    assert {label: sum(parts.values()) for label, parts in draft.mixes.items()} == dict.fromkeys(
        ("conservative", "moderate", "aggressive"), 10_000
    )
    assert draft.mixes["moderate"] == {
        "us_large_cap": 4000, "intl_developed": 1000, "us_aggregate": 3500, "reit": 1000, "cash": 500,
    }  # fmt: skip
    made = modelling.publish(firm=firm, version=draft.version, models_id=uuid4(), by=BY)
    assert (made.number, made.published_by) == (1, "owner@example.org")


def test_a_draft_is_begun_once_and_a_new_version_begins_as_a_copy_of_the_last(firm):
    first = published(firm)
    again = [modelling.start_draft(firm=firm, by=BY) for _ in range(5)]
    assert ModelDraft.objects.count() == 1
    assert again[0].mixes == MIXES
    assert again[0].name == first.name
    assert AuditEntry.objects.filter(action="models drafted").count() == 2


def test_versions_are_counted_by_firm(firm):
    assert [published(firm).number, published(firm).number] == [1, 2]
    assert published(FirmFactory()).number == 1


def test_two_people_who_edit_do_not_overwrite_each_other(firm):
    draft = modelling.start_draft(firm=firm, by=BY)
    values = {"firm": firm, "version": draft.version, "note": "", "mixes": MIXES, "by": BY}
    modelling.save_draft(name="Mine", **values)
    with pytest.raises(modelling.DraftChanged) as error:
        modelling.save_draft(name="Theirs", **values)
    assert error.value.draft.name == "Mine"
    modelling.save_draft(name="Mine", **values)  # the same again is no conflict
    assert ModelDraft.objects.get().version == 2


def test_figures_that_do_not_add_up_are_kept_in_a_draft_and_not_published(firm):
    mixes = MIXES | {"moderate": {"us_large_cap": 9999}}
    drafted(firm, mixes)
    draft = ModelDraft.objects.get()
    with pytest.raises(modelling.NotReady) as error:
        modelling.publish(firm=firm, version=draft.version, models_id=uuid4(), by=BY)
    assert error.value.sentences == ("Moderate adds up to 99.99%. Add 0.01 points.",)
    assert not PublishedModels.objects.exists()
    assert ModelDraft.objects.exists()


def test_publishing_twice_publishes_once_and_an_id_of_somebody_else_says_nothing(firm):
    drafted(firm)
    version, key = ModelDraft.objects.get().version, uuid4()
    made = [modelling.publish(firm=firm, version=version, models_id=key, by=BY) for _ in range(5)]
    assert len({one.pk for one in made}) == PublishedModels.objects.count() == 1
    other = FirmFactory()
    drafted(other)
    version = ModelDraft.objects.get(firm=other).version
    theirs = modelling.publish(firm=other, version=version, models_id=key, by=BY)
    assert theirs.pk != key


def test_publishing_another_draft_than_the_one_that_was_read_is_a_conflict(firm):
    drafted(firm)
    with pytest.raises(modelling.DraftChanged):
        modelling.publish(firm=firm, version=1, models_id=uuid4(), by=BY)


def test_what_was_published_and_who_did_it_stands_in_the_trail(firm):
    published(firm)
    entry = AuditEntry.objects.get(action="models published")
    assert entry.actor_name == "owner@example.org"
    assert entry.after["moderate"] == (
        "us_large_cap 45.33%, emerging 4.67%, us_aggregate 40%, gold 10%"
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda one: PublishedModels.objects.filter(pk=one.pk).update(name="Other"),
        lambda one: PublishedModels.objects.filter(pk=one.pk).update(note="Other"),
        lambda one: ModelMix.objects.filter(published=one).update(cash=1),
        lambda one: ModelRetirement.objects.filter(published=one).update(retired_by="x"),
        lambda one: PublishedModels.objects.filter(pk=one.pk).delete(),
        lambda one: ModelMix.objects.filter(published=one).delete(),
        lambda one: ModelRetirement.objects.filter(published=one).delete(),
    ],
)
def test_what_is_published_never_changes(firm, change):
    one = published(firm)
    modelling.retire(published=one, by=BY)
    with refused(), transaction.atomic():
        change(one)


def test_it_goes_only_with_its_firm(firm):
    using(firm, published(firm))
    modelling.start_draft(firm=firm, by=BY)
    ClosedFirm.objects.create(firm_id=firm.pk, reason="test")
    firm.delete()
    assert not PublishedModels.objects.exists()
    assert not ModelMix.objects.exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"cash": 1},  # 100.01 %
        {"label": "bold"},
        {"gold": -1, "cash": 1},
    ],
)
def test_the_database_takes_no_mix_that_does_not_hold_together(firm, broken):
    one = published(firm)
    row = {"label": "moderate", **MIXES["moderate"]} | broken
    with refused(), transaction.atomic():
        ModelMix.objects.create(firm=firm, published=one, **row)


def test_a_label_has_one_mix_and_a_number_one_version(firm):
    one = published(firm)
    for make in (
        lambda: ModelMix.objects.create(
            firm=firm, published=one, label="moderate", **MIXES["moderate"]
        ),
        lambda: PublishedModels.objects.create(firm=firm, number=1, name="Again"),
        lambda: PublishedModels.objects.create(firm=firm, number=0, name="Nought"),
        lambda: PublishedModels.objects.create(firm=firm, number=2, name=""),
        lambda: ModelDraft.objects.create(firm=firm, name="", mixes={}),
    ):
        with refused(), transaction.atomic():
            make()


def test_a_version_in_use_is_not_retired_and_a_retired_one_not_used(firm):
    one, two = published(firm), published(firm)
    using(firm, one)
    with pytest.raises(modelling.StillInUse):
        modelling.retire(published=one, by=BY)
    for _ in range(5):
        modelling.retire(published=two, by=BY)
    assert ModelRetirement.objects.count() == 1
    with pytest.raises(Gone):
        using(firm, two)


# -- What new results follow -----------------------------------------------------------------------


def test_new_results_of_the_firms_clients_take_its_mix_and_earlier_ones_keep_theirs(firm):
    client = ClientFactory(firm=firm)
    before = assessed(client)
    using(firm, published(firm))
    after = assessed(client)
    assert str(inputs_of(before).calculated().allocation.mix) == (
        "75% stocks, 10% bonds, 15% alternatives"
    )
    assert str(result_of(after).calculation.allocation.mix) == "80% stocks, 20% bonds"
    assert (after.snapshot_format, before.snapshot_format) == (2, 1)
    assert "models" not in before.calculation
    assert after.calculation["models"]["number"] == 1
    assert after.calculation["models"]["mixes"] == MIXES
    assert after.method == "v1"


def test_a_result_keeps_the_version_it_used_whatever_the_firm_does_next(firm):
    client = ClientFactory(firm=firm)
    using(firm, published(firm))
    assessment = assessed(client)
    calm = {label: {"us_aggregate": 10_000} for label in MIXES}
    using(firm, published(firm, calm))
    modelling.retire(published=PublishedModels.objects.get(number=1), by=BY)
    again = Assessment.objects.get(pk=assessment.pk)
    assert recalculated(again) == result_of(again)
    assert inputs_of(again).calculated().allocation == result_of(again).calculation.allocation
    assert method_of(again).models.number == 1
    call_command("verify_results")
    assert str(result_of(assessed(client)).calculation.allocation.mix) == "100% bonds"


def test_a_result_keeps_them_also_where_its_client_goes(firm):
    client = make_own_client(firm=firm)
    using(firm, published(firm))
    assessment = assessed(client)
    leave_firm(client=client, by=BY)
    client = ClientProfile.objects.get(pk=client.pk)
    assert client.firm.is_personal
    assert method_for(client.firm).models is None
    assert method_of(Assessment.objects.get(pk=assessment.pk)).models.firm == "Demo practice"


def test_results_of_nobody_always_follow_the_method(firm):
    using(firm, published(firm))
    assert result_of(make_assessment()).calculation.models is None


def test_a_target_takes_the_weights_of_the_model_and_a_decision_divides_by_it(firm):
    client = ClientFactory(firm=firm)
    using(firm, published(firm))
    assessment = assessed(client, drop_reaction="sell_some", max_loss="up_to_10")
    assert result_of(assessment).calculation.scores.rti_label == "moderate"
    percents = decision_for(client).percents()
    assert percents == {
        "us_large_cap": Decimal("45.33"),
        "emerging": Decimal("4.67"),
        "us_aggregate": Decimal("40.00"),
        "gold": Decimal("10.00"),
    }
    override_mix(
        override_id=uuid4(),
        client=client,
        assessment=assessment,
        mix=Mix(50, 30, 10, 10),
        reason="Keeps a tenth ready for the roof.",
        by=BY,
    )
    percents = decision_for(client).percents()
    assert percents["emerging"] == Decimal("4.67")
    assert percents["gold"] == Decimal("10.00")
    assert percents["cash"] == Decimal("10.00")  # the model has none: as the method divides it


def test_switching_is_counted_once_and_said_in_the_trail(firm):
    one = published(firm)
    to = Course(method="seed-1", published=one)
    for _ in range(5):
        switch(firm=firm, version=1, to=to, by=BY)
    firm.refresh_from_db()
    assert (firm.method, firm.version) == ("seed-1", 2)
    assert AuditEntry.objects.filter(action="firm changed").count() == 1
    entry = AuditEntry.objects.get(action="mixes chosen")
    assert entry.after["mixes"] == "Balanced, version 1"
    using(firm, None)
    assert not ModelsInUse.objects.exists()
    assert method_for(firm) == methodology.load("seed-1")


def test_a_switch_that_somebody_else_overtook_is_a_conflict(firm):
    one = published(firm)
    switch(firm=firm, version=1, to=Course(method="v1", published=one), by=BY)
    with pytest.raises(ChangedElsewhere):
        switch(firm=firm, version=1, to=Course(method="seed-1", published=None), by=BY)


@pytest.fixture
def _committed(transactional_db: None):
    yield
    erase_facts()


@pytest.mark.postgresql  # SQLite lets one write at a time
@pytest.mark.usefixtures("_committed")
def test_publishing_at_the_same_time_makes_one_version(firm):
    drafted(firm)
    version, key = ModelDraft.objects.get().version, uuid4()
    got = at_the_same_time(
        4, lambda: modelling.publish(firm=firm, version=version, models_id=key, by=BY)
    )
    assert got == ["PublishedModels"] * 4
    assert PublishedModels.objects.count() == 1
