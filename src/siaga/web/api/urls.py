"""The addresses of the API."""

from django.urls import path

from siaga.web.api.app import api

urlpatterns = [path("api/v1/", api.urls)]
