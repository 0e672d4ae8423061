"""Who rings 112 in the demo, and how: mostly nobody who needs help, as in life.

SIPp places each call from loopback, which there is every region's trunk, and marks it as a test.
"""

from __future__ import annotations

import random
import subprocess
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from siaga.telephony import names
from siaga.telephony.asterisk.binding import bound_to_us
from siaga.telephony.asterisk.installation import Program

PER_HOUR = 5.0
"""In each region, at the speed of life."""
CALL_SECONDS_MAX = 90
TEXT_CHARS_MAX = 160
_SHARES = {"ghost": 0.34, "cut_off": 0.26, "noise": 0.16, "real": 0.2, "mute": 0.04}
_STAYS = {
    "ghost": (3.0, 14.0),
    "cut_off": (0.6, 3.0),
    "noise": (8.0, 25.0),
    "real": (20.0, 60.0),
    "mute": (15.0, 40.0),
}
_SEGMENTS = (0xFF, 0x1FF, 0x3FF, 0x7FF, 0xFFF, 0x1FFF, 0x3FFF, 0x7FFF)


@dataclass(frozen=True, slots=True)
class Ring:
    """One call: who, how long at most, what is said, and whether 5 5 is pressed."""

    kind: str
    number: str
    seconds: float
    text: str
    presses: bool


class Telephones:
    """An endless stream of callers, the same for the same seed."""

    def __init__(self, noise: Sequence[str], real: Sequence[str], seed: int) -> None:
        self._noise, self._real = noise, real
        self._chance = random.Random(seed)  # noqa: S311 - a play, not a secret

    def pause(self, regions: int, speed: float) -> float:
        """Seconds until the next call to any of the regions."""
        return self._chance.expovariate(PER_HOUR * regions * speed / 3600)

    def region(self, count: int) -> int:
        """Which region is called."""
        return self._chance.randrange(count)

    def ring(self) -> Ring:
        """Somebody; numbers are of a range that is never given to anybody."""
        chance = self._chance
        kind = chance.choices(list(_SHARES), list(_SHARES.values()))[0]
        said = {"noise": self._noise, "real": self._real}.get(kind, ())
        return Ring(
            kind=kind,
            number=f"080011200{chance.randrange(400):03d}",
            seconds=chance.uniform(*_STAYS[kind]),
            text=chance.choice(said)[:TEXT_CHARS_MAX] if said else "",
            presses=kind == "mute",
        )


def scenario(ring: Ring, called: str, voice: Path | None) -> str:
    """The call as SIPp reads it; it hangs up when patience ends, unless the other side does."""
    speak = f'<exec rtp_stream="{voice},1,8,PCMA/8000"/>' if voice else ""
    press = '<pause milliseconds="2500"/><nop><action><exec play_dtmf="55"/></action></nop>'
    port = "rtpstream_audio_port" if voice else "auto_media_port"
    sdp = (
        "v=0\no=- 1 1 IN IP4 [local_ip]\ns=-\nc=IN IP4 [local_ip]\nt=0 0\n"
        f"m=audio [{port}] RTP/AVP 8 96\na=rtpmap:8 PCMA/8000\n"
        "a=rtpmap:96 telephone-event/8000\na=fmtp:96 0-15\na=ptime:20\n"
    )
    test = f"{names.TEST_HEADER}: 1\n"
    invite = _request("INVITE", 1, ring.number, called, f"{test}Content-Type: application/sdp\n")
    parts = [
        f'<send retrans="500"><![CDATA[\n{invite}Content-Length: [len]\n\n{sdp}]]></send>',
        *(f'<recv response="{code}" optional="true"/>' for code in (100, 180, 183)),
        '<recv response="200" rrs="true" timeout="20000"/>',
        f"<send><![CDATA[\n{_request('ACK', 1, ring.number, called)}Content-Length: 0\n]]></send>",
        f"<nop><action>{speak}</action></nop>" if speak else "",
        press if ring.presses else "",
        f'<recv request="BYE" timeout="{int(ring.seconds * 1000)}" ontimeout="mine" next="end"/>',
        '<label id="mine"/>',
        '<send retrans="500"><![CDATA[\n'
        f"{_request('BYE', 2, ring.number, called)}Content-Length: 0\n]]></send>",
        '<recv response="200" next="over"/>',
        '<label id="end"/>',
        f"<send><![CDATA[\n{_OK}]]></send>",
        '<label id="over"/>',
    ]
    body = "\n".join(parts)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="demo">\n{body}\n</scenario>\n'


_OK = """SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port]>
Content-Length: 0
"""


def _request(method: str, number: int, caller: str, called: str, more: str = "") -> str:
    first = method == "INVITE"
    line = f"sip:{called}@[remote_ip]:[remote_port]" if first else "[next_url]"
    return (
        f"{method} {line} SIP/2.0\n"
        "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\n"
        + ("" if first else "[routes]\n")
        + f"From: <sip:{caller}@[local_ip]:[local_port]>;tag=[pid]c[call_number]\n"
        f"To: <sip:{called}@[remote_ip]:[remote_port]>{'' if first else '[peer_tag_param]'}\n"
        f"Call-ID: [call_id]\nCSeq: {number} {method}\n"
        f"Contact: <sip:{caller}@[local_ip]:[local_port]>\nMax-Forwards: 70\n{more}"
    )


def place(program: Program, file: Path, port: int) -> subprocess.Popen[bytes]:
    """Let SIPp place the call; it ends by itself."""
    words = [
        f"127.0.0.1:{port}", "-sf", str(file), "-i", "127.0.0.1", "-mi", "127.0.0.1",
        "-m", "1", "-nostdin", "-timeout", str(CALL_SECONDS_MAX), "-timeout_error",
    ]  # fmt: skip
    return subprocess.Popen(
        [*bound_to_us(), *program.command(*words)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=file.parent,
        env=program.environment() | {"TERM": "dumb"},
    )


def as_alaw(samples: Sequence[int]) -> bytes:
    """Sixteen-bit samples as telephones carry them (ITU-T G.711)."""
    table = {one: _alaw(one) for one in set(samples)}
    return bytes(table[one] for one in array("h", samples))


def _alaw(sample: int) -> int:
    sign, value = (0xD5, sample) if sample >= 0 else (0x55, -sample - 1)
    segment = next(index for index, most in enumerate(_SEGMENTS) if value <= most)
    low = value >> 4 if segment < 2 else value >> (segment + 3)
    return ((segment << 4) | (low & 0x0F)) ^ sign
