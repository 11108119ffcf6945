"""Doors of questions and answers: the sets, what is missing, and the answers beside a conversation."""

from django.urls import path, re_path

from hotline.console.desk.urls import REF
from hotline.console.knowledge.views import desk, entries, gaps

urlpatterns = [
    path("knowledge/", entries.index, name="knowledge"),
    path("knowledge/new/", entries.new, name="entry_new"),
    path("knowledge/review/", entries.review, name="knowledge_review"),
    path("knowledge/gaps/", gaps.index, name="gaps"),
    path("knowledge/gaps/<int:pk>/dismiss/", gaps.dismiss, name="gap_dismiss"),
    path("knowledge/<int:pk>/", entries.entry, name="entry"),
    path("knowledge/<int:pk>/change/", entries.change, name="entry_change"),
    path("desk/new/knowledge/", desk.typed, name="desk_typed"),
    re_path(rf"^desk/{REF}/knowledge/$", desk.entries, name="desk_knowledge"),
    re_path(rf"^desk/{REF}/knowledge/give/$", desk.give, name="desk_give"),
    re_path(rf"^desk/{REF}/knowledge/pass/$", desk.pass_on, name="desk_pass"),
]
