from django.urls import path
from django.views.i18n import set_language

from siaga.web.shared import design
from siaga.web.shared.media import media
from siaga.web.shared.tiles import tiles

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("<slug:region>/media/<uuid:media_id>/", media, name="media"),
    path("<slug:place>/tiles.pmtiles", tiles, name="tiles"),
    path("control/design/", design.page, name="design"),
    path("control/design/data/areas/", design.areas, name="design-areas"),
    path("control/design/data/points/", design.points, name="design-points"),
    path("control/design/data/options/", design.options, name="design-options"),
    path("control/design/data/said/", design.said, name="design-said"),
    path("control/design/<slug:name>/", design.screen, name="design-screen"),
]
