"""The addresses of the control face."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from siaga.web.control import (
    desks,
    health,
    journal,
    overview,
    people,
    places,
    profile,
    profile_edit,
    records,
    tokens,
)
from siaga.web.control.converters import RegionSlug
from siaga.web.control.phone import urls as phone

register_converter(RegionSlug, "control_region")

app_name = "control"

_people = [
    path("", people.listed, name="people"),
    path("add/", people.add, name="person_add"),
    path("bring/", people.bring, name="person_bring"),
    path("<uuid:person_id>/", people.one, name="person"),
    path("<uuid:person_id>/roles/", people.grant, name="person_grant"),
    path("<uuid:person_id>/roles/<uuid:membership_id>/end/", people.revoke, name="person_revoke"),
    path("<uuid:person_id>/password/", people.reset, name="person_reset"),
    path("<uuid:person_id>/deactivate/", people.deactivate, name="person_deactivate"),
    path("<uuid:person_id>/sessions/end/", people.end_sessions, name="person_end_sessions"),
]
_profile = [
    path("", profile.in_force, name="profile"),
    path("agencies/", profile.agencies, name="agencies"),
    path("agencies/add/", profile_edit.agency, name="agency_add"),
    path("agencies/<slug:code>/", profile_edit.agency, name="agency"),
    path("types/", profile.types, name="types"),
    path("types/add/", profile_edit.case_type, name="type_add"),
    path("types/<slug:code>/", profile_edit.case_type, name="type"),
    path("places/", places.listed, name="places"),
    path("places/add/", places.landmark, name="landmark_add"),
    path("places/<int:position>/", places.landmark, name="landmark"),
    path("places/alias/", places.alias, name="alias"),
    path("versions/", profile.versions, name="versions"),
    path("versions/<int:number>/", profile.version, name="version"),
    path("export.zip", profile.export, name="export"),
]
_face: list[URLPattern | URLResolver] = [
    path("", overview.now_needed, name="overview"),
    path("now/", overview.again, name="overview_now"),
    path("inbound/requeue/", overview.requeue, name="requeue"),
    path("journal/", journal.listed, name="journal"),
    path("journal/verify/", journal.verify, name="journal_verify"),
    path("journal/<uuid:entry_id>/", journal.entry, name="entry"),
    path("contacts/", records.contacts, name="contacts"),
    path("contacts/<uuid:contact_id>/", records.contact, name="contact"),
    path("incidents/", records.incidents, name="incidents"),
    path("incidents/<uuid:incident_id>/", records.incident, name="incident"),
    path("find/", records.find, name="find"),
    path("subject/<uuid:subject_id>/", records.subject, name="subject"),
    path("people/", include(_people)),
    path("tokens/", tokens.listed, name="tokens"),
    path("tokens/<uuid:token_id>/revoke/", tokens.revoke, name="token_revoke"),
    path("profile/", include(_profile)),
    path("desks/", desks.listed, name="desks"),
    path("phone/", include(phone.urlpatterns)),
    path("desks/<uuid:position_id>/close/", desks.close, name="desk_close"),
    path("health/", health.report, name="health"),
]
urlpatterns = [path("<control_region:region>/control/", include(_face))]
