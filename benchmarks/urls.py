"""The product's addresses, and the floors beside them."""

from django.urls import include, path

from benchmarks.floors import floor
from benchmarks.saving_floor import saving
from riskalloc import urls as product

urlpatterns = [
    path("floor/<slug:name>/", floor, name="floor"),  # first: in DEBUG the product takes the rest
    path(
        "floor/saving/<uuid:portfolio_id>/<uuid:holding_id>/<int:size>/",
        saving,
        name="floor_saving",
    ),
    path("", include("riskalloc.urls")),
]

handler400 = product.handler400
handler403 = product.handler403
handler404 = product.handler404
handler500 = product.handler500
