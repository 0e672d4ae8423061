"""Every address of the pages. Raw doors (webhooks, live streams, health) belong to the edge."""

from django.urls import include, path

urlpatterns = [
    path("", include("siaga.web.accounts.urls")),
    path("", include("siaga.web.shared.urls")),
    path("", include("siaga.web.api.urls")),
    path("", include("siaga.web.console.urls")),
    path("", include("siaga.web.agency.urls")),
    path("", include("siaga.web.control.urls")),
    path("", include("siaga.web.citizen.urls")),
]
handler400 = "siaga.web.shared.errors.bad_request"
handler403 = "siaga.web.shared.errors.forbidden"
handler404 = "siaga.web.shared.errors.not_found"
handler500 = "siaga.web.shared.errors.server_error"
