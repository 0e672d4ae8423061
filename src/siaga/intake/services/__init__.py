"""The only writes of intake."""

from siaga.intake.services.contacts import (
    add_message,
    call_offered,
    claim,
    correspondents_merged,
    mark_seen,
    message_received,
    open_contact,
    release,
    return_from_silence,
    take_over,
    waited_too_long,
)
from siaga.intake.services.drafts import discard_draft, save_draft
from siaga.intake.services.outcomes import dispose, undo_disposition
from siaga.intake.services.reports import (
    file_report,
    file_web_report,
    mark_answered,
    mark_reopened,
    mark_state,
    refuse,
    update_report,
)

__all__ = [
    "add_message",
    "call_offered",
    "claim",
    "correspondents_merged",
    "discard_draft",
    "dispose",
    "file_report",
    "file_web_report",
    "mark_answered",
    "mark_reopened",
    "mark_seen",
    "mark_state",
    "message_received",
    "open_contact",
    "refuse",
    "release",
    "return_from_silence",
    "save_draft",
    "take_over",
    "undo_disposition",
    "update_report",
    "waited_too_long",
]
