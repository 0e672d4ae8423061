"""The play of the demo: plausible, repeatable, and known to its own desk."""

from django.conf import settings

from siaga.config.demo.day import Day
from siaga.intake.types import ContactDisposition
from siaga.kernel.types import Urgency

SAYINGS = 200


def test_the_desk_knows_what_everybody_meant_also_after_a_restart() -> None:
    yesterday, today = Day(settings.CONTENT_DIR, 1), Day(settings.CONTENT_DIR, 2)
    for _ in range(SAYINGS):
        said = yesterday.saying()
        meant = today.meant(f"  {said.text} ")
        assert meant is not None
        assert (meant.case, meant.noise) == (said.case, said.noise)
        assert said.noise in {"", *ContactDisposition}
        assert said.urgency in {"", *Urgency}


def test_words_written_by_hand_are_left_to_hands() -> None:
    assert Day(settings.CONTENT_DIR, 1).meant("atap rumah saya kena angin") is None


def test_a_day_is_mostly_noise_and_never_only_noise() -> None:
    day = Day(settings.CONTENT_DIR, 3)
    noise = sum(1 for _ in range(SAYINGS) if day.saying().noise)
    assert SAYINGS / 2 < noise < SAYINGS * 3 / 4


def test_the_same_seed_lives_the_same_day() -> None:
    first, second = Day(settings.CONTENT_DIR, 4), Day(settings.CONTENT_DIR, 4)
    assert [first.saying() for _ in range(20)] == [second.saying() for _ in range(20)]
