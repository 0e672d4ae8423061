"""The only writes of messaging. Each takes `by` and `now` and leaves a fact."""

from siaga.messaging.services.delivery import mark_failed, mark_sent, record_status, resend
from siaga.messaging.services.inbox import requeue_inbound
from siaga.messaging.services.receiving import attach, receive
from siaga.messaging.services.sending import mark_read, request_location, send_notice, send_text
from siaga.messaging.services.uploads import StoredUpload, settle_media, store_upload

__all__ = [
    "StoredUpload",
    "attach",
    "mark_failed",
    "mark_read",
    "mark_sent",
    "receive",
    "record_status",
    "request_location",
    "requeue_inbound",
    "resend",
    "send_notice",
    "send_text",
    "settle_media",
    "store_upload",
]
