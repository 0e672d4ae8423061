"""What goes over the line, and what may not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siaga.telephony.ami.wire import BadField, decode, encode, one

WORDS = st.text(
    alphabet=st.characters(min_codepoint=32, exclude_categories=("Cs",)), max_size=40
).map(str.strip)


@given(value=WORDS)
def test_what_is_sent_is_what_is_read(value: str) -> None:
    message = decode(encode("DBPut", "a-1", {"Family": "held", "Val": value})[:-4])
    assert one(message, "Action") == "DBPut"
    assert one(message, "Val") == value


def test_a_header_with_several_values_is_repeated() -> None:
    block = encode("Originate", "a-1", {"Variable": ["A=1", "B=2"], "Timeout": 5})
    assert decode(block[:-4])["Variable"] == ["A=1", "B=2"]
    assert one(decode(block[:-4]), "Timeout") == "5"


@pytest.mark.parametrize("value", ["x\r\nAction: Originate", "x\ny", "x\0", "\x1b[2J"])
def test_a_value_never_becomes_a_command(value: str) -> None:
    with pytest.raises(BadField):
        encode("DBPut", "a-1", {"Val": value})
    with pytest.raises(BadField):
        encode("DBPut", value, {})


@pytest.mark.parametrize("key", ["A: b", "", "Väl", "A\r\nB"])
def test_a_header_is_one_word(key: str) -> None:
    with pytest.raises(BadField):
        encode("DBPut", "a-1", {key: "x"})


@given(st.binary(max_size=200))
def test_nothing_that_asterisk_says_breaks_the_reader(block: bytes) -> None:
    for values in decode(block).values():
        assert all(isinstance(value, str) for value in values)
