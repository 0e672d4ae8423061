import itertools
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siaga.telephony.hearing.wire import (
    AUDIO_BYTES_MAX,
    GOODBYE,
    BadFrame,
    Frame,
    Kind,
    Reader,
    name_of,
)

NAME = Frame(Kind.NAME, UUID(int=7).bytes)
AUDIO = st.integers(0, 200).flatmap(
    lambda samples: st.binary(min_size=2 * samples, max_size=2 * samples)
)
LATER = st.one_of(
    st.builds(Frame, st.just(Kind.AUDIO), AUDIO),
    st.builds(Frame, st.just(Kind.DIGIT), st.binary(min_size=1, max_size=1)),
    st.builds(Frame, st.just(Kind.ERROR), st.binary(max_size=64)),
    st.just(Frame(Kind.HANGUP)),
)


def written(frame: Frame) -> bytes:
    return bytes([frame.kind]) + len(frame.content).to_bytes(2, "big") + frame.content


def read(pieces: list[bytes]) -> tuple[list[Frame], str]:
    reader, found = Reader(), []
    try:
        for piece in pieces:
            for frame in reader.feed(piece):
                found.append(frame)
    except BadFrame as bad:
        return found, str(bad)
    return found, ""


def split(data: bytes, cuts: list[int]) -> list[bytes]:
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[start:end] for start, end in itertools.pairwise(places)]


@given(st.lists(LATER, max_size=20), st.lists(st.integers(0, 10_000), max_size=30))
def test_however_the_bytes_are_split_the_frames_are_the_same(
    later: list[Frame], cuts: list[int]
) -> None:
    frames = [NAME, *later]
    data = b"".join(written(frame) for frame in frames)
    assert read(split(data, cuts)) == (frames, "")
    assert name_of(frames[0]) == UUID(int=7)


@given(st.binary(max_size=400), st.lists(st.integers(0, 10_000), max_size=30))
def test_nonsense_ends_at_the_same_place_however_it_is_split(
    nonsense: bytes, cuts: list[int]
) -> None:
    data = written(NAME) + nonsense
    assert read(split(data, cuts)) == read([data])


@pytest.mark.parametrize(
    "data",
    [
        b"\x05\x00\x00",
        written(Frame(Kind.AUDIO, bytes(320))),
        written(NAME) + written(NAME),
        written(Frame(Kind.NAME, bytes(15))),
        written(NAME) + b"\x10\xff\xff",
        written(NAME) + b"\x10" + (AUDIO_BYTES_MAX + 2).to_bytes(2, "big"),
        written(NAME) + b"\x10\x00\x03",
        written(NAME) + b"\x00\x00\x01",
        b"GET / HTTP/1.1\r\n\r\n",
    ],
)
def test_what_is_no_audiosocket_is_refused_before_its_content_comes(data: bytes) -> None:
    reader = Reader()
    with pytest.raises(BadFrame):
        list(reader.feed(data))


def test_our_goodbye_is_a_frame_of_its_own() -> None:
    assert read([written(NAME) + GOODBYE]) == ([NAME, Frame(Kind.HANGUP)], "")
