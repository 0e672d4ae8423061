"""What citizens say and when: pure, from one seed. Mostly noise, as in life."""

import json
import random
from dataclasses import dataclass
from pathlib import Path

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
            row = chance.choice(self._real)
            return Saying(row["text"], "", _CASES[row["type"]], f"P{row['urgency']}")
        if chance.random() < 0.4:
            return Saying(chance.choice(_SHORT), "ghost", "", "")
        row = chance.choice(self._noise)
        noise = "information" if row["type"] == "informasi" else "prank"
        return Saying(row["text"], noise, "", "")

    def between(self, least: float, most: float) -> float:
        """Some span of time."""
        return self._chance.uniform(least, most)

    def happens(self, probability: float) -> bool:
        """Whether something happens."""
        return self._chance.random() < probability

    def some(self, count: int) -> int:
        """One of `count`, by index."""
        return self._chance.randrange(count)
