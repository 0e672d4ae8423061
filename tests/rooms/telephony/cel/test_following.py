"""The record file: half lines, rotation, and every line once."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from siaga.telephony.cel.following import Place, read_on
from tests.rooms.telephony.record import write


def all_from(path: Path, place: Place, limit: int = 2) -> tuple[list[bytes], Place]:
    lines: list[bytes] = []
    while (piece := read_on(path, place, limit)).after != place:
        lines += piece.lines
        place = piece.after
    return lines, place


def test_no_file_yet_is_nothing_yet(tmp_path: Path) -> None:
    piece = read_on(tmp_path / "siaga.jsonl", Place())
    assert (piece.lines, piece.after) == ((), Place())


def test_a_half_line_waits_for_its_end(tmp_path: Path) -> None:
    path = tmp_path / "siaga.jsonl"
    write(path, b"one")
    with path.open("ab") as file:
        file.write(b"tw")
    lines, place = all_from(path, Place())
    assert lines == [b"one"]
    with path.open("ab") as file:
        file.write(b"o\nthree\n")
    assert all_from(path, place)[0] == [b"two", b"three"]


def test_rotation_loses_nothing_also_twice_and_with_a_half_line(tmp_path: Path) -> None:
    path = tmp_path / "siaga.jsonl"
    write(path, b"1", b"2")
    read, place = all_from(path, Place())
    write(path, b"3")
    path.rename(tmp_path / "siaga.jsonl.1")
    write(path, b"4")
    with path.open("ab") as file:
        file.write(b"5 cut")
    path.rename(tmp_path / "siaga.jsonl.2")
    write(path, b"6")
    assert read + all_from(path, place)[0] == [b"1", b"2", b"3", b"4", b"5 cut", b"6"]


def test_a_file_emptied_in_place_is_read_from_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "siaga.jsonl"
    write(path, b"a long first line", b"another")
    _, place = all_from(path, Place())
    with path.open("r+b") as file:
        file.truncate(0)
    write(path, b"new")
    assert all_from(path, place)[0] == [b"new"]


def test_a_line_without_end_does_not_stop_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "siaga.jsonl"
    path.write_bytes(b"x" * (1 << 20) + b"y\nafter\n")
    lines, _ = all_from(path, Place())
    assert lines[-1] == b"after"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    pieces=st.lists(st.binary(max_size=12), max_size=12), limit=st.integers(1, 5), data=st.data()
)
def test_however_the_bytes_arrive_each_line_comes_once(
    tmp_path: Path, pieces: list[bytes], limit: int, data: st.DataObject
) -> None:
    path = tmp_path / "siaga.jsonl"
    path.unlink(missing_ok=True)
    path.touch()
    read, place = [], Place()
    for piece in pieces:
        with path.open("ab") as file:
            file.write(piece)
        if data.draw(st.booleans()):
            lines, place = all_from(path, place, limit)
            read += lines
    read += all_from(path, place, limit)[0]
    assert read == b"".join(pieces).split(b"\n")[:-1]
