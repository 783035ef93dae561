"""The doors."""

from django.urls import include, path

from riskalloc.api.views import api

urlpatterns = [
    path("", include("questionnaire.urls")),
    path("api/v1/", api.urls),
]

handler400 = "riskalloc.web.errors.bad_request"
handler403 = "riskalloc.web.errors.not_found"
handler404 = "riskalloc.web.errors.not_found"
handler500 = "riskalloc.web.errors.server_error"
