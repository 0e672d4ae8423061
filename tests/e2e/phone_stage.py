"""A centre with a telephone: real Asterisk, the processes around it, and desks that can talk."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import wave
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from math import pi, sin
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections
from playwright.sync_api import Browser, Error, Page, Playwright, expect

from siaga.accounts.types import Viewer
from siaga.intake import queries as intake
from siaga.intake.types import ContactView
from siaga.kernel import clock
from siaga.kernel.phones import national_format, normalize_phone
from siaga.kernel.tenancy import acting_in
from siaga.regions import folders
from siaga.telephony import certificates
from siaga.telephony.asterisk import prompts, spare
from siaga.telephony.asterisk.errors import PackagesUnavailable
from siaga.telephony.asterisk.installation import provide_asterisk, provide_program
from siaga.telephony.asterisk.packages import TOOLS
from siaga.telephony.asterisk.process import AsteriskProcess
from siaga.telephony.asterisk.rendering import write_configuration
from siaga.telephony.asterisk.site import Ports, Site, keep_secrets, own_address
from siaga.telephony.plan import plan_of
from siaga.telephony.types import Overflow, PhonePlan, Waits
from tests import databases
from tests.cast import BANYUWANGI, enter
from tests.databases import TestDatabase
from tests.e2e.console_stage import ARGUMENTS, PATIENCE_MS, PROJECT, Server, desk_of
from tests.phone import sounds
from tests.phone.centre import Centre, free_base
from tests.phone.sipp import Caller, Exchange, Sipp
from tests.waiting import wait_until

TRUNK = "127.0.0.10"
CALLER_HERTZ, DESK_HERTZ = 1000, 440
LONG_MS = 300_000
LOOKS_EVERY_MS = 50
RECORDED_BYTES_A_SECOND = 16_000
_IN_MODE = "mode => document.querySelector('#phone')?.dataset.mode === mode"
MICROPHONE_RATE = 48_000
MICROPHONE_SECONDS = 4
PHONE_ARGUMENTS = [
    *ARGUMENTS,
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
]
# Sound must arrive as the microphone gave it, or a tone is taken for noise.
PLAIN_SOUND = "localStorage.setItem('siaga-headset', JSON.stringify({clean: false}))"


@dataclass
class PhoneDesks:
    """The running centre, as far as a test needs it."""

    centre: Centre
    home: Path
    plan: PhonePlan
    served: Server | None = None
    viewers: dict[str, Viewer] = field(default_factory=dict)

    @property
    def server(self) -> Server:
        """The pages."""
        assert self.served is not None, "nothing of ours runs here"
        return self.served

    @property
    def spare_page(self) -> str:
        """Where Asterisk itself serves a softphone."""
        return spare.address(self.centre.site, "127.0.0.1")


class Beside:
    """One of our daemons as its own process."""

    def __init__(
        self, home: Path, database: TestDatabase, more: dict[str, str], command: str
    ) -> None:
        self._command = command
        self._env = {
            **os.environ,
            **database.env,
            "DJANGO_SETTINGS_MODULE": "siaga.config.testing",
            "SIAGA_DB_ROLE": "app",
            **more,
        }
        self._log = home / f"{command}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """As `siaga <command>`."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "siaga.config.cli", self._command],
                env=self._env,
                cwd=PROJECT,
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        """As a crash would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(10)

    def stop(self) -> None:
        """In an orderly way."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(20)


@contextmanager
def on_stage(name: str, home: Path, *people: str, works: bool = False) -> Iterator[PhoneDesks]:
    """A whole centre around a database of its own, and so many of the cast in it.

    Where it `works`, recordings are kept as in life: what Asterisk wrote is not there for long.
    """
    former = connection.settings_dict["NAME"]
    with databases.clone(name) as chosen:
        connections.close_all()
        connection.settings_dict["NAME"] = chosen.name
        try:
            viewers = {one: enter(one, clock.now()) for one in people}
            with phone_centre(chosen, home, works=works) as running:
                running.viewers.update(viewers)
                yield running
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = former


