"""The app's configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FirmsConfig(AppConfig):
    """The firms app."""

    name = "firms"
    verbose_name = _("Organisations")

    def ready(self) -> None:
        """Register the checks."""
        from firms import checks  # noqa: F401
