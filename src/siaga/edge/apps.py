"""The edge as a Django app: it carries the words of its few answers to people."""

from django.apps import AppConfig


class EdgeAppConfig(AppConfig):
    """No tables, no subscriptions."""

    name = "siaga.edge"
    label = "edge"
