"""What `siaga doctor` looks at in the telephone."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from siaga.journal import queries as journal
from siaga.journal.heartbeats import is_fresh
from siaga.kernel.doctor import DATABASE, Finding, error, examine, warning
from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from siaga.telephony import queries, record_queries
from siaga.telephony.asterisk import centre
from siaga.telephony.asterisk.installation import find_asterisk
from siaga.telephony.asterisk.process import is_booted, runs_as_root
from siaga.telephony.asterisk.rendering import changed_files
from siaga.telephony.plan import on_loopback
from siaga.telephony.types import PhonePlan

BEHIND_BYTES_MAX = 256 * 1024
_START = "Start it: `siaga run`, or the systemd unit siaga-{process} (see its log with journalctl)."


@examine("telephony.asterisk", "Asterisk is there, and runs as the profiles say", needs=DATABASE)
def asterisk_runs(_now: datetime) -> Iterator[Finding]:
    plans = _plans()
    if not plans:
        return
    installation = find_asterisk(centre.home())
    if installation is None:
        yield warning(
            "telephony.asterisk",
            "Regions have a telephone in their profiles, but there is no Asterisk here.",
            "Install Asterisk 20 or newer, or let `siaga phone fetch` unpack one.",
        )
        return
    site = centre.site_of(plans, installation, write=False)
    if not is_booted(site):
        yield warning(
            "telephony.asterisk",
            f"Asterisk does not answer on port {site.ports.ami}: nobody can ring.",
            f"Start it: `siaga run`, or its unit; its log is in {site.home / 'log'}.",
        )
    elif changed_files(plans, site):
        yield warning(
            "telephony.asterisk",
            "Asterisk runs with an older configuration than the profiles give.",
            "`siaga phone render` writes it and drops no call.",
        )


@examine("telephony.account", "Asterisk does not run as root", needs=DATABASE)
def asterisk_is_not_root(_now: datetime) -> Iterator[Finding]:
    plans = _plans()
    installation = find_asterisk(centre.home()) if plans else None
    if installation is None:
        return
    if runs_as_root(centre.site_of(plans, installation, write=False)):
        yield warning(
            "telephony.account",
            "Asterisk runs as root; whoever breaks into it owns this machine.",
            "Start it by its unit, or install setpriv (package util-linux) and start it again.",
        )


@examine("telephony.processes", "The record is followed and the picture is live", needs=DATABASE)
def processes_are_alive(now: datetime) -> Iterator[Finding]:
    if not _rings():
        return
    seen = journal.heartbeats()
    for process in ("calllog", "phone"):
        if not is_fresh(seen.get(process), now):
            yield error(
                "telephony.processes",
                f"Asterisk takes calls, but `siaga {process}` is not alive.",
                _START.format(process=process),
            )


@examine("telephony.record", "Every line of the record was read", needs=DATABASE)
def record_is_read(_now: datetime) -> Iterator[Finding]:
    path = centre.home() / "cel" / "siaga.jsonl"
    with acting_in(ALL_REGIONS):
        readings = {reading.name: reading for reading in queries.record_reading()}
    for reading in readings.values():
        if reading.bad_lines:
            yield warning(
                "telephony.record",
                f"{reading.bad_lines} lines of {reading.name} could not be read; the last:"
                f" {reading.last_problem}",
                "Mend what is named, then fold the record again: `siaga calllog --again`.",
            )
    known = readings.get(path.name)
    behind = path.stat().st_size - (known.offset if known else 0) if path.exists() else 0
    if behind > BEHIND_BYTES_MAX:
        yield error(
            "telephony.record",
            f"{behind // 1024} KiB of the record of calls wait to be read.",
            _START.format(process="calllog"),
        )


@examine("telephony.room", "Asterisk can write its record, and lost no call", needs=DATABASE)
def record_is_whole(now: datetime) -> Iterator[Finding]:
    free = record_queries.free_bytes()
    cure = f"Make room on the disk under {centre.home()}, or move SIAGA_HOME to a larger one."
    if free is not None and record_queries.is_scarce():
        full = "Asterisk cannot write its record of calls any more: the disk is full."
        scarce = f"Only {free >> 20} MiB are left for Asterisk's record of calls."
        yield error("telephony.room", scarce if free else full, cure)
    with acting_in(ALL_REGIONS):
        count, _last = record_queries.unrecorded(now)
    if count:
        yield warning(
            "telephony.room",
            f"{count} calls of the last day are not, or not wholly, in Asterisk's record; they are"
            " kept as the live picture saw them.",
            cure,
        )


def _rings() -> bool:
    plans = _plans()
    installation = find_asterisk(centre.home()) if plans else None
    return installation is not None and is_booted(centre.site_of(plans, installation, write=False))


def _plans() -> list[PhonePlan]:
    with acting_in(ALL_REGIONS):
        plans = centre.plans_in_force()
    return on_loopback(plans) if settings.SIAGA_DEMO else plans
