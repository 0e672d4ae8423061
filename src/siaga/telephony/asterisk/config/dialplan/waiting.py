"""The queue, the keys pressed in it, and the ladder when no position answers. Pure."""

from enum import IntEnum

from siaga.telephony import names
from siaga.telephony.asterisk.config.dialplan.lines import (
    Step,
    channels,
    context,
    extension,
    jump,
    mark,
    same,
    when,
)
from siaga.telephony.asterisk.site import Site
from siaga.telephony.names import Mark, Variable
from siaga.telephony.types import PhonePlan

LEG_BEGINS = "position-leg"
ON_PURPOSE = ("16", "26")
"""Causes of a leg that was hung up by hand; the second is what Queue's option C makes of it."""
CAUSE_SETTLES_SECONDS = "0.3"
SECOND_KEY_SECONDS = 2
LOST = "lost"


class Priority(IntEnum):
    """Higher goes first. A caller who pressed a key returns one step before equals."""

    HELD = 1
    LATER = 5
    NORMAL = 10
    WAITED = 15
    CANNOT_SPEAK = 20
    LOST = 30


def contexts(plan: PhonePlan, site: Site) -> list[str]:
    """From the door of the queue to a person or the recorded instruction."""
    return [_queue(plan), _keys(plan, site), _overflow(plan, site)]


def _queue(plan: PhonePlan) -> str:
    region, waits = plan.region, plan.waits
    queue, here = names.queue(region), names.context("queue", region)
    overflow = names.context("overflow", region)
    cause, seat = f"${{SHARED({Variable.CAUSE})}}", Variable.POSITION
    on_purpose = " | ".join(f'"{cause}" = "{one}"' for one in ON_PURPOSE)
    return context(
        here,
        extension(
            "s",
            *mark(Mark.QUEUED, priority="${QUEUE_PRIO}"),
            jump(f"${{DB_EXISTS({names.switch_family(region)}/overflow)}}", f"{overflow},s,1"),
            f"Set({Variable.WAIT}=${{IF($[${{QUEUE_MEMBER({queue},logged)}} = 0]"
            f"?{waits.empty_queue}:{waits.queue})}})",
            f"Set(SHARED({Variable.CAUSE})=)",
            # c: go on here when the position's leg ends first. Never t: transfers lose the record.
            f"Queue({queue},Ccb({LEG_BEGINS}^s^1),,,${{{Variable.WAIT}}})",
            jump(same("QUEUESTATUS", "CONTINUE"), "ended"),
            f"Goto({overflow},s,1)",
            ("ended", f"Wait({CAUSE_SETTLES_SECONDS})"),
            jump(on_purpose, "done"),
            # The last word of PJSIP/<region>-p3; a reserve phone is no position.
            f"Set({seat}=${{CUT(MEMBERINTERFACE,-,{len(region.split('-')) + 1})}})",
            f'Set({seat}=${{IF($["${{{seat}:0:1}}" = "p"]?${{{seat}:1}}:)}})',
            *mark(Mark.POSITION_LOST, position=f"${{{seat}}}", cause=cause),
            f"Set(QUEUE_PRIO={Priority.LOST})",
            f"Set(CHANNEL(musicclass)={names.music(region)})",
            jump(f"${{QUEUE_MEMBER({queue},ready)}} = 0", f"{overflow},{LOST},1"),
            f"Goto({here},s,1)",
            ("done", "Hangup()"),
        ),
    )


def _keys(plan: PhonePlan, site: Site) -> str:
    """A caller who leaves the queue by one 5 returns before equals: no place is lost."""
    second, where = Variable.SECOND, Variable.WHERE
    return context(
        names.context("keys", plan.region),
        extension(
            "5",
            f"Set({where}=${{IF($[${{EPOCH}} < ${{{Variable.GREETED_UNTIL}}}]?greeting:queue)}})",
            f"Set(CHANNEL(musicclass)={names.music(plan.region)})",
            f"Read({second},,1,,1,{SECOND_KEY_SECONDS})",
            jump(same(second, "5"), "silent"),
            "Set(QUEUE_PRIO=$[${QUEUE_PRIO} + 1])",
            f"Goto({names.context('queue', plan.region)},s,1)",
            ("silent", f"Set(QUEUE_PRIO={Priority.CANNOT_SPEAK})"),
            f"Set(__{Variable.CANNOT_SPEAK}=1)",
            *mark(Mark.CANNOT_SPEAK, where=f"${{{where}}}"),
            f"Playback({site.prompt(plan, 'cannot-speak')})",
            f"Goto({names.context('queue', plan.region)},s,1)",
        ),
    )


def _overflow(plan: PhonePlan, site: Site) -> str:
    """Reserve desk phone, neighbouring centre, duty mobile, instruction; then the queue again."""
    waits, region, ladder = plan.waits, plan.region, plan.overflow
    trunk = names.trunk(region)
    reserve = channels([names.reserve(region, n + 1) for n in range(len(ladder.reserve))])
    steps: list[Step] = [f"Set(CHANNEL(musicclass)={names.music(region)})"]
    rungs = (
        ("reserve", reserve, waits.reserve),
        ("neighbor", f"PJSIP/{ladder.neighbor}@{trunk}" if ladder.neighbor else "", waits.neighbor),
        ("mobile", f"PJSIP/{ladder.mobile}@{trunk}" if ladder.mobile else "", waits.mobile),
    )
    for name, target, seconds in rungs:
        if target:
            steps += _rung(plan, name, target, seconds)
    back = f"Goto({names.context('queue', region)},s,1)"
    return context(
        names.context("overflow", region),
        extension(
            "s",
            # The nightly test wakes nobody outside the room.
            jump(same(Variable.SELF_TEST, "1"), "over"),
            *steps,
            *mark(Mark.OVERFLOW, step="instruction"),
            f"Playback({site.prompt(plan, 'instruction')})",
            jump(f"${{{Variable.ROUND}}} >= {waits.rounds}", "over"),
            f"Set({Variable.ROUND}=$[${{{Variable.ROUND}}} + 1])",
            when(f"${{QUEUE_PRIO}} < {Priority.WAITED}", f"Set(QUEUE_PRIO={Priority.WAITED})"),
            back,
            ("over", f"Set({Variable.REASON}=overflowed)"),
            ("done", "Hangup()"),
        ),
        # A caller whose position died, with nobody free: the reserve at once.
        extension(
            LOST,
            *(_rung(plan, "reserve", reserve, waits.reserve) if reserve else []),
            back,
            ("done", "Hangup()"),
        ),
    )


def _rung(plan: PhonePlan, name: str, target: str, seconds: int) -> list[Step]:
    # Strangers are not told our headers.
    told = f"b({LEG_BEGINS}^s^1)" if name == "reserve" else ""
    return [
        *mark(Mark.OVERFLOW, step=name),
        f"Dial({target},{seconds},m({names.music(plan.region)}){told})",
        jump(same("DIALSTATUS", "ANSWER"), "done"),
    ]
