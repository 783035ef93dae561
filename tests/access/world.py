"""The cast on the stage: three firms, everybody's session, and what the addresses name."""

import re
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.utils import timezone

from questionnaire.models import Draft, HouseholdMember, Ownership, hashed
from questionnaire.services.reminding import unsubscribe_token
from riskalloc.firms.accounts.sessions import SEEN_AT, SIGNED_IN_AT
from riskalloc.firms.audit import By, record
from riskalloc.firms.models import Role, User
from tests.access.cast import (
    AMOUNT_OF_NOBODY,
    DESK,
    HAS_SECOND_STEP,
    NEVER_MADE,
    SEES_CLIENT,
    World,
    token_of,
)
from tests.access.holdings import OF_FOREIGN, OF_SIBLING, Owning, first_line, hold_in_common
from tests.access.practice import invitation, left_behind, membership, person, practice
from tests.accounts.people import PASSWORD, with_app, with_passkey
from tests.factories import ClientFactory, answered, make_assessment

HOUR = 3_600


def build() -> World:
    world = World()
    world.own = practice(world, "own", desk=DESK, sees=SEES_CLIENT)
    world.near = practice(world, "near", desk=("stranger",), sees=("stranger",))
    world.foreign = practice(world, "foreign", desk=(), sees=())
    # People with two hats: the owner has another practice, and the advisor is its client.
    world.second = practice(
        world,
        "second",
        desk=("owner",),
        sees=("owner", "advisor"),
        owner=world.users["owner"],
        client=world.users["advisor"],
    )
    seat_others(world)
    hold_back(world)
    for name in ("own", "near", "foreign", "second"):
        world.things[name] = things_of(getattr(world, name))
    world.things["missing"] = missing_things(world.things["own"])
    for actor in world.users:
        world.sessions[actor] = session_of(world, actor)
    User.objects.filter(pk=world.users["disabled"].pk).update(is_active=False)
    return world


# -- People who hang on no desk ---------------------------------------------------------------------------


def seat_others(world: World) -> None:
    """Another client of the same firm with a household, a member of staff, and results of nobody."""
    own = world.own
    sees = ("other_client", "owner")
    user = person(world, "other client", sees, "other_client")
    own.sibling = ClientFactory(
        firm=own.firm,
        membership=membership(own.firm, user, Role.CLIENT),
        name=f"Demo {world.word('sibling', sees)}",
        notes=world.word("sibling notes", sees),
        email=user.email,
        review_due_on=timezone.localdate() + timedelta(days=300),
    )
    own.sibling_member = HouseholdMember.objects.create(
        firm=own.firm, client=own.sibling, name=f"Demo {world.word('sibling household', sees)}"
    )
    own.sibling_assessment, own.nobodys = (
        make_assessment(amount="234567"),
        make_assessment(amount=AMOUNT_OF_NOBODY),
    )
    Ownership.objects.create(assessment=own.sibling_assessment, client=own.sibling, firm=own.firm)
    world.knows("sibling result", own.sibling_assessment.public_id, sees)
    world.knows("sibling amount", "234,567", sees)
    owning = Owning(
        own.sibling, own.owner, lambda label, of: world.word(f"sibling {label}", of), sees
    )
    own.of_sibling = owning.buys()
    own.shared = hold_in_common(own.owning, owning, world.word, (*SEES_CLIENT, "other_client"))
    world.foreign.owning.hold(
        world.foreign.account_beside, world.foreign.bonds, quantity=OF_FOREIGN
    )
    world.knows("sibling quantity", f"{OF_SIBLING:,}", sees)
    world.knows("foreign quantity", f"{OF_FOREIGN:,}", ())
    person(world, "staff", actor="staff")
    User.objects.filter(pk=world.users["staff"].pk).update(is_staff=True)
    world.users["staff"].is_staff = True
    Draft.objects.create(token_hash=hashed(token_of("nobody")), answers=answered())
    # The stranger is invited to this firm's desk.
    own.to_stranger = invitation(own, world.users["stranger"].email, Role.READER, "stranger")
    # And has left it before: what they started then is the owner's to watch.
    own.job_of_stranger = left_behind(
        own, world.word("work of stranger", ["owner"]), world.users["stranger"]
    )
    record(
        by=By(user=own.owner, name="Demo"),
        firm_id=world.foreign.firm.pk,
        action="profile changed",
        of=own.client,
        about=own.client.pk,
        after={"notes": world.word("trail of an earlier firm", ["client"])},
    )


