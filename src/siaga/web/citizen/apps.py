"""The citizen's face as a Django app."""

from django.apps import AppConfig


class CitizenConfig(AppConfig):
    """Public pages only."""

    name = "siaga.web.citizen"
    label = "web_citizen"
