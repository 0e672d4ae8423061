"""What can be wrong with guides and notices while the program runs."""

from django.utils.translation import gettext_lazy as _

from siaga.kernel.errors import SiagaError


class ContentBroken(SiagaError):
    """The content folder has no sound universal guide or notices; `problems` says where."""

    code = "protocols.content_broken"
    http_status = 500
    sentence = _("The guides could not be read. Run `siaga check` and follow what it says.")


class NoticeUnknown(SiagaError):
    """There is no notice of this name."""

    code = "protocols.notice_unknown"
    http_status = 500
    sentence = _("There is no notice called %(notice)s.")


class NoticeParameterWrong(SiagaError):
    """A notice was rendered with a parameter it does not know, or without one it needs."""

    code = "protocols.notice_parameter_wrong"
    http_status = 500
    sentence = _("The notice %(notice)s does not fit its parameter %(parameter)s.")
