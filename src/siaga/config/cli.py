"""The `siaga` command: Django's management commands under our name."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from django.core.management import ManagementUtility

from siaga.config.lifeline import hold_on_to_parent
from siaga.kernel.doctor import error
from siaga.kernel.postgres import PostgresUnavailable

# They change the shape of the database, so they act as its owner; everything else owns nothing.
# `run` and `demo` prepare it themselves, and give their children the other role.
OWNER_COMMANDS = frozenset({
    "createcachetable", "demo", "flush", "makemigrations", "migrate", "optimizemigration", "run",
    "setup", "showmigrations", "sqlflush", "sqlmigrate", "squashmigrations", "test",
})  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is the command's."""
    line = ["siaga", *(sys.argv[1:] if arguments is None else arguments)]
    command = next((word for word in line[1:] if not word.startswith("-")), "help")
    if command in line:  # `whatsapp-standin` lives in whatsapp_standin.py
        line[line.index(command)] = command = command.replace("-", "_")
    if command == "phone" and line[-1] in ("phone", "live"):
        line, command = [*line[: line.index("phone")], "phone_live"], "phone_live"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "siaga.config.settings")
    os.environ.setdefault("SIAGA_PROCESS", f"siaga {command}")
    if command == "demo":
        os.environ.setdefault("SIAGA_DEMO", "1")
        os.environ.setdefault("SIAGA_HOME", str(Path(".demo").resolve()))
    if command in OWNER_COMMANDS:
        os.environ["SIAGA_DB_ROLE"] = "owner"
    hold_on_to_parent()
    try:
        ManagementUtility(line).execute()
        return 0
    except PostgresUnavailable as unavailable:
        if command == "doctor" and "--json" in line:
            finding = error("database.reachable", unavailable.problem, unavailable.cure)
            sys.stdout.write(f"{json.dumps(asdict(finding))}\n")
        sys.stderr.write(f"siaga: {unavailable}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
