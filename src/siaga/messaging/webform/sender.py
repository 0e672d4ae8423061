"""What the channel says of itself to the rest of the room: written is shown, everywhere."""

from siaga.kernel.types import Channel
from siaga.messaging import channels

channels.register(Channel.WEB, lambda region_id: True)
