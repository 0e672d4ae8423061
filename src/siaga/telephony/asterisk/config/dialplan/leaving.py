"""What positions may do: serve the queue, call out within the list, meet in a room. Pure."""

from siaga.telephony import names
from siaga.telephony.asterisk.config.dialplan.lines import context, extension, mark
from siaga.telephony.asterisk.config.dialplan.shared import CALL_OUT
from siaga.telephony.asterisk.config.media import BRIDGE_PROFILE, MEMBER_PROFILE
from siaga.telephony.asterisk.site import Site
from siaga.telephony.names import Mark, Variable
from siaga.telephony.types import PhonePlan

SHORT_NUMBER_DIGITS_MAX = 4
"""A prefix this short that does not begin with 0 is a whole number, such as 113."""


def contexts(plan: PhonePlan, site: Site) -> list[str]:
    """The contexts of positions and of whoever acts for them over AMI."""
    return [_position(plan, site), _callback(plan, site), _room(plan), _listen(plan)]


def patterns(prefix: str) -> tuple[str, ...]:
    """`08` -> `_08XXXXX.`, `113` -> `113`."""
    if len(prefix) <= SHORT_NUMBER_DIGITS_MAX and not prefix.startswith("0"):
        return (prefix,)
    return (f"_{prefix}XXXX.",)


def _position(plan: PhonePlan, site: Site) -> str:
    """Joining the queue by a key needs no Python; everything else goes the way of a call-back."""
    queue = names.queue(plan.region)
    me = "PJSIP/${CHANNEL(endpoint)}"
    return context(
        names.context("position", plan.region),
        extension(
            names.JOIN_QUEUE,
            "Answer()",
            f"AddQueueMember({queue},{me})",
            f"Playback({site.prompt(plan, 'joined')})",
            "Hangup()",
        ),
        extension(
            names.LEAVE_QUEUE,
            "Answer()",
            f"RemoveQueueMember({queue},{me})",
            f"Playback({site.prompt(plan, 'left')})",
            "Hangup()",
        ),
        f"include => {names.context('callback', plan.region)}",
    )


def _callback(plan: PhonePlan, site: Site) -> str:
    """Only what the region's list allows; an E.164 number is dialled as inside the country."""
    here = names.context("callback", plan.region)
    refusal = site.prompt(plan, "not-allowed")
    folder = site.home / "recordings"
    out = (
        f"Gosub({CALL_OUT},s,1({plan.region},${{EXTEN}},{refusal},{folder},{plan.waits.talk}))",
        "Hangup()",
    )
    allowed = dict.fromkeys(one for prefix in plan.dial_allowed for one in patterns(prefix))
    return context(
        here,
        *(extension(pattern, *out) for pattern in allowed),
        extension("_+62XXXX.", f"Goto({here},0${{EXTEN:3}},1)"),
        extension("i", f"Playback({refusal})", "Hangup()"),
    )


def _room(plan: PhonePlan) -> str:
    """Legs are redirected here when a call becomes a conference; each room is its region's own."""
    return context(
        names.context("room", plan.region),
        extension(
            "_X.",
            *mark(Mark.CONFERENCE, room="${EXTEN}"),
            f"ConfBridge({plan.region}-${{EXTEN}},{BRIDGE_PROFILE},{MEMBER_PROFILE})",
            "Hangup()",
        ),
    )


def _listen(plan: PhonePlan) -> str:
    return context(
        names.context("listen", plan.region),
        *(
            extension(mode, "Answer()", f"ChanSpy(${{{Variable.TARGET}}},{options})", "Hangup()")
            for mode, options in names.LISTEN_MODES.items()
        ),
    )
