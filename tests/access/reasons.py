"""Mutants that the matrix does not kill: the check that doubles them, or why nothing could be seen.

A doubled mutant has to be killed together with its doubles, by a fault that they alone do not make. One that
changes nothing that any page does is not counted; any other that survives counts against the goal.
"""

from tests.access import (
    reasons_desk as of_desk,
    reasons_portfolios as of_portfolios,
    reasons_work as of_work,
)

MODELS, VIEWS = "riskalloc/firms/models", "riskalloc/firms/views"
MEMBERS, OF_DESKS, ENTRIES = (
    f"{MODELS}/firms.py MembershipQuerySet",
    f"{MODELS}/invitations.py InvitationQuerySet",
    f"{MODELS}/trail.py AuditEntryQuerySet",
)
OF_MEMBER = (
    f"{VIEWS}/members.py member_of_own_firm: "
    "get_object_or_404(members, firm=firm, pk=membership_id) without firm"
)
OF_INVITATION = (
    f"{VIEWS}/invitations.py invitation_of_own_firm: "
    "get_object_or_404(invitations, firm=firm, pk=invitation_id) without firm"
)
ITS_FIRM = f"{VIEWS}/invitations.py invitation_of_own_firm: Firm.objects.owned_by(request.user)"
ITS_INVITATION = (
    f"{VIEWS}/invitations.py invitation_of_own_firm: "
    "Invitation.objects.visible_to(request.user) → everybody's"
)
OF_TRAIL = f"{VIEWS}/trail.py show: filter(firm=firm) without firm"
TRAIL_OF_OWNED = f"{VIEWS}/trail.py show: Firm.objects.owned_by(request.user) → visible_to"
LEAVING_FIRM = f"{VIEWS}/members.py leave: Firm.objects.visible_to(request.user) → everybody's"
LEAVING_DESK = (
    f"{VIEWS}/members.py leave: Membership.objects.visible_to(request.user) → everybody's"
)
OWNED = "filter(firm__in=Firm.objects.owned_by(user))"
AT_DESKS = "role__in=AT_THE_DESK"
CLIENTS = "questionnaire/models/clients.py"
OF_CLIENT = f"{CLIENTS} OfClientQuerySet"
OF_HOUSEHOLD = (
    "questionnaire/views/clients.py remove_member: "
    "get_object_or_404(members, pk=member_id, client=found) without client"
)
KEPT = "questionnaire/views/leaving.py kept: "
OF_PERSON = "filter(membership__user=user, membership__role=Role.CLIENT)"
MAY_ADD = "filter(user=request.user.pk, role__in=CHANGES_CLIENTS) without user"

DOUBLES: dict[str, tuple[str, ...]] = {
    f"{MEMBERS}.visible_to: filter(firm__in=Firm.objects.visible_to(user), {AT_DESKS}) without firm__in": (
        OF_MEMBER,
    ),
    f"{MEMBERS}.visible_to: Firm.objects.visible_to(user) → everybody's": (OF_MEMBER,),
    f"{OF_DESKS}.visible_to: filter(firm__in=Firm.objects.owned_by(user), {AT_DESKS}) without firm__in": (
        OF_INVITATION,
    ),
    f"{OF_DESKS}.visible_to: Firm.objects.owned_by(user) → everybody's": (OF_INVITATION,),
    f"{OF_DESKS}.visible_to: Firm.objects.owned_by(user) → visible_to": (
        f"{ITS_FIRM} → visible_to",
    ),
    f"{ITS_FIRM} → everybody's": (ITS_INVITATION,),
    f"{ITS_FIRM} → visible_to": (ITS_INVITATION,),
    f"{ENTRIES}.visible_to: {OWNED} without firm__in": (OF_TRAIL,),
    f"{ENTRIES}.visible_to: Firm.objects.owned_by(user) → everybody's": (OF_TRAIL,),
    f"{ENTRIES}.visible_to: Firm.objects.owned_by(user) → visible_to": (TRAIL_OF_OWNED,),
    f"{VIEWS}/trail.py show: AuditEntry.objects.visible_to(request.user) → everybody's": (
        OF_TRAIL,
    ),
    LEAVING_FIRM: (LEAVING_DESK,),
    LEAVING_DESK: (LEAVING_FIRM,),
    f"{CLIENTS} ClientProfileQuerySet.of_user: self.visible_to(user) → everybody's": (
        f"{CLIENTS} ClientProfileQuerySet.of_user: {OF_PERSON} without membership__user",
    ),
    f"{OF_CLIENT}.visible_to: filter(client__in=ClientProfile.objects.visible_to(user).values('pk'))"
    " without client__in": (OF_HOUSEHOLD,),
    f"{CLIENTS} OfClientQuerySet.visible_to: ClientProfile.objects.visible_to(user) → everybody's": (
        OF_HOUSEHOLD,
    ),
    "questionnaire/views/clients.py remove_member: "
    "HouseholdMember.objects.visible_to(request.user) → everybody's": (OF_HOUSEHOLD,),
    "questionnaire/views/asking.py invite: "
    "ClientProfile.objects.managed_by(request.user) → changeable_by": (
        "questionnaire/views/asking.py invite: filter(membership=None) without membership",
    ),
    f"{KEPT}Tombstone.objects.visible_to(request.user) → everybody's": (
        f"{KEPT}filter(firm=firm) without firm",
    ),
    "questionnaire/views/people.py may_add: Membership.objects.visible_to(request.user) → everybody's": (
        f"questionnaire/views/people.py may_add: {MAY_ADD}",
    ),
}
DOUBLES |= of_portfolios.DOUBLES | of_desk.DOUBLES | of_work.DOUBLES

