"""Where prices come in for a whole firm."""

from django.urls import path

from portfolios.advisors import prices

urlpatterns = [
    path("a/prices/", prices.prices, name="desk_prices"),
    path("a/prices/<uuid:import_id>/", prices.price_import, name="desk_price_import"),
    path("a/prices/<uuid:import_id>/undo/", prices.undo, name="desk_prices_undo"),
]
