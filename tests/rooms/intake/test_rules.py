"""What intake looks at first, and what may be undone."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siaga.intake import rules
from siaga.intake.types import ContactDisposition, ContactState
from siaga.kernel.types import Channel


@pytest.mark.parametrize(
    "text",
    ["Tolong KEBAKARAN!", "omahku kobong", "ana wong kelelep nang kali", "ibu mau melahirkan"],
)
def test_words_of_danger_move_a_contact_forward(text: str) -> None:
    assert rules.rank_of(Channel.WHATSAPP, text) == rules.RANK_RED_FLAG


@pytest.mark.parametrize("text", ["mau tanya ktp", "lampu jalan mati", "terapi pijat di mana"])
def test_ordinary_words_do_not(text: str) -> None:
    assert rules.rank_of(Channel.WHATSAPP, text) == rules.RANK_ORDINARY


@given(st.text(max_size=80))
def test_more_words_never_push_a_contact_back(text: str) -> None:
    before = rules.rank_of(Channel.WHATSAPP, text)
    assert rules.rank_of(Channel.WHATSAPP, f"{text} kebakaran") <= before


@given(st.sampled_from(list(Channel)), st.integers(0, 9))
def test_whatever_waits_has_an_alarm_within_five_minutes(channel: Channel, rank: int) -> None:
    since = datetime(2026, 1, 1)
    assert since < rules.waiting_alarm_at(channel, rank, since) <= since + timedelta(minutes=5)


def test_an_outcome_can_be_undone_for_ten_minutes(now: datetime) -> None:
    assert rules.may_undo(now, now + timedelta(minutes=9))
    assert not rules.may_undo(now, now + timedelta(minutes=11))


def test_a_screen_silent_for_two_minutes_holds_nothing(now: datetime) -> None:
    assert not rules.is_claim_stale(now, now + timedelta(seconds=119))
    assert rules.is_claim_stale(now, now + timedelta(seconds=121))
    assert rules.is_claim_stale(None, now)


def test_every_key_means_another_outcome() -> None:
    outcomes = list(rules.ONE_KEY_DISPOSITIONS.values())
    assert len(outcomes) == len(set(outcomes))
    assert set(outcomes) == set(ContactDisposition)


@pytest.mark.parametrize("state", list(ContactState))
def test_only_what_is_under_way_takes_further_messages(state: ContactState) -> None:
    assert rules.is_open(state) == (state in {ContactState.WAITING, ContactState.CLAIMED})


def test_a_preview_is_one_line() -> None:
    assert rules.preview_of(" dua\n baris ") == "dua baris"
    assert len(rules.preview_of("x" * 999)) == rules.PREVIEW_LENGTH_MAX
