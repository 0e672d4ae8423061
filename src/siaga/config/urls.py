"""Every address of the pages. Raw doors (webhooks, live streams, health) belong to the edge."""

from importlib.util import find_spec

from django.urls import include, path

urlpatterns = [
    path("", include("siaga.web.accounts.urls")),
    path("", include("siaga.web.shared.urls")),
    *(
        path("", include(f"siaga.web.{face}.urls"))
        for face in ("api", "console", "agency", "control", "citizen")
        if find_spec(f"siaga.web.{face}") and find_spec(f"siaga.web.{face}.urls")
    ),
]
handler400 = "siaga.web.shared.errors.bad_request"
handler403 = "siaga.web.shared.errors.forbidden"
handler404 = "siaga.web.shared.errors.not_found"
handler500 = "siaga.web.shared.errors.server_error"
