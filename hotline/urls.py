"""Every door of the pages, in one place."""

from django.urls import include, path

urlpatterns = [
    path("", include("hotline.portal.urls")),
    path("console/", include("hotline.console.urls")),
    path("account/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
