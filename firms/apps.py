"""The app's configuration."""

from django.apps import AppConfig


class FirmsConfig(AppConfig):
    """The firms app."""

    name = "firms"
