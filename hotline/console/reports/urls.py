"""Doors of the reports."""

from django.urls import path

from hotline.console.reports import views

urlpatterns = [
    path("reports/", views.conformance, name="reports"),
    path("reports/levels/", views.levels, name="report_levels"),
    path("reports/ranking/", views.ranking, name="report_ranking"),
    path("reports/responsibilities/", views.responsibilities, name="report_responsibilities"),
    path("reports/cases/<int:edition>/<str:duty>/<slug:verdict>/", views.behind, name="report_cases"),
]
