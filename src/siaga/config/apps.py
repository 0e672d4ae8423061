"""The composition as a Django app: it carries the management commands of the whole."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """No tables, no subscriptions; only commands."""

    name = "siaga.config"
    label = "siaga_config"
