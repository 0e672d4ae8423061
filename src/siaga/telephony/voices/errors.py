"""What may be refused about a recording."""

from django.utils.translation import gettext_lazy as _

from siaga.kernel.errors import SiagaError


class NotASound(SiagaError):
    """Nothing that can be read as a sound."""

    code = "telephony.not_a_sound"
    http_status = 422
    sentence = _("This is no sound that can be read. Record again, or give a WAV or FLAC file.")


class Silence(SiagaError):
    """Nothing is to be heard."""

    code = "telephony.silence"
    http_status = 422
    sentence = _("Nothing is to be heard. Check the microphone and record again.")


class TooLong(SiagaError):
    """Longer than a caller listens."""

    code = "telephony.prompt_too_long"
    http_status = 422
    sentence = _("Longer than %(seconds)s seconds. Callers hang up; say it shorter.")


class NoDraft(SiagaError):
    """There is nothing to publish."""

    code = "telephony.no_draft"
    http_status = 409
    sentence = _("There is no recording to publish. Record it first.")
