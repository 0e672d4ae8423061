"""SIPp as the town that calls and as the desk telephones that answer, in scenarios of our own."""

from __future__ import annotations

import csv
import re
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from siaga.telephony.asterisk.installation import Program

ENDING_SECONDS_MAX = 3.0
RTP_FIRST, RTP_LAST = 30_000, 39_999

_SDP = """Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio [{port}] RTP/AVP 8
a=rtpmap:8 PCMA/8000
a=ptime:20
"""
_NO_BODY = "Content-Length: 0\n"
_REQUEST = """{method} {uri} SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
{more}Call-ID: [call_id]
CSeq: {sequence} {method}
Max-Forwards: 70
Contact: <sip:{user}@[local_ip]:[local_port]>
"""
_REPLY = """SIP/2.0 {status}
[last_Via:]
[last_From:]
[last_To:]{tag}
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port]>
"""
_TAG = ";tag=[pid]d[call_number]"
_SERVER = "sip:[remote_ip]:[remote_port]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What SIPp has counted since it began."""

    created: int = 0
    successful: int = 0
    failed: int = 0
    retransmitted: int = 0

    def __sub__(self, other: Counts) -> Counts:
        names = [one.name for one in fields(self)]
        return Counts(**{name: getattr(self, name) - getattr(other, name) for name in names})


_COLUMNS = {
    "created": "TotalCallCreated",
    "successful": "SuccessfulCall(C)",
    "failed": "FailedCall(C)",
    "retransmitted": "Retransmissions(C)",
}


def abandoning(prefix: str, called: str, *, waits_ms: int, rests_ms: int) -> str:
    """A caller who hangs up after a while in the queue, and the quiet before the next one."""
    user = f"{prefix}[call_number]"
    bye = _said(_request("BYE", "[next_url]", user, f"[routes]\n{_from_to(user, called, True)}", 2))
    return _scenario([
        *_invited(user, called, None),
        f'<pause milliseconds="{waits_ms}"/>',
        bye,
        '<recv response="200"/>',
        f'<pause milliseconds="{rests_ms}"/>',
    ])  # fmt: skip


def talking(prefix: str, called: str, *, patience_ms: int, voice: Path | None = None) -> str:
    """A caller who talks until the desk has hung up; whoever waits in vain has failed."""
    return _scenario([
        *_invited(f"{prefix}[call_number]", called, voice),
        f'<recv request="BYE" timeout="{patience_ms}"/>',
        _said(_reply("200 OK") + _NO_BODY, again=False),
    ])  # fmt: skip


def desk(*, rings_ms: int, talks_ms: int, voice: Path | None = None) -> str:
    """A desk telephone that answers, talks for a while, and hangs up; it is there when asked."""
    remember = (
        '<action><ereg regexp=".*" search_in="hdr" header="From:" assign_to="1"/>'
        '<ereg regexp=".*" search_in="hdr" header="To:" assign_to="2"/></action>'
    )
    # The far end's names are ours the other way round.
    bye = _request("BYE", "[next_url]", "desk", f"[routes]\nFrom:[$2]{_TAG}\nTo:[$1]\n", 1)
    return _scenario([
        '<recv request="OPTIONS" optional="true" next="asked"/>',
        f'<recv request="INVITE" rrs="true">{remember}</recv>',
        _said(_reply("180 Ringing", _TAG) + _NO_BODY, again=False),
        f'<pause milliseconds="{rings_ms}"/>',
        _said(_reply("200 OK", _TAG) + _sdp(voice)),
        '<recv request="ACK"/>',
        *_play(voice),
        f'<pause milliseconds="{talks_ms}"/>',
        _said(bye + _NO_BODY),
        '<recv response="200" next="over"/>',
        '<label id="asked"/>',
        _said(_reply("200 OK", _TAG) + _NO_BODY, again=False),
        '<label id="over"/>',
    ])  # fmt: skip


def registering() -> str:
    """A desk telephone that tells where it is, with the name and password of field 0 and 1."""
    ours = (
        "From: <sip:[field0]@[remote_ip]>;tag=[pid]r[call_number]\nTo: <sip:[field0]@[remote_ip]>\n"
    )
    proof = "[authentication username=[field0] password=[field1]]\n"

    def asked(more: str, sequence: int) -> str:
        text = _request("REGISTER", _SERVER, "[field0]", f"{ours}{more}Expires: 3600\n", sequence)
        return _said(text + _NO_BODY)

    return _scenario([
        asked("", 1),
        '<recv response="401" auth="true"/>',
        asked(proof, 2),
        '<recv response="200"/>',
    ])  # fmt: skip


