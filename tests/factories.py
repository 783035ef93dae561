"""Rows for tests. Factories only: no fixture files."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from questionnaire.models import Assessment, Assignment, ClientProfile, Draft, hashed
from questionnaire.models.names import folded
from questionnaire.services import answering
from riskalloc import methodology
from riskalloc.firms.models import Firm, Membership, Role, User

WORKED_EXAMPLE: dict[str, dict[str, str]] = {
    "amount": {"amount": "100000", "needed_within_3_years": "0"},
    "drop_reaction": {"drop_reaction": "hold_calm"},
    "horizon": {"horizon_years": "12"},
    "trade_off": {"trade_off": "mix_50"},
    "past_behaviour": {"past_behaviour": "did_nothing"},
    "max_loss": {"max_loss": "up_to_20"},
    "job_security": {"job_security": "permanent_steady"},
    "emergency_fund": {"savings": "24000", "monthly_essentials": "3000"},
    "debt_to_income": {"monthly_debt": "1500", "monthly_income": "6000"},
    "income_variability": {"largest_fall": "5_to_10", "market_linked": "no"},
    "household_cover": {"household_cover": "75_to_100"},
}
TOKEN = "demo-token-of-this-browser"


def answered(**fields: str) -> dict[str, dict[str, str]]:
    """The worked example (RTI 18, ISS 20, $100,000) with some fields answered otherwise."""
    return {
        question: {name: fields.get(name, value) for name, value in answer.items()}
        for question, answer in WORKED_EXAMPLE.items()
    }


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"demo-{n}@example.org")


class FirmFactory(DjangoModelFactory[Firm]):
    class Meta:
        model = Firm

    name = factory.Sequence(lambda n: f"Demo practice {n}")


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    firm = factory.SubFactory(FirmFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.OWNER


class ClientFactory(DjangoModelFactory[ClientProfile]):
    """A client of a practice without a sign-in of their own."""

    class Meta:
        model = ClientProfile

    firm = factory.SubFactory(FirmFactory)
    name = factory.Sequence(lambda n: f"Demo client {n}")
    name_folded = factory.LazyAttribute(lambda client: folded(client.name))


def make_own_client(
    user: User | None = None, firm: Firm | None = None, **fields: Any
) -> ClientProfile:
    """A client who signs in: in a firm of one, or with an advisor in `firm`."""
    firm = firm or FirmFactory(is_personal=True)
    membership = MembershipFactory(firm=firm, user=user or UserFactory(), role=Role.CLIENT)
    return ClientFactory(firm=firm, membership=membership, **fields)


def assign(client: ClientProfile, role: Role = Role.ADVISOR, user: User | None = None) -> User:
    """An advisor (or a reader) of the client's firm who looks after this client."""
    membership = MembershipFactory(firm=client.firm, user=user or UserFactory(), role=role)
    Assignment.objects.create(firm=client.firm, client=client, membership=membership)
    return membership.user


class DraftFactory(DjangoModelFactory[Draft]):
    """A complete draft that the cookie `TOKEN` opens."""

    class Meta:
        model = Draft

    token_hash = hashed(TOKEN)
    answers = factory.LazyFunction(answered)


def make_assessment(draft: Draft | None = None, **fields: str) -> Assessment:
    """A result, made the way a person makes it."""
    draft = draft or DraftFactory(token_hash=factory.Sequence(str), answers=answered(**fields))
    method = methodology.load(methodology.DEFAULT_VERSION)
    return answering.finish(draft=draft, version=draft.version, method=method)


def columns_of(assessment: Assessment) -> dict[str, Any]:
    """Its values without the keys, to insert another row like it."""
    names = [field.attname for field in Assessment._meta.concrete_fields]
    return {name: getattr(assessment, name) for name in names if name not in ("id", "public_id")}
