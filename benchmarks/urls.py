"""The product's addresses, and the floors beside them."""

from django.urls import include, path

from benchmarks.floors import floor
from riskalloc import urls as product

urlpatterns = [
    path("", include("riskalloc.urls")),
    path("floor/<slug:name>/", floor, name="floor"),
]

handler400 = product.handler400
handler403 = product.handler403
handler404 = product.handler404
handler500 = product.handler500
