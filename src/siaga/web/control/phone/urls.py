"""The addresses below `control/phone/`."""

from django.urls import path

from siaga.web.control.phone import live

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
    path("positions/<int:number>/free/", live.free, name="phone_free"),
]
