"""The doors."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path

from riskalloc.api.views import api
from riskalloc.firms.staff import site
from riskalloc.web.errors import not_found

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("questionnaire.urls")),
    path("", include("portfolios.urls")),
    path("", include("portfolios.advisors.urls")),
    path("", include("portfolios.advisors.whatif_urls")),
    path("", include("portfolios.advisors.packet_urls")),
    path("", include("portfolios.advisors.prices_urls")),
    path("", include("riskalloc.firms.urls")),
    path("api/v1/", api.urls),
    path("account/", include("riskalloc.firms.accounts.urls")),
    path("staff/", site.urls),
]

if settings.DEBUG:  # where Django would answer with a page about the code
    urlpatterns.append(re_path(r"^.*/$", not_found))

handler400 = "riskalloc.web.errors.bad_request"
handler403 = "riskalloc.web.errors.not_found"
handler404 = "riskalloc.web.errors.not_found"
handler429 = "riskalloc.firms.accounts.adapter.too_many_tries"  # allauth asks for it
handler500 = "riskalloc.web.errors.server_error"
