"""The telephone calls itself, by Asterisk alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from siaga.telephony import names
from siaga.telephony.ami.client import Login
from siaga.telephony.asterisk.config.doors import MANAGER_USER
from siaga.telephony.names import Mark
from siaga.telephony.selftest.calling import call_ourselves
from tests.phone.centre import Centre
from tests.phone.sipp import Desk

pytestmark = pytest.mark.phone


@pytest.fixture
def login(asterisk: Centre) -> Login:
    return Login(
        host="127.0.0.1",
        port=asterisk.site.ports.ami,
        username=MANAGER_USER,
        secret=asterisk.site.secrets.manager,
    )


def prompt(asterisk: Centre, region: str) -> str:
    return asterisk.site.prompt(asterisk.plans[region], "self-test")


def test_the_call_goes_the_whole_way_marked_as_a_test(asterisk: Centre, login: Login) -> None:
    asked: list[str] = []

    def seen(linked_id: str) -> bool:
        asked.append(linked_id)
        return len(asked) > 2

    found = call_ourselves(login, asterisk.plans["utara"], prompt(asterisk, "utara"), seen)
    assert found.problem == "" and found.in_picture and asked[0] == found.linked_id
    assert [one for one in found.marks if one != Mark.ENDED] == [
        Mark.OFFERED,
        Mark.GREETED,
        Mark.QUEUED,
    ]
    [offered] = [
        one for one in asterisk.lines(found.linked_id) if one["eventtype"] == "SIAGA_OFFERED"
    ]
    assert "test=1" in offered["eventextra"]


def test_it_wakes_nobody_outside_the_room(asterisk: Centre, login: Login) -> None:
    """The ladder begins with a desk telephone that would answer."""
    east = asterisk.plans["tangga-timur"]
    family = names.switch_family(east.region)
    asterisk.console(f"database put {family} overflow uji")
    try:
        with asterisk.exchange.desk(Desk(), east.overflow.reserve[0]):
            found = call_ourselves(login, east, prompt(asterisk, east.region), lambda _: False)
    finally:
        asterisk.console(f"database del {family} overflow")
    assert Mark.QUEUED in found.marks and Mark.OVERFLOW not in found.marks
    assert not any("-r1-" in one["channame"] for one in asterisk.lines(found.linked_id))


def test_who_answers_hears_that_it_is_a_test(asterisk: Centre, login: Login) -> None:
    east = asterisk.plans["tangga-timur"]
    desk, queue = names.channel(names.reserve(east.region, 1)), names.queue(east.region)
    asterisk.console(f"queue add member {desk} to {queue}")
    try:
        with asterisk.exchange.desk(Desk(ring_ms=200), east.overflow.reserve[0]):
            found = call_ourselves(login, east, prompt(asterisk, east.region), lambda _: True)
    finally:
        asterisk.console(f"queue remove member {desk} from {queue}")
    bridged = [one for one in asterisk.lines(found.linked_id) if one["eventtype"] == "BRIDGE_ENTER"]
    assert bridged and (asterisk.site.home / "recordings" / f"{found.linked_id}.wav").exists()


def test_an_asterisk_that_is_not_there_is_a_problem_and_no_exception(
    asterisk: Centre, login: Login
) -> None:
    nowhere = replace(login, port=1)
    found = call_ourselves(nowhere, asterisk.plans["utara"], "x", lambda _: False)
    assert found.problem and not found.marks
    wrong = replace(login, secret="wrong")
    assert call_ourselves(wrong, asterisk.plans["utara"], "x", lambda _: False).problem
