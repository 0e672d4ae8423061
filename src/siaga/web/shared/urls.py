from django.urls import path
from django.views.i18n import set_language

from siaga.web.shared import design

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("control/design/", design.page, name="design"),
]
