"""A process that uses an embedded server, for tests: prints its URL and waits for its stdin to end.

Arguments: home folder.
"""

import sys
from pathlib import Path

from siaga.kernel.postgres import EmbeddedServer

if __name__ == "__main__":
    with EmbeddedServer(Path(sys.argv[1])) as server:
        print(server.url("siaga", "siaga"), flush=True)
        sys.stdin.read()
