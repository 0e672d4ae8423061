"""What intake does about facts from upstream."""

from siaga.intake import services
from siaga.journal.subscribing import at_once
from siaga.messaging.events import CorrespondentsMerged, MessageReceived
from siaga.telephony.events import CallOffered

SUBSCRIPTIONS = [
    at_once(CallOffered, services.call_offered),
    at_once(MessageReceived, services.message_received),
    at_once(CorrespondentsMerged, services.correspondents_merged),
]
