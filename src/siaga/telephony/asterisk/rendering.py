"""Writes Asterisk's configuration: only what differs, never a half-written file."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from siaga.telephony.asterisk.account import asterisk_account
from siaga.telephony.asterisk.config import render
from siaga.telephony.asterisk.site import READ, WRITTEN, Site
from siaga.telephony.types import PhonePlan

RELOADS = {
    "extensions.conf": "dialplan reload",
    "pjsip.conf": "module reload res_pjsip.so",
    "queues.conf": "queue reload all",
    "features.conf": "module reload features",
    "musiconhold.conf": "moh reload",
    "confbridge.conf": "module reload app_confbridge.so",
    "manager.conf": "manager reload",
    "http.conf": "module reload http",
    "logger.conf": "logger reload",
    "cel.conf": "module reload cel",
    "cel_custom.conf": "module reload cel_custom.so",
    "rtp.conf": "module reload res_rtp_asterisk.so",
}
"""What makes Asterisk read a file again while calls go on. The other files need a start."""
_STARTER = """#!/bin/sh
# Written by `siaga phone render`. Changes here are lost.
cd {home} || exit 1
umask 027
# Root only hands over, and keeps nothing of what makes root mighty: its own user reads everything
# here and writes where Asterisk must. What is made later goes to its group.
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    powerless="--no-new-privs --bounding-set=-all --inh-caps=-all --pdeathsig keep"
    own="--reuid {uid} --regid {gid} --clear-groups"
    chgrp {gid} . && chmod g+x .
    if setpriv $own test -x {home} && setpriv $own test -r {program}; then
        chown -R {uid}:{gid} {written}
        chgrp -R {gid} {read}
        chmod -R g+rX {read}
        find {read} -type d -exec chmod g+s {{}} +
        exec setpriv $powerless $own {words}
    fi
    exec setpriv $powerless {words}
fi
exec {words}
"""


def changed_files(plans: Sequence[PhonePlan], site: Site) -> dict[str, str]:
    """Files that would be written, with their new texts."""
    folder = site.home / "etc"
    return {
        name: text for name, text in render(plans, site).items() if _read(folder / name) != text
    }


def write_configuration(plans: Sequence[PhonePlan], site: Site) -> list[str]:
    """Bring the tree up to date; the names of the files that changed."""
    site.make_folders()
    changed = changed_files(plans, site)
    for name, text in changed.items():
        path = site.home / "etc" / name
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o640)
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
    _write_starter(site)
    return sorted(changed)


def _write_starter(site: Site) -> None:
    """What starts Asterisk with nothing of ours beside it: for its own unit or container."""
    program = site.installation.program
    given = [f"{name}={value}" for name, value in program.environment().items()]
    words = ["env", "-i", *given, *program.command("-C", str(site.settings_file), "-f", "-n")]
    fresh = site.starter.with_suffix(".new")
    fresh.touch(mode=0o750)
    account = asterisk_account(site.home)
    fresh.write_text(
        _STARTER.format(
            home=shlex.quote(str(site.home)),
            uid=account.uid if account else 0,
            gid=account.gid if account else 0,
            program=shlex.quote(program.prefix[0]),
            written=" ".join(WRITTEN),
            read=" ".join(READ),
            words=shlex.join(words),
        )
    )
    fresh.replace(site.starter)


def reloads_for(changed: Sequence[str]) -> list[str]:
    """The console commands that put changed files into force."""
    return [RELOADS[name] for name in changed if name in RELOADS]


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return None
