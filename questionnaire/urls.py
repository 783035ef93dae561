"""The questionnaire's addresses."""

from django.urls import path, register_converter

from questionnaire.views import questions, results, start
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
    path("q/<slug:slug>/", questions.question, name="question"),
    path("r/<slug:public_id>/", results.result, name="result"),
    path("r/<slug:public_id>/calculation.json", results.download, name="download"),
    path("r/<slug:public_id>/whatif/", results.whatif, name="whatif"),
    path("r/<slug:public_id>/why/<slug:key>/", results.why, name="why"),
]
