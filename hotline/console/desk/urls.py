"""Doors of the intake desk: the lists, one conversation with what may be done with it, typing in for a caller."""

from django.urls import path, re_path

from hotline.console.desk.views import conversation, lists, steps, typing

REF = r"(?P<ref>LH-[0-9A-Za-z]{7})"

urlpatterns = [
    path("desk/", lists.first, name="desk"),
    path("desk/new/", typing.new, name="desk_new"),
    path("desk/new/citizen/", typing.citizen, name="desk_citizen"),
    path("desk/new/lanes/", typing.lanes, name="desk_lanes"),
    path("desk/next/", lists.take_next, name="desk_next"),
    re_path(rf"^desk/{REF}/$", conversation.conversation, name="desk_conversation"),
    re_path(rf"^desk/{REF}/agency/$", conversation.agency, name="desk_agency"),
    re_path(rf"^desk/{REF}/special/$", conversation.special, name="desk_special"),
    re_path(rf"^desk/{REF}/special/(?P<matter>[a-z]+)/$", steps.matter, name="desk_matter"),
    re_path(rf"^desk/{REF}/(?P<step>take|release|answer|incomplete|close|open)/$", steps.step, name="desk_step"),
    path("desk/<slug:tab>/", lists.tab, name="desk_tab"),
]
