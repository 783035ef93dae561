"""What the database itself refuses: for each named constraint, rows beyond it and rows at its edge."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils import timezone

from questionnaire.models import (
    Assessment,
    Assignment,
    ClientProfile,
    Erasure,
    HouseholdMember,
    Override,
    Reminder,
    Tombstone,
)
from riskalloc.firms.audit import By, record
from riskalloc.firms.models import AuditEntry, ClosedFirm, Firm, Role, User
from tests.factories import (
    ClientFactory,
    DraftFactory,
    FirmFactory,
    MembershipFactory,
    UserFactory,
    columns_of,
    make_assessment,
    make_own_client,
)
from tests.firms.people import invitation

Make = Callable[[], object]
NOW, TODAY = timezone.now(), date(2026, 11, 21)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """`shown_as` is what SQLite says instead of the name of a unique constraint: its columns."""

    refused: tuple[Make, ...]
    accepted: tuple[Make, ...]
    shown_as: str = ""


def check(make: Callable[..., object], *, refused: list[Any], accepted: list[Any]) -> Limit:
    """The same row with other values."""
    return Limit(
        refused=tuple(partial(make, **values) for values in refused),
        accepted=tuple(partial(make, **values) for values in accepted),
    )


def once(make: Callable[..., object], *, twice: list[Any], apart: list[Any], columns: str) -> Limit:
    """Rows that are refused together, and rows that are not."""
    both = partial(in_turn, make)
    return Limit(
        refused=(partial(both, twice),), accepted=(partial(both, apart),), shown_as=columns
    )


def in_turn(make: Callable[..., object], rows: list[Any]) -> None:
    shared: dict[str, Any] = {}
    for row in rows:
        make(shared, **row)


# -- Firms and people --------------------------------------------------------------------------------------


def a_firm(retention_years: int) -> None:
    """Past the form and the model: Django's own limit of the column is wider."""
    Firm.objects.filter(pk=FirmFactory().pk).update(retention_years=retention_years)


def a_person(shared: dict[str, Any], email: str) -> None:
    User.objects.bulk_create([User(email=email)])


def a_seat(shared: dict[str, Any], *, role: Role, firm: str = "here", user: str = "anna") -> None:
    firm_ = shared.setdefault(firm, None) or FirmFactory()
    user_ = shared.setdefault(user, None) or UserFactory()
    shared |= {firm: firm_, user: user_}
    MembershipFactory(firm=firm_, user=user_, role=role)


def a_letter(shared: dict[str, Any], token: str) -> None:
    invitation(token)


def an_entry(shared: dict[str, Any], *, seq: int, firm: str = "here") -> None:
    """Another entry like the first one of a firm."""
    if firm not in shared:
        of = FirmFactory()
        shared[firm] = record(by=By(), firm_id=of.pk, action="firm changed", of=of)
        if seq == 1:
            return
    entry = AuditEntry.objects.get(pk=shared[firm].pk)
    entry.pk, entry.seq = None, seq
    entry.save(force_insert=True)


def a_closed_firm(shared: dict[str, Any], *, firm: str) -> None:
    ClosedFirm.objects.create(firm_id=shared.setdefault(firm, FirmFactory().pk), reason="test")


