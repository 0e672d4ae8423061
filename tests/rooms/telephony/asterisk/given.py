"""A centre on paper: plans and a site, without any Asterisk."""

from dataclasses import replace
from datetime import date, time
from pathlib import Path

from siaga.kernel.types import RegionId
from siaga.telephony import names
from siaga.telephony.asterisk.installation import Installation, Program
from siaga.telephony.asterisk.site import Secrets, Site
from siaga.telephony.types import Greeting, Hours, Overflow, PhonePlan, Span

ALWAYS = Hours(
    valid_from=date(2020, 1, 1),
    valid_until=None,
    always=True,
    spans=(),
    closed_on_holidays=False,
    behavior="none",
    notice="",
    forward_phone="",
)
OFFICE = replace(
    ALWAYS,
    always=False,
    spans=(Span(days=(1, 2, 3, 4, 5), opens=time(8), closes=time(16)),),
    closed_on_holidays=True,
    behavior="notice_then_forward",
    notice="Kami tutup.",
    forward_phone="+6281100",
)


def plan_for(region: str, trunk: str = "192.0.2.1") -> PhonePlan:
    """A region with one of everything."""
    return PhonePlan(
        region=RegionId(region),
        did=("112", "6284000100111"),
        trunk_addresses=(trunk,),
        positions=2,
        language="id",
        timezone="Asia/Jakarta",
        greetings=(
            Greeting(starts=time(4), text="Selamat pagi."),
            Greeting(starts=time(18, 30), text="Selamat malam."),
        ),
        press_one="Tekan satu.",
        hours=(ALWAYS,),
        holidays=(date(2026, 12, 25),),
        overflow=Overflow(reserve=("10.0.0.31",), neighbor="+6281101", mobile="+6281102"),
        dial_allowed=("08", "113"),
    )


def site_at(home: Path, *plans: PhonePlan) -> Site:
    """A site whose Asterisk has every module."""
    modules = home / "modules"
    modules.mkdir(exist_ok=True)
    installation = Installation(Program(("asterisk",)), modules, home, (22, 10), "test")
    passwords = {
        names.spare(plan.region, number): f"secret-{plan.region}-{number}"
        for plan in plans
        for number in range(1, plan.positions + 1)
    }
    secrets = Secrets(system="siagatest", manager="manager-secret", positions=passwords)
    return Site(home=home, installation=installation, secrets=secrets)
