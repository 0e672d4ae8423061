"""Debian packages of a newer suite, unpacked into our own folder; the system stays as it is.

apt itself fetches them, with a state of its own: it checks the suite's signature against Debian's
keyring, every index and package against that, and works out what they need. Nothing is installed
and no root is needed.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from siaga.telephony.asterisk.binding import bound_to_us
from siaga.telephony.asterisk.errors import PackagesUnavailable

RECIPE = 1
"""Raise it when what is fetched changes, so that old trees are made anew."""
SUITES = ("forky", "sid")
"""Debian 12 and 13 hold no Asterisk; the first of these that does is taken."""
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
FETCH_SECONDS_MAX = 600
_STAMP = "stamp.json"


@dataclass(frozen=True, slots=True)
class PackageSet:
    """Packages that live in one tree below the folder of that name."""

    name: str
    wanted: tuple[str, ...]


PHONE = PackageSet("asterisk", ("asterisk", "espeak-ng"))
TOOLS = PackageSet("tools", ("sip-tester",))
"""Only tests and the demo call with these."""

# Packages that only maintainers' scripts need, or modules that we never load. apt is told that they
# are there; a name that a later suite no longer knows does no harm.
_NOT_NEEDED = """
    adduser asterisk-config-custom asterisk-core-sounds-en debconf dirmngr gnupg passwd perl
    perl-base tzdata ucf
    libcodec2-1.2 libcurl4t64 libglib2.0-0t64 libgmime-3.0-0t64 libical3t64 libiksemel3
    libjack-jackd2-0 libldap2 liblua5.1-0 libneon27t64 libodbc2 libopencore-amrnb0
    libopencore-amrwb0 libportaudio2 libpq5 libradcli4 libresample1 libsnmp45 libspandsp2t64
    libsybdb5 libvo-amrwbenc0
""".split()

Say = Callable[[str], None]


def unpacked(wanted: PackageSet, folder: Path) -> Path | None:
    """The tree of these packages, if it is there and whole."""
    try:
        stamp = json.loads((folder / wanted.name / _STAMP).read_text())
    except (OSError, ValueError):
        return None
    right = stamp.get("recipe") == RECIPE and stamp.get("wanted") == list(wanted.wanted)
    return folder / wanted.name if right else None


def fetch(wanted: PackageSet, folder: Path, say: Say) -> Path:
    """The tree of these packages, fetched first if it is not there.

    Raises PackagesUnavailable where this is no Debian, or the mirror cannot be reached.
    """
    if root := unpacked(wanted, folder):
        return root
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{wanted.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return unpacked(wanted, folder) or _fetch(wanted, folder, say)


def _fetch(wanted: PackageSet, folder: Path, say: Say) -> Path:
    architecture = _architecture(wanted)
    reasons = []
    for suite in SUITES:
        state = folder / f"{wanted.name}.apt"
        shutil.rmtree(state, ignore_errors=True)
        say(f"fetching {' and '.join(wanted.wanted)} from Debian {suite}")
        try:
            apt = _PrivateApt(state, suite, architecture, wanted)
            archives = apt.download()
            return _unpack(archives, wanted, folder, suite)
        except PackagesUnavailable as failed:
            reasons.append(f"{suite}: {failed.details['reason']}")
        finally:
            shutil.rmtree(state, ignore_errors=True)
    raise _unavailable(wanted, "; ".join(reasons))


class _PrivateApt:
    """apt with lists, cache and a made-up list of installed packages below one folder."""

    def __init__(self, state: Path, suite: str, architecture: str, wanted: PackageSet) -> None:
        self._wanted = wanted
        self._state = state
        for name in ("state/lists/partial", "cache/archives/partial"):
            (state / name).mkdir(parents=True)
        (state / "status").write_text("".join(_claimed(one, architecture) for one in _NOT_NEEDED))
        (state / "debian.sources").write_text(_source(_mirror(wanted), suite))

    def download(self) -> list[Path]:
        """The packages and all they need, verified."""
        self._run("update", "--error-on=any")
        self._run("install", "--yes", "--download-only", *self._wanted.wanted)
        return sorted((self._state / "cache" / "archives").glob("*.deb"))

    def _run(self, *words: str) -> None:
        settings = {
            "Dir::Etc::sourcelist": self._state / "debian.sources",
            "Dir::Etc::sourceparts": "-",
            "Dir::State": self._state / "state",
            "Dir::State::status": self._state / "status",
            "Dir::Cache": self._state / "cache",
            "Acquire::Languages": "none",
            "Acquire::Retries": "2",
            "Acquire::http::Timeout": "20",
            "APT::Sandbox::User": "",
            "APT::Install-Recommends": "false",
            "APT::Install-Suggests": "false",
        }
        options = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
        done = _command(self._wanted, "apt-get", "--quiet", *options, *words)
        if done.returncode != 0:
            lines = [line for line in done.stderr.splitlines() if line.startswith("E:")]
            raise _unavailable(self._wanted, " ".join(lines)[:400] or f"apt-get {words[0]} failed")


def _mirror(wanted: PackageSet) -> str:
    """The machine's own Debian mirror, as its apt understands its sources."""
    codename = _os_release().get("VERSION_CODENAME", "")
    form = "$(REPO_URI) $(RELEASE) $(COMPONENT)"
    asked = _command(
        wanted,
        "apt-get", "indextargets", "--no-release-info", "--format", form, "Created-By: Packages",
    )  # fmt: skip
    for line in asked.stdout.splitlines():
        address, release, component = [*line.split(), "", "", ""][:3]
        if component == "main" and release in (codename, "stable", "testing", "sid", *SUITES):
            return address
    raise _unavailable(wanted, "apt on this machine has no Debian mirror")


