"""What stands between us and a running Asterisk. The sentences name the cure."""

from django.utils.translation import gettext_lazy as _

from siaga.kernel.errors import SiagaError


class PackagesUnavailable(SiagaError):
    """Neither the system has the program, nor could Debian's packages be fetched."""

    code = "telephony.packages_unavailable"
    http_status = 503
    sentence = _(
        "%(wanted)s is neither installed nor could it be fetched: %(reason)s. "
        "Install it (Asterisk 20 or newer), or allow this machine to reach its Debian mirror."
    )


class AsteriskFailed(SiagaError):
    """Asterisk did not start, or did not do what it was told."""

    code = "telephony.asterisk_failed"
    http_status = 503
    sentence = _("Asterisk does not run: %(reason)s. Its log is in %(log)s.")


class PromptsUnavailable(SiagaError):
    """A text could not be spoken."""

    code = "telephony.prompts_unavailable"
    http_status = 503
    sentence = _("The prompt “%(name)s” could not be spoken: %(reason)s.")


class PromptTexts(SiagaError):
    """The texts of the prompts are incomplete."""

    code = "telephony.prompt_texts"
    http_status = 500
    sentence = _("%(file)s lacks the prompt “%(name)s” in the language “%(language)s”.")


class CertificateRefused(SiagaError):
    """A certificate could not be made, or what was given is none that browsers would accept."""

    code = "telephony.certificate_refused"
    http_status = 422
    sentence = _("This certificate cannot be used: %(reason)s.")
