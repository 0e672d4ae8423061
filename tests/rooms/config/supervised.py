"""A supervisor over small programs, for tests. Arguments: a folder for their pids, their names.

`late` is added from another thread.
"""

import logging
import sys
import threading
from pathlib import Path

from siaga.config.supervisor import Program, Supervisor

CHILD = """
import os, pathlib, signal, sys
from siaga.config.lifeline import hold_on_to_parent
hold_on_to_parent()
folder, name = sys.argv[1:]
(pathlib.Path(folder) / f"{name}.{os.getpid()}").touch()
if name == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True:
    signal.pause()
"""

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    folder = Path(sys.argv[1])
    programs = [
        Program(name, [sys.executable, "-c", CHILD, str(folder), name]) for name in sys.argv[2:]
    ]
    supervisor = Supervisor(
        [one for one in programs if one.name != "late"], each_turn=(folder / "turning").touch
    )
    late = [one for one in programs if one.name == "late"]
    threading.Thread(target=supervisor.add, args=(late,)).start()
    supervisor.run()
