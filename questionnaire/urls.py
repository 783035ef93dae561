"""The questionnaire's addresses."""

from django.urls import path, register_converter

from questionnaire.views import (
    asking,
    assigning,
    clients,
    comparing,
    events,
    joining,
    leaving,
    models,
    overriding,
    people,
    questions,
    reminding,
    results,
    reviewing,
    start,
    switching,
)
from riskalloc import methodology


class MethodVersion:
    regex = "|".join(methodology.versions())

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(MethodVersion, "method")

urlpatterns = [
    path("", start.home, name="home"),
    path("start/", start.start, name="start"),
    path("start-again/", start.start_again, name="start_again"),
    path("help/", start.help_page, name="help"),
    path("method/", start.method_page, name="method"),
    path("method/<method:version>/", start.method_page, name="method_version"),
    path("q/check/", questions.check, name="check"),
    path("q/check/keep/", questions.keep, name="keep"),
    path("q/expired/", questions.expired, name="expired"),
    path("q/open/<str:token>/", asking.open_link, name="open_link"),
    path("q/<slug:slug>/", questions.question, name="question"),
    path("r/<slug:public_id>/", results.result, name="result"),
    path("r/<slug:public_id>/calculation.json", results.download, name="download"),
    path("r/<slug:public_id>/save/", people.save_result, name="save_result"),
    path("r/<slug:public_id>/whatif/", results.whatif, name="whatif"),
    path("r/<slug:public_id>/why/<slug:key>/", results.why, name="why"),
    path("arrive/", people.arrive, name="arrive"),
    path("today/", people.today, name="today"),
    path("firm/<uuid:firm_id>/clients/new/", people.new_client, name="client_new"),
    path("c/<uuid:client_id>/", clients.client, name="client"),
    path("c/<uuid:client_id>/edit/", clients.edit, name="client_edit"),
    path("c/<uuid:client_id>/archive/", clients.archive, name="client_archive"),
    path("c/<uuid:client_id>/restore/", clients.restore, name="client_restore"),
    path("c/<uuid:client_id>/household/", clients.household, name="client_household"),
    path(
        "c/<uuid:client_id>/household/<uuid:member_id>/remove/",
        clients.remove_member,
        name="household_remove",
    ),
    path("c/<uuid:client_id>/trail/", clients.trail, name="client_trail"),
    path("c/<uuid:client_id>/start/", asking.start_for, name="client_start"),
    path("c/<uuid:client_id>/invite/", asking.invite, name="client_invite"),
    path("c/<uuid:client_id>/link/", asking.send_link, name="client_link"),
    path(
        "c/<uuid:client_id>/override/<slug:public_id>/", overriding.override, name="client_override"
    ),
    path("c/<uuid:client_id>/review/", reviewing.review, name="client_review"),
    path("c/<uuid:client_id>/notes/", reviewing.notes, name="client_notes"),
    path("firm/<uuid:firm_id>/method/", switching.method, name="firm_method"),
    path("firm/<uuid:firm_id>/models/", models.models, name="models"),
    path("firm/<uuid:firm_id>/models/new/", models.start, name="models_new"),
    path("firm/<uuid:firm_id>/models/draft/", models.draft, name="models_draft"),
    path("firm/<uuid:firm_id>/models/<uuid:models_id>/", models.version, name="models_version"),
    path(
        "firm/<uuid:firm_id>/models/<uuid:models_id>/retire/", models.retire, name="models_retire"
    ),
    path("c/<uuid:client_id>/advisors/", assigning.advisors, name="client_advisors"),
    path("join/<slug:token>/", joining.join, name="join"),
    path("c/deleted/", leaving.deleted, name="client_deleted"),
    path("c/<uuid:client_id>/export.json", leaving.export, name="client_export"),
    path("c/<uuid:client_id>/leave/", leaving.leave, name="client_leave"),
    path("c/<uuid:client_id>/delete/", leaving.delete, name="client_delete"),
    path("firm/<uuid:firm_id>/kept/", leaving.kept, name="firm_kept"),
    path(
        "firm/<uuid:firm_id>/kept/<uuid:tombstone_id>.json",
        leaving.kept_record,
        name="firm_kept_record",
    ),
    path("c/<uuid:client_id>/reminders/", reminding.switch, name="client_reminders"),
    path("unsubscribe/<str:token>/", reminding.unsubscribe, name="unsubscribe"),
    path("c/<uuid:client_id>/events/", events.events, name="events"),
    path("c/<uuid:client_id>/events/<slug:kind>/", events.event, name="event"),
    path("c/<uuid:client_id>/compare/", comparing.compare, name="compare"),
]