@contextmanager
def phone_centre(database: TestDatabase, home: Path, *, works: bool) -> Iterator[PhoneDesks]:
    """Asterisk, the daemons and the pages, until the test is over."""
    with bare_centre(home) as desks:
        ports = desks.centre.site.ports
        more = {
            "SIAGA_HOME": str(home),
            "SIAGA_PHONE_PORT_BASE": str(ports.sip - 60),
            "SIAGA_PHONE_SOCKET": f"ws://127.0.0.1:{ports.http}/ws",
            "SIAGA_REQUIRE_MFA": "0",
        }
        server = Server(database, more)
        more["PORT"] = str(server.port)
        daemons = [Beside(home, database, more, one) for one in ("calllog", "phone")]
        if works:
            daemons.append(Beside(home, database, more, "work"))
        try:
            for daemon in daemons:
                daemon.start()
            server.start()
            desks.served = server
            yield desks
        finally:
            server.stop()
            for daemon in daemons:
                daemon.stop()


@contextmanager
def bare_centre(home: Path, *, tls: bool = False) -> Iterator[PhoneDesks]:
    """Asterisk alone, with the plan of the sample profile and nobody of ours beside it."""
    cache: Path = settings.SIAGA_HOME / "phone"
    try:
        installation = provide_asterisk(cache, print)
        voice = provide_program("espeak-ng", cache, print)
        sipp = provide_program("sipp", cache, print, TOOLS)
    except PackagesUnavailable as unavailable:
        pytest.skip(unavailable.message)
    base = free_base()
    plan = _plan(base)
    phone = home / "phone"
    site = Site(
        home=phone,
        installation=installation,
        secrets=keep_secrets(phone, [plan]),
        ports=Ports.from_base(base),
        own_address=own_address(),
    )
    if tls:
        certificates.make(
            ["127.0.0.1"], authority=home / "authority", into=site.certificate, now=clock.now()
        )
    write_configuration([plan], site)
    spare.place_page(settings.BASE_DIR / "web/static/siaga/spare", site)
    texts = prompts.read_texts(Path(settings.CONTENT_DIR) / "prompts")
    list(prompts.speak_all([plan], phone, texts, voice))
    exchange = Exchange(sipp, home, f"127.0.0.1:{site.ports.sip}", base + 8000)
    with AsteriskProcess(site) as process:
        try:
            yield PhoneDesks(Centre(site, {plan.region: plan}, process, exchange, home), home, plan)
        finally:
            exchange.stop_all()


def _plan(base: int) -> PhonePlan:
    """The sample profile's, with one trunk and one reserve phone that tests can reach."""
    profiles = folders.check_folders(folders.profile_folders(), today=clock.now().date())
    profile = next(
        one.profile for one in profiles if one.profile and one.profile.region.id == BANYUWANGI
    )
    given = plan_of(profile)
    assert given is not None, "the sample profile has a telephone"
    return replace(
        given,
        did=("112",),
        trunk_addresses=(f"{TRUNK}:{base + 950}",),
        overflow=Overflow(reserve=(f"127.0.0.20:{base + 940}",), neighbor="", mobile=""),
        waits=Waits(queue=40, empty_queue=3, ring=30, reserve=15, rounds=1),
    )


@contextmanager
def talking_browser(
    driver: Playwright, folder: Path, *more: str, hertz: int = DESK_HERTZ
) -> Iterator[Browser]:
    """Chromium whose microphone says one tone, for ever."""
    chromium = os.environ.get("SIAGA_CHROMIUM") or shutil.which("chromium")
    # A path with dots in it would be a silent microphone, without any message.
    said = microphone(folder / "desk.wav", hertz).resolve()
    launched = driver.chromium.launch(
        executable_path=chromium,
        args=[*PHONE_ARGUMENTS, f"--use-file-for-fake-audio-capture={said}", *more],
    )
    try:
        yield launched
    finally:
        with suppress(Error):  # a test may have killed it
            launched.close()


