from django.apps import AppConfig


class SharedConfig(AppConfig):
    name = "siaga.web.shared"
    label = "web_shared"
