"""What telephony does about its own facts."""

from siaga.journal.subscribing import at_once
from siaga.telephony.callbacks import services as callbacks
from siaga.telephony.events import CallAnswered, CallEnded
from siaga.telephony.recordings import services as recordings

SUBSCRIPTIONS = [
    at_once(CallEnded, recordings.expect),
    at_once(CallAnswered, callbacks.call_answered),
    at_once(CallEnded, callbacks.call_ended),
]
