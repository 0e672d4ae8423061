from hypothesis import given
from hypothesis import strategies as st

from siaga.telephony.hearing.judging import (
    LISTEN_SECONDS,
    PATIENCE_SECONDS,
    SPAN_WINDOWS,
    VOICED_WINDOWS,
    Judgement,
    Verdict,
)

SPEECH, NOISE = 0.9, 0.1
BEGUN = Judgement(since=100.0)


def after(*likelihoods: float) -> Judgement:
    judged = BEGUN
    for one in likelihoods:
        judged = judged.after(one)
    return judged


def test_a_fifth_of_a_second_of_speech_is_a_voice_and_stays_one() -> None:
    heard = after(*[SPEECH] * VOICED_WINDOWS, *[NOISE] * 100)
    assert (heard.verdict(100.0), heard.is_over(100.0)) == (Verdict.HEARD, True)
    assert after(*[SPEECH] * (VOICED_WINDOWS - 1)).verdict(100.0) is None


def test_clicks_far_from_each_other_are_no_voice() -> None:
    clicks = [SPEECH, *[NOISE] * (SPAN_WINDOWS // 2)] * 50
    assert after(*clicks).verdict(100.0 + PATIENCE_SECONDS) is Verdict.UNHEARD


def test_only_after_some_patience_is_it_said_that_there_is_no_voice() -> None:
    assert BEGUN.verdict(100.0 + PATIENCE_SECONDS - 0.1) is None
    assert BEGUN.verdict(100.0 + PATIENCE_SECONDS) is Verdict.UNHEARD
    assert not BEGUN.is_over(100.0 + LISTEN_SECONDS - 0.1)
    assert BEGUN.is_over(100.0 + LISTEN_SECONDS)


@given(st.lists(st.floats(), max_size=200), st.floats(0, 60))
def test_whatever_is_judged_a_voice_once_heard_is_never_taken_back(
    likelihoods: list[float], seconds: float
) -> None:
    judged, was = BEGUN, False
    for one in likelihoods:
        judged = judged.after(one)
        assert judged.heard or not was
        was = judged.heard
    assert judged.is_over(100.0 + seconds) or seconds < LISTEN_SECONDS
