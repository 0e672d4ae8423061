"""Which place a citizen means: ranks what the trigram search brought up. Pure.

The phrase is looked at through windows of one to four words. Markers tell the level (desa, kec)
or lower a window (jalan, dusun: street and hamlet names repeat village names). Names are compared
by their sound: no spaces, o as a, oe as u, silent h, Roman and spoken numbers as digits.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from siaga.kernel.geometry import Point
from siaga.regions.types import PlaceCandidate, PlaceSearch, RegionInfo

PHRASE_LENGTH_MAX = 400
WINDOW_WORDS_MAX = 4
SCORE_MIN = 0.5
"""Below it the honest answer is none: nine of ten phrases without a place stay under it."""
AMBIGUOUS_MARGIN = 0.05
_SCORE_FULL = 1.15
_KECAMATAN_NEAR_MIN = 0.62
_SAME_NAME_WEIGHT = 0.5
_USE_BONUS = 0.005
_USE_BONUS_MAX = 0.03

_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_WORD = re.compile(r"[A-Za-z0-9']+")
_LEVELS = {
    "desa": "desa",
    "ds": "desa",
    "kelurahan": "desa",
    "kel": "desa",
    "kecamatan": "kecamatan",
    "kec": "kecamatan",
    "kecamatane": "kecamatan",
    "dusun": "hamlet",
    "dsn": "hamlet",
    "dukuh": "hamlet",
    "lingkungan": "hamlet",
    "lingk": "hamlet",
    "ling": "hamlet",
    "kampung": "hamlet",
    "perum": "hamlet",
    "perumahan": "hamlet",
    "jalan": "street",
    "jl": "street",
    "jln": "street",
    "gang": "street",
    "gg": "street",
    "lorong": "street",
    "lrg": "street",
    "dekat": "near",
    "deket": "near",
    "cedak": "near",
    "depan": "near",
    "dpn": "near",
    "ngarep": "near",
    "sebelah": "near",
    "sblh": "near",
    "belakang": "near",
    "mburi": "near",
    "samping": "near",
}
_ALSO_NAMES = {"kampung", "dukuh"}
"""Level words that also begin names: Kampung Mandar, Dukuh Klopo."""
_NUMBERS = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "satu": "1",
    "siji": "1",
    "dua": "2",
    "loro": "2",
    "tiga": "3",
    "telu": "3",
    "empat": "4",
    "papat": "4",
    "lima": "5",
}
_SOUNDS = (("oe", "u"), ("dj", "j"), ("tj", "c"), ("sy", "s"), ("kh", "k"), ("o", "a"), ("h", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceDocument:
    """A document of the place search, as the database gives it."""

    kind: Literal["kecamatan", "desa", "kelurahan", "landmark"]
    code: str
    name: str
    document: str
    kecamatan: str
    label_point: Point | None
    similarity: float
    uses: int = 1


@dataclass(frozen=True, slots=True)
class _Window:
    first: int
    last: int
    bigrams: frozenset[str]
    marker: str
    length: int

    def meets(self, other: "_Window") -> bool:
        return self.first <= other.last and other.first <= self.last


def plain_text(text: str) -> str:
    """Lower case, plain letters and digits, single spaces."""
    flat = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _NOT_A_WORD.sub(" ", flat.lower()).strip()


def skeleton(text: str) -> str:
    """How a name sounds, so that Sumber Agung and sumberagung are the same."""
    words = [_NUMBERS.get(word, word) for word in plain_text(text).split()]
    sound = "".join(words)
    for written, heard in _SOUNDS:
        sound = sound.replace(written, heard)
    return re.sub(r"(.)\1+", r"\1", sound)


def rank_places(
    phrase: str, documents: Iterable[PlaceDocument], *, region: RegionInfo, limit: int
) -> PlaceSearch:
    """The best candidates for a phrase, each area or landmark once."""
    words = _WORD.findall(phrase[:PHRASE_LENGTH_MAX])
    windows = list(_windows(words, dict.fromkeys(region.abbreviations, region.bare_name)))
    best: dict[tuple[str, str], PlaceCandidate] = {}
    for document in documents:
        candidate = _scored(document, words, windows, region.name)
        landmark = candidate.name if candidate.kind == "landmark" else ""
        key = (candidate.code, landmark)
        if key not in best or best[key].score < candidate.score:
            best[key] = candidate
    ordered = sorted(best.values(), key=lambda one: (-one.score, one.kind == "landmark", one.code))
    kept = tuple(one for one in ordered if one.score >= SCORE_MIN)[:limit]
    return PlaceSearch(candidates=kept, ambiguous=_is_ambiguous(kept))


def _is_ambiguous(kept: tuple[PlaceCandidate, ...]) -> bool:
    if len(kept) < 2:
        return False
    first, second = kept[0], kept[1]
    inside = second.code.startswith(f"{first.code}.") or first.code.startswith(f"{second.code}.")
    close = first.score - second.score < AMBIGUOUS_MARGIN
    # A kecamatan and its village of the same name are no contradiction, only less precise.
    return close and not (inside and skeleton(first.name) == skeleton(second.name))


def _windows(words: list[str], meant: Mapping[str, str]) -> Iterator[_Window]:
    lowered = [word.lower().strip("'") for word in words]
    for first, word in enumerate(lowered):
        if (word in _LEVELS and word not in _ALSO_NAMES) or not word:
            continue
        marker = _marker_before(lowered, first)
        for last in range(first, min(first + WINDOW_WORDS_MAX, len(lowered))):
            if last > first and lowered[last] in _LEVELS:
                break
            spoken = [meant.get(one, one) for one in lowered[first : last + 1]]
            sound = skeleton(" ".join(spoken))
            if sound:
                yield _Window(first, last, _bigrams(sound), marker, len(sound))


def _marker_before(lowered: list[str], first: int) -> str:
    """The level word right before, or one word further back after a street or hamlet word."""
    for back in (1, 2):
        if first >= back and lowered[first - back] in _LEVELS:
            level = _LEVELS[lowered[first - back]]
            if back == 2 and level == "street" and lowered[first - 1] == "raya":
                return "main road"
            if back == 1 or level in ("street", "hamlet"):
                return level
    return ""


@lru_cache(maxsize=20_000)
def _bigrams(sound: str) -> frozenset[str]:
    padded = f"^{sound}$"
    return frozenset(padded[place : place + 2] for place in range(len(padded) - 1))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))


_WEIGHTS = {
    "street": {"desa": 0.62, "kecamatan": 0.55, "landmark": 0.9},
    "main road": {"desa": 0.95, "kecamatan": 0.85, "landmark": 0.9},
    "near": {"desa": 0.93, "kecamatan": 0.9, "landmark": 0.98},
    "hamlet": {"desa": 0.8, "kecamatan": 0.7, "landmark": 0.9},
    "kecamatan": {"desa": 0.72, "kecamatan": 1.08, "landmark": 0.8},
    "desa": {"desa": 1.05, "kecamatan": 0.8, "landmark": 0.85},
    "": {"desa": 1.0, "kecamatan": 1.0, "landmark": 1.0},
}


def _scored(
    document: PlaceDocument, words: list[str], windows: list[_Window], region_name: str
) -> PlaceCandidate:
    level = "desa" if document.kind == "kelurahan" else document.kind
    sound = skeleton(_own_name(document))
    name = _bigrams(sound)
    best, likeness = None, 0.0
    for window in windows:
        found = _likeness(window.bigrams, name) * _WEIGHTS[window.marker][level]
        if found > likeness:
            best, likeness = window, found
    score, matched = 0.78 * likeness + 0.1 * document.similarity, _words_of(words, best)
    if best is not None:
        # The longest name wins: Genteng Kulon over Genteng.
        score += min(0.06, 0.004 * len(sound)) * likeness
        if level != "kecamatan":
            near, home = _kecamatan_elsewhere(document, windows, best)
            weight = _SAME_NAME_WEIGHT if document.kecamatan in region_name else 1.0
            score += 0.16 * near * weight
            matched += _words_of(words, home)
    score += min(_USE_BONUS_MAX, _USE_BONUS * (document.uses - 1))
    return PlaceCandidate(
        kind=document.kind,
        code=document.code,
        name=document.name,
        kecamatan=document.kecamatan,
        label_point=document.label_point,
        score=round(min(score / _SCORE_FULL, 1.0), 4),
        matched=matched,
    )


def _own_name(document: PlaceDocument) -> str:
    """What was named, without the kecamatan that stands behind it in the document."""
    home = plain_text(document.kecamatan)
    text = document.document
    return text[: -len(home)].strip() or text if text.endswith(f" {home}") else text


def _kecamatan_elsewhere(
    document: PlaceDocument, windows: list[_Window], taken: _Window
) -> tuple[float, _Window | None]:
    home = _bigrams(skeleton(document.kecamatan))
    best, likeness = None, 0.0
    for window in windows:
        if window.meets(taken) or window.marker in ("street", "desa"):
            continue
        found = _likeness(window.bigrams, home)
        if found > likeness:
            best, likeness = window, found
    return (likeness, best) if likeness >= _KECAMATAN_NEAR_MIN else (0.0, None)


def _words_of(words: list[str], window: _Window | None) -> tuple[str, ...]:
    return tuple(words[window.first : window.last + 1]) if window is not None else ()
