"""The control face as a Django app."""

from django.apps import AppConfig


class ControlConfig(AppConfig):
    """What needs a person, the journal, the registers, people, profile, desks, health."""

    name = "siaga.web.control"
    label = "web_control"
