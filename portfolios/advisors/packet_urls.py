"""Where the review packet is."""

from django.urls import path

from portfolios.advisors import packet

urlpatterns = [
    path("a/clients/<uuid:client_id>/packet/", packet.packet, name="desk_packet"),
]
