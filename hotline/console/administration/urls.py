"""Doors of the administrator, and of what every post may read: calendars and the regulation."""

from django.urls import path

from hotline.assets.style_page import style
from hotline.console.administration.views import agencies, calendars, drafts, editions, hotlines, journal, people
from hotline.console.doors import staff

urlpatterns = [
    path("people/", people.index, name="people"),
    path("people/new/", people.new, name="person_new"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/change/", people.change, name="person_change"),
    path("people/<int:pk>/password/", people.reset_password, name="person_password"),
    path("people/<int:pk>/factors/", people.remove_factors, name="person_factors"),
    path("people/<int:pk>/sessions/", people.end_sessions, name="person_sessions"),
    path("people/<int:pk>/sessions/<int:session>/", people.end_session, name="person_session"),
    path("people/<int:pk>/deactivate/", people.deactivate, name="person_deactivate"),
    path("people/<int:pk>/reactivate/", people.reactivate, name="person_reactivate"),
    path("people/<int:pk>/posts/", people.give_post, name="post_give"),
    path("people/<int:pk>/posts/<int:post>/end/", people.end_post, name="post_end"),
    path("agencies/", agencies.index, name="agencies"),
    path("agencies/new/", agencies.new, name="agency_new"),
    path("agencies/<slug:key>/", agencies.agency, name="agency"),
    path("agencies/<slug:key>/rename/", agencies.rename, name="agency_rename"),
    path("agencies/<slug:key>/move/", agencies.move, name="agency_move"),
    path("agencies/<slug:key>/close/", agencies.close, name="agency_close"),
    path("agencies/<slug:key>/calendar/", agencies.calendar, name="agency_calendar"),
    path("fields/", hotlines.fields, name="fields"),
    path("fields/new/", hotlines.new_field, name="field_new"),
    path("fields/<int:pk>/", hotlines.field, name="field"),
    path("routes/", hotlines.routes, name="routes"),
    path("routes/new/", hotlines.new_route, name="route_new"),
    path("routes/<int:pk>/", hotlines.route, name="route"),
    path("routes/<int:pk>/remove/", hotlines.remove_route, name="route_remove"),
    path("mailboxes/", hotlines.mailboxes, name="mailboxes"),
    path("mailboxes/new/", hotlines.new_mailbox, name="mailbox_new"),
    path("mailboxes/<int:pk>/", hotlines.mailbox, name="mailbox"),
    path("calendars/", calendars.index, name="calendars"),
    path("calendars/new/", calendars.new, name="calendar_new"),
    path("calendars/<slug:key>/", calendars.calendar, name="calendar"),
    path("calendars/<slug:key>/hours/", calendars.hours, name="calendar_hours"),
    path("calendars/<slug:key>/day/<str:day>/", calendars.day, name="calendar_day"),
    path("calendars/<slug:key>/day/<str:day>/remove/", calendars.remove_day, name="calendar_day_remove"),
    path("editions/", editions.index, name="editions"),
    path("editions/compare/", drafts.comparison, name="edition_compare"),
    path("editions/try/", drafts.trial, name="edition_try"),
    path("editions/new/", drafts.new, name="edition_new"),
    path("editions/<int:pk>/", editions.edition, name="edition"),
    path("journal/", journal.journal, name="journal"),
    path("style/", staff()(style), name="style"),
]