def _source(mirror: str, suite: str) -> str:
    return f"Types: deb\nURIs: {mirror}\nSuites: {suite}\nComponents: main\nSigned-By: {KEYRING}\n"


def _claimed(package: str, architecture: str) -> str:
    return (
        f"Package: {package}\nStatus: install ok installed\nArchitecture: {architecture}\n"
        "Version: 9999:9\nMaintainer: nobody\nDescription: not needed here\n\n"
    )


def _architecture(wanted: PackageSet) -> str:
    if _os_release().get("ID") != "debian" or not KEYRING.exists():
        raise _unavailable(wanted, "this system is no Debian with its archive keyring")
    return _command(wanted, "dpkg", "--print-architecture").stdout.strip()


def _os_release() -> dict[str, str]:
    try:
        lines = Path("/etc/os-release").read_text().splitlines()
    except OSError:
        return {}
    pairs = (line.partition("=") for line in lines if "=" in line)
    return {key: value.strip('"') for key, _, value in pairs}


def _unpack(archives: list[Path], wanted: PackageSet, folder: Path, suite: str) -> Path:
    fresh = folder / f"{wanted.name}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    for archive in archives:
        done = _command(wanted, "dpkg-deb", "--extract", str(archive), str(fresh))
        if done.returncode != 0:
            raise _unavailable(wanted, f"{archive.name}: {done.stderr.strip()[-200:]}")
    stamp = {
        "recipe": RECIPE,
        "wanted": list(wanted.wanted),
        "suite": suite,
        "packages": [archive.stem for archive in archives],
    }
    (fresh / _STAMP).write_text(json.dumps(stamp, indent=1))
    final = folder / wanted.name
    shutil.rmtree(final, ignore_errors=True)
    return fresh.rename(final)


def _command(wanted: PackageSet, *words: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            [*bound_to_us(), *words],
            capture_output=True,
            text=True,
            check=False,
            timeout=FETCH_SECONDS_MAX,
            stdin=subprocess.DEVNULL,
            env=os.environ | {"LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"},
        )
    except FileNotFoundError:
        raise _unavailable(wanted, f"{words[0]} is not on this system") from None
    except subprocess.TimeoutExpired:
        raise _unavailable(wanted, f"{words[0]} took too long") from None


def _unavailable(wanted: PackageSet, reason: str) -> PackagesUnavailable:
    return PackagesUnavailable(wanted=", ".join(wanted.wanted), reason=reason.rstrip("."))
