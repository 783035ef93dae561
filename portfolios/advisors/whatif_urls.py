"""Where a whole book is asked what would happen."""

from django.urls import path

from portfolios.advisors import whatif

urlpatterns = [path("a/whatif/", whatif.what_if, name="desk_whatif")]
