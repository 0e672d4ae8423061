"""What is heard and how it travels: RTP, music, conference rooms, keys while talking. Pure."""

from collections.abc import Sequence

from siaga.telephony import names
from siaga.telephony.asterisk.site import LOOPBACK, Site
from siaga.telephony.names import Mark
from siaga.telephony.types import PhonePlan

CANNOT_SPEAK_FEATURE = "cannotspeak"
BRIDGE_PROFILE, MEMBER_PROFILE = "siaga_room", "siaga_member"
ROOM_MEMBERS_MAX = 8


def files(plans: Sequence[PhonePlan], site: Site) -> dict[str, str]:
    """The files about sound."""
    return {
        "rtp.conf": _rtp(site),
        "musiconhold.conf": _music(plans, site),
        "confbridge.conf": _rooms(),
        "features.conf": _features(),
    }


def day_part(plan: PhonePlan, index: int) -> str:
    """`0400`: the name of a greeting."""
    return plan.greetings[index].starts.strftime("%H%M")


def _rtp(site: Site) -> str:
    lines = [
        "[general]",
        f"rtpstart = {site.ports.rtp_first}",
        f"rtpend = {site.ports.rtp_last}",
        "strictrtp = yes",
        "icesupport = yes",
    ]
    if site.address.startswith("127.") and site.own_address:
        # Asterisk never offers loopback as a candidate; on loopback alone it has to.
        lines += ["[ice_host_candidates]", f"{site.own_address} => {LOOPBACK}"]
    return "\n".join(lines)


def _music(plans: Sequence[PhonePlan], site: Site) -> str:
    classes = [("default", site.home / "music" / "none")]
    for plan in plans:
        folder = site.home / "music" / plan.region
        classes.append((names.music(plan.region), folder / "waiting"))
        for index in range(len(plan.greetings)):
            part = day_part(plan, index)
            classes.append((names.music(plan.region, part), folder / part))
    sections = [
        f"[{name}]\nmode = files\nsort = alpha\ndirectory = {folder}" for name, folder in classes
    ]
    return "\n".join(["[general]", *sections])


def _rooms() -> str:
    return f"""
[general]
[{BRIDGE_PROFILE}]
type = bridge
max_members = {ROOM_MEMBERS_MAX}
[{MEMBER_PROFILE}]
type = user
quiet = yes
announce_only_user = no
music_on_hold_when_empty = no
"""


def _features() -> str:
    # The caller presses 5 5 while talking: it is only marked, nothing else is touched.
    return f"""
[general]
[featuremap]
[applicationmap]
{CANNOT_SPEAK_FEATURE} => 55,self/caller,CELGenUserEvent,"{Mark.CANNOT_SPEAK},where=talk"
"""
