"""What intake does about facts from upstream, and upstream is told about its own."""

from siaga.intake import services
from siaga.intake.events import ContactDisposed, DispositionUndone, ReportReceived
from siaga.intake.services import calls, supervision
from siaga.journal.subscribing import at_once
from siaga.messaging.events import CorrespondentsMerged, MessageReceived
from siaga.telephony.events import CallOffered, NoticeSufficed, RecordingReady, SelfTested

SUBSCRIPTIONS = [
    at_once(CallOffered, services.call_offered),
    at_once(MessageReceived, services.message_received),
    at_once(CorrespondentsMerged, services.correspondents_merged),
    at_once(ContactDisposed, calls.contact_disposed),
    at_once(DispositionUndone, calls.disposition_undone),
    at_once(ReportReceived, calls.report_received),
    at_once(RecordingReady, calls.recording_ready),
    at_once(NoticeSufficed, supervision.notice_sufficed),
    at_once(SelfTested, supervision.self_tested),
]
