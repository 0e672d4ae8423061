"""The console with what it links to: the door, the shared addresses and the citizen's page."""

from django.urls import include, path

urlpatterns = [
    path("", include(f"siaga.web.{face}.urls"))
    for face in ("accounts", "shared", "console", "citizen")
]
handler404 = "siaga.web.shared.errors.not_found"