def microphone(path: Path, hertz: int) -> Path:
    """A WAV of one tone, as a browser's microphone takes it."""
    count = MICROPHONE_RATE * MICROPHONE_SECONDS
    table = [
        int(12_000 * sin(2 * pi * hertz * n / MICROPHONE_RATE)) for n in range(MICROPHONE_RATE)
    ]
    block = b"".join(one.to_bytes(2, "little", signed=True) for one in table)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(MICROPHONE_RATE)
        file.writeframes(block * (count // MICROPHONE_RATE))
    return path


def phone_desk(browser: Browser, desks: PhoneDesks, name: str, **options: object) -> Page:
    """A desk whose telephone is connected and ready for calls, by one key."""
    page = desk_of(browser, desks.server, name, **options)
    page.evaluate(PLAIN_SOUND)
    page.keyboard.press("F2")
    in_mode(page, "ready")
    return page


def in_mode(page: Page, mode: str) -> None:
    """The bar says so, be it for a moment only."""
    with suppress(Error):
        page.wait_for_function(_IN_MODE, arg=mode, polling=LOOKS_EVERY_MS, timeout=PATIENCE_MS)
        return
    expect(page.locator("#phone")).to_have_attribute("data-mode", mode, timeout=1)  # says why


def members(desks: PhoneDesks) -> str:
    """The queue as Asterisk itself shows it."""
    return desks.centre.console(f"queue show 112-{desks.plan.region}")


def nobody_is_left(desks: PhoneDesks) -> None:
    """No call of the test before goes on."""
    wait_until(lambda: "0 active channels" in desks.centre.console("core show channels"))


def call(desks: PhoneDesks, number: str, talk_ms: int = LONG_MS, **more: object) -> Sipp:
    """Somebody calls 112."""
    caller = Caller(number=number, called="112", talk_ms=talk_ms, **more)  # type: ignore[arg-type]
    return desks.centre.exchange.call(caller, TRUNK)


def contact_of(desks: PhoneDesks, number: str) -> ContactView:
    """The newest contact of the caller, once the call log has told of it."""
    sari = desks.viewers["sari"]

    def newest() -> list[ContactView]:
        with acting_in(BANYUWANGI):
            return intake.contacts_of_number(sari, f"+62{number[1:]}", limit=1)

    return wait_until(newest)[0]


def answered(page: Page, desks: PhoneDesks, number: str) -> None:
    """Rings, is answered by one key, and the form lies open with the cursor in it."""
    in_mode(page, "ringing")
    shown = national_format(normalize_phone(number))
    expect(page.locator("[data-phone=number]")).to_have_text(shown)
    page.keyboard.press("F2")
    in_mode(page, "talking")
    page.wait_for_url(f"**/contacts/{contact_of(desks, number).id}/")
    expect(page.locator("#id_narrative")).to_be_focused()


def heard(desks: PhoneDesks, number: str, leg: str, hertz: int, since: float = 0) -> float:
    """Seconds of a tone in one leg of an ended call's recording, from a moment of the clock on."""
    begun = float(desks.centre.events(number)[0]["eventtime"])
    file = recorded(desks, number, leg)
    return sounds.seconds_of(file, hertz, max(0.0, since - begun))


def recorded(desks: PhoneDesks, number: str, leg: str) -> Path:
    """The file of one leg; it grows while they talk, and has no head before the end."""
    mixed = desks.centre.recording(number)
    return mixed.with_name(f"{mixed.stem}-{leg}.wav")


def talk_on(desks: PhoneDesks, number: str, seconds: float = 5) -> None:
    """Until so much more of what the caller hears is on record."""
    file = recorded(desks, number, "out")
    begun = _size(file)
    wait_until(lambda: _size(file) > begun + seconds * RECORDED_BYTES_A_SECOND)


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def legs(desks: PhoneDesks) -> int:
    """How many telephones Asterisk talks with."""
    lines = desks.centre.console("core show channels concise").splitlines()
    return sum(line.startswith("PJSIP/") for line in lines)
