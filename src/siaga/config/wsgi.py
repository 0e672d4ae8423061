"""Django's WSGI application: the pages."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "siaga.config.settings")
application = get_wsgi_application()

# After the applications are loaded: the health page shows what these examine.
import_module("siaga.config.doctor")
