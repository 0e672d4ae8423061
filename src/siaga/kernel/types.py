"""Words that every room shares."""

from enum import StrEnum
from typing import NewType

RegionId = NewType("RegionId", str)
"""The folder name of a region's profile; also the key of every row."""

LANGUAGES = ("id", "en")


class Channel(StrEnum):
    """The door by which somebody approached the centre."""

    PHONE = "phone"
    WHATSAPP = "whatsapp"
    WEB = "web"
    INSTAGRAM = "instagram"
    X = "x"
    TELEGRAM = "telegram"
    WALK_IN = "walk_in"


class Urgency(StrEnum):
    """P1 life threat now, P2 may worsen, P3 a unit today, P4 service complaint, P5 information."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"
    P5 = "P5"

    @property
    def rank(self) -> int:
        """1 for the most urgent, 5 for the least."""
        return int(self.value[1])
