"""Three firms of the same shape, with a word of its own in every text."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid5

from allauth.account.models import EmailAddress
from django.utils import timezone

from portfolios.models import PriceImport, SavedFilter, Security
from questionnaire.models import (
    Assessment,
    Assignment,
    Draft,
    HouseholdMember,
    LifeEvent,
    Note,
    Override,
    Ownership,
    Reminder,
    Review,
    Tombstone,
    hashed,
)
from riskalloc import methodology
from riskalloc.firms.audit import By, record
from riskalloc.firms.models import Firm, Invitation, Job, JobItem, Membership, Role, User
from riskalloc.firms.services.inviting import hash_of_token
from tests.access.cast import NEVER_MADE, World, token_of
from tests.access.deeds_reviews import PLAIN
from tests.access.holdings import Owning
from tests.access.modelling import models_of
from tests.factories import (
    ClientFactory,
    FirmFactory,
    MembershipFactory,
    UserFactory,
    answered,
    columns_of,
    make_assessment,
)

AMOUNTS = {"own": "123457", "near": "765431", "foreign": "531957", "second": "642813"}


def practice(
    world: World,
    name: str,
    *,
    desk: tuple[str, ...],
    sees: tuple[str, ...],
    owner: User | None = None,
    client: User | None = None,
) -> SimpleNamespace:
    """A firm with people, a client with everything that a client can have, and a record that is kept.

    `owner` and `client` may be people of another firm as well.
    """

    def word(label: str, readers: Iterable[str] = ()) -> str:
        return world.word(f"{name} {label}", readers)

    own = SimpleNamespace(name=name)
    of_firm = {*desk, *sees, "other_client"} if name == "own" else {*desk, *sees}
    own.firm = FirmFactory(name=f"Demo practice {word('firm', of_firm)}")
    as_owner = "owner" if name in ("own", "second") else ""
    own.owner = owner or person(world, f"{name} owner", {*desk, *sees}, as_owner)
    first = UUID(int=[*AMOUNTS].index(name) + 1)  # of all ids: whoever takes any, takes this one
    MembershipFactory(id=first, firm=own.firm, user=own.owner, role=Role.OWNER)
    own.client = client_of(own, word, sees, world, client)
    of_client = {*desk, *sees}
    own.advisor = seat(world, own, "advisor", Role.ADVISOR, of_client)
    own.reader = seat(world, own, "reader", Role.READER, of_client)
    seat(world, own, "disabled", Role.ADVISOR, of_client)
    own.colleague = seat(world, own, "colleague", Role.ADVISOR, desk, is_assigned=False)
    history(world, own, word, sees)
    paperwork(own, word, sees, as_owner)
    own.job = left_behind(own, word("work", {*sees} & {"owner", "advisor", "stranger"}))
    own.models = models_of(own, word, desk)
    own.price_import = prices_of(own, word, desk=desk)
    own.filter = filter_of(world, own, word)
    own.owning = Owning(own.client, own.owner, word, sees)
    vars(own).update(vars(own.owning.buys()))
    return own


def person(world: World, label: str, readers: Iterable[str] = (), actor: str = "") -> User:
    """Somebody whose address carries a word; they themselves may read it."""
    readers = {*readers, actor} if actor else readers
    user = UserFactory(email=f"demo-{world.word(f'{label} e-mail', readers)}@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if actor:
        world.users[actor] = user
    return user


def membership(firm: Firm, user: User, role: Role) -> Membership:
    return MembershipFactory(firm=firm, user=user, role=role)


def seat(
    world: World,
    own: SimpleNamespace,
    actor: str,
    role: Role,
    readers: Iterable[str],
    *,
    is_assigned: bool = True,
) -> Membership:
    """Somebody at the firm's desk; in the client's firm an actor, in the stranger's firm the stranger."""
    is_stranger = own.name == "near" and actor == "advisor"
    as_actor = actor if own.name == "own" else "stranger" if is_stranger else ""
    also = ("owner",) if is_stranger else ()  # who is invited is the inviting owner's to see
    user = person(world, f"{own.name} {actor}", {*readers, *also}, as_actor)
    seat_ = membership(own.firm, user, role)
    if is_assigned:
        Assignment.objects.create(firm=own.firm, client=own.client, membership=seat_)
    return seat_


def client_of(
    own: SimpleNamespace, word: Any, sees: tuple[str, ...], world: World, user: User | None
) -> Any:
    user = user or person(world, f"{own.name} client", sees, "client" if own.name == "own" else "")
    client = ClientFactory(
        firm=own.firm,
        membership=membership(own.firm, user, Role.CLIENT),
        name=f"Demo {word('client', sees)}",
        email=user.email,
        phone=word("phone", sees),
        notes=f"Notes {word('notes', sees)}",
        review_due_on=timezone.localdate() + timedelta(days=5),
    )
    own.member = HouseholdMember.objects.create(
        firm=own.firm,
        client=client,
        name=f"Demo {word('household', sees)}",
        relation=word("relation", sees),
    )
    return client


