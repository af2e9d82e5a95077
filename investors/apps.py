"""The app's configuration."""

from django.apps import AppConfig


class InvestorsConfig(AppConfig):
    """The investors app."""

    name = "investors"
