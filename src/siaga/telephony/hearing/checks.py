"""What `siaga doctor` looks at in the voice detector."""

from collections.abc import Iterator
from datetime import datetime

from siaga.journal import queries as journal
from siaga.journal.heartbeats import is_fresh
from siaga.kernel.doctor import DATABASE, Finding, examine, warning
from siaga.telephony.asterisk import centre
from siaga.telephony.asterisk.installation import find_asterisk
from siaga.telephony.asterisk.process import is_booted
from siaga.telephony.hearing import detector


@examine("telephony.voice", "Voices are listened for, where that is wanted", needs=DATABASE)
def voice_is_listened_for(now: datetime) -> Iterator[Finding]:
    """Only a hint is missing without it, so it is never an error."""
    installation = find_asterisk(centre.home())
    if not detector.places() or installation is None:
        return
    if not is_booted(centre.site_of([], installation, write=False)):
        return
    if not detector.is_installed():
        yield warning(
            "telephony.voice",
            "The voice detector is not installed: nobody is told that no voice is heard.",
            "pip install --requirement requirements/voice.txt, or turn it off:"
            f" {detector.PLACES}=0",
        )
    elif not is_fresh(journal.heartbeats().get("voice"), now):
        yield warning(
            "telephony.voice",
            "`siaga voice` is not alive: nobody is told that no voice is heard.",
            f"Start it: `siaga run`, or siaga-voice.service; or turn it off: {detector.PLACES}=0",
        )
