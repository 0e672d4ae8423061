"""Finding a case type by typing a few letters. Pure."""

from siaga.regions.rules.places import plain_text
from siaga.regions.types import CaseType, CaseTypeHit, Profile

TYPED_LENGTH_MAX = 60
_EXACT, _BEGINS, _WORD_BEGINS, _INSIDE, _ALL_WORDS, _SPOKEN = 1.0, 0.9, 0.8, 0.6, 0.7, 0.75
_SYNONYM_WEIGHT = 0.97
_INSIDE_LENGTH_MIN = 3


def find_case_types(profile: Profile, text: str, *, limit: int) -> tuple[CaseTypeHit, ...]:
    """Types whose code, name or synonym fits what was typed, best first.

    Also whole sentences: a synonym that stands in what was typed counts, the longer the better.
    """
    typed = plain_text(text[:TYPED_LENGTH_MAX])
    if not typed:
        return ()
    hits = [hit for case in profile.taxonomy.types if (hit := _hit(case, typed)) is not None]
    return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.urgency.rank, hit.code))[:limit])


def _hit(case: CaseType, typed: str) -> CaseTypeHit | None:
    names = [(case.code, 1.0), (case.name.id, 1.0), (case.name.en, 1.0)]
    names += [(synonym, _SYNONYM_WEIGHT) for synonym in case.synonyms]
    score, matched = 0.0, ""
    for name, weight in names:
        found = _fit(plain_text(name), typed) * weight
        if found > score:
            score, matched = found, name
    if score == 0.0:
        return None
    return CaseTypeHit(
        code=case.code,
        name=case.name,
        group=case.group,
        urgency=case.urgency,
        icon=case.icon,
        confidential=case.confidential,
        matched=matched,
        score=round(score, 4),
    )


def _fit(name: str, typed: str) -> float:
    if name == typed:
        return _EXACT
    if name.startswith(typed):
        return _BEGINS + 0.05 * len(typed) / len(name)
    words = name.split()
    if any(word.startswith(typed) for word in words):
        return _WORD_BEGINS
    if f" {name} " in f" {typed} ":
        return _SPOKEN + min(0.2, 0.01 * len(name))
    wanted = typed.split()
    if len(wanted) > 1 and all(any(word.startswith(one) for word in words) for one in wanted):
        return _ALL_WORDS
    return _INSIDE if len(typed) >= _INSIDE_LENGTH_MIN and typed in name else 0.0