FIRMS = {
    "firm_retention_in_range": check(
        a_firm,
        refused=[{"retention_years": 31}, {"retention_years": 32_767}],
        accepted=[{"retention_years": years} for years in (0, 7, 30)],
    ),
    "firms_user.email": once(
        a_person,
        twice=[{"email": "demo@example.org"}] * 2,
        apart=[{"email": "demo@example.org"}, {"email": "demo2@example.org"}],
        columns="firms_user.email|user_email_unique",
    ),
    "user_email_unique": once(
        a_person,
        twice=[{"email": "demo@example.org"}, {"email": "DEMO@example.org"}],
        apart=[{"email": "demo@example.org"}, {"email": "demo2@example.org"}],
        columns="user_email_unique",
    ),
    "membership_role_known": check(
        MembershipFactory,
        refused=[{"role": "king"}, {"role": ""}],
        accepted=[{"role": role} for role in Role.values],
    ),
    "membership_one_desk_per_firm": once(
        a_seat,
        twice=[{"role": Role.OWNER}, {"role": Role.READER}],
        apart=[
            {"role": Role.OWNER},
            {"role": Role.READER, "firm": "elsewhere"},
            {"role": Role.OWNER, "user": "ben"},
            {"role": Role.CLIENT},
        ],
        columns="firms_membership.firm_id, firms_membership.user_id",
    ),
    "membership_client_of_one_firm": once(
        a_seat,
        twice=[{"role": Role.CLIENT}, {"role": Role.CLIENT, "firm": "elsewhere"}],
        apart=[
            {"role": Role.CLIENT},
            {"role": Role.CLIENT, "user": "ben"},
            {"role": Role.ADVISOR, "firm": "elsewhere"},
        ],
        columns="firms_membership.user_id",
    ),
    "invitation_role_known": check(
        invitation,
        refused=[{"role": "king"}],
        accepted=[{"role": role} for role in Role.values],
    ),
    "invitation_expires_later": check(
        invitation,
        refused=[
            {"created_at": NOW, "expires_at": NOW},
            {"created_at": NOW, "expires_at": NOW - SECOND},
        ],
        accepted=[{"created_at": NOW, "expires_at": NOW + SECOND}],
    ),
    "invitation_has_one_end": check(
        invitation,
        refused=[{"accepted_at": NOW, "withdrawn_at": NOW}],
        accepted=[{"accepted_at": NOW}, {"withdrawn_at": NOW}, {}],
    ),
    "firms_invitation.token_hash": once(
        a_letter,
        twice=[{"token": "one"}] * 2,
        apart=[{"token": "one"}, {"token": "two"}],
        columns="token_hash",
    ),
    "audit_seq_once_per_firm": once(
        an_entry,
        twice=[{"seq": 1}, {"seq": 2}, {"seq": 2}],
        apart=[{"seq": 1}, {"seq": 2}, {"seq": 1, "firm": "elsewhere"}],
        columns="firms_auditentry.firm_id, firms_auditentry.seq",
    ),
    "audit_seq_from_one": once(
        an_entry,
        twice=[{"seq": 1}, {"seq": 0}],
        apart=[{"seq": 1}],
        columns="audit_seq_from_one|seq",  # Django's own check, that it is not negative, is there too
    ),
    "firms_closedfirm.firm_id": once(
        a_closed_firm,
        twice=[{"firm": "here"}] * 2,
        apart=[{"firm": "here"}, {"firm": "elsewhere"}],
        columns="firm_id",
    ),
}

# -- Clients -----------------------------------------------------------------------------------------------


def of_client(**fields: Any) -> dict[str, Any]:
    client = ClientFactory()
    return {"firm": client.firm, "client": client, **fields}


def a_member(**fields: Any) -> None:
    HouseholdMember.objects.create(**of_client(**fields))


def an_assignment(shared: dict[str, Any], *, client: str = "one", advisor: str = "anna") -> None:
    firm = shared.setdefault("firm", None) or FirmFactory()
    client_ = shared.setdefault(client, None) or ClientFactory(firm=firm)
    seat = shared.setdefault(advisor, None) or MembershipFactory(firm=firm, role=Role.ADVISOR)
    shared |= {"firm": firm, client: client_, advisor: seat}
    Assignment.objects.create(firm=firm, client=client_, membership=seat)


def a_reminder(shared: dict[str, Any], *, client: str = "one", due_on: date = TODAY) -> None:
    client_ = shared[client] = shared.get(client) or ClientFactory()
    Reminder.objects.create(firm=client_.firm, client=client_, due_on=due_on)


def a_tombstone(
    shared: dict[str, Any] | None = None, *, client: str = "one", reason: str = "left"
) -> None:
    shared = {} if shared is None else shared
    firm = shared["firm"] = shared.get("firm") or FirmFactory()
    client_ = shared[client] = shared.get(client) or ClientFactory(firm=firm)
    Tombstone.objects.create(
        firm=firm,
        client_id=client_.pk,
        name="Demo",
        reason=reason,
        record={},
        keep_until=TODAY,
    )


def a_profile(shared: dict[str, Any], *, of: str, **fields: str) -> None:
    """Two profiles that share a sign-in, or a letter."""
    firm = shared["firm"] = shared.get("firm") or FirmFactory()
    if of not in shared:
        seat = make_own_client(firm=firm).membership
        ClientProfile.objects.filter(membership=seat).update(membership=None)
        shared[of] = {"membership": seat, "invitation": invitation(of, firm=firm)}
    ClientFactory(firm=firm, **{name: shared[of][name] for name in fields})


