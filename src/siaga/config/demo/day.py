"""What citizens say and when: pure, from one seed. Mostly noise, as in life."""

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PER_HOUR = 9.0
NOISE = 0.62
WEB = 0.18
SENDS_POSITION = 0.5
_NOISE = {"prank", "informasi"}
_CASES = {
    "air_bersih": "AIR-PDAM",
    "bencana_alam": "BANJIR",
    "jalan_rusak": "JALAN",
    "kdrt": "KDRT",
    "kebakaran": "KBK-BANGUNAN",
    "kecelakaan": "LAKA-LUKA",
    "kehilangan_barang": "TOLAK-BARANG",
    "korupsi": "ADUAN-KORUPSI",
    "kriminal": "KRIM-RAMPOK",
    "lampu_jalan": "PJU",
    "layanan_publik": "ADUAN-DUKCAPIL",
    "listrik_padam": "LISTRIK-PADAM",
    "medis": "MED-DADA",
    "odgj": "ODGJ",
    "penyelamatan_hewan": "HEWAN",
    "pohon_tumbang": "POHON-TUMBANG",
    "sosial": "ADUAN-BANSOS",
    "tenggelam_hilang": "TENGGELAM",
}
_SHORT = (
    "p",
    "halo",
    "tes",
    "woi",
    "min",
    "assalamualaikum",
    "permisi",
    "halo kak",
    "????",
    "ping",
)
_NAMES = (
    "Slamet", "Siti Aminah", "Budi", "Wahyuni", "Agus", "Sri Rahayu", "Eko", "Yuli", "Dwi",
    "Rudi", "Nurul", "Hartono", "Lestari", "Anwar", "Fitri", "Suyanto",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing a citizen writes; `case` is empty for noise."""

    text: str
    noise: str
    case: str
    urgency: str


_GHOSTS = [Saying(text, "ghost", "", "") for text in _SHORT]


@dataclass(frozen=True, slots=True)
class Citizen:
    """Who writes; the number is of a range that is never given to anybody."""

    name: str
    number: str
    by_web: bool
    sends_position: bool


class Day:
    """An endless stream of citizens, the same for the same seed."""

    def __init__(self, content: Path, seed: int) -> None:
        lines = (content / "demo" / "utterances.jsonl").read_text().splitlines()
        rows = [json.loads(line) for line in lines]
        self._noise = [row for row in rows if row["type"] in _NOISE]
        self._real = [row for row in rows if row["type"] in _CASES]
        self._chance = random.Random(seed)  # noqa: S311 - a play, not a secret
        sayings = [_said(row) for row in self._noise + self._real]
        self._known = {key(saying.text): saying for saying in sayings + _GHOSTS}

    @property
    def noise_texts(self) -> list[str]:
        """What is said for fun, or to ask something."""
        return [row["text"] for row in self._noise]

    @property
    def real_texts(self) -> list[str]:
        """What is said by who needs help."""
        return [row["text"] for row in self._real]

    def pause(self, speed: float) -> float:
        """Seconds until the next citizen writes."""
        return self._chance.expovariate(PER_HOUR * speed / 3600)

    def citizen(self) -> Citizen:
        """Somebody, now and then the same person again."""
        chance = self._chance
        return Citizen(
            name=chance.choice(_NAMES),
            number=f"6280011200{chance.randrange(400):03d}",
            by_web=chance.random() < WEB,
            sends_position=chance.random() < SENDS_POSITION,
        )

    def saying(self) -> Saying:
        """What they write."""
        chance = self._chance
        if chance.random() >= NOISE:
            return _said(chance.choice(self._real))
        if chance.random() < 0.4:
            return chance.choice(_GHOSTS)
        return _said(chance.choice(self._noise))

    def meant(self, text: str) -> Saying | None:
        """What somebody of this play meant by it; None for words that a person wrote by hand."""
        return self._known.get(key(text))

    def between(self, least: float, most: float) -> float:
        """Some span of time."""
        return self._chance.uniform(least, most)

    def happens(self, probability: float) -> bool:
        """Whether something happens."""
        return self._chance.random() < probability

    def some(self, count: int) -> int:
        """One of `count`, by index."""
        return self._chance.randrange(count)


def key(text: str) -> str:
    """The words as a preview shows them."""
    return " ".join(text.split())[:120]


def _said(row: dict[str, Any]) -> Saying:
    if row["type"] in _CASES:
        return Saying(row["text"], "", _CASES[row["type"]], f"P{row['urgency']}")
    noise = "information" if row["type"] == "informasi" else "prank"
    return Saying(row["text"], noise, "", "")
