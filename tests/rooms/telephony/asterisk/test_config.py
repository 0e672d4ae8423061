"""The configuration as text: regions apart, names right, nothing that could leave the house."""

import re
from dataclasses import replace
from datetime import time
from itertools import product
from pathlib import Path

import pytest

from siaga.telephony import names
from siaga.telephony.asterisk import checking
from siaga.telephony.asterisk.config import render
from siaga.telephony.asterisk.config.dialplan.arriving import forms
from siaga.telephony.asterisk.config.dialplan.leaving import patterns
from siaga.telephony.asterisk.config.endpoints import SHARED_TRUNK
from siaga.telephony.names import Mark
from siaga.telephony.plan import on_loopback, plan_of
from siaga.telephony.types import Span
from tests.rooms.regions.given import REGIONS, profile_of
from tests.rooms.telephony.asterisk.given import OFFICE, plan_for, site_at

NORTH, SOUTH = plan_for("utara", "192.0.2.1"), plan_for("selatan", "192.0.2.2")


def contexts(dialplan: str) -> dict[str, str]:
    parts = re.split(r"^\[([\w-]+)\]$", dialplan, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_equal_plans_give_equal_texts_in_any_order(tmp_path: Path) -> None:
    site = site_at(tmp_path, NORTH, SOUTH)
    assert render([NORTH, SOUTH], site) == render([SOUTH, NORTH], site)


def test_no_region_names_a_context_queue_or_trunk_of_another(tmp_path: Path) -> None:
    texts = render([NORTH, SOUTH], site_at(tmp_path, NORTH, SOUTH))
    for name, body in contexts(texts["extensions.conf"]).items():
        for own, other in (("utara", "selatan"), ("selatan", "utara")):
            if name.endswith(f"-{own}"):
                assert other not in body, name


def test_every_jump_mark_and_variable_is_known(tmp_path: Path) -> None:
    closing = replace(SOUTH, hours=(OFFICE,))
    dialplan = render([NORTH, closing], site_at(tmp_path, NORTH, closing))["extensions.conf"]
    assert [*checking.wrong_names(dialplan)] == []
    assert [*checking.lost_jumps(dialplan)] == []


@pytest.mark.parametrize("slug", REGIONS)
def test_every_reference_region_is_rendered_without_a_fault(tmp_path: Path, slug: str) -> None:
    plan = plan_of(profile_of(slug))
    assert plan is not None
    site = site_at(tmp_path, plan)
    texts = render([plan], site)
    assert [*checking.lost_jumps(texts["extensions.conf"])] == []
    assert [*checking.missing_endpoints([plan], texts)] == []


def test_a_misspelt_name_is_found(tmp_path: Path) -> None:
    dialplan = render([NORTH], site_at(tmp_path, NORTH))["extensions.conf"]
    wrong = dialplan.replace(Mark.HELD, "SIAGA_HEDL").replace("__SIAGA_TEST", "__SIAGA_TSET")
    found = " ".join(checking.wrong_names(wrong))
    assert "the mark SIAGA_HEDL is not in names.py" in found
    assert "no dialplan makes the mark SIAGA_HELD" in found
    assert "the variable SIAGA_TSET is not in names.py" in found
    lost = dialplan.replace("[overflow-utara]", "[overflw-utara]")
    assert "a jump leads to the context overflow-utara" in " ".join(checking.lost_jumps(lost))


def test_transfers_and_our_own_processes_are_nowhere_in_a_calls_way(tmp_path: Path) -> None:
    texts = render([NORTH, SOUTH], site_at(tmp_path, NORTH, SOUTH))
    dialplan = texts["extensions.conf"]
    for word in ("AGI(", "Stasis(", "System(", "SHELL(", "CURL(", "ODBC", "REALTIME"):
        assert word not in dialplan
    assert "allow_transfer = no" in texts["pjsip.conf"]
    assert "res_pjsip_refer" not in texts["modules.conf"]
    assert "autoload = no" in texts["modules.conf"]
    queues = re.findall(r"Queue\(112-\w+,(\w+)\(", dialplan)
    assert queues and not any("t" in options or "T" in options for options in queues)


def test_the_manager_listens_on_loopback_with_few_rights(tmp_path: Path) -> None:
    manager = render([NORTH], site_at(tmp_path, NORTH))["manager.conf"]
    assert "bindaddr = 127.0.0.1" in manager
    rights = re.findall(r"^(?:read|write) = (.*)$", manager, flags=re.MULTILINE)
    assert not {"command", "config", "all", "dialplan"} & set(",".join(rights).split(","))


def test_an_address_of_several_regions_is_one_trunk_and_the_number_decides(tmp_path: Path) -> None:
    plans = on_loopback([NORTH, replace(SOUTH, did=("112", "6284000200111"))])
    assert [plan.did for plan in plans] == [("6284000100111",), ("6284000200111",)]
    texts = render(plans, site_at(tmp_path, NORTH, SOUTH))
    assert texts["pjsip.conf"].count("match = 127.0.0.0/8") == 1
    shared = contexts(texts["extensions.conf"])[SHARED_TRUNK]
    assert "include => trunk-utara" in shared
    assert "include => trunk-selatan" in shared


def test_calls_out_go_only_where_the_list_says(tmp_path: Path) -> None:
    assert patterns("08") == ("_08XXXX.",)
    assert patterns("113") == ("113",)
    here = contexts(render([NORTH], site_at(tmp_path, NORTH))["extensions.conf"])["callback-utara"]
    dialled = re.findall(r"^exten => (\S+),1,Gosub\(call-out", here, flags=re.MULTILINE)
    assert dialled == ["_08XXXX.", "113"]


def test_the_citizens_leg_is_the_one_that_is_recorded_in_both_directions(tmp_path: Path) -> None:
    texts = contexts(render([NORTH], site_at(tmp_path, NORTH))["extensions.conf"])
    base = f"{tmp_path}/recordings/${{CHANNEL(linkedid)}}"
    assert f"MixMonitor({base}.wav,r({base}-in.wav)t({base}-out.wav))" in texts["greeting-utara"]
    assert "b(called-leg^s^1(${ARG4}))" in texts["call-out"]
    assert "MixMonitor" not in texts["call-out"]
    base = "${ARG1}/${CHANNEL(linkedid)}"
    assert f"MixMonitor({base}.wav,r({base}-out.wav)t({base}-in.wav))" in texts["called-leg"]


def test_a_number_called_is_known_in_every_form_carriers_write() -> None:
    assert forms("112") == ("112",)
    assert forms("+6284000100111") == ("+6284000100111", "6284000100111", "084000100111")


def test_a_call_is_awaited_from_our_own_number_only_where_the_carrier_has_a_loop(
    tmp_path: Path,
) -> None:
    loop = replace(NORTH, did=("112", "+6284000100111"), self_test_number="+6284000100199")
    site = site_at(tmp_path, NORTH)
    there, here = (
        contexts(render([one], site)["extensions.conf"])["greeting-utara"] for one in (loop, NORTH)
    )
    own = "112|6284000100111|084000100111|6284000100199|084000100199"
    assert f'REGEX("^({own})$" ' in there and "DB(switch-utara/self-test)" in there
    assert "self-test" not in here
    assert on_loopback([loop])[0].self_test_number == ""


def test_the_last_part_of_the_day_runs_past_midnight(tmp_path: Path) -> None:
    greeting = contexts(render([NORTH], site_at(tmp_path, NORTH))["extensions.conf"])[
        "greeting-utara"
    ]
    chosen = re.findall(r"SIAGA_PART=(\d+)\)", greeting)
    assert chosen == ["1830", "0400", "1830"]


def opened(steps: str, *, weekday: int, clock: str, holiday: bool = False) -> bool:
    """Whether the rendered conditions of a period hold, computed as Asterisk would."""
    values = {
        "${SIAGA_NOW}": f"1{clock}",
        "${WEEKDAY}": str(weekday),
        "${YESTERDAY}": str((weekday - 2) % 7 + 1),
    }
    for condition in re.findall(r"GotoIf\(\$\[(.*)\]\?open\)", steps):
        text = re.sub(r"!\(\$\{REGEX\([^{]*\$\{\w+\}\)\}\)", str(not holiday), condition)
        for name, value in values.items():
            text = text.replace(name, value)
        text = re.sub(r"(?<![<>])=", "==", text.replace("&", "and").replace("|", "or"))
        if eval(text):
            return True
    return False


def test_office_hours_open_and_close_on_the_minute(tmp_path: Path) -> None:
    plan = replace(NORTH, hours=(OFFICE,))
    steps = contexts(render([plan], site_at(tmp_path, plan))["extensions.conf"])["hours-utara"]
    for weekday, clock in product(range(1, 8), ("0000", "0759", "0800", "1559", "1600", "2359")):
        wanted = weekday <= 5 and "0800" <= clock < "1600"
        assert opened(steps, weekday=weekday, clock=clock) is wanted, (weekday, clock)
    assert not opened(steps, weekday=1, clock="1000", holiday=True)


def test_a_night_belongs_to_the_day_it_began_on(tmp_path: Path) -> None:
    night = replace(OFFICE, spans=(Span(days=(5,), opens=time(21), closes=time(7)),))
    plan = replace(NORTH, hours=(night,))
    steps = contexts(render([plan], site_at(tmp_path, plan))["extensions.conf"])["hours-utara"]
    assert opened(steps, weekday=5, clock="2100")
    assert opened(steps, weekday=6, clock="0659")
    assert not opened(steps, weekday=6, clock="0700")
    assert not opened(steps, weekday=5, clock="0659")


def test_names_and_marks_are_never_spelt_twice() -> None:
    assert len({*Mark}) == len([*Mark])
    with pytest.raises(KeyError):
        names.context("trunc", NORTH.region)