CLIENTS = {
    "client_currency_three_capitals": check(
        ClientFactory,
        refused=[{"currency": text} for text in ("usd", "US", "U1D", "", "US\n")],
        accepted=[{"currency": text} for text in ("USD", "XXX")],
    ),
    "client_has_a_name": check(
        ClientFactory, refused=[{"name": ""}], accepted=[{"name": "x"}, {"name": "x" * 200}]
    ),
    "client_retires_after_birth": check(
        ClientFactory,
        refused=[
            {"born_on": TODAY, "retires_on": TODAY},
            {"born_on": TODAY, "retires_on": TODAY - timedelta(days=1)},
        ],
        accepted=[
            {"born_on": TODAY, "retires_on": TODAY + timedelta(days=1)},
            {"born_on": TODAY},
            {"retires_on": TODAY},
        ],
    ),
    "questionnaire_clientprofile.membership_id": once(
        a_profile,
        twice=[{"of": "anna", "membership": ""}] * 2,
        apart=[{"of": "anna", "membership": ""}, {"of": "ben", "membership": ""}, {"of": "anna"}],
        columns="membership_id",
    ),
    "questionnaire_clientprofile.invitation_id": once(
        a_profile,
        twice=[{"of": "anna", "invitation": ""}] * 2,
        apart=[{"of": "anna", "invitation": ""}, {"of": "ben", "invitation": ""}, {"of": "anna"}],
        columns="invitation_id",
    ),
    "household_member_has_a_name": check(
        a_member, refused=[{"name": ""}], accepted=[{"name": "x"}]
    ),
    "assignment_once_per_client": once(
        an_assignment,
        twice=[{}, {}],
        apart=[{}, {"client": "two"}, {"advisor": "ben"}],
        columns="questionnaire_assignment.client_id, questionnaire_assignment.membership_id",
    ),
    "reminder_once_per_due_day": once(
        a_reminder,
        twice=[{}, {}],
        apart=[{}, {"client": "two"}, {"due_on": TODAY + timedelta(days=1)}],
        columns="questionnaire_reminder.client_id, questionnaire_reminder.due_on",
    ),
    "tombstone_reason_known": check(
        a_tombstone,
        refused=[{"reason": "bored"}, {"reason": ""}],
        accepted=[{"reason": "left"}, {"reason": "deleted"}],
    ),
    "tombstone_once": once(
        a_tombstone,
        twice=[{}, {}],
        apart=[{}, {"client": "two"}],
        columns="questionnaire_tombstone.firm_id, questionnaire_tombstone.client_id",
    ),
}

# -- Results -----------------------------------------------------------------------------------------------


def a_result(**fields: Any) -> None:
    Assessment.objects.create(**columns_of(make_assessment()) | fields)


def a_result_of(shared: dict[str, Any], public_id: str) -> None:
    a_result(public_id=public_id)


def an_override(**fields: Any) -> None:
    mix = {"stocks": 60, "bonds": 30, "alternatives": 10, "cash": 0}
    values = mix | {"reason": "x" * 20, "made_by": "demo@example.org"} | fields
    Override.objects.create(**of_client(assessment=make_assessment(), **values))


def a_draft(shared: dict[str, Any], token_hash: str) -> None:
    DraftFactory(token_hash=token_hash)


def an_erasure(shared: dict[str, Any], public_id: str) -> None:
    Erasure.objects.create(public_id=public_id, reason="test")


AMOUNT, CENT = Decimal(100_000), Decimal("0.01")
RESULTS = {
    "assessment_amount_in_range": check(
        a_result,
        refused=[{"amount": Decimal(0)}, {"amount": 10**9 + CENT}],
        accepted=[{"amount": CENT}, {"amount": Decimal(10**9)}],
    ),
    "assessment_needed_within_amount": check(
        a_result,
        refused=[{"needed": -CENT}, {"needed": AMOUNT + CENT}],
        accepted=[{"needed": Decimal(0)}, {"needed": AMOUNT}],
    ),
    "assessment_raw_rti_in_range": check(
        a_result,
        refused=[{"raw_rti": 26, "rti": 25}, {"raw_rti": 4, "rti": 4}],
        accepted=[{"raw_rti": 5, "rti": 5}, {"raw_rti": 25, "rti": 25}],
    ),
    "assessment_rti_in_range": check(
        a_result, refused=[{"rti": 4}], accepted=[{"rti": 5}, {"raw_rti": 25, "rti": 25}]
    ),
    "assessment_rti_only_lowered": check(
        a_result, refused=[{"raw_rti": 18, "rti": 19}], accepted=[{"raw_rti": 18, "rti": 18}]
    ),
    "assessment_iss_in_range": check(
        a_result, refused=[{"iss": 4}, {"iss": 26}], accepted=[{"iss": 5}, {"iss": 25}]
    ),
    "questionnaire_assessment.public_id": once(
        a_result_of,
        twice=[{"public_id": "x"}] * 2,
        apart=[{"public_id": "x"}, {"public_id": "X"}],
        columns="public_id",
    ),
    "override_adds_up": check(
        an_override,
        refused=[{"cash": 1}, {"stocks": 59}],
        accepted=[{"stocks": 100, "bonds": 0, "alternatives": 0}, {"stocks": 59, "cash": 1}],
    ),
    "override_gives_a_reason": check(
        an_override, refused=[{"reason": "x" * 19}, {"reason": ""}], accepted=[{"reason": "é" * 20}]
    ),
    "questionnaire_draft.token_hash": once(
        a_draft,
        twice=[{"token_hash": "x"}] * 2,
        apart=[{"token_hash": "x"}, {"token_hash": "y"}],
        columns="token_hash",
    ),
    "questionnaire_erasure.public_id": once(
        an_erasure,
        twice=[{"public_id": "x"}] * 2,
        apart=[{"public_id": "x"}, {"public_id": "y"}],
        columns="public_id",
    ),
}

LIMITS: dict[str, Limit] = {**FIRMS, **CLIENTS, **RESULTS}
