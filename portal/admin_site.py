"""The staff workplace: unfold's admin with the portal's menus, sign-in and its own CSP."""

from typing import Any

from django.conf import settings
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.views.decorators.csp import csp_override
from unfold.sites import UnfoldAdminSite


class PortalAdminConfig(AdminConfig):
    """Makes the portal's site the default admin."""

    default_site = "portal.admin_site.PortalAdminSite"


class PortalAdminSite(UnfoldAdminSite):
    """The admin; its theme needs inline script, so its pages carry a policy of their own."""

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002
        """Wrap a view as the admin does, under the admin's content security policy."""
        return csp_override(settings.ADMIN_CSP)(super().admin_view(view, cacheable))


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the menu of the signed-in member of staff."""
    return []
