"""What a region's callers hear: texts, spoken once by espeak-ng, kept by the hash of the words.

A WAV that the centre recorded itself, `recorded/<region>/<name>.wav`, goes before ours.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from siaga.telephony.asterisk import wave
from siaga.telephony.asterisk.config.media import day_part
from siaga.telephony.asterisk.errors import PromptsUnavailable, PromptTexts
from siaga.telephony.asterisk.installation import Program
from siaga.telephony.types import PhonePlan

FILE = "prompts.toml"
COMMON = (
    "waiting", "cannot-speak", "instruction", "joined", "left", "not-allowed", "notice-end",
    "self-test", "place-before", "place-beyond", "place-after",
)  # fmt: skip
"""Prompts of every region whose words stand in content/prompts."""
GREETING_SECONDS_MAX = 6.0
"""It is the beginning of the queue's music: a position rings meanwhile."""
SPEAKING_SECONDS_MAX = 60
VOICES = {"id": "id", "en": "en"}
WORDS_A_MINUTE = 165
NUMBERS = {
    "id": ("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan",
           "sepuluh"),
    "en": ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
}  # fmt: skip
"""What Asterisk says places with; it looks for them in its own folder of sounds."""
WAITS_IN_MUSIC = 8
"""How often the waiting sentence follows one greeting."""
_RECIPE = "2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One sentence to be heard."""

    name: str
    text: str
    language: str
    pause: float = 0.0

    @property
    def key(self) -> str:
        """Equal for equal sound."""
        words = [_RECIPE, str(WORDS_A_MINUTE), self.language, str(self.pause), self.text]
        return hashlib.sha256("\0".join(words).encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonText:
    """A sentence of content/prompts."""

    words: Mapping[str, str]
    pause: float


def read_texts(folder: Path) -> dict[str, CommonText]:
    """The common sentences; PromptTexts names what is missing."""
    raw = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))
    found = {}
    for name in COMMON:
        given = raw.get(name, {})
        for language in VOICES:
            if not str(given.get(language, "")).strip():
                raise PromptTexts(file=FILE, name=name, language=language)
        words = {language: str(given[language]) for language in VOICES}
        found[name] = CommonText(words=words, pause=float(given.get("pause", 0)))
    return found


def prompts_of(plan: PhonePlan, texts: Mapping[str, CommonText]) -> list[Prompt]:
    """Every prompt that the dialplan of a region plays."""
    language = plan.language
    own = [("press-one", plan.press_one)]
    own += [
        (f"closed-{index}", hours.notice)
        for index, hours in enumerate(plan.hours)
        if not hours.always and hours.notice
    ]
    own += [
        (f"greeting-{day_part(plan, index)}", one.text) for index, one in enumerate(plan.greetings)
    ]
    return [
        *(Prompt(name=name, text=text, language=language) for name, text in own),
        *(
            Prompt(name=name, text=one.words[language], language=language, pause=one.pause)
            for name, one in texts.items()
        ),
    ]


def speak_all(
    plans: Sequence[PhonePlan], home: Path, texts: Mapping[str, CommonText], voice: Program
) -> Iterator[str]:
    """Bring `prompts` and `music` up to date; yields what changed."""
    for plan in plans:
        for prompt in prompts_of(plan, texts):
            if point_at_best(plan, prompt, home, lambda: voice):
                yield f"prompts/{plan.region}/{prompt.name}.wav"
        _music(plan, home)
    for language in sorted({plan.language for plan in plans}):
        yield from _numbers(language, home, voice)


def point_at_best(
    plan: PhonePlan, prompt: Prompt, home: Path, voice: Callable[[], Program | None]
) -> bool:
    """Asterisk's name of a sentence leads to the centre's own recording, else to a spoken one.

    True if it led elsewhere before. Raises PromptsUnavailable where nothing can speak.
    """
    own = home / "recorded" / plan.region / f"{prompt.name}.wav"
    source = own if own.exists() else spoken_place(prompt, home)
    if not source.exists():
        speaker = voice()
        if speaker is None:
            raise PromptsUnavailable(name=prompt.name, reason="espeak-ng is missing")
        source = _spoken(prompt, source.parent, speaker)
    return _point(home / "prompts" / plan.region / f"{prompt.name}.wav", source)


