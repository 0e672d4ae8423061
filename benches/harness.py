"""What every bench shares: a fresh centre in a temporary folder, and one JSON line per result.

A bench is a function registered by name; it gets a `Stand` and yields `Line`s:

    @bench("board")
    def board(stand: Stand, options: Options) -> Iterator[Line]: ...

`siaga bench NAME` makes the stand (its own PostgreSQL with full durability, migrated, its own
ports) and runs the bench in a process whose Django already uses that database.
"""

import argparse
import contextlib
import importlib
import json
import os
import pkgutil
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

import psycopg

from siaga.config import environment
from siaga.kernel.postgres import EmbeddedServer
from siaga.kernel.postgres.provision import APP, DATABASE, OWNER

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS_MAX = 60.0
_PROGRAMS = {"SIAGA_PG_BIN", "SIAGA_ASTERISK", "SIAGA_CHROMIUM"}
"""Where programs are; everything else of ours stays out of a stand."""
STOP_SECONDS_MAX = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How long and how often; a bench may use what it needs."""

    seconds: float = 5.0
    repeats: int = 3
    clients: int = 0
    """0 for the bench's own number."""
    size: int = 0
    """How large the prepared data is; 0 for the bench's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One result. `ratio` is value to limit; `details` are added to the JSON object."""

    bench: str
    value: float
    unit: str
    limit: float | None = None
    n: int = 1
    details: dict[str, Any] = field(default_factory=dict)

    def json(self) -> str:
        """The line as printed."""
        given = asdict(self)
        details = given.pop("details")
        ratio = None if not self.limit else round(self.value / self.limit, 3)
        order = {**given, "value": _round(self.value), "limit": _round(self.limit), "ratio": ratio}
        return json.dumps({**order, **details})


Bench = Callable[["Stand", Options], Iterator[Line]]
_benches: dict[str, Bench] = {}


def bench(name: str) -> Callable[[Bench], Bench]:
    """Register a bench under the name it is asked for by."""

    def register(run: Bench) -> Bench:
        _benches[name] = run
        return run

    return register


def names() -> list[str]:
    """All benches, by name."""
    package = importlib.import_module("benches")
    for module in pkgutil.iter_modules(package.__path__):
        if not module.name.startswith("_"):
            importlib.import_module(f"benches.{module.name}")
    return sorted(_benches)


class Stand:
    """A fresh centre: its own folder, database, ports and processes; gone at the end."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.server = EmbeddedServer(home)
        self._started: list[subprocess.Popen[bytes]] = []
        self._doors: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        self.server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._started):
            self.stop(process)
        self.server.release()

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the stand's processes."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DATABASE_", "SIAGA_")) or name in _PROGRAMS
        }
        if kept.pop("PYTHONDONTWRITEBYTECODE", None):
            # Without compiled modules every process of ours needs seconds to start.
            kept["PYTHONPYCACHEPREFIX"] = str(self.home / "pycache")
        paths = [str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")]
        return {
            **kept,
            "SIAGA_HOME": str(self.home),
            "SIAGA_PHONE_PACKAGES": packages_folder(),
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        }

    def url(self, role: str = APP) -> str:
        """The database's URL, by default as the application's role."""
        return self.server.url(DATABASE, role)

    def connect_as_owner(self) -> psycopg.Connection:
        """For preparing and counting rows: row-level security does not bind it."""
        return psycopg.connect(self.url(OWNER), autocommit=True)

    def siaga(self, *arguments: str, **more: str) -> None:
        """Run a command of ours to its end; CalledProcessError if it fails."""
        subprocess.run(
            siaga_command(*arguments),
            env={**self.environment, **more},
            stdout=subprocess.DEVNULL,  # ours is for results
            check=True,
        )

    def start(self, *command: str, **more: str) -> subprocess.Popen[bytes]:
        """Start a process of the stand; `more` is added to its environment."""
        log = (self.home / "bench.log").open("ab")
        with log:
            process = subprocess.Popen(
                command, env={**self.environment, **more}, stdout=log, stderr=log
            )
        self._started.append(process)
        return process

    def start_door(self, *arguments: str, **more: str) -> str:
        """Start `siaga edge` or `siaga serve` on a free port; its base URL, once it answers."""
        port = free_port()
        process = self.start(*siaga_command(*arguments, "--port", str(port)), **more)
        url = f"http://127.0.0.1:{port}"
        self._doors[url] = process
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise RuntimeError(f"siaga {arguments[0]} ended: {self.last_words()}")
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/healthz", timeout=1):
                return url
            time.sleep(0.1)
        raise RuntimeError(f"siaga {arguments[0]} does not answer: {self.last_words()}")

    def stop_door(self, url: str) -> None:
        """End what `start_door` has started."""
        self.stop(self._doors.pop(url))

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        """End a process in an orderly way, or else by force."""
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process in self._started:
            self._started.remove(process)

    def last_words(self) -> str:
        """The end of what the stand's processes have said."""
        return (self.home / "bench.log").read_text(errors="replace")[-2_000:]


def siaga_command(*arguments: str) -> list[str]:
    """Our command line with this interpreter."""
    return [sys.executable, "-m", "siaga.config.cli", *arguments]


def packages_folder() -> str:
    """Where Asterisk is unpacked: with the user's own data, so that it is fetched only once."""
    named = os.environ.get("SIAGA_PHONE_PACKAGES")
    return str(Path(named).expanduser().resolve() if named else environment.home() / "phone")


def free_port() -> int:
    """A port of the loopback address that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return statistics.median(values)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `siaga bench` and of the process it starts."""
    default = Options()
    parser.add_argument(
        "name", help="intake, live, board, console, search, phone; `list` shows all"
    )
    parser.add_argument("--seconds", type=float, default=default.seconds, help="per repeat")
    parser.add_argument("--repeats", type=int, default=default.repeats)
    parser.add_argument("--clients", type=int, default=default.clients)
    parser.add_argument("--size", type=int, default=default.size)


def run_in_fresh_stand(arguments: list[str]) -> int:
    """Make a stand and run the bench in a child whose Django uses it; the child's exit code."""
    home = Path(tempfile.mkdtemp(prefix="siaga-bench-"))
    home.chmod(0o755)  # root's servers would keep their data elsewhere, beyond what is removed here
    try:
        with Stand(home) as stand:
            subprocess.run(
                siaga_command("migrate", "--skip-checks", "--verbosity", "0"),
                env=stand.environment,
                check=True,
            )
            command = [sys.executable, "-m", "benches", *arguments]
            return subprocess.run(command, env=stand.environment, check=False).returncode
    finally:
        shutil.rmtree(home, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """The child: Django is set up for the stand's database, then the bench runs."""
    parser = argparse.ArgumentParser(prog="benches")
    add_options(parser)
    given = vars(parser.parse_args(arguments))
    name = given.pop("name")
    _set_up_django()
    known = names()
    if name not in known:
        print(f"There is no bench {name}; there are {', '.join(known)}.", file=sys.stderr)
        return 2
    with Stand(Path(os.environ["SIAGA_HOME"])) as stand:
        for line in _benches[name](stand, Options(**given)):
            print(line.json(), flush=True)
    return 0


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "siaga.config.settings")
    django = importlib.import_module("django")
    django.setup()
    logs = importlib.import_module("siaga.kernel.observability.logs")
    os.environ.setdefault("SIAGA_LOG_LEVEL", "WARNING")
    logs.configure("bench")


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
