"""What a browser calls itself, as a person would say it."""

from django.utils.translation import gettext as _

# The first match counts: every browser also claims to be its ancestors.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def describe(agent: str) -> str:
    """Such as ``Chrome, Android``; what cannot be told is called an unknown device."""
    found = [
        next((name for mark, name in table if mark in agent), None)
        for table in (_BROWSERS, _SYSTEMS)
    ]
    known = [name for name in found if name]
    return ", ".join(known) if known else _("Unknown device")
