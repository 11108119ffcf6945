"""Every door of the pages, in one place."""

from django.urls import include, path

from hotline.assets import preferences

urlpatterns = [
    path("", include("hotline.portal.urls")),
    path("console/", include("hotline.console.urls")),
    path("account/", include("hotline.console.account.urls")),
    path("preferences/", preferences.change, name="preferences"),
    path("i18n/", include("django.conf.urls.i18n")),
]
