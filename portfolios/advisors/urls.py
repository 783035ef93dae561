"""The desk's addresses."""

from django.urls import path

from portfolios.advisors import bulk_views, demo_views, morning_views, views

urlpatterns = [
    path("a/", morning_views.morning, name="desk"),
    path("a/assets/", morning_views.assets, name="desk_assets"),
    path("a/clients/", views.client_list, name="desk_clients"),
    path("a/clients/chosen/", bulk_views.chosen, name="desk_chosen"),
    path("a/demo/", demo_views.load, name="desk_demo"),
    path("a/demo/remove/", demo_views.remove, name="desk_demo_remove"),
    path("a/filters/save/", views.save, name="filter_save"),
    path("a/filters/<uuid:filter_id>/", views.rename, name="filter_rename"),
    path("a/filters/<uuid:filter_id>/delete/", views.delete, name="filter_delete"),
    path("clients/", views.old_list, name="clients"),
]
