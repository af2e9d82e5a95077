"""The staff workplace: unfold's admin with the portal's menus, sign-in and its own CSP."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csp import csp_override
from unfold.sites import UnfoldAdminSite

from portal.desk import groups_for


class PortalAdminSite(UnfoldAdminSite):
    """The admin; its theme needs inline script, so its pages carry a policy of their own."""

    index_title = _("Staff workplace")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Wrap a view as the admin does, under the admin's content security policy."""
        return csp_override(settings.ADMIN_CSP)(super().admin_view(view, cacheable))  # type: ignore[arg-type]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show what waits for the person above what the role may open."""
        waiting = {"desk_groups": groups_for(request.user)}  # type: ignore[arg-type]
        return super().index(request, {**waiting, **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return what the role may open, in the order of use: each admin's ``admin_position``, then by name."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda model: getattr(self._registry[model["model"]], "admin_position", 99))
        return apps

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send people through the same door as everyone: password, second factor, limits."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or "/admin/", settings.LOGIN_URL)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the menu of the signed-in member of staff: what the role may open, app by app."""
    return [
        {
            "title": app["name"],
            "separator": True,
            "items": [
                {"title": model["name"], "icon": _icon(model["model"]), "link": model["admin_url"]}
                for model in app["models"]
                if model["admin_url"]
            ],
        }
        for app in admin.site.get_app_list(request)
    ]


def _icon(model: type[Model]) -> str:
    """Return the icon that a model's admin names."""
    return getattr(admin.site._registry[model], "admin_icon", "description")
