from django.apps import AppConfig


class AssetsConfig(AppConfig):
    """The front end: sources, build, and the template tags that draw the components."""

    name = "hotline.assets"
    label = "assets"
