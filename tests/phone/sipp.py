"""Callers and desk phones for the tests: SIPp, with scenarios written for each call."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from siaga.telephony.asterisk.installation import Program
from tests.waiting import wait_until

_SDP = """
v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio [{port}] RTP/AVP 8 96
a=rtpmap:8 PCMA/8000
a=rtpmap:96 telephone-event/8000
a=fmtp:96 0-15
a=ptime:20
"""
_BYE = """BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
[routes]
From:[$2];tag=[pid]d[call_number]
To:[$1]
Call-ID: [call_id]
CSeq: 1 BYE
Max-Forwards: 70
Reason: Q.850;cause={cause}
Content-Length: 0
"""
_REMEMBER = """<action>
<ereg regexp=".*" search_in="hdr" header="From:" assign_to="1"/>
<ereg regexp=".*" search_in="hdr" header="To:" assign_to="2"/>
</action>"""
_MESSAGE = """{line}
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
{routes}From: {shown}<sip:{number}@[local_ip]:[local_port]>;tag=[pid]c[call_number]
To: <sip:{called}@[remote_ip]:[remote_port]>{tag}
Call-ID: [call_id]
CSeq: {sequence}
Contact: <sip:{number}@[local_ip]:[local_port]>
Max-Forwards: 70
{more}Content-Length: {length}
"""
_ANSWER = """SIP/2.0 {status}
[last_Via:]
[last_From:]
[last_To:]{tag}
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port]>
{more}Content-Length: {length}
"""
_ASKED_MAX, _ASKED_EVERY_SECONDS = 50, 0.1
_WITH_SDP = "Content-Type: application/sdp\n"


@dataclass(frozen=True, kw_only=True)
class Keys:
    """Digits pressed, so many milliseconds after the answer or after the keys before."""

    after_ms: int
    digits: str


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Somebody who calls, may press keys, and hangs up after a while unless we do first."""

    number: str
    called: str
    talk_ms: int
    keys: tuple[Keys, ...] = ()
    shown: str = ""
    headers: str = ""
    voice: Path | None = None
    ear: int = 0
    """A port of the caller's address where somebody else listens and speaks in their place."""

    def scenario(self) -> str:
        """The conversation as SIPp reads it."""
        invite = self._message("INVITE", "INVITE sip:{}@[remote_ip]:[remote_port] SIP/2.0", True)
        parts = [_send(invite, retrans=True), *_optional(100, 180, 183), _receive_answer()]
        parts.append(_send(self._message("ACK", "ACK [next_url] SIP/2.0", False)))
        if self.voice:
            parts.append(_play(self.voice))
        for one in self.keys:
            parts.append(f'<pause milliseconds="{one.after_ms}"/>')
            parts.append(f'<nop><action><exec play_dtmf="{one.digits}"/></action></nop>')
        parts.append(
            f'<recv request="BYE" timeout="{self.talk_ms}" ontimeout="mine" next="theirs"/>'
        )
        parts.append('<label id="mine"/>')
        parts.append(_send(self._message("BYE", "BYE [next_url] SIP/2.0", False), retrans=True))
        parts.append('<recv response="200" next="over"/>')
        parts += ['<label id="theirs"/>', _send(_answer("200 OK")), '<label id="over"/>']
        return _scenario(parts)

    def _message(self, method: str, line: str, first: bool) -> str:
        text = _MESSAGE.format(
            line=line.format(self.called),
            routes="" if first else "[routes]\n",
            shown=self.shown,
            number=self.number,
            called=self.called,
            tag="" if first else "[peer_tag_param]",
            sequence=f"{2 if method == 'BYE' else 1} {method}",
            more=self.headers + (_WITH_SDP if first else ""),
            length="[len]" if first else "0",
        )
        return text + (_sdp(self.voice, self.ear) if first else "")


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A phone that rings, answers, and waits until the other side hangs up.

    With `dies_after_ms` it goes first, as a browser that vanished: with the cause of lost sound.
    """

    ring_ms: int = 200
    voice: Path | None = None
    dies_after_ms: int = 0
    cause: int = 44

    def scenario(self) -> str:
        """The conversation as SIPp reads it."""
        tag = ";tag=[pid]d[call_number]"
        parts = [
            f'<recv request="INVITE" rrs="true">{_REMEMBER if self.dies_after_ms else ""}</recv>',
            _send(_answer("180 Ringing", tag)),
            f'<recv request="CANCEL" timeout="{self.ring_ms}" ontimeout="up" next="given"/>',
            '<label id="up"/>',
            _send(_answer("200 OK", tag, _sdp(self.voice)), retrans=True),
            '<recv request="ACK"/>',
            *([_play(self.voice)] if self.voice else []),
            *self._end(),
            '<label id="given"/>',
            _send(_answer("200 OK")),
            _send(
                _answer("487 Request Terminated", tag).replace(
                    "[last_CSeq:]", "CSeq: [last_cseq_number] INVITE"
                ),
                retrans=True,
            ),
            '<recv request="ACK"/>',
            '<label id="over"/>',
        ]
        return _scenario(parts)

    def _end(self) -> list[str]:
        hung_up = _send(_answer("200 OK")).replace("<send", '<send next="over"', 1)
        if not self.dies_after_ms:
            return ['<recv request="BYE"/>', hung_up]
        return [
            f'<pause milliseconds="{self.dies_after_ms}"/>',
            _send(_BYE.format(cause=self.cause), retrans=True),
            '<recv response="200" next="over"/>',
        ]


@dataclass
class Sipp:
    """One running SIPp."""

    process: subprocess.Popen[bytes]
    folder: Path
    name: str
    ended: int | None = field(default=None)

    def wait(self, seconds: float = 60) -> int:
        """Its exit code: 0 when every message came as the scenario expects."""
        return self.process.wait(seconds)

    def stop(self) -> None:
        """End it now; whoever talks hangs up."""
        for _ in range(_ASKED_MAX):
            if self.process.poll() is not None:
                return
            # The first lets calls end in their own time, the second ends them with BYE.
            self.process.send_signal(signal.SIGUSR1)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(_ASKED_EVERY_SECONDS)
        self.process.kill()
        self.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def errors(self) -> str:
        """What SIPp found wrong."""
        path = self.folder / f"{self.name}.errors"
        return path.read_text(errors="replace") if path.exists() else ""


class Exchange:
    """Where SIPp processes are started: each with an address, a port and files of its own."""

    def __init__(self, program: Program, folder: Path, target: str, base: int) -> None:
        self._program, self._folder, self._target = program, folder, target
        self._port = base
        self._running: list[Sipp] = []

    def call(self, caller: Caller, address: str) -> Sipp:
        """Place one call from this address."""
        return self._start(caller.scenario(), address, None, ["-m", "1"])

    def desk(self, desk: Desk, place: str, calls: int = 5) -> Sipp:
        """Put a phone at `address:port`; strays of a call it missed before do not wear it out."""
        address, _, port = place.partition(":")
        started = self._start(desk.scenario(), address, int(port), ["-m", str(calls)])
        wait_until(lambda: not is_free(address, int(port)))
        return started

    def many(self, scenario: str, address: str, *, calls: int, a_second: int) -> Sipp:
        """Many calls of one scenario, one after the other."""
        words = ["-m", str(calls), "-r", str(a_second), "-l", str(calls)]
        return self._start(scenario, address, None, words, ports=4 * calls)

    def stop_all(self) -> None:
        """End everything that still runs."""
        for one in self._running:
            one.stop()
        self._running.clear()

    def _start(
        self, scenario: str, address: str, port: int | None, more: Sequence[str], ports: int = 7
    ) -> Sipp:
        self._port += 10
        name = f"{os.getpid()}-{self._port}"
        file = self._folder / f"{name}.xml"
        file.write_text(scenario)
        words = [
            self._target, "-sf", str(file), "-i", address, "-mi", address,
            "-p", str(port or self._port), "-min_rtp_port", str(self._port + 2),
            "-max_rtp_port", str(self._port + 2 + ports), "-nostdin", *more,
            "-trace_err", "-error_file", str(self._folder / f"{name}.errors"),
        ]  # fmt: skip
        with (self._folder / f"{name}.screen").open("wb") as screen:
            process = subprocess.Popen(
                self._program.command(*words),
                stdin=subprocess.DEVNULL,
                stdout=screen,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                env=self._program.environment() | {"TERM": "dumb"},
            )
        started = Sipp(process, self._folder, name)
        self._running.append(started)
        return started


def is_free(address: str, port: int) -> bool:
    """Whether nobody listens there."""
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind((address, port))
            except OSError:
                return False
    return True


def _scenario(parts: list[str]) -> str:
    body = "\n".join(parts)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="siaga">\n{body}\n</scenario>\n'


def _send(text: str, *, retrans: bool = False) -> str:
    words = ' retrans="500"' if retrans else ""
    return f"<send{words}><![CDATA[\n{text}\n]]></send>"


def _answer(status: str, tag: str = "", sdp: str = "") -> str:
    head = _ANSWER.format(
        status=status, tag=tag, more=_WITH_SDP if sdp else "", length="[len]" if sdp else "0"
    )
    return head + sdp


def _optional(*codes: int) -> list[str]:
    return [f'<recv response="{code}" optional="true"/>' for code in codes]


def _receive_answer() -> str:
    return '<recv response="200" rrs="true" timeout="20000"/>'


def _sdp(voice: Path | None, ear: int = 0) -> str:
    if ear:
        return _SDP.replace("[{port}]", str(ear))
    return _SDP.format(port="rtpstream_audio_port" if voice else "auto_media_port")


def _play(voice: Path) -> str:
    return f'<nop><action><exec rtp_stream="{voice},-1,8,PCMA/8000"/></action></nop>'
