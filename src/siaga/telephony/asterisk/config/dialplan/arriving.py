"""A call arrives: who is it, is anybody there, is it held, which greeting. Pure."""

from datetime import date

from siaga.telephony import names
from siaga.telephony.asterisk.config.dialplan.lines import (
    Step,
    context,
    extension,
    jump,
    mark,
    same,
    when,
)
from siaga.telephony.asterisk.config.dialplan.shared import CALL_ENDED, recording
from siaga.telephony.asterisk.config.dialplan.waiting import Priority
from siaga.telephony.asterisk.config.media import CANNOT_SPEAK_FEATURE, day_part
from siaga.telephony.asterisk.site import Site
from siaga.telephony.names import Mark, Variable
from siaga.telephony.types import Hours, PhonePlan, Span

NUMBER_LENGTH_MAX = 20
SILENCE_MS, LOUDNESS = 1200, 256
"""When TALK_DETECT calls it talking."""
GREETING_SECONDS = 6
_DAY_SECONDS = 86_400
NOTICE_SECONDS = 3
"""To press 1 after the notice."""
OPEN = "open"


def contexts(plan: PhonePlan, site: Site) -> list[str]:
    """From the trunk to the door of the queue."""
    return [
        _trunk(plan),
        _greeting(plan, site),
        _hours(plan),
        *_closed(plan, site),
        _held(plan, site),
        _notice(plan, site),
    ]


def forms(did: str) -> tuple[str, ...]:
    """How carriers write one number: as given, with and without +, as dialled in the country."""
    digits = did.lstrip("+")
    national = (f"0{digits[2:]}",) if digits.startswith("62") else ()
    local = (digits, f"+{digits}", *national) if len(digits) > len("112") + 3 else (digits,)
    return tuple(dict.fromkeys((did, *local)))


def _trunk(plan: PhonePlan) -> str:
    entry = names.context("greeting", plan.region)
    seen = dict.fromkeys(form for did in plan.did for form in forms(did))
    return context(
        names.context("trunk", plan.region),
        *(
            extension(form, f"Set({Variable.DID}=${{EXTEN}})", f"Goto({entry},s,1)")
            for form in seen
        ),
    )


def _greeting(plan: PhonePlan, site: Site) -> str:
    region = plan.region
    number, key = Variable.NUMBER, Variable.KEY
    return context(
        names.context("greeting", region),
        extension(
            "s",
            f"Set(__{Variable.REGION}={region})",
            # Whatever the caller's exchange sends, only digits get in.
            f"Set(__{number}=${{FILTER(0-9+,${{CALLERID(num)}}):0:{NUMBER_LENGTH_MAX}}})",
            f"Set(CALLERID(all)=<${{{number}}}>)",
            *_awaited_test(plan),
            # Our own self-test comes by no trunk, or is awaited; it cannot be set from outside.
            (
                "mark",
                f"Set(__{Variable.TEST}=${{FILTER(1,${{{Variable.SELF_TEST}}}"
                f"${{PJSIP_HEADER(read,{names.TEST_HEADER})}}):0:1}})",
            ),
            f"Set(__{Variable.CALLER}=${{CHANNEL(name)}})",
            f"Set(CHANNEL(hangup_handler_push)={CALL_ENDED},s,1)",
            *mark(
                Mark.OFFERED,
                region=region,
                number=f"${{{number}}}",
                did=f"${{{Variable.DID}}}",
                test=f"${{{Variable.TEST}}}",
            ),
            f"Set({key}=${{{number}}})",
            when(f'"${{{number}:0:1}}" = "0"', f"Set({key}=+62${{{number}:1}})"),
            when(f'"${{{number}:0:2}}" = "62"', f"Set({key}=+${{{number}}})"),
            f"Set(DYNAMIC_FEATURES={CANNOT_SPEAK_FEATURE})",
            f"Set(TALK_DETECT(set)={SILENCE_MS},{LOUDNESS})",
            f"Set({Variable.ROUND}=1)",
            f"Set(QUEUE_PRIO={Priority.NORMAL})",
            # i: without waiting for the first sound, which a silent caller never sends.
            "Answer(0,i)",
            recording(str(site.home / "recordings")),
            *_look_at_hours(plan),
            *_look_up(plan),
            *_welcome(plan, site),
        ),
    )


def own_numbers(plan: PhonePlan) -> tuple[str, ...]:
    """Digits by which the carrier may name us as the caller of our own test."""
    given = (*plan.did, plan.self_test_number)
    digits = (form.lstrip("+") for one in given if one for form in forms(one))
    return tuple(dict.fromkeys(digits))


