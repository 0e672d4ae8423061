"""What every page is told: theme, languages, the server's time and the islands' words."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from siaga.kernel import clock
from siaga.web.shared.times import zone_label
from siaga.web.shared.words import island_words

THEME_COOKIE = "siaga_theme"
DESKS = ("/console/", "/board/")
THEMES = ("light", "dark", "system", "shift")
NIGHT_FROM, NIGHT_TO = 18, 6


@dataclass(frozen=True, slots=True)
class Language:
    code: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Interface:
    """The page's own settings, called `ui` in templates."""

    theme_choice: str
    theme: str
    now: datetime
    zone: str
    utc_offset_minutes: int
    languages: tuple[Language, ...]


def shell(request: HttpRequest) -> dict[str, object]:
    """Context processor: `ui` and `ui_words` for base.html."""
    now = clock.now()
    choice = theme_choice(request)
    offset = timezone.localtime(now).utcoffset()
    ui = Interface(
        theme_choice=choice,
        theme=theme_shown(choice, now),
        now=now,
        zone=zone_label(),
        utc_offset_minutes=int(offset.total_seconds() // 60) if offset else 0,
        languages=languages(),
    )
    return {
        "ui": ui,
        "ui_words": island_words(),
        "lock_idle_seconds": getattr(settings, "SIAGA_IDLE_LOCK_SECONDS", 900),
    }


def theme_choice(request: HttpRequest) -> str:
    """What this browser chose; without a choice the desk follows the shift, others the system."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    if chosen in THEMES:
        return chosen
    return "shift" if any(desk in request.path for desk in DESKS) else "system"


def theme_shown(choice: str, now: datetime) -> str:
    """light, dark, or auto when the browser decides."""
    if choice == "shift":
        hour = timezone.localtime(now).hour
        return "dark" if hour >= NIGHT_FROM or hour < NIGHT_TO else "light"
    return "auto" if choice == "system" else choice


def languages() -> tuple[Language, ...]:
    active = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    names = {"id": "Bahasa Indonesia", "en": "English"}
    return tuple(Language(code, name, code == active) for code, name in names.items())
