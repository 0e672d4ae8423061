"""The addresses below `control/phone/`."""

from django.urls import path

from siaga.web.control.phone import live, notices, testing, voices

urlpatterns = [
    path("", live.page, name="phone"),
    path("now/", live.again, name="phone_now"),
    path("asked/<uuid:command_id>/", live.fate, name="phone_asked"),
    path("calls/<str:linked_id>/up/", live.move_up, name="phone_move_up"),
    *(
        path(f"calls/<str:linked_id>/{mode}/", live.join, {"mode": mode}, name=f"phone_{mode}")
        for mode in ("listen", "whisper", "barge")
    ),
    path("leave/", live.leave, name="phone_leave"),
    path("queue/close/", live.close_queue, name="phone_queue_close"),
    path("queue/open/", live.open_queue, name="phone_queue_open"),
    path("test/", testing.start, name="phone_test"),
    path("notices/", notices.page, name="phone_notices"),
    path("notices/now/", notices.again, name="phone_notice_now"),
    path("notices/end/", notices.end, name="phone_notice_end"),
    path("notices/hear/", notices.hear, name="phone_notice_hear"),
    path("voices/", voices.listed, name="voices"),
    path("voices/<slug:name>/", voices.one, name="voice"),
    path("voices/<slug:name>/draft/", voices.draft, name="voice_draft"),
    path("voices/<slug:name>/publish/", voices.publish, name="voice_publish"),
    path("voices/<slug:name>/drop/", voices.drop, name="voice_drop"),
    path("voices/<slug:name>/back/", voices.roll_back, name="voice_back"),
    path("voices/<slug:name>/<slug:version>.wav", voices.sound, name="voice_sound"),
    path("positions/<int:number>/free/", live.free, name="phone_free"),
]
