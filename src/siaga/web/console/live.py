"""Which facts make which part of the screen look again: htmx triggers, named once."""

from types import MappingProxyType

# The live island tells several facts in one breath; all of them together are one reason to look.
# A longer pause would begin anew with every fact, and a busy hour would never show.
_PAUSE = "delay:1ms"

WAITING_FACTS = (
    "intake.contact_opened",
    "intake.contact_message_added",
    "intake.contact_claimed",
    "intake.contact_taken_over",
    "intake.contact_released",
    "intake.contact_disposed",
    "intake.disposition_undone",
    "intake.contact_waits_long",
    "intake.report_completed",
    "intake.report_refused",
    "triage.incident_opened",
    "triage.status_changed",
    "triage.urgency_raised",
    "triage.report_joined",
    "triage.report_unjoined",
    "dispatch.assignment_sent",
    "dispatch.assignment_declined",
    "dispatch.assignment_acknowledged",
    "dispatch.supervisor_alarmed",
    "followup.incident_reopened",
    "messaging.delivery_failed",
)
BOARD_FACTS = (
    "triage.incident_opened",
    "triage.incident_changed",
    "triage.status_changed",
    "triage.truth_settled",
    "triage.urgency_raised",
    "dispatch.assignment_sent",
    "dispatch.assignment_acknowledged",
    "dispatch.assignment_declined",
    "dispatch.assignment_advanced",
    "dispatch.assignment_done",
    "dispatch.assignment_withdrawn",
    "dispatch.supervisor_alarmed",
)
CALLBACK_FACTS = (
    "telephony.callback_wanted",
    "telephony.callback_tried",
    "telephony.callback_settled",
    "telephony.callback_reopened",
)
MAP_FACTS = (
    "triage.incident_opened",
    "triage.incident_changed",
    "triage.status_changed",
    "triage.urgency_raised",
)


def _heard(facts: tuple[str, ...], *more: str) -> str:
    return ", ".join([*(f"siaga:{name} from:body {_PAUSE}" for name in facts), *more])


RESYNC = "siaga:resync from:body"
# One's own deed shows at once; it does not wait for the stream to bring it back.
ROWS = "siaga:rows-wanted from:body"

HEARD = MappingProxyType(
    {
        "waiting": _heard(WAITING_FACTS, RESYNC, ROWS),
        "board": _heard(BOARD_FACTS, RESYNC, ROWS),
        "callbacks": _heard(CALLBACK_FACTS, RESYNC, ROWS),
        # Somebody who wrote to us may have been called back: seldom, so it is looked for at once.
        "recording": _heard(("telephony.recording_ready",), "load"),
        # Fires on an element that carries the id in data-live-subject.
        "subject": f"siaga:subject {_PAUSE}, {RESYNC}",
        "phone": f"siaga:phone from:body {_PAUSE}, {RESYNC}",
        "map": " ".join(f"siaga:{name}" for name in MAP_FACTS),
    }
)
"""Handed to every template of this face."""
