"""Work on many asks again, for each client when its turn comes, whose it is and what somebody may do."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from portfolios.advisors.bulk import assign, client_names, managed, owned
from questionnaire.models import Assignment, ClientProfile
from riskalloc.firms.audit import By
from riskalloc.firms.jobs import Doing, NotDone
from riskalloc.firms.models import Membership, Role, User
from tests.factories import MembershipFactory, make_own_client
from tests.portfolios.advisors.desks import Desk

pytestmark = pytest.mark.django_db


def doing(
    client: ClientProfile, user: User, firm_id: UUID | None = None, member: str = ""
) -> Doing:
    return Doing(
        job_id=uuid4(),
        firm_id=firm_id or client.firm_id,
        key=client.pk,
        arguments={"membership": member},
        own={},
        by=By(user=user, name=user.email),
    )


@pytest.mark.parametrize("found", [managed, owned])
def test_of_an_owners_two_firms_it_stays_in_the_one_whose_work_it_is(
    found: Callable[[Doing], ClientProfile],
) -> None:
    one, two = Desk(), Desk()
    MembershipFactory(firm=two.firm, user=one.user, role=Role.OWNER)
    theirs = two.client()
    assert found(doing(theirs, one.user)) == theirs
    with pytest.raises(NotDone):
        found(doing(theirs, one.user, firm_id=one.firm.pk))


@pytest.mark.parametrize("found", [managed, owned])
def test_others_and_clients_themselves_change_nobody_by_it(
    found: Callable[[Doing], ClientProfile],
) -> None:
    client = make_own_client()
    for user in (Desk().user, client.membership.user):
        with pytest.raises(NotDone):
            found(doing(client, user))


def test_an_advisor_manages_a_client_without_owning_them() -> None:
    desk = Desk()
    client = desk.client()
    user = desk.advisor(client)
    assert managed(doing(client, user)) == client
    with pytest.raises(NotDone):
        owned(doing(client, user))


def test_only_who_sits_at_the_firms_desk_is_assigned() -> None:
    desk = Desk()
    client = desk.client()
    of_others = MembershipFactory(role=Role.ADVISOR)
    for membership in (of_others, make_own_client(firm=desk.firm).membership):
        with pytest.raises(NotDone):
            assign(doing(client, desk.user, member=str(membership.pk)))
    assert not Assignment.objects.exists()


def test_somebody_is_assigned_beside_who_was_before() -> None:
    desk = Desk()
    client = desk.client()
    first = Membership.objects.get(user=desk.advisor(client))
    second = MembershipFactory(firm=desk.firm, role=Role.ADVISOR)
    assert assign(doing(client, desk.user, member=str(first.pk))) == "Was assigned before."
    assert assign(doing(client, desk.user, member=str(second.pk))) is None
    assert client.assignments.count() == 2


def test_names_are_those_that_the_viewer_may_know() -> None:
    desk = Desk()
    mine, other = desk.client("Demo mine"), desk.client("Demo other")
    user = desk.advisor(mine)
    assert [*client_names([mine.pk, other.pk], user)] == [mine.pk]
