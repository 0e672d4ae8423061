"""Nobody may take a leg out of a bridge by REFER: the far side would be lost to the recording."""

from dataclasses import dataclass

import pytest

from siaga.telephony import names
from tests.phone.centre import Centre
from tests.phone.sipp import Caller, Desk
from tests.waiting import wait_until

pytestmark = pytest.mark.phone
LADDER = "127.0.0.12"
TALK_SECONDS = 3
_REFER = """<send><![CDATA[
REFER [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
[routes]
From:[$2];tag=[pid]d[call_number]
To:[$1]
Call-ID: [call_id]
CSeq: 1 REFER
Contact: <sip:[local_ip]:[local_port]>
Refer-To: <sip:081299999999@[remote_ip]>
Max-Forwards: 70
Content-Length: 0

]]></send>"""


@dataclass(frozen=True, kw_only=True)
class ReferringDesk(Desk):
    """Answers, asks for a transfer that nobody hears, and waits until it is hung up."""

    def _end(self) -> list[str]:
        return [
            '<pause milliseconds="600"/>',
            _REFER,
            '<recv request="BYE"/>',
            '<send next="over"><![CDATA[\nSIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n[last_To:]\n'
            "[last_Call-ID:]\n[last_CSeq:]\nContent-Length: 0\n\n]]></send>",
        ]


def test_a_refer_moves_nobody_and_the_call_goes_on_to_its_end(asterisk: Centre) -> None:
    number = "081240000021"
    east = asterisk.plans["tangga-timur"]
    desk = names.channel(names.reserve(east.region, 1))
    queue = names.queue(east.region)
    asterisk.console(f"queue add member {desk} to {queue}")
    try:
        referring = ReferringDesk(dies_after_ms=1)
        with asterisk.exchange.desk(referring, east.overflow.reserve[0], calls=1) as phone:
            caller = Caller(number=number, called="0331112", talk_ms=TALK_SECONDS * 1_000)
            asterisk.exchange.call(caller, LADDER)
            marks = asterisk.whole(number)
            wait_until(lambda: phone.process.poll() is not None)
            assert phone.process.returncode == 0, phone.errors
    finally:
        asterisk.console(f"queue remove member {desk} from {queue}")
    assert marks == ["offered", "greeted", "queued", "ended"]
    assert dict(asterisk.marks(number))["ended"] == "reason=answered"
    events = asterisk.events(number)
    assert "081299999999" not in str(events)
    at = {one["eventtype"]: float(one["eventtime"]) for one in events}
    assert at["BRIDGE_EXIT"] - at["BRIDGE_ENTER"] > TALK_SECONDS - 0.5


def test_no_module_knows_transfers(asterisk: Centre) -> None:
    assert "res_pjsip_refer" not in asterisk.console("module show like refer")
    east = asterisk.plans["tangga-timur"]
    shown = asterisk.console(f"pjsip show endpoint {names.position(east.region, 1)}")
    assert "allow_transfer" in shown
    line = next(one for one in shown.splitlines() if "allow_transfer" in one)
    assert line.endswith("false")