def spoken_place(prompt: Prompt, home: Path) -> Path:
    """Where a sentence lies once it has been spoken."""
    return home / "prompts" / "spoken" / f"{prompt.key}.wav"


def _numbers(language: str, home: Path, voice: Program) -> Iterator[str]:
    folder = home / "data" / "sounds" / language / "digits"
    for number, word in enumerate(NUMBERS[language], 1):
        prompt = Prompt(name=f"digits-{number}", text=word, language=language)
        if _point(folder / f"{number}.wav", _spoken(prompt, home / "prompts" / "spoken", voice)):
            yield f"sounds/{language}/digits/{number}.wav"


def speak_notice(plan: PhonePlan, home: Path, text: str, voice: Program | None) -> str:
    """A sentence of the hour, as Asterisk is told to play it. Raises PromptsUnavailable."""
    if voice is None:
        raise PromptsUnavailable(name="notice", reason="espeak-ng is missing")
    prompt = Prompt(name="notice", text=text, language=plan.language)
    return str(_spoken(prompt, home / "prompts" / "spoken", voice).with_suffix(""))


def too_long(plan: PhonePlan, home: Path) -> list[str]:
    """Greetings longer than a caller should have to listen to."""
    names = [f"greeting-{day_part(plan, index)}" for index in range(len(plan.greetings))]
    files = [home / "prompts" / plan.region / f"{name}.wav" for name in names]
    return [
        file.stem
        for file in files
        if file.exists() and wave.seconds(file.read_bytes()) > GREETING_SECONDS_MAX
    ]


def _spoken(prompt: Prompt, folder: Path, voice: Program) -> Path:
    path = folder / f"{prompt.key}.wav"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f".{prompt.key}.{os.getpid()}"
        fresh.write_bytes(wave.for_telephones(say(prompt, voice), pause=prompt.pause))
        fresh.replace(path)
    return path


def say(prompt: Prompt, voice: Program) -> bytes:
    """The WAV as espeak-ng speaks it."""
    words = ["-v", VOICES[prompt.language], "-s", str(WORDS_A_MINUTE), "--stdin", "--stdout"]
    try:
        done = subprocess.run(
            voice.command(*words),
            input=prompt.text.encode(),
            capture_output=True,
            check=True,
            timeout=SPEAKING_SECONDS_MAX,
            env=voice.environment(),
        )
    except (OSError, subprocess.SubprocessError) as failed:
        raise PromptsUnavailable(name=prompt.name, reason=str(failed)) from failed
    return done.stdout


def _music(plan: PhonePlan, home: Path) -> None:
    """A folder for each greeting and one without: greeting first, then the waiting sentences."""
    folder, prompts = home / "music" / plan.region, home / "prompts" / plan.region
    parts = [day_part(plan, index) for index in range(len(plan.greetings))]
    (home / "music" / "none").mkdir(parents=True, exist_ok=True)
    for part in ("waiting", *parts):
        if part != "waiting":
            _point(folder / part / "0-greeting.wav", prompts / f"greeting-{part}.wav")
        for turn in range(1, WAITS_IN_MUSIC + 1):
            _point(folder / part / f"{turn}-waiting.wav", prompts / "waiting.wav")
    if folder.is_dir():
        for old in {one.name for one in folder.iterdir()} - {"waiting", *parts}:
            shutil.rmtree(folder / old)


def _point(link: Path, target: Path) -> bool:
    if link.is_symlink() and link.readlink() == target:
        return False
    link.parent.mkdir(parents=True, exist_ok=True)
    # Exchanged in one step: Asterisk may be about to play it.
    fresh = link.with_name(f".{link.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)
    return True
