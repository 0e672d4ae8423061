"""What is sealed comes out whole and in parts, and nothing else ever does."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siaga.telephony.recordings import vault
from siaga.telephony.recordings.vault import PIECE_BYTES, Damaged, Keys, Sealed

KEYS = Keys({b"12345678": bytes(range(32))})
SIZES = st.one_of(
    st.integers(0, 40),
    st.sampled_from([PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES, 150_001]),
)


def sealed(path: Path, data: bytes, *, about: bytes = b"call", keys: Keys = KEYS) -> Sealed:
    out = io.BytesIO()
    vault.seal(memoryview(data), out, about=about, keys=keys)
    path.write_bytes(out.getvalue())
    return Sealed(path, about, keys)


@given(size=SIZES, start=st.integers(0, 160_000), length=st.integers(0, 160_000))
def test_any_part_is_what_lay_there(
    tmp_path_factory: pytest.TempPathFactory, size: int, start: int, length: int
) -> None:
    data = bytes(number % 251 for number in range(size))
    kept = sealed(tmp_path_factory.getbasetemp() / "part", data)
    assert kept.length() == size
    assert b"".join(kept.read(start, length)) == data[start : start + length]


@given(place=st.integers(0, 200_000), bit=st.integers(0, 7))
def test_one_changed_bit_anywhere_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, place: int, bit: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "bit"
    kept = sealed(path, b"suara" * 30_000)
    raw = bytearray(path.read_bytes())
    raw[place % len(raw)] ^= 1 << bit
    path.write_bytes(raw)
    with pytest.raises(Damaged):
        b"".join(kept.read(0, 150_000))


def test_a_file_that_was_cut_off_or_exchanged_is_noticed(tmp_path: Path) -> None:
    kept = sealed(tmp_path / "one", b"x" * (2 * PIECE_BYTES))
    other = sealed(tmp_path / "other", b"x" * (2 * PIECE_BYTES), about=b"someone else's")
    raw = kept.path.read_bytes()
    kept.path.write_bytes(raw[: -PIECE_BYTES // 2])
    with pytest.raises(Damaged):
        list(kept.read(PIECE_BYTES, PIECE_BYTES))
    kept.path.write_bytes(other.path.read_bytes())
    with pytest.raises(Damaged):
        list(kept.read(0, 10))
    kept.path.write_bytes(b"SIAGA")
    with pytest.raises(Damaged):
        kept.length()


def test_the_ring_is_made_once_is_private_and_keeps_old_keys(tmp_path: Path) -> None:
    path = tmp_path / "recording_keys"
    first = vault.load_keys(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert vault.load_keys(path) == first
    assert "b'" not in repr(first)
    old = sealed(tmp_path / "old", b"lama", keys=first)
    with path.open("a") as file:
        file.write("00ff00ff00ff00ff " + "A" * 43 + "=\n")
    ring = vault.load_keys(path)
    assert ring.newest == bytes.fromhex("00ff00ff00ff00ff")
    assert b"".join(Sealed(old.path, b"call", ring).read(0, 9)) == b"lama"
    with pytest.raises(Damaged):
        list(Sealed(old.path, b"call", KEYS).read(0, 9))


def test_sealing_twice_never_writes_the_same(tmp_path: Path) -> None:
    first, second = (sealed(tmp_path / name, b"sama").path.read_bytes() for name in "ab")
    assert first != second
    assert b"sama" not in first
