"""The sentences the browser islands say, in the reader's language."""

from django.utils.translation import gettext as _


def island_words() -> dict[str, str]:
    """Handed to the page as JSON; keys are read by `frontend/lib/words.ts`."""
    return {
        "add_file": _("Choose a file"),
        "alarm_p1": _("New life-threatening report"),
        "close": _("Close"),
        "clock_days": _("{days} d"),
        "clock_hours": _("{hours} h {minutes} m"),
        "clock_late": _("late {span}"),
        "draft_device": _("Kept on this device only"),
        "draft_restored": _("Your unfinished text is back."),
        "draft_saved": _("Draft saved"),
        "draft_saving": _("Saving …"),
        "draft_unreachable": _("Server unreachable: kept on this device"),
        "failed": _("That did not work ({status}). Nothing was changed; try again."),
        "file_too_large": _("{name} is too large ({size} MB, at most {limit} MB)."),
        "forbidden": _("You may not do this, or you are no longer signed in."),
        "live_back": _("Live updates are back."),
        "live_down": _("Live updates are down. What you see may be old."),
        "map_failed": _("The map cannot be shown on this device. The list beside it has the same."),
        "map_incident": _("{urgency}, {title}"),
        "map_pin": _("Place of the report"),
        "map_pin_set": _("Place set: {lat}, {lng}"),
        "map_pin_near": _("Place set near {name}: {lat}, {lng}"),
        "no_match": _("Nothing found. Try fewer letters."),
        "outbox_many": _("{count} actions not yet sent"),
        "outbox_one": _("1 action not yet sent"),
        "outbox_refused": _("The server refused a kept action: {reason}"),
        "outbox_sign_in": _("Sign in again: what is not yet sent is kept on this device."),
        "outbox_sent": _("Everything has been sent."),
        "position_denied": _("Your position is not available. Put the pin on the map instead."),
        "position_found": _("Position found, accurate to about {metres} m."),
        "position_looking": _("Looking for your position …"),
        "remove_file": _("Remove {name}"),
        "results": _("{count} suggestions"),
        "searching": _("Searching …"),
        "shortcut_help": _("Show keyboard shortcuts"),
        "sound_allow": _("Allow the alarm sound"),
        "sound_ask": _("The alarm is silent until you allow sound on this page."),
        "sound_on": _("Alarm sound is on."),
        "undo": _("Undo"),
        "undone": _("Undone."),
        "unreachable": _("The server cannot be reached. Nothing was sent."),
    }
