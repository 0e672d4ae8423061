"""Addresses of the citizen's face. Regions are slugs of their own; words of the house go first."""

from django.urls import path, register_converter

from siaga.web.citizen.converters import RegionConverter
from siaga.web.citizen.views import pages, reporting, tracking

register_converter(RegionConverter, "region")

app_name = "citizen"
urlpatterns = [
    path("", pages.landing, name="landing"),
    path("<region:region>/", reporting.home, name="home"),
    path("<region:region>/scope/", reporting.scope, name="scope"),
    path("<region:region>/areas.json", pages.areas, name="areas"),
    path("<region:region>/privacy/", pages.privacy, name="privacy"),
    path("<region:region>/track/", tracking.find, name="find"),
    path("<region:region>/track/<str:code>/", tracking.track, name="track"),
    path("<region:region>/track/<str:code>/progress/", tracking.progress, name="progress"),
    path("<region:region>/track/<str:code>/message/", tracking.message, name="message"),
    path("<region:region>/track/<str:code>/objection/", tracking.objection, name="objection"),
]
