"""Which tones somebody hears: the citizen on their line, and a desk in its browser."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections import deque
from pathlib import Path
from typing import Self

from playwright.sync_api import Page

from tests.phone import sounds

_FRAME = 160
_FRAME_SECONDS = 0.02
_LOOKED_AT = 40
_PRESENT = 0.15
_ABSENT = 0.02
# What a browser shows of a tone of the stage, and what is left of one that is not there.
_LOUD_DB, _QUIET_DB = -45, -65
_KEEP_LINES = """() => {
  if (window.heardLines) return;
  window.heardLines = [];
  const Former = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Former {
    constructor(...given) { super(...given); window.heardLines.push(this); }
  };
}"""
_LEVELS = """hertz => {
  const line = window.heardLines.findLast((one) => one.connectionState === "connected");
  const track = line?.getReceivers()[0]?.track;
  if (!track) return hertz.map(() => -200);
  if (window.heardTrack !== track) {
    const context = new AudioContext();
    void context.resume();
    window.heardTrack = track;
    window.heardBy = context.createAnalyser();
    window.heardBy.fftSize = 8192;
    window.heardBy.smoothingTimeConstant = 0.3;
    context.createMediaStreamSource(new MediaStream([track])).connect(window.heardBy);
  }
  const by = window.heardBy, levels = new Float32Array(by.frequencyBinCount);
  by.getFloatFrequencyData(levels);
  const bin = (one) => Math.round(one / by.context.sampleRate * by.fftSize);
  return hertz.map((one) => Math.max(-200, ...levels.slice(bin(one) - 2, bin(one) + 3)));
}"""


class Line:
    """The citizen's end of the sound: says one tone and keeps what came last."""

    def __init__(self, address: str, voice: Path) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, 0))
        self._socket.settimeout(_FRAME_SECONDS / 2)
        self.port = int(self._socket.getsockname()[1])
        self._voice = voice.read_bytes()
        self._heard: deque[bytes] = deque(maxlen=_LOOKED_AT)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join(5)
        self._socket.close()

    def hears(self, hertz: int) -> bool:
        """Whether the tone was there all through the last moment."""
        return self._seconds(hertz, _PRESENT) > 0.8 * _LOOKED_AT * _FRAME_SECONDS

    def hears_no(self, hertz: int) -> bool:
        """Whether nothing of the tone was there in the last moment, though something was."""
        return len(self._heard) == _LOOKED_AT and self._seconds(hertz, _ABSENT) == 0

    def told(self, *hertz: int) -> str:
        """For a failed wait: how long each tone was there, of how many frames kept."""
        return f"{[self._seconds(one, _PRESENT) for one in hertz]} s of {len(self._heard)} frames"

    def forget(self) -> None:
        """Only what comes from now on counts."""
        self._heard.clear()

    def _seconds(self, hertz: int, share: float) -> float:
        return sounds.seconds_in(sounds.linear(b"".join(list(self._heard))), hertz, share)

    def _run(self) -> None:
        to, sent, due = None, 0, time.monotonic()
        while not self._stopping.is_set():
            try:
                packet, to = self._socket.recvfrom(2_048)
                if packet[1] & 0x7F == 8:
                    self._heard.append(packet[12:])
            except TimeoutError:
                pass
            while to and time.monotonic() >= due:
                at = sent * _FRAME % (len(self._voice) - _FRAME)
                head = struct.pack("!BBHII", 0x80, 8, sent & 0xFFFF, sent * _FRAME, 112)
                self._socket.sendto(head + self._voice[at : at + _FRAME], to)
                sent, due = sent + 1, due + _FRAME_SECONDS


def listen_at(page: Page) -> None:
    """Before the call: what the desk's telephone plays can be looked at from now on."""
    page.evaluate(_KEEP_LINES)


def desk_hears(page: Page, *hertz: int) -> bool:
    """Whether all these tones come out of the desk's telephone at this moment."""
    return all(level > _LOUD_DB for level in levels(page, *hertz))


def desk_hears_no(page: Page, hertz: int) -> bool:
    """Whether nothing of this tone does."""
    [level] = levels(page, hertz)
    return level < _QUIET_DB


def levels(page: Page, *hertz: int) -> list[float]:
    """How loud each tone is at a desk, in decibels."""
    found: list[float] = page.evaluate(_LEVELS, list(hertz))
    return found