def _awaited_test(plan: PhonePlan) -> list[Step]:
    """A test that left by the trunk comes back from our own number; one call is taken for it."""
    if not plan.self_test_number:
        return []
    awaited = f"{names.switch_family(plan.region)}/{names.SELF_TEST_KEY}"
    number = f"${{FILTER(0-9,${{{Variable.NUMBER}}})}}"
    return [
        jump(f"0${{FILTER(0-9,${{DB({awaited})}})}} < ${{EPOCH}}", "mark"),
        jump(f'${{REGEX("^({"|".join(own_numbers(plan))})$" {number})}} = 0', "mark"),
        f"Set({Variable.NOW}=${{DB_DELETE({awaited})}})",
        f"Set(__{Variable.SELF_TEST}=1)",
    ]


def _look_at_hours(plan: PhonePlan) -> list[Step]:
    if not any(_closes(hours) for hours in plan.hours):
        return []
    return [
        f"Gosub({names.context('hours', plan.region)},s,1)",
        jump(
            f'"${{GOSUB_RETVAL}}" != "{OPEN}"',
            f"{names.context('closed', plan.region)},${{GOSUB_RETVAL}},1",
        ),
    ]


def _closes(hours: Hours) -> bool:
    return not hours.always and hours.behavior != "none"


def _look_up(plan: PhonePlan) -> list[Step]:
    """Is the number held, and does that still count? Without a number nobody is held."""
    held, grade = Variable.HELD, Variable.GRADE
    entry = f"{names.held_family(plan.region)}/${{{Variable.KEY}}}"
    return [
        jump(same(Variable.KEY, ""), "welcome"),
        f"Set({held}=${{DB({entry})}})",
        jump(same(held, ""), "welcome"),
        jump(f"0${{FILTER(0-9,${{CUT({held},:,2)}})}} < ${{EPOCH}}", "welcome"),
        f"Set({grade}=${{CUT({held},:,1)}})",
        when(same(grade, "later"), f"Set(QUEUE_PRIO={Priority.LATER})"),
        jump(f'"${{{grade}}}" != "later"', f"{names.context('held', plan.region)},s,1"),
    ]


def _welcome(plan: PhonePlan, site: Site) -> list[Step]:
    """The greeting of the hour is the beginning of the queue's music, so ringing starts at once.

    Only where nobody is free and others wait is it heard first: the place in the queue is told
    on entering, and would be told into the greeting.
    """
    queue, keys = names.queue(plan.region), names.context("keys", plan.region)
    now, part = Variable.NOW, Variable.PART
    last = day_part(plan, -1)
    chosen = [
        when(f"1${{{now}}} >= 1{starts}", f"Set({part}={starts})")
        for starts in (day_part(plan, index) for index in range(len(plan.greetings)))
    ]
    return [
        ("welcome", f"Set({now}=${{STRFTIME(${{EPOCH}},{plan.timezone},%H%M)}})"),
        f"Set({part}={last})",
        *chosen,
        f"Set(CHANNEL(musicclass)={names.music(plan.region, f'${{{part}}}')})",
        f"Set({Variable.GREETED_UNTIL}=$[${{EPOCH}} + {GREETING_SECONDS}])",
        *mark(Mark.GREETED, part=f"${{{part}}}"),
        jump(
            f"${{DB_EXISTS({names.switch_family(plan.region)}/notice)}}",
            f"{names.context('notice', plan.region)},s,1",
        ),
        jump(
            f"${{QUEUE_MEMBER({queue},free)}} > 0 | ${{QUEUE_WAITING_COUNT({queue})}} = 0", "wait"
        ),
        f"Background({_greeting_of(plan, site)},,,{keys})",
        f"Set(CHANNEL(musicclass)={names.music(plan.region)})",
        ("wait", f"Goto({names.context('queue', plan.region)},s,1)"),
    ]


def _greeting_of(plan: PhonePlan, site: Site) -> str:
    return site.prompt(plan, f"greeting-${{{Variable.PART}}}")


def _hours(plan: PhonePlan) -> str:
    """Returns `open`, or the extension of `closed-<region>` that fits the day."""
    day = f"${{{Variable.DAY}}}"
    steps: list[Step] = [
        f"Set({Variable.DAY}=${{STRFTIME(${{EPOCH}},{plan.timezone},%Y%m%d)}})",
        f"Set({Variable.BEFORE}="
        f"${{STRFTIME($[${{EPOCH}} - {_DAY_SECONDS}],{plan.timezone},%Y%m%d)}})",
    ]
    for index, hours in enumerate(plan.hours):
        until = f" & {day} <= {_day(hours.valid_until)}" if hours.valid_until else ""
        steps.append(jump(f"{day} >= {_day(hours.valid_from)}{until}", f"p{index},1"))
    steps.append(f"Return({OPEN})")
    periods = [
        extension(f"p{index}", *_period(plan, hours, index))
        for index, hours in enumerate(plan.hours)
    ]
    return context(names.context("hours", plan.region), extension("s", *steps), *periods)


