"""A small disk of a test's own that can be filled to the last byte and emptied again."""

import errno
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_PIECE_BYTES = 64 * 1024


@dataclass(frozen=True)
class SmallDisk:
    """A mounted file system; everybody may pass through, as PostgreSQL's own user must."""

    path: Path

    @property
    def _ballast(self) -> Path:
        return self.path / "ballast"

    def fill(self) -> None:
        """Leave not a single block."""
        handle = os.open(self._ballast, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        size = _PIECE_BYTES
        try:
            while size:
                try:
                    os.write(handle, b"\0" * size)
                except OSError as error:
                    assert error.errno == errno.ENOSPC
                    size //= 2
        finally:
            os.close(handle)

    def empty(self) -> None:
        """Give the space back."""
        self._ballast.unlink(missing_ok=True)


@contextmanager
def small_disk(megabytes: int) -> Iterator[SmallDisk]:
    """Mounted until the end; the test is skipped where nobody may mount."""
    path = Path(tempfile.mkdtemp(prefix="siaga-disk-", dir="/tmp"))
    options = f"size={megabytes}m,mode=755"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(path)], capture_output=True, text=True
    )
    if mounted.returncode != 0:
        path.rmdir()
        pytest.skip(f"a disk that can be full needs the right to mount one: {mounted.stderr}")
    try:
        yield SmallDisk(path)
    finally:
        # Lazily: a process that is just ending may hold a file for another moment.
        subprocess.run(["umount", "--lazy", str(path)], check=True)
        path.rmdir()
