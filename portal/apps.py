"""The app's configuration."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PortalConfig(AppConfig):
    """The core: what all apps share."""

    name = "portal"

    def ready(self) -> None:
        """Let each app contribute, and register the checks."""
        from portal import checks  # noqa: F401

        autodiscover_modules("lifecycle", "contributions")
