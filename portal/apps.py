"""The app's configuration."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The core: what all apps share."""

    name = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        """Let each app contribute and state its invariants, and register the checks."""
        from portal import checks  # noqa: F401

        autodiscover_modules("lifecycle", "contributions", "invariants")


class PortalAdminConfig(AdminConfig):
    """Makes the staff workplace the default admin."""

    default_site = "portal.admin_site.PortalAdminSite"
