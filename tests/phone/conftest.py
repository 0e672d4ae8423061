"""The real thing: Asterisk as its own process, no Python of ours between it and the caller."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Protocol

import pytest
from django.conf import settings

from siaga.telephony.asterisk import centre, prompts
from siaga.telephony.asterisk.errors import PackagesUnavailable
from siaga.telephony.asterisk.installation import (
    Installation,
    Program,
    provide_asterisk,
    provide_program,
)
from siaga.telephony.asterisk.packages import TOOLS
from siaga.telephony.asterisk.process import AsteriskProcess
from siaga.telephony.asterisk.prompts import CommonText
from siaga.telephony.asterisk.rendering import write_configuration
from siaga.telephony.asterisk.site import Ports, Site, keep_secrets, own_address
from siaga.telephony.live.picture import PositionState
from siaga.telephony.plan import on_loopback
from siaga.telephony.types import Overflow, Span
from tests.databases import TestDatabase
from tests.phone.centre import NEVER, PATIENT, Centre, free_base, plan
from tests.phone.handset import Handset
from tests.phone.house import Home, ending, free_port
from tests.phone.sipp import Exchange
from tests.phone.watching import Watcher
from tests.waiting import wait_until

NORTH_TRUNK, SOUTH_TRUNK = "127.0.0.10", "127.0.0.11"


@dataclass(frozen=True)
class Tools:
    """Programs that calls need."""

    installation: Installation
    voice: Program
    sipp: Program


@pytest.fixture(scope="session")
def tools() -> Tools:
    """Fetched once into the tests' data folder; skipped only where they cannot be had at all."""
    cache: Path = settings.SIAGA_HOME / "phone"
    try:
        return Tools(
            provide_asterisk(cache, print),
            provide_program("espeak-ng", cache, print),
            provide_program("sipp", cache, print, TOOLS),
        )
    except PackagesUnavailable as unavailable:
        pytest.skip(unavailable.message)


@pytest.fixture
def home(
    tools: Tools,
    committed_db: TestDatabase,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Home]:
    """The four regions on one Asterisk as in the demo, with a database of their own."""
    base = free_base()
    monkeypatch.setenv("SIAGA_PHONE_PORT_BASE", str(base))
    spoken = settings.SIAGA_HOME / "phone" / "prompts" / "spoken"
    spoken.mkdir(parents=True, exist_ok=True)
    (tmp_path / "phone" / "prompts").mkdir(parents=True)
    (tmp_path / "phone" / "prompts" / "spoken").symlink_to(spoken)
    monkeypatch.setattr(settings, "SIAGA_HOME", tmp_path)
    plans = on_loopback(centre.plans_in_force())
    site = centre.site_of(plans, tools.installation)
    write_configuration(plans, site)
    texts = prompts.read_texts(Path(settings.CONTENT_DIR) / "prompts")
    list(prompts.speak_all(plans, site.home, texts, tools.voice))
    folder = tmp_path / "sipp"
    folder.mkdir()
    exchange = Exchange(tools.sipp, folder, f"127.0.0.1:{site.ports.sip}", base + 8000)
    with AsteriskProcess(site) as process:
        given = Home(site, plans, process, exchange, committed_db, tmp_path, base, free_port())
        with ending(given):
            yield given


@pytest.fixture(scope="session")
def asterisk(tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """Six regions on one Asterisk, started once; every test uses caller numbers of its own."""
    home = tmp_path_factory.mktemp("phone")
    base = free_base()
    desks = (f"127.0.0.20:{base + 940}", f"127.0.0.21:{base + 941}")
    ladder = Overflow(reserve=desks, neighbor="081200000001", mobile="081200000002")
    forwarded = replace(NEVER, forward_phone="+62811")
    plans = [
        plan("utara", "112", f"{NORTH_TRUNK}:{base + 950}"),
        plan("selatan", "112", f"{SOUTH_TRUNK}:{base + 950}"),
        plan("tangga-timur", "0331112", "127.0.0.12", overflow=ladder),
        # Where nobody is hurried: the desks of the live picture.
        plan("meja", "112", f"127.0.0.16:{base + 952}", waits=PATIENT),
        plan("tutup", "112", f"127.0.0.13:{base + 950}", hours=(forwarded,)),
    ]
    whole_week = replace(
        NEVER,
        behavior="notice",
        spans=(Span(days=(1, 2, 3, 4, 5, 6, 7), opens=time(0), closes=time(0)),),
        closed_on_holidays=True,
    )
    days_off = tuple(date.today() + timedelta(days=shift) for shift in range(-3, 4))
    plans += [
        plan("buka", "112", "127.0.0.14", hours=(whole_week,), holidays=(date(2020, 12, 25),)),
        plan("libur", "112", "127.0.0.15", hours=(whole_week,), holidays=days_off),
    ]
    site = Site(
        home=home,
        installation=tools.installation,
        secrets=keep_secrets(home, plans),
        ports=Ports.from_base(base),
        own_address=own_address(),
    )
    write_configuration(plans, site)
    texts = prompts.read_texts(Path(settings.CONTENT_DIR) / "prompts")
    texts["instruction"] = CommonText(words={"id": "Mohon maaf."}, pause=0)
    texts["cannot-speak"] = CommonText(words={"id": "Kami terima."}, pause=0)
    list(prompts.speak_all(plans, home, texts, tools.voice))
    folder = tmp_path_factory.mktemp("sipp")
    exchange = Exchange(tools.sipp, folder, f"127.0.0.1:{site.ports.sip}", base + 8000)
    with AsteriskProcess(site) as process:
        yield Centre(site, {one.region: one for one in plans}, process, exchange, folder)
        exchange.stop_all()


@pytest.fixture
def watcher(asterisk: Centre) -> Iterator[Watcher]:
    """A line to the six regions; whoever sat in "meja" has left it afterwards."""
    with Watcher(asterisk) as one:
        yield one
        asterisk.console("channel request hangup all")
        wait_until(lambda: not one.line.state.legs)
        for number in (1, 2):
            one.do("seat_close", "meja", number=number, device="desk")


class Seated(Protocol):
    """Somebody at a position of "meja", ready; `answers` is after how many seconds, if at all."""

    def __call__(self, number: int, answers: float | None = 0.2) -> Handset: ...


@pytest.fixture
def seated(asterisk: Centre, watcher: Watcher) -> Iterator[Seated]:
    """Whom a test wants at which desk."""
    with ExitStack() as stack:

        def sit(number: int, answers: float | None = 0.2) -> Handset:
            secret = f"secret-{number}"
            username = watcher.open_seat("meja", number, secret)
            at = ("127.0.0.1", asterisk.site.ports.sip)
            phone = stack.enter_context(Handset(username, secret, at, answer_after=answers))
            assert phone.register() == 200
            assert watcher.do("ready", "meja", number=number) == ""
            watcher.until("meja", number, PositionState.READY)
            return phone

        yield sit
