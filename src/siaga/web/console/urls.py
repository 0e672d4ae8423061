"""The addresses of the desk and the board."""

from django.urls import URLPattern, URLResolver, include, path

from siaga.web.console import (
    beside,
    board,
    callbacks,
    contacts,
    conversation,
    dispatching,
    dispositions,
    endings,
    incidents,
    ledger,
    map_data,
    places,
    presence,
    recordings,
    reports,
    types_search,
    waiting,
    writing,
)
from siaga.web.console.phone import callers, seats, trying

app_name = "console"

_contact = [
    path("", contacts.show, name="contact"),
    path("claim/", contacts.claim, name="claim"),
    path("take-over/", contacts.take_over, name="take_over"),
    path("release/", contacts.release, name="release"),
    path("seen/", contacts.seen, name="seen"),
    path("state/", contacts.state, name="contact_state"),
    path("history/", contacts.history, name="history"),
    path("dispose/", dispositions.dispose, name="dispose"),
    path("undo/", contacts.undo, name="undo"),
    path("draft/", writing.draft, name="draft"),
    path("guide/", writing.guide, name="guide"),
    path("file/", reports.file, name="file"),
    path("join/<uuid:incident_id>/", reports.join, name="join"),
    path("pick/", map_data.pick, name="pick"),
    path("recordings/", recordings.of_contact, name="recordings"),
    path("talk/", conversation.show, name="talk"),
    path("message/", conversation.send, name="message"),
    path("position/", conversation.ask_position, name="ask_position"),
    path("messages/<uuid:message_id>/resend/", conversation.resend, name="resend"),
]
_incident = [
    path("", incidents.show, name="incident"),
    path("now/", incidents.now_shown, name="incident_now"),
    path("send/", dispatching.send, name="send"),
    path("correct/", endings.correct, name="correct"),
    path("raise/", endings.raise_urgency, name="raise"),
    path("evidence/", ledger.add, name="incident_evidence"),
    path("unjoin/<uuid:report_id>/", endings.unjoin, name="unjoin"),
    path("close/", endings.close, name="close"),
    path("reopen/", endings.reopen, name="reopen"),
]
_phone = [
    path("seat/", seats.take, name="phone_seat"),
    path("leave/", seats.leave, name="phone_leave"),
    path("keep/", seats.keep, name="phone_keep"),
    path("state/", seats.state, name="phone_state"),
    path("command/", seats.command, name="phone_command"),
    path("try/", trying.show, name="phone_try"),
]
_desk: list[URLPattern | URLResolver] = [
    path("", waiting.desk, name="desk"),
    path("waiting/", waiting.waiting, name="waiting"),
    path("next/", waiting.take_next, name="next"),
    path("duty/", beside.duty, name="duty"),
    path("phone/", include(_phone)),
    path("calls/<str:linked_id>/", callers.about, name="call"),
    path("calls/<str:linked_id>/answered/", callers.answered, name="call_answered"),
    path("contacts/<uuid:contact_id>/", include(_contact)),
    path("recordings/<uuid:call_id>/sound/", recordings.sound, name="recording_sound"),
    path("recordings/<uuid:call_id>/hold/", recordings.hold, name="recording_hold"),
    path("recordings/<uuid:call_id>/verified/", recordings.verified, name="recording_verified"),
    path("callbacks/", callbacks.show, name="callbacks"),
    path("callbacks/rows/", callbacks.rows, name="callback_rows"),
    path("callbacks/<uuid:callback_id>/call/", callbacks.call, name="callback_call"),
    path("callbacks/<uuid:callback_id>/settle/", callbacks.settle, name="callback_settle"),
    path("reports/<uuid:report_id>/ledger/", ledger.of_report, name="report_ledger"),
    path("reports/<uuid:report_id>/evidence/", ledger.add, name="report_evidence"),
    path("incidents/<uuid:incident_id>/", include(_incident)),
    path("assignments/<uuid:assignment_id>/answer/", dispatching.answer, name="answer"),
    path("assignments/<uuid:assignment_id>/withdraw/", dispatching.withdraw, name="withdraw"),
    path("search/places/", places.search, name="search_places"),
    path("search/types/", types_search.search, name="search_types"),
    path("map/areas/", map_data.areas, name="map_areas"),
    path("map/points/", map_data.points, name="map_points"),
    path("presence/", presence.show, name="presence"),
    path("presence/change/", presence.change, name="presence_change"),
    path("presence/leave/", presence.leave, name="presence_leave"),
    path("positions/<uuid:position_id>/take/", presence.sit, name="presence_sit"),
]
urlpatterns = [
    path("<slug:region>/console/", include(_desk)),
    path("<slug:region>/board/", board.show, name="board"),
    path("<slug:region>/board/rows/", board.again, name="board_rows"),
]
