"""An ordinary SIP telephone in a few lines: registers, rings, answers, hums, hangs up."""

from __future__ import annotations

import hashlib
import re
import secrets
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from typing import Self

from tests.waiting import wait_until

_SDP = (
    "v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n"
    "m=audio {port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
)


@dataclass
class Ringing:
    """A call that reached the telephone, with the headers of its INVITE."""

    headers: dict[str, str]
    routes: list[str]
    tag: str = field(default_factory=lambda: secrets.token_hex(4))
    answered: bool = False
    ended: bool = False
    up_at: float = 0.0
    sound_to: tuple[str, int] = ("", 0)
    packets: int = 0
    due: float = 0.0

    def sound(self) -> bytes:
        """The next twenty milliseconds: a hum in A-law."""
        self.packets += 1
        head = struct.pack("!BBHII", 0x80, 8, self.packets & 0xFFFF, self.packets * 160, 112)
        return head + bytes((0xD5, 0xA5) * 80)


class Handset:
    """One telephone; `answer_after` seconds it answers, None lets it ring."""

    def __init__(
        self, username: str, secret: str, asterisk: tuple[str, int], *, answer_after: float | None
    ) -> None:
        self.username, self.secret, self.answer_after = username, secret, answer_after
        self._asterisk = asterisk
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.02)
        self._rtp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._rtp.bind(("127.0.0.1", 0))
        self.host, self.port = self._socket.getsockname()
        self.calls: dict[str, Ringing] = {}
        self._answers: dict[str, str] = {}
        self._sequence = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def start(self) -> None:
        """Listen from now on."""
        self._thread.start()

    def __enter__(self) -> Self:
        if not self._thread.is_alive():
            self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join(5)
        self._socket.close()
        self._rtp.close()

    def register(self, seconds: float = 5) -> int:
        """The final status of a REGISTER with our password: 200 when it is right."""
        first = self._ask("REGISTER", self._uri(), "", seconds)
        if not first.startswith("SIP/2.0 401"):
            return int(first.split()[1])
        return int(
            self._ask("REGISTER", self._uri(), self._proof(first, "REGISTER"), seconds).split()[1]
        )

    def ringing(self, seconds: float = 10) -> Ringing:
        """The newest call, as soon as there is one that has not ended."""
        return wait_until(
            lambda: next((one for one in reversed(self.calls.values()) if not one.ended), None),
            seconds,
        )

    def answer(self) -> None:
        """Take whatever rings."""
        for call in self.calls.values():
            call.up_at = call.up_at or time.monotonic()

    def hang_up(self) -> None:
        """End every call that was answered."""
        for call_id, call in list(self.calls.items()):
            if call.answered and not call.ended:
                self._bye(call_id, call)
                call.ended = True

    def _uri(self) -> str:
        return f"sip:{self._asterisk[0]}:{self._asterisk[1]}"

    def _ask(self, method: str, uri: str, more: str, seconds: float) -> str:
        self._sequence += 1
        branch = f"z9hG4bK{secrets.token_hex(6)}"
        request = (
            f"{method} {uri} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {self.host}:{self.port};branch={branch};rport\r\n"
            f"From: <sip:{self.username}@{self._asterisk[0]}>;tag=reg\r\n"
            f"To: <sip:{self.username}@{self._asterisk[0]}>\r\n"
            f"Call-ID: reg-{self.port}\r\nCSeq: {self._sequence} {method}\r\n"
            f"Contact: <sip:{self.username}@{self.host}:{self.port}>\r\nExpires: 120\r\n"
            f"Max-Forwards: 70\r\n{more}Content-Length: 0\r\n\r\n"
        )
        self._socket.sendto(request.encode(), self._asterisk)
        return wait_until(lambda: self._answers.get(branch, ""), seconds)

    def _proof(self, challenge: str, method: str) -> str:
        realm, nonce = (
            re.search(rf'{name}="([^"]*)"', challenge)[1]  # type: ignore[index]
            for name in ("realm", "nonce")
        )
        opaque = re.search(r'opaque="([^"]*)"', challenge)

        def h(text: str) -> str:
            return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

        ha1, ha2 = h(f"{self.username}:{realm}:{self.secret}"), h(f"{method}:{self._uri()}")
        answer = h(f"{ha1}:{nonce}:00000001:c0:auth:{ha2}")
        return (
            f'Authorization: Digest username="{self.username}",realm="{realm}",nonce="{nonce}",'
            f'uri="{self._uri()}",response="{answer}",algorithm=MD5,qop=auth,nc=00000001,'
            f'cnonce="c0"' + (f',opaque="{opaque[1]}"' if opaque else "") + "\r\n"
        )

    def _listen(self) -> None:
        while not self._stopping.is_set():
            self._answer_due()
            try:
                text = self._socket.recv(65_536).decode(errors="replace")
            except TimeoutError:
                continue
            except OSError:
                return
            self._take(text)

    def _take(self, text: str) -> None:
        line, headers, routes = _read(text)
        if line.startswith("SIP/2.0"):
            branch = re.search(r"branch=([^;\s]+)", headers.get("via", ""))
            if branch and not line.startswith("SIP/2.0 1"):
                self._answers[branch[1]] = text
            return
        method, call_id = line.split()[0], headers.get("call-id", "")
        call = self.calls.get(call_id)
        if method == "INVITE":
            if call is None:
                call = self.calls[call_id] = Ringing(headers, routes, sound_to=_sound_to(text))
                if self.answer_after is not None:
                    call.up_at = time.monotonic() + self.answer_after
            self._reply(call, "200 OK" if call.answered else "180 Ringing", sdp=call.answered)
        elif method == "OPTIONS":
            self._reply(Ringing(headers, routes), "200 OK")
        elif method == "CANCEL" and call is not None:
            self._reply(Ringing(headers, routes, call.tag), "200 OK")
            self._reply(call, "487 Request Terminated")
            call.ended = True
        elif method == "BYE":
            self._reply(Ringing(headers, routes), "200 OK")
            if call is not None:
                call.ended = True

    def _answer_due(self) -> None:
        for call in self.calls.values():
            if (
                call.up_at
                and not call.answered
                and not call.ended
                and time.monotonic() >= call.up_at
            ):
                call.answered = True
                self._reply(call, "200 OK", sdp=True)

    def _reply(self, call: Ringing, status: str, *, sdp: bool = False) -> None:
        h = call.headers
        to = h["to"] if "tag=" in h["to"] else f"{h['to']};tag={call.tag}"
        body = _SDP.format(host=self.host, port=self._rtp.getsockname()[1]) if sdp else ""
        kind = "Content-Type: application/sdp\r\n" if sdp else ""
        routes = "".join(f"Record-Route: {one}\r\n" for one in call.routes)
        self._socket.sendto(
            (
                f"SIP/2.0 {status}\r\nVia: {h['via']}\r\n{routes}From: {h['from']}\r\nTo: {to}\r\n"
                f"Call-ID: {h['call-id']}\r\nCSeq: {h['cseq']}\r\n"
                f"Contact: <sip:{self.username}@{self.host}:{self.port}>\r\n"
                f"{kind}Content-Length: {len(body)}\r\n\r\n{body}"
            ).encode(),
            self._asterisk,
        )

    def _bye(self, call_id: str, call: Ringing) -> None:
        h = call.headers
        target = re.search(r"<([^>]+)>", h["contact"])
        self._socket.sendto(
            (
                f"BYE {target[1] if target else self._uri()} SIP/2.0\r\n"
                f"Via: SIP/2.0/UDP {self.host}:{self.port};branch=z9hG4bK{secrets.token_hex(6)}\r\n"
                f"From: {h['to']};tag={call.tag}\r\nTo: {h['from']}\r\nCall-ID: {call_id}\r\n"
                "CSeq: 1 BYE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
            ).encode(),
            self._asterisk,
        )


def _sound_to(invite: str) -> tuple[str, int]:
    host, port = re.search(r"c=IN IP4 (\S+)", invite), re.search(r"m=audio (\d+)", invite)
    return (host[1], int(port[1])) if host and port else ("127.0.0.1", 9)


def _read(text: str) -> tuple[str, dict[str, str], list[str]]:
    head = text.partition("\r\n\r\n")[0].split("\r\n")
    headers: dict[str, str] = {}
    routes = []
    for line in head[1:]:
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
        if name.lower() == "record-route":
            routes.append(value.strip())
    return head[0], headers, routes
