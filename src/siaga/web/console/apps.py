from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "siaga.web.console"
    label = "web_console"
