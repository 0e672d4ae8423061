"""What telephony does about its own facts."""

from siaga.journal.subscribing import at_once
from siaga.telephony.events import CallEnded
from siaga.telephony.recordings import services as recordings

SUBSCRIPTIONS = [at_once(CallEnded, recordings.expect)]