def hold_back(world: World) -> None:
    """Second steps, passwords and keys."""
    for actor, user in {**world.users, "": world.foreign.owner}.items():
        user.set_password(PASSWORD)
        user.save()
        readers = [actor] if actor else []
        if actor in HAS_SECOND_STEP or not actor:
            with_app(user)
            key = passkey(user, world.word(f"{actor} key", readers))
            if actor == "client":
                world.own.key = key
            if not actor:
                world.foreign.key = key


def passkey(user: User, name: str) -> Authenticator:
    key = with_passkey(user)
    key.data["name"] = name
    key.save()
    return key


def session_of(world: World, actor: str) -> str:
    """A session after both steps; as if in an hour, so that no request notes it or asks again."""
    browser = Client()
    user = world.users[actor]
    browser.force_login(user)
    session, now = browser.session, int(time.time())
    session[SIGNED_IN_AT] = session[SEEN_AT] = now + HOUR
    methods = [{"method": "password", "at": now, "email": user.email}]
    if actor in HAS_SECOND_STEP:
        methods.append({"method": "mfa", "at": now, "type": "totp"})
    session[AUTHENTICATION_METHODS_SESSION_KEY] = methods
    session.save()
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


# -- What addresses name ----------------------------------------------------------------------------------


def things_of(own: SimpleNamespace) -> dict[str, Any]:
    """Values of the parts of addresses; `route.part` wins over `part`."""
    is_ours = own.name != "foreign"
    return {
        "client_id": own.client.pk,
        "firm_id": own.firm.pk,
        "member_id": own.member.pk,
        "membership_id": own.colleague.pk,
        "invitation_id": own.invitation.pk,
        "job_id": own.job.pk,
        "filter_id": own.filter.pk,
        "models_id": own.models.pk,
        "firms_job": own.job.pk,
        "tombstone_id": own.tombstone.pk,
        "public_id": own.latest.public_id,
        "pk": getattr(own, "key", own.client).pk,
        "join.token": token_of(
            "own stranger invitation" if own.name == "own" else f"{own.name} gone invitation"
        ),
        "open_link.token": token_of(f"{own.name} {'link' if is_ours else 'desk'}"),
        "unsubscribe.token": unsubscribe_token(own.client) if is_ours else str(own.client.pk),
        "draft": token_of(f"{own.name} desk"),
        "firms_user": own.client.membership.user_id,
        "firms_firm": own.firm.pk,
        "firms_membership": own.colleague.pk,
        "firms_invitation": own.invitation.pk,
        "firms_auditentry": own.entry.pk,
        "questionnaire_clientprofile": own.client.pk,
        "questionnaire_assessment": own.latest.pk,
        "questionnaire_ownership": own.latest.pk,
        "questionnaire_override": own.override.pk,
        "questionnaire_lifeevent": own.event.pk,
        "questionnaire_tombstone": own.tombstone.pk,
        "questionnaire_review": own.review.pk,
        "questionnaire_note": own.note.pk,
        "questionnaire_publishedmodels": own.models.pk,
        "questionnaire_modeldraft": own.firm.pk,
        "import_id": own.price_import.pk,
        "portfolios_priceimport": own.price_import.pk,
        **holdings_of(own),
    }


def holdings_of(own: SimpleNamespace) -> dict[str, Any]:
    return {
        "portfolio_id": own.portfolio.pk,
        "account_id": own.account.pk,
        "holding_id": own.holding.pk,
        "security_id": own.security.pk,
        "paste_id": own.paste.pk,
        "plan_id": own.plan.pk,
        "portfolio_why.what": own.holding.pk,
        "plan_mark.line": first_line(own.plan),
        "portfolio_account_remove.account_id": own.unused.pk,
        "holding_restore.holding_id": own.deleted.pk,
        "portfolio_sample.portfolio_id": own.empty.pk,
        "portfolio_sample_remove.portfolio_id": own.sampled.pk,
        "portfolios_portfolio": own.portfolio.pk,
        "portfolios_account": own.account.pk,
        "portfolios_holding": own.holding.pk,
        "portfolios_security": own.security.pk,
        "portfolios_target": own.target.pk,
        "portfolios_plan": own.plan.pk,
    }


def missing_things(own: dict[str, Any]) -> dict[str, Any]:
    """Of the same kind, but never made."""

    def missing(value: Any) -> Any:
        if isinstance(value, UUID):
            return NEVER_MADE
        return 999_999_999 if isinstance(value, int) else re.sub(r"[^.]", "x", str(value))

    return {name: missing(value) for name, value in own.items()}
