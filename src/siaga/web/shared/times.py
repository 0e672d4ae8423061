"""Time as people read it: spans that run, and moments in the region's own zone."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

ZONE_LABELS = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}
MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def zone_label() -> str:
    """WIB, WITA or WIT for the zone in force; otherwise the zone's own name."""
    name = timezone.get_current_timezone_name()
    return ZONE_LABELS.get(name, name)


def span(seconds: float) -> str:
    """A running length of time: 4:07, 2 j 05 m, 3 hr. `islands/clock` writes the same."""
    whole = int(abs(seconds))
    if whole < HOUR:
        return f"{whole // MINUTE}:{whole % MINUTE:02d}"
    if whole < DAY:
        hours, minutes = whole // HOUR, whole % HOUR // MINUTE
        return _("%(hours)d h %(minutes)02d m") % {"hours": hours, "minutes": minutes}
    return _("%(days)d d") % {"days": whole // DAY}


def clock_time(moment: datetime) -> str:
    """21.40: the hour and minute in the region's zone, as Indonesia writes it."""
    return date_format(timezone.localtime(moment), "H.i")


def moment_text(moment: datetime, now: datetime) -> str:
    """Today: 21.40. This year: 21 Nov 21.40. Else with the year."""
    local, today = timezone.localtime(moment), timezone.localtime(now)
    if local.date() == today.date():
        return date_format(local, "H.i")
    if local.year == today.year:
        return date_format(local, "j M H.i")
    return date_format(local, "j M Y H.i")


def clock_state(since: datetime, due: datetime | None, soon: int | None, now: datetime) -> str:
    """run, soon (the last quarter, or the last `soon` seconds) or late."""
    if due is None:
        return "run"
    if now >= due:
        return "late"
    left = (due - now).total_seconds()
    return "soon" if left <= soon_seconds(since, due, soon) else "run"


def soon_seconds(since: datetime, due: datetime, soon: int | None) -> float:
    """How long before it is due a clock begins to warn."""
    if soon is not None:
        return soon
    return max((due - since) / timedelta(seconds=1) / 4, 0)
