"""Every door of the staff's pages, one namespace."""

from django.urls import include, path

app_name = "console"
urlpatterns = [
    path("", include("hotline.console.casework.urls")),
    path("", include("hotline.console.desk.urls")),
    path("", include("hotline.console.sealed.urls")),
    path("", include("hotline.console.owing.urls")),
    path("", include("hotline.console.documents.urls")),
    path("", include("hotline.console.dialogues.urls")),
    path("", include("hotline.console.knowledge.urls")),
    path("", include("hotline.console.experts.urls")),
    path("", include("hotline.console.administration.urls")),
    path("", include("hotline.console.reports.urls")),
    path("", include("hotline.console.simulation.urls")),
]