def history(world: World, own: SimpleNamespace, word: Any, sees: tuple[str, ...]) -> None:
    """Two assessments, the later one by a life event and overridden."""
    amount = AMOUNTS[own.name]
    own.first = make_assessment(amount=amount)
    Draft.objects.filter(result=own.first).delete()
    earlier = columns_of(own.first) | {"created_at": own.first.created_at - timedelta(days=200)}
    own.first, own.latest = Assessment.objects.create(**earlier), own.first
    for assessment in (own.first, own.latest):
        Ownership.objects.create(
            assessment=assessment,
            client=own.client,
            firm=own.firm,
            filled_in_by=word("filled in by", sees),
        )
        world.knows(f"{own.name} result", assessment.public_id, sees)
    world.knows(f"{own.name} amount", f"{int(amount):,}", sees)
    common = {"firm": own.firm, "client": own.client}
    own.override = Override.objects.create(
        **common,
        assessment=own.latest,
        stocks=60,
        bonds=30,
        alternatives=10,
        cash=0,
        reason=f"A reason for this: {word('reason', sees)}",
        made_by=word("made by", sees),
    )
    own.event = LifeEvent.objects.create(
        **common,
        kind="job_loss",
        events_version=methodology.EVENTS_VERSION,
        happened_on=timezone.localdate(),
        assessment=own.latest,
        recorded_by=word("recorded by", sees),
    )
    desk = {*sees} - {"client"} - ({"advisor"} if own.name == "second" else set())
    own.note = Note.objects.create(
        **common, text=word("note", desk), written_by=word("note written by", desk)
    )
    own.review = Review.objects.create(
        **common,
        assessment=own.latest,
        held_on=timezone.localdate() - timedelta(days=90),
        summary=word("review", sees),
        recorded_by=word("review recorded by", sees),
    )
    own.reminder = Reminder.objects.create(**common, due_on=timezone.localdate())


def paperwork(own: SimpleNamespace, word: Any, sees: tuple[str, ...], owner: str) -> None:
    """Invitations, what is kept of somebody who left, the trail, and questionnaires that are running."""
    of_owner = [owner] if owner else []
    own.invitation = invitation(own, f"demo-{word('invited', of_owner)}@example.org", Role.ADVISOR)
    own.withdrawn = invitation(own, f"demo-{word('withdrawn')}@example.org", Role.ADVISOR, "gone")
    Invitation.objects.filter(pk=own.withdrawn.pk).update(withdrawn_at=timezone.now())
    own.letter = invitation(own, f"demo-{word('letter', sees)}@example.org", Role.CLIENT, "letter")
    own.unsigned = ClientFactory(
        firm=own.firm, name=f"Demo {word('unsigned', of_owner)}", invitation=own.letter
    )
    own.tombstone = Tombstone.objects.create(
        firm=own.firm,
        client_id=uuid5(NEVER_MADE, own.name),
        name=f"Demo {word('left', of_owner)}",
        reason="left",
        record={"profile": {"notes": word("kept notes", of_owner)}},
        keep_until=timezone.localdate() + timedelta(days=900),
    )
    by = By(user=own.owner, name=own.owner.email)
    record(
        by=by,
        firm_id=own.firm.pk,
        action="firm changed",
        of=own.firm,
        after={"name": word("trail of firm", of_owner)},
    )
    own.entry = record(
        by=by,
        firm_id=own.firm.pk,
        action="profile changed",
        of=own.client,
        about=own.client.pk,
        after={"notes": word("trail of client", sees)},
    )
    begin_drafts(own)


def invitation(own: SimpleNamespace, email: str, role: Role, label: str = "") -> Invitation:
    token = token_of(f"{own.name} {label} invitation")
    return Invitation.objects.create(
        firm=own.firm,
        email=email,
        role=role,
        token_hash=hash_of_token(token),
        invited_by=own.owner,
    )


def prices_of(own: SimpleNamespace, word: Any, desk: tuple[str, ...]) -> PriceImport:
    """Prices that came in, and a security that every firm knows."""
    today = timezone.localdate()
    Security.objects.create(
        firm=own.firm, symbol=PLAIN, price=Decimal(10), priced_on=today, price_source="typed"
    )
    readers = {*desk} & {"owner", "advisor", "colleague", "stranger"}
    return PriceImport.objects.create(
        firm=own.firm,
        taken=1,
        portfolios=1,
        job=own.job.pk,
        effect={"prices": [], "same": 0, "left": [f"Line 1: {word('price left', readers)}"]},
        made_by=word("prices by", readers),
    )


def filter_of(world: World, own: SimpleNamespace, word: Any) -> SavedFilter:
    """The advisor's own, whoever that is in this firm."""
    user = own.advisor.user
    readers = {actor for actor, somebody in world.users.items() if somebody == user}
    return SavedFilter.objects.create(
        firm=own.firm, membership=own.advisor, name=word("filter", readers), query="status=drift"
    )


def left_behind(own: SimpleNamespace, title: str, made_by: User | None = None) -> Job:
    """Work that the advisor, or somebody else, started and whose worker is gone."""
    job = Job.objects.create(
        firm=own.firm,
        kind="gone",
        title=title,
        made_by=made_by or own.advisor.user,
        lease_until=timezone.now() - timedelta(days=1),
    )
    JobItem.objects.create(firm=own.firm, job=job, position=1, key=own.client.pk)
    return job


def begin_drafts(own: SimpleNamespace) -> None:
    """By the advisor, by people who may not go on with it, by a letter, and one that was answered."""
    draft(f"{own.name} desk", own, own.advisor)
    draft(f"{own.name} desk of reader", own, own.reader)
    draft(f"{own.name} desk of colleague", own, own.colleague)
    draft(f"{own.name} link", own, own.advisor, is_link=True)
    draft(f"{own.name} answered", own, own.advisor, is_link=True, result=own.latest)


def draft(label: str, own: SimpleNamespace, begun_by: Membership, **others: Any) -> Draft:
    """Complete, for the client."""
    return Draft.objects.create(
        token_hash=hashed(token_of(label)),
        client=own.client,
        started_by=begun_by.user,
        answers=answered(),
        **others,
    )