NO_PAGE = "no page runs it: a command or a task, with tests of its own"
ONLY_CLIENTS = "only a client's membership has a profile"
OF_VISIBLE = "of this client, who was found as visible before"
OVERRIDING = "questionnaire/views/overriding.py override: "
EVENTS = "questionnaire/views/events.py recorded_before: "

CHANGE_NOTHING: dict[str, str] = {
    "riskalloc/firms/accounts/adapter.py MfaAdapter.generate_authenticator_name: "
    "filter(user=user, type=type) without user": "it numbers the name of a new key",
    "riskalloc/firms/verification.py rows: filter(firm_id=firm) without firm_id": NO_PAGE,
    "questionnaire/models/assessments.py AssessmentQuerySet.expired: filter(ownership__isnull=True, "
    "created_at__lte=timezone.now() - timedelta(days=settings.RESULT_DAYS))"
    " without ownership__isnull": NO_PAGE,
    "questionnaire/services/owning.py claim: Assessment.objects.live() → everybody's": (
        "what has an owner stays with its owner, whoever claims it: tests/questionnaire/test_owning.py"
    ),
    f"{CLIENTS} ClientProfileQuerySet.visible_to: filter(role=Role.CLIENT) without role": ONLY_CLIENTS,
    f"{CLIENTS} ClientProfileQuerySet.of_user: {OF_PERSON} without membership__role": ONLY_CLIENTS,
    "questionnaire/views/leaving.py deletable_by: "
    "Q(membership__user=user.pk, membership__role=Role.CLIENT) without membership__role": ONLY_CLIENTS,
    f"{OVERRIDING}Assessment.objects.visible_to(request.user) → everybody's": OF_VISIBLE,
    f"{EVENTS}LifeEvent.objects.visible_to(request.user) → everybody's": OF_VISIBLE,
}

REASONS: dict[str, str] = {
    "riskalloc/firms/staff.py StaffSite.has_permission: standing.has_second_step → True": (
        "the middleware has sent them away before; tests/staff asks the site without it"
    ),
    "riskalloc/firms/admin.py UserAdmin.save_model: filter(user=obj) without user": (
        "more people would have to sign in again, and nobody would see anything"
    ),
    "riskalloc/firms/admin.py FirmAdmin.get_search_results: filter(is_personal=False)"
    " without is_personal": "tests/staff searches for the firm of one person",
    f"{EVENTS}filter(client=client, pk=form.cleaned_data['event_id'], kind=asking.event.code)"
    " without client": "visible_to stands before it, and all answers have to be the same",
    "questionnaire/views/leaving.py show_delete: exclude(firm=client.firm) without firm": (
        "a record of the same firm, named a second time to the client whom it is about"
    ),
}
CHANGE_NOTHING |= of_portfolios.CHANGE_NOTHING | of_desk.CHANGE_NOTHING | of_work.CHANGE_NOTHING
REASONS |= of_portfolios.REASONS | of_work.REASONS
