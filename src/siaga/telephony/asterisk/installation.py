"""Where Asterisk and espeak-ng are, and the words that start them: the system's or unpacked ones.

Unpacked programs are started by their own dynamic loader with their own libraries, so an older
system runs them without a chroot.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from siaga.telephony.asterisk import packages
from siaga.telephony.asterisk.errors import PackagesUnavailable
from siaga.telephony.asterisk.packages import PHONE, PackageSet, Say

OLDEST_MAJOR = 20
_VERSION = re.compile(r"^Asterisk (?:certified/)?(\d+)\.(\d+)")
_SYSTEM_MODULES = (
    "usr/lib/*-linux-gnu/asterisk/modules",
    "usr/lib64/asterisk/modules",
    "usr/lib/asterisk/modules",
)


@dataclass(frozen=True, slots=True)
class Program:
    """A program with the words before its own arguments and what its environment must hold."""

    prefix: tuple[str, ...]
    variables: tuple[tuple[str, str], ...] = ()

    def command(self, *arguments: str) -> list[str]:
        """The whole command line."""
        return [*self.prefix, *arguments]

    def environment(self) -> dict[str, str]:
        """Nothing of ours is handed on but the path and the language."""
        path = "/usr/sbin:/usr/bin:/sbin:/bin"
        return {"PATH": path, "LANG": "C.UTF-8", **dict(self.variables)}


@dataclass(frozen=True, slots=True)
class Installation:
    """An Asterisk that can be started."""

    program: Program
    modules: Path
    share: Path
    """Its folder of documentation; without it Asterisk refuses some modules."""
    version: tuple[int, int]
    supplier: str

    def has_module(self, name: str) -> bool:
        """Whether this build brings the module."""
        return (self.modules / f"{name}.so").exists()


def packages_folder(home: Path) -> Path:
    """Where unpacked trees live; SIAGA_PHONE_PACKAGES lets several centres share them."""
    named = os.environ.get("SIAGA_PHONE_PACKAGES")
    return Path(named).expanduser().resolve() if named else home


def find_asterisk(home: Path) -> Installation | None:
    """The system's Asterisk if it is new enough, else the unpacked one, else None."""
    found = _system_asterisk()
    if found is None and (root := packages.unpacked(PHONE, packages_folder(home))):
        found = _unpacked_asterisk(root)
    return found


def provide_asterisk(home: Path, say: Say) -> Installation:
    """The Asterisk to be used, fetched first where there is none."""
    found = find_asterisk(home)
    if found is None:
        found = _unpacked_asterisk(packages.fetch(PHONE, packages_folder(home), say))
    if found is None:
        raise PackagesUnavailable(wanted="asterisk", reason="the fetched Asterisk does not start")
    return found


def find_program(name: str, home: Path, wanted: PackageSet = PHONE) -> Program | None:
    """`espeak-ng`, `sipp`: the system's, else the unpacked one, else None."""
    if path := shutil.which(name):
        return Program((path,))
    root = packages.unpacked(wanted, packages_folder(home))
    return unpacked_program(root, f"usr/bin/{name}") if root else None


def provide_program(name: str, home: Path, say: Say, wanted: PackageSet = PHONE) -> Program:
    """The same, fetched first where there is none."""
    found = find_program(name, home, wanted)
    return found or unpacked_program(
        packages.fetch(wanted, packages_folder(home), say), f"usr/bin/{name}"
    )


def unpacked_program(root: Path, path: str) -> Program:
    """A program of a tree, started by the tree's own loader."""
    loader = next(iter(sorted(root.glob("usr/lib*/ld-linux*.so.*"))), None)
    libraries = next(iter(sorted(root.glob("usr/lib/*-linux-gnu*"))), None)
    if loader is None or libraries is None or not (root / path).exists():
        raise PackagesUnavailable(wanted=path, reason=f"{root} is not whole; remove it")
    places = [libraries, libraries / "asterisk", libraries / "pulseaudio"]
    search = ":".join(str(place) for place in places)
    return Program(
        (str(loader), "--library-path", search, str(root / path)),
        (("ESPEAK_DATA_PATH", str(libraries)),),
    )


def _system_asterisk() -> Installation | None:
    path = os.environ.get("SIAGA_ASTERISK") or shutil.which(
        "asterisk", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin"
    )
    modules = [found for form in _SYSTEM_MODULES for found in sorted(Path("/").glob(form))]
    if path is None or not modules:
        return None
    program = Program((path,))
    version = _version_of(program)
    if version is None or version[0] < OLDEST_MAJOR:
        return None
    return Installation(program, modules[0], Path("/usr/share/asterisk"), version, "system")


def _unpacked_asterisk(root: Path) -> Installation | None:
    program = unpacked_program(root, "usr/sbin/asterisk")
    version = _version_of(program)
    modules = next(iter(sorted(root.glob("usr/lib/*/asterisk/modules"))), None)
    if version is None or modules is None or version[0] < OLDEST_MAJOR:
        return None
    return Installation(program, modules, root / "usr/share/asterisk", version, "unpacked")


def _version_of(program: Program) -> tuple[int, int] | None:
    try:
        asked = subprocess.run(
            program.command("-V"),
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
            env=program.environment(),
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    said = _VERSION.match(asked.stdout)
    return (int(said.group(1)), int(said.group(2))) if said else None
