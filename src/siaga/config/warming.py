"""What the first page after a start would wait for is made ready while nobody waits."""

import logging
import time
from pathlib import Path

from django.apps import apps
from django.template import TemplateSyntaxError, loader
from django.urls import get_resolver

_log = logging.getLogger("siaga.serve")


def warm() -> None:
    """Load the addresses with their views, and every template of ours."""
    began = time.monotonic()
    _ = get_resolver().url_patterns
    names = _template_names()
    for name in names:
        try:
            loader.get_template(name)
        except TemplateSyntaxError:
            # Whoever opens that page is told; the others are not to wait for it.
            _log.exception("template_broken name=%s", name)
    _log.info("warm templates=%s seconds=%.1f", len(names), time.monotonic() - began)


def _template_names() -> list[str]:
    folders = [Path(app.path) / "templates" for app in apps.get_app_configs()]
    return [
        path.relative_to(folder).as_posix()
        for folder in folders
        if "siaga" in folder.parts
        for path in sorted(folder.rglob("*.html"))
    ]
