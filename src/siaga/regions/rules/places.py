"""Which place a citizen means. Pure."""

import re
import unicodedata

_NOT_A_WORD = re.compile(r"[^a-z0-9]+")


def plain_text(text: str) -> str:
    """Lower case, plain letters and digits, single spaces."""
    flat = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _NOT_A_WORD.sub(" ", flat.lower()).strip()
