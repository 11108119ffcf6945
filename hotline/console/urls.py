"""Every door of the staff's pages, one namespace."""

from importlib.util import find_spec

from django.urls import include, path

app_name = "console"
_PLACES = ("hotline.console.casework", "hotline.console.desk", "hotline.console.administration")
urlpatterns = [
    path("", include(f"{place}.urls"))
    for place in _PLACES
    if find_spec(place) and find_spec(f"{place}.urls")
]
