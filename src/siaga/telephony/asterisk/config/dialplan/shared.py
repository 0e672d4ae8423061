"""What no region owns: the end of a call, the legs of positions, addresses of several trunks."""

from collections.abc import Sequence

from siaga.telephony import names
from siaga.telephony.asterisk.config.dialplan.lines import (
    context,
    extension,
    jump,
    mark,
    same,
    when,
)
from siaga.telephony.asterisk.config.endpoints import SHARED_TRUNK, shared_addresses
from siaga.telephony.names import Mark, Variable
from siaga.telephony.types import PhonePlan

CALL_ENDED, LEG_BEGINS, LEG_ENDED, CALL_OUT, CALLED_LEG = (
    "call-ended",
    "position-leg",
    "position-leg-ended",
    "call-out",
    "called-leg",
)
CALLS_OUT_MAX = 20
"""Calls a region may have out of the house at once: what a stolen password could cost."""
RING_OUT_SECONDS = 45
NUMBER_DIGITS_MAX = 15


def contexts(plans: Sequence[PhonePlan]) -> list[str]:
    """The contexts that all regions use."""
    parts = [_call_ended(), *_legs(), _call_out(), _called_leg()]
    if shared_addresses(plans):
        trunks = [f"include => {names.context('trunk', plan.region)}" for plan in plans]
        parts.append(context(SHARED_TRUNK, *trunks))
    return parts


def _call_ended() -> str:
    reason, unknown = Variable.REASON, same(Variable.REASON, "")
    return context(
        CALL_ENDED,
        extension(
            "s",
            when(f'{unknown} & "${{MEMBERINTERFACE}}" != ""', f"Set({reason}=answered)"),
            when(
                f"{same(reason, '')} & {same('DIALSTATUS', 'ANSWER')}", f"Set({reason}=overflowed)"
            ),
            when(same(reason, ""), f"Set({reason}=abandoned)"),
            *mark(Mark.ENDED, reason=f"${{{reason}}}"),
            "Return()",
        ),
    )


def _legs() -> list[str]:
    """A position's leg tells the caller's channel why it ended, if that is still there.

    The queue's own options hide it: `C` turns a normal end into another cause, and the caller's
    channel shows "normal" for a browser that died.
    """
    caller = f"${{{Variable.CALLER}}}"
    return [
        context(
            LEG_BEGINS,
            extension(
                "s",
                f"Set(CHANNEL(hangup_handler_push)={LEG_ENDED},s,1)",
                _header(names.LINKED_HEADER, "${CHANNEL(linkedid)}"),
                _header(names.NUMBER_HEADER, f"${{{Variable.NUMBER}}}"),
                when(same(Variable.CANNOT_SPEAK, "1"), _header(names.CANNOT_SPEAK_HEADER, "1")),
                "Return()",
            ),
        ),
        context(
            LEG_ENDED,
            extension(
                "s",
                when(
                    f"${{CHANNEL_EXISTS({caller})}}",
                    f"Set(SHARED({Variable.CAUSE},{caller})=${{HANGUPCAUSE}})",
                ),
                "Return()",
            ),
        ),
    ]


def _header(name: str, value: str) -> str:
    return f"Set(PJSIP_HEADER(add,{name})={value})"


def _call_out() -> str:
    """ARG1 is the region, ARG2 the number, already found allowed; ARG3 what is said otherwise."""
    group = "${GROUP_COUNT(${ARG1}@out)}"
    return context(
        CALL_OUT,
        extension(
            "s",
            f"Set(__{Variable.REGION}=${{ARG1}})",
            jump(f"${{LEN(${{ARG2}})}} > {NUMBER_DIGITS_MAX}", "refused"),
            "Set(GROUP(out)=${ARG1})",
            jump(f"{group} > {CALLS_OUT_MAX}", "refused"),
            f"Set({Variable.REASON}=callback)",
            f"Set(CHANNEL(hangup_handler_push)={CALL_ENDED},s,1)",
            *mark(
                Mark.CALLBACK,
                region="${ARG1}",
                number="${ARG2}",
                contact=f"${{{Variable.CONTACT}}}",
                position=f"${{{Variable.POSITION}}}",
            ),
            f"Dial(PJSIP/${{ARG2}}@trunk-${{ARG1}},{RING_OUT_SECONDS},"
            f"S(${{ARG5}})b({CALLED_LEG}^s^1(${{ARG4}})))",
            "Hangup()",
            ("refused", "Playback(${ARG3})"),
            "Hangup()",
        ),
    )


def _called_leg() -> str:
    """The citizen's leg is the one that is recorded, so a position may leave a conference."""
    return context(CALLED_LEG, extension("s", recording("${ARG1}", outgoing=True), "Return()"))


def recording(folder: str, *, outgoing: bool = False) -> str:
    """Three files a call: both voices, what its first leg says, what its first leg hears.

    It is the citizen's leg that is recorded; out of the house, the first leg is a position's.
    """
    base = f"{folder}/${{CHANNEL(linkedid)}}"
    read, written = ("out", "in") if outgoing else ("in", "out")
    return f"MixMonitor({base}.wav,r({base}-{read}.wav)t({base}-{written}.wav))"
