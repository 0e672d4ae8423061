"""The API as a Django app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """No templates: it speaks JSON."""

    name = "siaga.web.api"
    label = "web_api"
