"""Sound at rest: AES-256-GCM in pieces, so that any part is read without the rest.

A file is a header and pieces of equal length. Each file has a key of its own, made from the ring's
key and the salt in the header; a piece's nonce is its number and whether it is the last, so pieces
cannot be exchanged, left out or cut off, and the header is bound to each of them.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import struct
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PIECE_BYTES = 64 * 1024
TAG_BYTES = 16
_MAGIC = b"SIAGAREC\x01"
_HEADER = struct.Struct(">9s8s32sIQ")
_KEY_BYTES, _NAME_BYTES, _SALT_BYTES = 32, 8, 32


class Damaged(Exception):
    """Not what was sealed: changed, cut off, another's, or of a key that is not in the ring."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys by their names; the last one seals, all of them open."""

    ring: dict[bytes, bytes] = field(repr=False)

    @property
    def newest(self) -> bytes:
        """The name of the key that seals."""
        return next(reversed(self.ring))


def load_keys(path: Path) -> Keys:
    """The ring in the data folder; made at the first call, for nobody else's eyes."""
    if not path.exists():
        _make(path)
    lines = [line.split() for line in path.read_text().splitlines() if line.strip()]
    return Keys({bytes.fromhex(name): b64decode(key) for name, key in lines})


def _make(path: Path) -> None:
    """Of two processes that make one at the same time, both use the first."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    name, key = secrets.token_hex(_NAME_BYTES), b64encode(secrets.token_bytes(_KEY_BYTES)).decode()
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(f"{name} {key}\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
        sync_folder(path.parent)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)


def add_key(path: Path) -> bytes:
    """A new key at the end of the ring, where it seals from now on; its name."""
    load_keys(path)
    with _changing(path) as lines:
        name = secrets.token_bytes(_NAME_BYTES)
        key = b64encode(secrets.token_bytes(_KEY_BYTES)).decode()
        lines.append(f"{name.hex()} {key}")
    return name


def drop_keys(path: Path, keep: Collection[bytes]) -> list[bytes]:
    """Take out every key but these and the one that seals; the names of those that went."""
    with _changing(path) as lines:
        wanted = {name.hex() for name in keep} | {lines[-1].split()[0]}
        gone = [line.split()[0] for line in lines if line.split()[0] not in wanted]
        lines[:] = [line for line in lines if line.split()[0] in wanted]
    return [bytes.fromhex(name) for name in gone]


@contextmanager
def _changing(path: Path) -> Iterator[list[str]]:
    """The ring's lines, to be changed by one at a time; whole and on the disk, or as they were."""
    with path.with_name(f".{path.name}.lock").open("a") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        lines = [line for line in path.read_text().splitlines() if line.strip()]
        yield lines
        draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
        try:
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write("".join(f"{line}\n" for line in lines))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
            sync_folder(path.parent)
        finally:
            draft.unlink(missing_ok=True)


def seal(data: memoryview, file: IO[bytes], *, about: bytes, keys: Keys) -> None:
    """Write `data` encrypted; `about` says what it is, and must be said again to open it."""
    salt = secrets.token_bytes(_SALT_BYTES)
    header = _HEADER.pack(_MAGIC, keys.newest, salt, PIECE_BYTES, len(data))
    cipher = _cipher(keys.ring[keys.newest], salt)
    file.write(header)
    last = max(len(data) - 1, 0) // PIECE_BYTES
    for number in range(last + 1):
        piece = data[number * PIECE_BYTES : (number + 1) * PIECE_BYTES]
        file.write(cipher.encrypt(_nonce(number, number == last), bytes(piece), header + about))


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed file, read in parts."""

    path: Path
    about: bytes
    keys: Keys

    def key_name(self) -> bytes:
        """Of the key it was sealed with, in the ring or not. Raises Damaged, OSError."""
        with self.path.open("rb") as file:
            return _read_header(file)[0]

    def length(self) -> int:
        """Bytes of what is inside. Raises Damaged, OSError."""
        with self.path.open("rb") as file:
            return _read_header(file)[3]

    def read(self, start: int, length: int) -> Iterator[bytes]:
        """`length` bytes from `start` on, piece by piece. Raises Damaged, OSError."""
        with self.path.open("rb") as file:
            header, cipher, size, whole = self._opened(file)
            last = max(whole - 1, 0) // size
            end = min(start + length, whole)
            number = start // size
            while start < end:
                file.seek(len(header) + number * (size + TAG_BYTES))
                sealed = file.read(min(size, whole - number * size) + TAG_BYTES)
                try:
                    piece = cipher.decrypt(
                        _nonce(number, number == last), sealed, header + self.about
                    )
                except InvalidTag:
                    raise Damaged(f"piece {number} of {self.path.name}") from None
                offset = start - number * size
                part = piece[offset : offset + end - start]
                yield part
                start, number = start + len(part), number + 1

    def _opened(self, file: IO[bytes]) -> tuple[bytes, AESGCM, int, int]:
        name, salt, size, whole = _read_header(file)
        key = self.keys.ring.get(name)
        if key is None:
            raise Damaged(f"no key {name.hex()} for {self.path.name}")
        header = _HEADER.pack(_MAGIC, name, salt, size, whole)
        return header, _cipher(key, salt), size, whole


def sync_folder(folder: Path) -> None:
    """Make what was renamed in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read_header(file: IO[bytes]) -> tuple[bytes, bytes, int, int]:
    raw = file.read(_HEADER.size)
    if len(raw) < _HEADER.size:
        raise Damaged("cut off in its header")
    magic, name, salt, size, whole = _HEADER.unpack(raw)
    if magic != _MAGIC or size == 0:
        raise Damaged("no sealed recording")
    return name, salt, size, whole


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=salt, info=b"siaga recording")
    return AESGCM(derived.derive(key))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
