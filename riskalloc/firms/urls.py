"""The addresses of firms and who belongs to them."""

from django.urls import path

from riskalloc.firms.views import firm, invitations, jobs, members, trail

urlpatterns = [
    path("firm/new/", firm.new, name="firm_new"),
    path("firm/<uuid:firm_id>/", firm.show, name="firm"),
    path("firm/<uuid:firm_id>/trail/", trail.show, name="firm_trail"),
    path("firm/<uuid:firm_id>/settings/", firm.settle, name="firm_settings"),
    path("firm/<uuid:firm_id>/leave/", members.leave, name="firm_leave"),
    path("firm/<uuid:firm_id>/invite/", invitations.invite, name="firm_invite"),
    path(
        "firm/<uuid:firm_id>/invitations/<uuid:invitation_id>/withdraw/",
        invitations.withdraw,
        name="invitation_withdraw",
    ),
    path(
        "firm/<uuid:firm_id>/invitations/<uuid:invitation_id>/resend/",
        invitations.resend,
        name="invitation_resend",
    ),
    path("firm/<uuid:firm_id>/members/<uuid:membership_id>/", members.change, name="member"),
    path(
        "firm/<uuid:firm_id>/members/<uuid:membership_id>/remove/",
        members.remove,
        name="member_remove",
    ),
    path("jobs/", jobs.index, name="jobs"),
    path("jobs/<uuid:job_id>/", jobs.show, name="job"),
    path("jobs/<uuid:job_id>/cancel/", jobs.cancel, name="job_cancel"),
    path("jobs/<uuid:job_id>/resume/", jobs.resume, name="job_resume"),
    path("jobs/<uuid:job_id>/again/", jobs.again, name="job_again"),
]