class Sipp:
    """One running SIPp with files of its own in `folder`."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, name: str) -> None:
        self.process, self._folder, self._name = process, folder, name

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def wait(self, seconds: float) -> bool:
        """Whether it ended by itself in time; it is ended otherwise."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return False
        return True

    def stop(self) -> None:
        """End it, orderly if it lets us."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGUSR1)
            self.wait(ENDING_SECONDS_MAX)

    def counts(self) -> Counts:
        """As of the last second."""
        path = self._folder / f"{self._name}.csv"
        if not path.exists():
            return Counts()
        with path.open(newline="") as file:
            rows = [row for row in csv.DictReader(file, delimiter=";") if row.get("ElapsedTime(C)")]
        if not rows:
            return Counts()
        return Counts(**{name: int(rows[-1][column] or 0) for name, column in _COLUMNS.items()})

    def invited(self) -> dict[str, float]:
        """When the first INVITE of each caller left, in seconds since 1970, by the number."""
        path = self._folder / f"{self._name}.messages"
        found: dict[str, float] = {}
        for block in re.split(r"^-{20,} ", path.read_text(errors="replace"), flags=re.M):
            caller = re.search(r"^From:.*<sip:(\d+)@", block, re.M)
            if caller and re.search(r"message sent.*\n+INVITE ", block):
                at = datetime.fromisoformat(block.split("\n", 1)[0].strip()).replace(tzinfo=UTC)
                found.setdefault(caller[1], at.timestamp())
        return found

    @property
    def complaint(self) -> str:
        """The first thing it found wrong."""
        path = self._folder / f"{self._name}.errors"
        return path.read_text(errors="replace")[:800] if path.exists() else ""


class Town:
    """Where SIPps are started."""

    def __init__(self, program: Program, folder: Path, target: str) -> None:
        self._program, self._folder, self._target = program, folder, target
        self._started = 0

    def start(self, scenario: str, place: tuple[str, int], *more: str) -> Sipp:
        """A SIPp at this address and port; `more` are its own options."""
        self._started += 1
        name = f"sipp-{self._started}"
        file = self._folder / f"{name}.xml"
        file.write_text(scenario)
        words = [
            self._target, "-sf", str(file), "-i", place[0], "-mi", place[0], "-p", str(place[1]),
            "-min_rtp_port", str(RTP_FIRST), "-max_rtp_port", str(RTP_LAST), "-nostdin",
            "-trace_stat", "-stf", str(self._folder / f"{name}.csv"), "-fd", "1",
            "-trace_err", "-error_file", str(self._folder / f"{name}.errors"), *more,
        ]  # fmt: skip
        if "-trace_msg" in more:
            words += ["-message_file", str(self._folder / f"{name}.messages")]
        with (self._folder / f"{name}.screen").open("wb") as screen:
            process = subprocess.Popen(
                self._program.command(*words),
                stdin=subprocess.DEVNULL,
                stdout=screen,
                stderr=screen,
                cwd=self._folder,
                env=self._program.environment() | {"TERM": "dumb", "TZ": "UTC"},
            )
        return Sipp(process, self._folder, name)

    def fields(self, rows: Sequence[tuple[str, ...]]) -> list[str]:
        """Options by which SIPp takes one of these rows for each call, in order."""
        file = self._folder / f"fields-{self._started}.csv"
        file.write_text("SEQUENTIAL\n" + "".join(f"{';'.join(row)}\n" for row in rows))
        return ["-inf", str(file), "-m", str(len(rows))]


def _invited(user: str, called: str, voice: Path | None) -> list[str]:
    invite = _request("INVITE", f"sip:{called}@{_SERVER[4:]}", user, _from_to(user, called), 1)
    ack = _request("ACK", "[next_url]", user, f"[routes]\n{_from_to(user, called, True)}", 1)
    return [
        _said(invite + _sdp(voice)),
        *(f'<recv response="{code}" optional="true"/>' for code in (100, 180, 183)),
        '<recv response="200" rrs="true" timeout="10000"/>',
        _said(ack + _NO_BODY, again=False),
        *_play(voice),
    ]


def _from_to(user: str, called: str, known: bool = False) -> str:
    tag = "[peer_tag_param]" if known else ""
    return (
        f"From: <sip:{user}@[local_ip]:[local_port]>;tag=[pid]c[call_number]\n"
        f"To: <sip:{called}@{_SERVER[4:]}>{tag}\n"
    )


def _request(method: str, uri: str, user: str, more: str, sequence: int) -> str:
    return _REQUEST.format(method=method, uri=uri, user=user, more=more, sequence=sequence)


def _reply(status: str, tag: str = "") -> str:
    return _REPLY.format(status=status, tag=tag)


def _sdp(voice: Path | None) -> str:
    return _SDP.format(port="rtpstream_audio_port" if voice else "auto_media_port")


def _play(voice: Path | None) -> list[str]:
    if voice is None:
        return []
    return [f'<nop><action><exec rtp_stream="{voice},-1,8,PCMA/8000"/></action></nop>']


def _said(text: str, *, again: bool = True) -> str:
    """A message; with `again` it is repeated until it is answered."""
    words = ' retrans="500"' if again else ""
    return f"<send{words}><![CDATA[\n{text}\n]]></send>"


def _scenario(parts: Sequence[str]) -> str:
    body = "\n".join(parts)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="siaga">\n{body}\n</scenario>\n'
