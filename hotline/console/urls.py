"""Every door of the staff's pages, one namespace."""

from django.urls import include, path

app_name = "console"
urlpatterns = [
    path("", include("hotline.console.casework.urls")),
    path("", include("hotline.console.desk.urls")),
    path("", include("hotline.console.administration.urls")),
]
