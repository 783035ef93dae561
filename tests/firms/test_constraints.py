"""What the database holds about firms, people and invitations, on both sides of each limit."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from riskalloc.firms.models import Firm, Invitation, Membership, Role, User
from tests.factories import FirmFactory, MembershipFactory, UserFactory
from tests.firms.people import invitation

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def refused(constraint: str, make: Any) -> None:
    """SQLite names a check and the columns of a unique index; PostgreSQL names both."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        make()
    if connection.vendor == "postgresql" or "UNIQUE" not in str(error.value):
        assert constraint in str(error.value)


@pytest.mark.parametrize("years", [0, 7, 30])
def test_firm_retention_in_range(years: int) -> None:
    FirmFactory(retention_years=years)


@pytest.mark.parametrize("years", [31, 32_767])
def test_firm_retention_in_range_refuses(years: int) -> None:
    firm = FirmFactory()
    refused(
        "firm_retention_in_range",
        lambda: Firm.objects.filter(pk=firm.pk).update(retention_years=years),
    )


@pytest.mark.parametrize("role", Role.values)
def test_membership_role_known(role: str) -> None:
    MembershipFactory(role=role)


def test_membership_role_known_refuses() -> None:
    refused("membership_role_known", lambda: MembershipFactory(role="king"))


def test_membership_one_desk_per_firm() -> None:
    membership = MembershipFactory(role=Role.OWNER)
    MembershipFactory(user=membership.user, role=Role.READER)  # elsewhere
    MembershipFactory(firm=membership.firm, role=Role.OWNER)  # somebody else
    MembershipFactory(firm=membership.firm, user=membership.user, role=Role.CLIENT)
    refused(
        "membership_one_desk_per_firm",
        lambda: MembershipFactory(firm=membership.firm, user=membership.user, role=Role.READER),
    )


def test_membership_client_of_one_firm() -> None:
    membership = MembershipFactory(role=Role.CLIENT)
    MembershipFactory(firm=membership.firm, role=Role.CLIENT)  # somebody else
    MembershipFactory(user=membership.user, role=Role.ADVISOR)  # an advisor there
    refused(
        "membership_client_of_one_firm",
        lambda: MembershipFactory(user=membership.user, role=Role.CLIENT),
    )


@pytest.mark.parametrize("role", Role.values)
def test_invitation_role_known(role: str) -> None:
    invitation(role=role)


def test_invitation_role_known_refuses() -> None:
    refused("invitation_role_known", lambda: invitation(role="king"))


@pytest.mark.parametrize(("seconds", "fits"), [(1, True), (0, False), (-1, False)])
def test_invitation_expires_later(seconds: int, fits: bool) -> None:
    def make() -> Invitation:
        return invitation(created_at=NOW, expires_at=NOW + timedelta(seconds=seconds))

    if fits:
        make()
    else:
        refused("invitation_expires_later", make)


def test_invitation_has_one_end() -> None:
    invitation("one", accepted_at=NOW)
    invitation("two", withdrawn_at=NOW)
    refused(
        "invitation_has_one_end", lambda: invitation("three", accepted_at=NOW, withdrawn_at=NOW)
    )


def test_the_hash_of_a_token_is_there_once() -> None:
    invitation("one")
    invitation("two")
    refused("token_hash", lambda: invitation("one"))


def test_user_email_unique() -> None:
    UserFactory(email="demo@example.org")
    UserFactory(email="demo2@example.org")
    refused("user_email_unique", lambda: UserFactory(email="DEMO@example.org"))


def test_every_constraint_of_firms_and_people_is_tested_here() -> None:
    models = (User, Firm, Membership, Invitation)
    names = {constraint.name for model in models for constraint in model._meta.constraints}
    tested = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    assert names <= tested
