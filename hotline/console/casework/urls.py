"""Doors of casework: lists, one case, its steps, search, notices, files, and the technician's page of health."""

from django.urls import path

from hotline.console.casework.views import case, files, home, inbox, notices, operations, search, several, steps

urlpatterns = [
    path("", home.home, name="home"),
    path("nav/", home.nav, name="nav"),
    path("inbox/", inbox.first, name="inbox_first"),
    path("inbox/<slug:tab>/", inbox.inbox, name="inbox"),
    path("case/<str:code>/", case.case, name="case"),
    path("case/<str:code>/print/", case.paper, name="case_print"),
    path("case/<str:code>/phone/", case.reveal, name="case_phone"),
    path("case/<str:code>/<slug:step>/", steps.step, name="step"),
    path("cooperation/", several.cooperation, name="cooperation"),
    path("search/", search.search, name="search"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<int:pk>/", notices.open_notice, name="notice"),
    path("files/<uuid:key>/", files.file, name="file"),
    path("operations/", operations.operations, name="operations"),
]
