"""The nightly call by the trunk: out to a carrier, which is another Asterisk, and in again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from siaga.telephony.ami.client import Login
from siaga.telephony.asterisk import prompts
from siaga.telephony.asterisk.config.doors import MANAGER_USER
from siaga.telephony.asterisk.process import AsteriskProcess, console
from siaga.telephony.asterisk.rendering import write_configuration
from siaga.telephony.asterisk.site import Ports, Site, keep_secrets
from siaga.telephony.names import Mark
from siaga.telephony.selftest.calling import NOT_BACK, call_ourselves
from siaga.telephony.selftest.judging import failures
from siaga.telephony.selftest.types import Check, Kept, Observed, Way
from siaga.telephony.types import PhonePlan
from tests.phone.centre import NEVER, free_base, plan
from tests.phone.conftest import Tools
from tests.phone.sipp import Caller, Exchange

pytestmark = pytest.mark.phone
OURS, CARRIER = "127.0.0.1", "127.0.0.30"
LOOP, DID = "+6284000100199", "+6284000100111"


class Ring:
    """Two Asterisks, each the other's trunk."""

    def __init__(self, tools: Tools, folder: Path, stack: ExitStack) -> None:
        self._tools, self._folder, self._stack = tools, folder, stack
        ours, carriers = free_base(), free_base()
        self.plan = replace(
            plan("lingkar", DID, f"{CARRIER}:{carriers + 60}"), self_test_number=LOOP
        )
        # A centre that is always closed and forwards to us is all that a carrier's loop need be.
        loop = plan(
            "operator", LOOP, f"{OURS}:{ours + 60}", hours=(replace(NEVER, forward_phone=DID),)
        )
        self.site = self._started("ours", self.plan, ours, OURS)
        self.carrier = self._started("carrier", loop, carriers, CARRIER)
        sipp = folder / "sipp"
        sipp.mkdir()
        self.exchange = Exchange(tools.sipp, sipp, f"{OURS}:{ours + 60}", ours + 8000)
        stack.callback(self.exchange.stop_all)

    def test(self, picture: Any = lambda _: True) -> Observed:
        login = Login(
            host="127.0.0.1",
            port=self.site.ports.ami,
            username=MANAGER_USER,
            secret=self.site.secrets.manager,
        )
        return call_ourselves(login, self.plan, self.site.prompt(self.plan, "self-test"), picture)

    def _started(self, name: str, one: PhonePlan, base: int, address: str) -> Site:
        home = self._folder / name
        site = Site(
            home=home,
            installation=self._tools.installation,
            secrets=keep_secrets(home, [one]),
            ports=Ports.from_base(base),
            address=address,
        )
        write_configuration([one], site)
        texts = prompts.read_texts(Path(settings.CONTENT_DIR) / "prompts")
        list(prompts.speak_all([one], home, texts, self._tools.voice))
        self._stack.enter_context(AsteriskProcess(site))
        return site


@pytest.fixture
def ring(tools: Tools, tmp_path: Path) -> Iterator[Ring]:
    with ExitStack() as stack:
        yield Ring(tools, tmp_path, stack)


def fine(seen: Observed) -> tuple[Check, ...]:
    """What the path lacked, had everything downstream been in order."""
    missing = failures(seen, Kept(has_contact=True))
    return tuple(check for check in missing if check is not Check.LOGGED)


def test_the_call_leaves_by_the_trunk_and_comes_in_again_marked_as_a_test(ring: Ring) -> None:
    seen = ring.test()
    assert (seen.problem, seen.path) == ("", Way.TRUNK)
    assert fine(seen) == ()
    assert {Mark.OFFERED, Mark.GREETED, Mark.QUEUED} <= set(seen.marks)
    record = ring.site.cel_file.read_text()
    assert "test=1" in record and seen.linked_id in record
    assert "SIAGA_OFFERED" in ring.carrier.cel_file.read_text()
    assert "not found" in console(ring.site, "database get switch-lingkar self-test")


def test_a_call_that_the_carrier_does_not_bring_back_is_told(ring: Ring) -> None:
    console(ring.carrier, "dialplan remove extension p0@closed-operator")
    seen = ring.test()
    assert (seen.problem, seen.path, seen.linked_id) == (NOT_BACK, Way.TRUNK, "")
    assert failures(seen, Kept()) == (Check.TRUNK,)
    # Whoever calls from our own number afterwards is taken for no test.
    caller = Caller(number=DID.lstrip("+"), called=DID.lstrip("+"), talk_ms=500)
    ring.exchange.call(caller, CARRIER).wait()
    assert "test=1" not in ring.site.cel_file.read_text()
