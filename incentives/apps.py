"""The app's configuration."""

from django.apps import AppConfig


class IncentivesConfig(AppConfig):
    """The incentives app."""

    name = "incentives"
