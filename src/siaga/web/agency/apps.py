"""The officer's face as a Django app."""

from django.apps import AppConfig


class AgencyConfig(AppConfig):
    """Assignments of one agency."""

    name = "siaga.web.agency"
    label = "web_agency"
