"""An embedded server of a test's own, with our tables in it, to be killed or filled up."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from siaga.kernel.postgres import EmbeddedServer

PROJECT = Path(__file__).resolve().parents[1]


@contextmanager
def migrated_server(home: Path) -> Iterator[EmbeddedServer]:
    """The running server in this data folder."""
    with EmbeddedServer(home) as server:
        subprocess.run(
            [sys.executable, "-m", "siaga.config.cli", "migrate", "-v0", "--skip-checks"],
            env=environment(home), cwd=PROJECT, check=True,
        )  # fmt: skip
        yield server


def environment(home: Path) -> dict[str, str]:
    """For a process of ours that shall use that server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "siaga.config.testing",
        "PYTHONPYCACHEPREFIX": str(Path(os.environ["SIAGA_HOME"]) / "pycache"),
        "SIAGA_HOME": str(home),
    }