def _period(plan: PhonePlan, hours: Hours, index: int) -> list[Step]:
    if not _closes(hours):
        return [f"Return({OPEN})"]
    now, zone = Variable.NOW, plan.timezone
    off = "|".join(_day(one) for one in plan.holidays) if hours.closed_on_holidays else ""
    free = {
        variable: f' & !(${{REGEX("^({off})$" ${{{variable}}})}})' if off else ""
        for variable in (Variable.DAY, Variable.BEFORE)
    }
    steps: list[Step] = [
        f"Set({now}=1${{STRFTIME(${{EPOCH}},{zone},%H%M)}})",
        f"Set(WEEKDAY=${{STRFTIME(${{EPOCH}},{zone},%u)}})",
        f"Set(YESTERDAY=${{STRFTIME($[${{EPOCH}} - {_DAY_SECONDS}],{zone},%u)}})",
    ]
    for span in hours.spans:
        steps += _span(span, free[Variable.DAY], free[Variable.BEFORE])
    return [*steps, f"Return(p{index})", ("open", f"Return({OPEN})")]


def _span(span: Span, free_today: str, free_yesterday: str) -> list[Step]:
    """A night belongs to the day it began on."""
    now = f"${{{Variable.NOW}}}"
    opens, closes = (f"1{at.strftime('%H%M')}" for at in (span.opens, span.closes))
    today = _one_of("WEEKDAY", span.days) + free_today
    if span.opens < span.closes:
        return [jump(f"{today} & {now} >= {opens} & {now} < {closes}", "open")]
    yesterday = _one_of("YESTERDAY", span.days) + free_yesterday
    return [
        jump(f"{today} & {now} >= {opens}", "open"),
        jump(f"{yesterday} & {now} < {closes}", "open"),
    ]


def _one_of(variable: str, days: tuple[int, ...]) -> str:
    return "(" + " | ".join(f"${{{variable}}} = {day}" for day in days) + ")"


def _day(on: date | None) -> str:
    return on.strftime("%Y%m%d") if on else ""


def _closed(plan: PhonePlan, site: Site) -> list[str]:
    periods = [
        extension(f"p{index}", *_outside(plan, hours, index, site))
        for index, hours in enumerate(plan.hours)
        if _closes(hours)
    ]
    return [context(names.context("closed", plan.region), *periods)] if periods else []


def _outside(plan: PhonePlan, hours: Hours, index: int, site: Site) -> list[Step]:
    steps: list[Step] = [
        f"Set({Variable.REASON}=closed)",
        *mark(Mark.CLOSED, behavior=hours.behavior),
        f"Playback({site.prompt(plan, f'closed-{index}')})",
    ]
    if hours.behavior == "notice_then_forward":
        music = names.music(plan.region)
        steps += [
            f"Dial(PJSIP/{hours.forward_phone}@{names.trunk(plan.region)},"
            f"{plan.waits.mobile},m({music}))",
            jump(same("DIALSTATUS", "ANSWER"), "done"),
            f"Playback({site.prompt(plan, 'instruction')})",
        ]
    return [*steps, ("done", "Hangup()")]


def _held(plan: PhonePlan, site: Site) -> str:
    """Nobody is refused: one key, and the call goes through like any other, only later."""
    context_name = names.context("held", plan.region)
    welcome = f"Goto({names.context('greeting', plan.region)},s,welcome)"
    return context(
        context_name,
        extension(
            "s",
            f"Set({Variable.REASON}=held)",
            *mark(Mark.HELD, step="asked"),
            f"Set(TIMEOUT(response)={plan.waits.press_one})",
            ("again", f"Background({site.prompt(plan, 'press-one')})"),
            f"WaitExten({plan.waits.press_one})",
            "Hangup()",
        ),
        extension(
            "1",
            f"Set({Variable.REASON}=)",
            *mark(Mark.HELD, step="through"),
            f"Set(QUEUE_PRIO={Priority.HELD})",
            welcome,
        ),
        extension("i", f"Goto({context_name},s,again)"),
        extension("t", "Hangup()"),
    )


def _notice(plan: PhonePlan, site: Site) -> str:
    """A known event, told by a person after the greeting. Whoever reports something else goes on as
    ever by 1; who presses nothing is queued all the same, only later."""
    told = f"${{DB({names.switch_family(plan.region)}/notice)}}&{site.prompt(plan, 'notice-end')}"
    queue = f"Goto({names.context('queue', plan.region)},s,1)"
    waits = (
        when(f"${{QUEUE_PRIO}} > {Priority.LATER}", f"Set(QUEUE_PRIO={Priority.LATER})"),
        queue,
    )
    return context(
        names.context("notice", plan.region),
        extension(
            "s",
            f"Background({_greeting_of(plan, site)})",
            f"Set(CHANNEL(musicclass)={names.music(plan.region)})",
            *mark(Mark.NOTICE, step="heard"),
            f"Background({told})",
            f"WaitExten({NOTICE_SECONDS})",
            *waits,
        ),
        extension("1", *mark(Mark.NOTICE, step="other"), queue),
        extension("5", f"Goto({names.context('keys', plan.region)},5,1)"),
        extension("i", *waits),
        extension("t", *waits),
    )
