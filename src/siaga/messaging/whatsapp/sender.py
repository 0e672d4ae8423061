"""What the channel says of itself to the rest of the room."""

from siaga.kernel.types import Channel
from siaga.messaging import channels
from siaga.messaging.whatsapp.account import account

channels.register(Channel.WHATSAPP, lambda region_id: account(region_id) is not None)
