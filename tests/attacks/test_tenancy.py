"""Every row of a firm says so, and hangs only on rows of the same firm."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from portfolios.advisors.saving import save_filter
from portfolios.imports.prices import read_prices
from portfolios.models import PriceImport, Security, Target
from portfolios.services.prices import take_prices
from questionnaire.models import (
    Assessment,
    ClientProfile,
    LifeEvent,
    Override,
    Reminder,
    Review,
    Tombstone,
)
from questionnaire.services import (
    answering,
    assigning,
    clients,
    joining,
    leaving,
    living,
    modelling,
    overriding,
    owning,
    reminding,
    reviewing,
)
from riskalloc import methodology
from riskalloc.engine.assets import Mix
from riskalloc.firms.audit import By
from riskalloc.firms.models import (
    Firm,
    Job,
    Membership,
    Role,
    TenantModel,
    User,
)
from riskalloc.firms.services.founding import found_practice
from riskalloc.firms.services.inviting import accept_at_the_desk, invite_member
from riskalloc.firms.services.jobs import start_job
from tests.access.cast import World
from tests.access.cells import Browser
from tests.access.holdings import Owning
from tests.attacks.posting import PROJECT, deed, post, posters, prepare, undone
from tests.factories import UserFactory, answered, make_assessment
from tests.portfolios.whole import strays as held
from tests.questionnaire.modelled import published, using

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def of_firms() -> list[type[models.Model]]:
    """The tables whose rows belong to a firm."""
    ours = [model for label in PROJECT for model in apps.get_app_config(label).get_models()]
    return [model for model in ours if any(field.name == "firm" for field in model._meta.fields)]


def relations() -> Iterator[tuple[type[models.Model], models.ForeignKey]]:
    """Foreign keys from one table of firms to another."""
    tenants = of_firms()
    for model in tenants:
        for field in model._meta.concrete_fields:
            if field.related_model in tenants:
                yield model, field


def strays() -> list[str]:
    """Rows that hang on a row of another firm."""
    found = {f"{m.__name__}.{field.name}": with_another_firm(m, field) for m, field in relations()}
    # An assessment has its client by its ownership.
    for model in (Override, LifeEvent, Review, Target):
        of_any = model.objects.filter(assessment__isnull=False)
        name = f"{model.__name__}.assessment"
        found[name] = of_any.exclude(assessment__ownership__client=models.F("client"))
    jobs = Job.objects.filter(pk=models.OuterRef("job"), firm=models.OuterRef("firm"))
    imports = PriceImport.objects.filter(job__isnull=False)
    found["PriceImport.job"] = imports.exclude(models.Exists(jobs))
    return [f"{name}: {rows.count()}" for name, rows in found.items() if rows.exists()] + held()


def with_another_firm(
    model: type[models.Model], field: models.ForeignKey
) -> models.QuerySet[models.Model]:
    hanging = model._base_manager.filter(**{f"{field.name}__isnull": False})
    return hanging.exclude(firm=models.F(f"{field.name}__firm"))


# -- Where a row belongs -----------------------------------------------------------------------------------


def test_every_table_of_a_firm_must_name_it() -> None:
    tables = of_firms()
    assert len(tables) >= 12
    for model in tables:
        assert not model._meta.get_field("firm").null
        with connection.cursor() as cursor:
            table = model._meta.db_table
            columns = connection.introspection.get_table_description(cursor, table)
        assert [column.null_ok for column in columns if column.name == "firm_id"] == [False]


def test_what_hangs_on_a_client_or_a_firm_belongs_to_a_firm() -> None:
    """Whoever adds a table below a client says whose it is; drafts are reached by their token only."""
    tenants, ours = of_firms(), {*PROJECT}
    for model in apps.get_models():
        to = {field.related_model for field in model._meta.concrete_fields}
        if (
            model._meta.app_label in ours
            and to & {*tenants}
            and model._meta.label not in TOKEN_ONLY
        ):
            assert model in tenants, model
    assert all(model in tenants for model in apps.get_models() if issubclass(model, TenantModel))


TOKEN_ONLY = {"questionnaire.Draft"}


def test_there_are_relations_to_look_at_and_a_stray_row_would_be_found(world: World) -> None:
    assert len(list(relations())) >= 9
    assert strays() == []
    Reminder.objects.filter(pk=world.own.reminder.pk).update(firm=world.foreign.firm)
    assert strays() == ["Reminder.client: 1"]


# -- As the services make them -----------------------------------------------------------------------------


def person(email: str) -> tuple[User, By]:
    user = UserFactory(email=email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user, By(user=user, name=email)


class Story:
    """A practice, its people, and a client to whom everything happens."""

    def __init__(self) -> None:
        self.owner, self.by = person("demo-owner@example.org")
        self.firm = found_practice(name="Demo practice", owner=self.owner, by=self.by)
        self.letters: list[str] = []

    def hires(self) -> Membership:
        user, by = person("demo-advisor@example.org")
        letter = invite_member(
            firm=self.firm, email=user.email, role=Role.ADVISOR, by=self.by, link_of=str
        )
        return accept_at_the_desk(invitation=letter, user=user, by=by)

    def takes_on(self) -> ClientProfile:
        membership = Membership.objects.get(user=self.owner, firm=self.firm)
        client = clients.create_client(
            client_id=uuid4(),
            membership=membership,
            values={"name": "Demo client", "email": "demo-client@example.org"},
            by=self.by,
        )
        clients.add_household_member(
            client=client, member_id=uuid4(), values={"name": "Demo partner"}, by=self.by
        )
        return client

    def asks(self, client: ClientProfile) -> Assessment:
        method = methodology.load(client.firm.method)
        draft = answering.start_draft_for(client=client, token="demo", by=self.by, method=method)
        for question, answer in answered().items():
            draft = answering.save_answer(draft=draft, question_id=question, answer=answer)
        return answering.finish(draft=draft, version=draft.version, method=method, by=self.by)

    def lives(self, client: ClientProfile, base: Assessment) -> None:
        event = living.record_life_event(
            client=client,
            kind="job_loss",
            event_id=uuid4(),
            happened_on=TODAY,
            answers=base.answers,
            base=base,
            by=self.by,
        )
        overriding.override_mix(
            override_id=uuid4(),
            client=client,
            assessment=event.assessment,
            mix=Mix(stocks=50, bonds=30, alternatives=10, cash=10),
            reason="Sells the business next spring.",
            by=self.by,
        )

    def joins(self, client: ClientProfile) -> By:
        user, by = person(client.email)
        letter = joining.invite_client(client=client, email=user.email, by=self.by, link_of=str)
        joining.accept_invitation(invitation=letter, user=user, by=by)
        client.refresh_from_db()
        return by

    def owns(self, client: ClientProfile) -> None:
        Owning(client, self.owner, lambda label, sees: label, ()).buys()

    def is_reviewed(self, client: ClientProfile) -> None:
        of = {"client": client, "by": self.by}
        reviewing.mark_reviewed(review_id=uuid4(), held_on=TODAY, **of)
        reviewing.write_note(note_id=uuid4(), text="Calls in the evening", **of)

    def works(self, client: ClientProfile) -> None:
        """At a list that is kept, at prices, and at something that takes a while."""
        seat = Membership.objects.get(user=self.owner, firm=self.firm)
        save_filter(membership=seat, filter_id=uuid4(), name="Demo", query="status=drift")
        security = Security.objects.filter(firm=self.firm, price__gt=0).order_by("pk")[0]
        text = f"{security.symbol},{security.price + 1},{TODAY.isoformat()}"
        rows = read_prices(text, today=TODAY, usual_day=TODAY).rows
        take_prices(firm=self.firm, import_id=uuid4(), rows=rows, by=self.by)
        of_firm = {"job_id": uuid4(), "firm_id": self.firm.pk, "by": self.by}
        start_job(kind="mark_reviewed", keys=[client.pk], **of_firm)

    def has_models(self) -> None:
        """One that is retired, one in use, and a draft."""
        models = [published(self.firm) for _ in range(2)]
        modelling.retire(published=models[0], by=self.by)
        using(self.firm, models[1])
        modelling.start_draft(firm=self.firm, by=self.by)

    def is_reminded(self, client: ClientProfile) -> None:
        due = TODAY + timedelta(days=3)
        ClientProfile.objects.filter(pk=client.pk).update(review_due_on=due)
        assert reminding.remind(client_id=client.pk, due_on=due)


def rows(firm: Firm) -> dict[str, int]:
    return {model.__name__: model._base_manager.filter(firm=firm).count() for model in of_firms()}


def test_services_keep_every_row_in_the_firm_of_what_it_hangs_on() -> None:
    story = Story()
    advisor, client = story.hires(), story.takes_on()
    assigning.assign_advisor(client=client, membership=advisor, by=story.by)
    base = story.asks(client)
    story.lives(client, base)
    story.owns(client)
    story.is_reviewed(client)
    story.works(client)
    by = story.joins(client)
    story.is_reminded(client)
    story.has_models()
    assert strays() == []
    made = rows(story.firm)
    leaving.leave_firm(client=client, by=by)
    assert strays() == []
    made = {name: made[name] or rows(story.firm)[name] for name in made}  # the record that is kept
    assert all(made.values()), made
    client.refresh_from_db()
    assert client.firm != story.firm
    left = {name for name, count in rows(story.firm).items() if count}
    of_firm = {"ModelDraft", "PublishedModels", "ModelMix", "ModelRetirement", "ModelsInUse"}
    of_firm |= {"Job", "JobItem", "PriceImport", "SavedFilter"}
    assert left - of_firm == {"Membership", "Invitation", "AuditEntry", "AuditHead", "Tombstone"}
    assert left >= of_firm
    come_back(story, client, by)
    assert strays() == []


def come_back(story: Story, client: ClientProfile, by: By) -> None:
    """A result of one's own in the firm of one, another client, and the deletion of both."""
    assessment = make_assessment()
    assert by.user is not None
    assert owning.claim(public_id=assessment.public_id, user=by.user, by=by) == client
    assert strays() == []
    leaving.delete_client(client=client, by=by)
    leaving.delete_client(client=story.takes_on(), by=story.by)
    assert Tombstone.objects.filter(firm=story.firm).count() == 2


def test_no_form_makes_a_row_that_hangs_on_another_firm(world: World) -> None:
    browser, faults = Browser(world), []
    for name, actor in posters():
        with undone():
            prepare(world, name)
            post(browser, name, actor, deed(world, name))
            faults += [f"{name} by {actor}: {stray}" for stray in strays()]
    assert faults == []
