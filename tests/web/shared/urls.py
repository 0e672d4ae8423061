"""The shared pages and the sign-in, without any face."""

from django.urls import include, path

urlpatterns = [
    path("", include("siaga.web.accounts.urls")),
    path("", include("siaga.web.shared.urls")),
]
